// Batch norms in training (Ioffe & Szegedy 2015) and in evaluation. A norm's result is never stored: its readers compute it from
// y * scale + shift.
#include "activation.cuh"

constexpr float EPSILON = 1e-5f; // Operation.BatchNormalisation has both
constexpr double MOMENTUM = 0.1;

__device__ inline int rowsOfTile(int tile, int pixels) {
  int left = pixels - tile * TILE_ROWS;
  return left < 0 ? 0 : atMost(left, TILE_ROWS);
}

// Mean and sum of squared differences from it of each tile of pixels, [tiles, channels, 2], of what no convolution wrote. A thread
// a channel: grid (tiles, channels / 128, students).
extern "C" __global__ void norm_statistics(char *const *arenas, long long values, long long statistics, int pixelsOfImage,
                                           int channels) {
  char *arena = arenas[blockIdx.z];
  int rows = rowsOfTile(blockIdx.x, imagesOfStep(at<Head>(arena, 0)) * pixelsOfImage);
  int channel = blockIdx.y * 128 + threadIdx.x;
  if (channel >= channels || rows == 0) {
    return;
  }
  const float *first = at<float>(arena, values) + (long long)blockIdx.x * TILE_ROWS * channels + channel;
  writeStatistics(at<float>(arena, statistics) + ((long long)blockIdx.x * channels + channel) * 2, rows,
                  [=](int row) { return first[(long long)row * channels]; });
}
EXPORT(norm_statistics);

// From the tiles' statistics: the batch's mean and 1 / deviation, the scale and shift of the norm's readers, and the running
// statistics, the variance unbiased. A warp a channel, four a block: grid (channels / 4, students).
extern "C" __global__ void norm_of_batch(char *const *arenas, long long statistics, long long weight, long long bias,
                                         long long runningMean, long long runningVariance, long long scale, long long shift,
                                         long long mean, long long inverse, int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.y];
  int pixels = imagesOfStep(at<Head>(arena, 0)) * pixelsOfImage;
  int channel = blockIdx.x * 4 + threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  if (channel >= channels || pixels == 0) {
    return;
  }
  const float *first = at<float>(arena, statistics) + channel * 2;
  int tiles = (pixels + TILE_ROWS - 1) / TILE_ROWS;
  double sum = 0;
  for (int tile = lane; tile < tiles; tile += 32) {
    sum += (double)rowsOfTile(tile, pixels) * first[(long long)tile * channels * 2];
  }
  double ofBatch = warpSum(sum) / pixels;
  double squares = 0;
  for (int tile = lane; tile < tiles; tile += 32) {
    const float *of = first + (long long)tile * channels * 2;
    double difference = of[0] - ofBatch;
    squares += of[1] + rowsOfTile(tile, pixels) * difference * difference;
  }
  squares = warpSum(squares);
  if (lane != 0) {
    return;
  }
  float deviation = (float)(1 / sqrt(squares / pixels + EPSILON));
  float factor = at<float>(arena, weight)[channel] * deviation;
  at<float>(arena, scale)[channel] = factor;
  at<float>(arena, shift)[channel] = (float)(at<float>(arena, bias)[channel] - ofBatch * factor);
  at<float>(arena, mean)[channel] = (float)ofBatch;
  at<float>(arena, inverse)[channel] = deviation;
  float *running = at<float>(arena, runningMean) + channel;
  *running = (float)((1 - MOMENTUM) * *running + MOMENTUM * ofBatch);
  running = at<float>(arena, runningVariance) + channel;
  *running = (float)((1 - MOMENTUM) * *running + MOMENTUM * squares / (pixels > 1 ? pixels - 1 : 1));
}
EXPORT(norm_of_batch);

// Scale and shift from the running statistics. A thread a channel: grid (channels / 128, students).
extern "C" __global__ void norm_of_running(char *const *arenas, long long weight, long long bias, long long runningMean,
                                           long long runningVariance, long long scale, long long shift, int channels) {
  char *arena = arenas[blockIdx.y];
  int channel = blockIdx.x * 128 + threadIdx.x;
  if (channel >= channels) {
    return;
  }
  double factor = at<float>(arena, weight)[channel] / sqrt((double)at<float>(arena, runningVariance)[channel] + EPSILON);
  at<float>(arena, scale)[channel] = (float)factor;
  at<float>(arena, shift)[channel] =
      (float)(at<float>(arena, bias)[channel] - at<float>(arena, runningMean)[channel] * factor);
}
EXPORT(norm_of_running);

