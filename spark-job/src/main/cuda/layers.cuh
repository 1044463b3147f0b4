// What is neither a convolution nor a norm, of maps whose values are STORED so; KERNEL makes the kernels' names. A thread a value
// everywhere: grid (values / 256, students), values those of a full batch.
#pragma once
#include "activation.cuh"

__device__ inline long long valueOfThread() { return (long long)blockIdx.x * 256 + threadIdx.x; }

__device__ inline bool inStep(char *arena, long long index, long long valuesOfImage) {
  return index < imagesOfStep(at<Head>(arena, 0)) * valuesOfImage;
}

// Two activations, read as their norms make them.
#define TWO                                                                                                                  \
  long long first, long long firstScale, long long firstShift, int firstRelu, long long second, long long secondScale,       \
      long long secondShift, int secondRelu
#define ONE long long input, long long scale, long long shift, int inputRelu

// first + second, then a ReLU if there is one.
extern "C" __global__ void KERNEL(sum)(char *const *arenas, TWO, long long output, int relu, int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  if (!inStep(arena, i, (long long)pixelsOfImage * channels)) {
    return;
  }
  int channel = i % channels;
  float value = activationAt<STORED>(arena, first, firstScale, firstShift, firstRelu)(i, channel) +
                activationAt<STORED>(arena, second, secondScale, secondShift, secondRelu)(i, channel);
  at<STORED>(arena, output)[i] = stored<STORED>(relu && value < 0 ? 0 : value);
}
EXPORT(KERNEL(sum));

// To each of two summands that takes one.
extern "C" __global__ void KERNEL(sum_gradient)(char *const *arenas, long long gradient, long long output, int relu,
                                                long long ofFirst, int addFirst, long long ofSecond, int addSecond,
                                                int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  if (!inStep(arena, i, (long long)pixelsOfImage * channels)) {
    return;
  }
  float g = read(at<STORED>(arena, gradient)[i]);
  if (relu && read(at<STORED>(arena, output)[i]) <= 0) {
    g = 0;
  }
  if (ofFirst >= 0) {
    put(at<STORED>(arena, ofFirst) + i, g, addFirst);
  }
  if (ofSecond >= 0) {
    // Twice the same summand takes it twice.
    put(at<STORED>(arena, ofSecond) + i, g, addSecond);
  }
}
EXPORT(KERNEL(sum_gradient));

// The channels of first, then those of second.
extern "C" __global__ void KERNEL(concatenation)(char *const *arenas, TWO, long long output, int pixelsOfImage,
                                                 int firstChannels, int secondChannels) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  int channels = firstChannels + secondChannels;
  if (!inStep(arena, i, (long long)pixelsOfImage * channels)) {
    return;
  }
  long long pixel = i / channels;
  int channel = i % channels;
  int other = channel - firstChannels;
  at<STORED>(arena, output)[i] = stored<STORED>(
      other < 0
          ? activationAt<STORED>(arena, first, firstScale, firstShift, firstRelu)(pixel * firstChannels + channel, channel)
          : activationAt<STORED>(arena, second, secondScale, secondShift, secondRelu)(pixel * secondChannels + other, other));
}
EXPORT(KERNEL(concatenation));

extern "C" __global__ void KERNEL(concatenation_gradient)(char *const *arenas, long long gradient, long long ofFirst,
                                                          int addFirst, long long ofSecond, int addSecond, int pixelsOfImage,
                                                          int firstChannels, int secondChannels) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  int channels = firstChannels + secondChannels;
  if (!inStep(arena, i, (long long)pixelsOfImage * channels)) {
    return;
  }
  long long pixel = i / channels;
  int channel = i % channels;
  int other = channel - firstChannels;
  float g = read(at<STORED>(arena, gradient)[i]);
  if (other < 0 && ofFirst >= 0) {
    put(at<STORED>(arena, ofFirst) + pixel * firstChannels + channel, g, addFirst);
  }
  if (other >= 0 && ofSecond >= 0) {
    put(at<STORED>(arena, ofSecond) + pixel * secondChannels + other, g, addSecond);
  }
}
EXPORT(KERNEL(concatenation_gradient));

// Output channel j * groups + k is input channel k * (channels / groups) + j.
__device__ inline int shuffledFrom(int channel, int channels, int groups) {
  return channel % groups * (channels / groups) + channel / groups;
}

