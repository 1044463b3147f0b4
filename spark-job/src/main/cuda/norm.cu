// Batch norms in training (Ioffe & Szegedy 2015) and in evaluation. A norm's result is never stored: its readers compute it from
// y * scale + shift.
#define STORED float
#define KERNEL(name) name
#include "norm.cuh"

constexpr float EPSILON = 1e-5f; // Operation.BatchNormalisation has both
constexpr double MOMENTUM = 0.1;

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
