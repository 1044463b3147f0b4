// What batch norms do over whole maps, whose values are STORED so; KERNEL makes the names.
#pragma once
#include "activation.cuh"

__device__ inline int rowsOfTile(int tile, int pixels) {
  int left = pixels - tile * TILE_ROWS;
  return left < 0 ? 0 : atMost(left, TILE_ROWS);
}

// Mean and sum of squared differences from it of each tile of pixels, [tiles, channels, 2], of what no convolution wrote. A thread
// a channel: grid (tiles, channels / 128, students).
extern "C" __global__ void KERNEL(norm_statistics)(char *const *arenas, long long values, long long statistics,
                                                   int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.z];
  int rows = rowsOfTile(blockIdx.x, imagesOfStep(at<Head>(arena, 0)) * pixelsOfImage);
  int channel = blockIdx.y * 128 + threadIdx.x;
  if (channel >= channels || rows == 0) {
    return;
  }
  const STORED *first = at<STORED>(arena, values) + (long long)blockIdx.x * TILE_ROWS * channels + channel;
  writeStatistics(at<float>(arena, statistics) + ((long long)blockIdx.x * channels + channel) * 2, rows,
                  [=](int row) { return read(first[(long long)row * channels]); });
}
EXPORT(KERNEL(norm_statistics));

// Takes the gradient of what a norm, and the ReLU behind it, made of y back through the ReLU, in place, and sums it and its product
// with the normalised y over each tile of pixels: [tiles, channels, 2]. A thread a channel: grid (tiles, channels / 128, students).
extern "C" __global__ void KERNEL(norm_gradient_sums)(char *const *arenas, long long gradient, long long values,
                                                      long long scale, long long shift, int relu, long long mean,
                                                      long long inverse, long long sums, int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.z];
  int rows = rowsOfTile(blockIdx.x, imagesOfStep(at<Head>(arena, 0)) * pixelsOfImage);
  int channel = blockIdx.y * 128 + threadIdx.x;
  if (channel >= channels || rows == 0) {
    return;
  }
  long long first = (long long)blockIdx.x * TILE_ROWS * channels + channel;
  Activation<STORED> result = activationAt<STORED>(arena, values, scale, shift, 0);
  float ofMean = at<float>(arena, mean)[channel];
  float ofInverse = at<float>(arena, inverse)[channel];
  float sum = 0;
  float product = 0;
  for (int row = 0; row < rows; row++) {
    long long index = first + (long long)row * channels;
    float g = read(at<STORED>(arena, gradient)[index]);
    if (relu) {
      g = result(index, channel) > 0 ? g : 0;
      at<STORED>(arena, gradient)[index] = stored<STORED>(g);
    }
    sum += g;
    product = fmaf(g, (read(result.values[index]) - ofMean) * ofInverse, product);
  }
  float *to = at<float>(arena, sums) + ((long long)blockIdx.x * channels + channel) * 2;
  to[0] = sum;
  to[1] = product;
}
EXPORT(KERNEL(norm_gradient_sums));

// The gradient of y, stored, for what is no convolution. A thread a value: grid (values / 256, students).
extern "C" __global__ void KERNEL(norm_input_gradient)(char *const *arenas, long long gradient, long long values,
                                                       long long coefficients, long long ofInput, int add, int pixelsOfImage,
                                                       int channels) {
  char *arena = arenas[blockIdx.y];
  long long index = (long long)blockIdx.x * 256 + threadIdx.x;
  if (index >= (long long)imagesOfStep(at<Head>(arena, 0)) * pixelsOfImage * channels) {
    return;
  }
  OutputGradient<STORED> through = gradientAt<STORED>(arena, gradient, values, coefficients, channels);
  put(at<STORED>(arena, ofInput) + index, through(index, (int)(index % channels)), add);
}
EXPORT(KERNEL(norm_input_gradient));