extern "C" __global__ void KERNEL(shuffle)(char *const *arenas, ONE, long long output, int groups, int pixelsOfImage,
                                           int channels) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  if (!inStep(arena, i, (long long)pixelsOfImage * channels)) {
    return;
  }
  int from = shuffledFrom((int)(i % channels), channels, groups);
  at<STORED>(arena, output)[i] =
      stored<STORED>(activationAt<STORED>(arena, input, scale, shift, inputRelu)(i - i % channels + from, from));
}
EXPORT(KERNEL(shuffle));

extern "C" __global__ void KERNEL(shuffle_gradient)(char *const *arenas, long long gradient, long long ofInput, int add,
                                                    int groups, int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  if (!inStep(arena, i, (long long)pixelsOfImage * channels)) {
    return;
  }
  long long from = i - i % channels + shuffledFrom((int)(i % channels), channels, groups);
  put(at<STORED>(arena, ofInput) + from, read(at<STORED>(arena, gradient)[i]), add);
}
EXPORT(KERNEL(shuffle_gradient));

// The mean of each window; zeros of the padding count.
extern "C" __global__ void KERNEL(window_mean)(char *const *arenas, ONE, long long output, int height, int width,
                                               int outHeight, int outWidth, int channels, int kernel, int stride,
                                               int padding) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  if (!inStep(arena, i, (long long)outHeight * outWidth * channels)) {
    return;
  }
  int channel = i % channels;
  int left = i / channels % outWidth * stride - padding;
  int top = i / channels / outWidth % outHeight * stride - padding;
  long long image = i / channels / outWidth / outHeight;
  Activation<STORED> map = activationAt<STORED>(arena, input, scale, shift, inputRelu);
  float total = 0;
  for (int y = top < 0 ? 0 : top; y < atMost(top + kernel, height); y++) {
    for (int x = left < 0 ? 0 : left; x < atMost(left + kernel, width); x++) {
      total += map(((image * height + y) * width + x) * channels + channel, channel);
    }
  }
  at<STORED>(arena, output)[i] = stored<STORED>(total / (kernel * kernel));
}
EXPORT(KERNEL(window_mean));

extern "C" __global__ void KERNEL(window_mean_gradient)(char *const *arenas, long long gradient, long long ofInput, int add,
                                                        int height, int width, int outHeight, int outWidth, int channels,
                                                        int kernel, int stride, int padding) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  if (!inStep(arena, i, (long long)height * width * channels)) {
    return;
  }
  int channel = i % channels;
  int x = i / channels % width + padding;
  int y = i / channels / width % height + padding;
  long long image = i / channels / width / height;
  float total = 0;
  for (int row = y < kernel ? 0 : (y - kernel) / stride + 1; row < outHeight && row * stride <= y; row++) {
    for (int column = x < kernel ? 0 : (x - kernel) / stride + 1; column < outWidth && column * stride <= x; column++) {
      total += read(at<STORED>(arena, gradient)[((image * outHeight + row) * outWidth + column) * channels + channel]);
    }
  }
  put(at<STORED>(arena, ofInput) + i, total / (kernel * kernel), add);
}
EXPORT(KERNEL(window_mean_gradient));

// The mean over an image's pixels, floats [batch, channels].
extern "C" __global__ void KERNEL(image_mean)(char *const *arenas, ONE, long long output, int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  if (!inStep(arena, i, channels)) {
    return;
  }
  int channel = i % channels;
  Activation<STORED> map = activationAt<STORED>(arena, input, scale, shift, inputRelu);
  float total = 0;
  for (int pixel = 0; pixel < pixelsOfImage; pixel++) {
    total += map((i / channels * pixelsOfImage + pixel) * channels + channel, channel);
  }
  at<float>(arena, output)[i] = total / pixelsOfImage;
}
EXPORT(KERNEL(image_mean));

extern "C" __global__ void KERNEL(image_mean_gradient)(char *const *arenas, long long gradient, long long ofInput, int add,
                                                       int pixelsOfImage, int channels) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  if (!inStep(arena, i, (long long)pixelsOfImage * channels)) {
    return;
  }
  long long image = i / channels / pixelsOfImage;
  put(at<STORED>(arena, ofInput) + i, at<float>(arena, gradient)[image * channels + i % channels] / pixelsOfImage, add);
}
EXPORT(KERNEL(image_mean_gradient));
