// What is neither a convolution nor a norm, of floats.
#define STORED float
#define KERNEL(name) name
#include "layers.cuh"

// Adds a bias to each image's vector, in place.
extern "C" __global__ void bias(char *const *arenas, long long values, long long biases, int channels) {
  char *arena = arenas[blockIdx.y];
  long long i = valueOfThread();
  if (inStep(arena, i, channels)) {
    at<float>(arena, values)[i] += at<float>(arena, biases)[i % channels];
  }
}
EXPORT(bias);

// The bias's gradient: a thread sums a channel over the images of the step.
extern "C" __global__ void bias_gradient(char *const *arenas, long long gradient, long long ofBiases, int channels) {
  char *arena = arenas[blockIdx.y];
  long long channel = valueOfThread();
  int images = imagesOfStep(at<Head>(arena, 0));
  if (channel >= channels || images == 0) {
    return;
  }
  float total = 0;
  for (int image = 0; image < images; image++) {
    total += at<float>(arena, gradient)[(long long)image * channels + channel];
  }
  at<float>(arena, ofBiases)[channel] = total;
}
EXPORT(bias_gradient);