// Takes the gradient of what a norm, and the ReLU behind it, made of y back through the ReLU, in place, and sums it and its product
// with the normalised y over each tile of pixels: [tiles, channels, 2]. A thread a channel: grid (tiles, channels / 128, students).
extern "C" __global__ void norm_gradient_sums(char *const *arenas, long long gradient, long long values, long long scale,
                                              long long shift, int relu, long long mean, long long inverse, long long sums,
                                              int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.z];
  int rows = rowsOfTile(blockIdx.x, imagesOfStep(at<Head>(arena, 0)) * pixelsOfImage);
  int channel = blockIdx.y * 128 + threadIdx.x;
  if (channel >= channels || rows == 0) {
    return;
  }
  long long first = (long long)blockIdx.x * TILE_ROWS * channels + channel;
  Activation result = activationAt(arena, values, scale, shift, 0);
  float ofMean = at<float>(arena, mean)[channel];
  float ofInverse = at<float>(arena, inverse)[channel];
  float sum = 0;
  float product = 0;
  for (int row = 0; row < rows; row++) {
    long long index = first + (long long)row * channels;
    float g = at<float>(arena, gradient)[index];
    if (relu) {
      g = result(index, channel) > 0 ? g : 0;
      at<float>(arena, gradient)[index] = g;
    }
    sum += g;
    product = fmaf(g, (result.values[index] - ofMean) * ofInverse, product);
  }
  float *to = at<float>(arena, sums) + ((long long)blockIdx.x * channels + channel) * 2;
  to[0] = sum;
  to[1] = product;
}
EXPORT(norm_gradient_sums);

// From the tiles' sums: the gradients of weight and bias, and the coefficients of the gradient of y, see OutputGradient. A warp a
// channel, four a block: grid (channels / 4, students).
extern "C" __global__ void norm_gradient(char *const *arenas, long long sums, long long weight, long long mean, long long inverse,
                                         long long ofWeight, long long ofBias, long long coefficients, int pixelsOfImage,
                                         int channels) {
  char *arena = arenas[blockIdx.y];
  int pixels = imagesOfStep(at<Head>(arena, 0)) * pixelsOfImage;
  int channel = blockIdx.x * 4 + threadIdx.x / 32;
  int lane = threadIdx.x % 32;
  if (channel >= channels || pixels == 0) {
    return;
  }
  int tiles = (pixels + TILE_ROWS - 1) / TILE_ROWS;
  double sum = 0;
  double product = 0;
  for (int tile = lane; tile < tiles; tile += 32) {
    const float *of = at<float>(arena, sums) + ((long long)tile * channels + channel) * 2;
    sum += of[0];
    product += of[1];
  }
  sum = warpSum(sum);
  product = warpSum(product);
  if (lane != 0) {
    return;
  }
  at<float>(arena, ofBias)[channel] = (float)sum;
  at<float>(arena, ofWeight)[channel] = (float)product;
  double ofInverse = at<float>(arena, inverse)[channel];
  double a = at<float>(arena, weight)[channel] * ofInverse;
  double b = -a * ofInverse * product / pixels;
  float *to = at<float>(arena, coefficients) + channel;
  to[0] = (float)a;
  to[channels] = (float)b;
  to[2 * channels] = (float)(-a * sum / pixels - b * at<float>(arena, mean)[channel]);
}
EXPORT(norm_gradient);

// The gradient of y, stored, for what is no convolution. A thread a value: grid (values / 256, students).
extern "C" __global__ void norm_input_gradient(char *const *arenas, long long gradient, long long values, long long coefficients,
                                               long long ofInput, int add, int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.y];
  long long index = (long long)blockIdx.x * 256 + threadIdx.x;
  if (index >= (long long)imagesOfStep(at<Head>(arena, 0)) * pixelsOfImage * channels) {
    return;
  }
  OutputGradient through = {at<float>(arena, gradient), at<float>(arena, values), at<float>(arena, coefficients), channels};
  put(at<float>(arena, ofInput) + index, through(index, (int)(index % channels)), add);
}
EXPORT(norm_input_gradient);
