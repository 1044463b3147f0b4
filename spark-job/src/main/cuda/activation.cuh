// How kernels read activations, [batch, rows, columns, channels], and the gradients of what batch norms normalised.
#pragma once
#include "student.cuh"

// Rows of a tile: what is summed over an image's pixels is summed over so many of them first, and then over the tiles.
constexpr int TILE_ROWS = 64;

// Per channel, y * scale + shift, then a ReLU if there is one; or y itself where scale is null. What a batch norm makes of y is
// thus never stored.
struct Activation {
  const float *values;
  const float *scale;
  const float *shift;
  int relu;

  __device__ float operator()(long long index, int channel) const {
    float value = values[index];
    if (scale == nullptr) {
      return value;
    }
    value = fmaf(value, scale[channel], shift[channel]);
    // Not fmaxf, which makes a number of what is none.
    return relu && value < 0 ? 0 : value;
  }
};

__device__ inline const float *orNull(char *arena, long long offset) { return offset < 0 ? nullptr : at<float>(arena, offset); }

__device__ inline Activation activationAt(char *arena, long long values, long long scale, long long shift, int relu) {
  return {at<float>(arena, values), orNull(arena, scale), orNull(arena, shift), relu};
}

// The gradient of a tensor y: itself, or through the batch norm behind y, whose gradient of y is a * g + b * y + c per channel.
struct OutputGradient {
  const float *gradient;
  const float *output;
  const float *coefficients; // [3, channels]; null where there is no batch norm
  int channels;

  __device__ float operator()(long long index, int channel) const {
    float g = gradient[index];
    if (coefficients == nullptr) {
      return g;
    }
    return fmaf(coefficients[channel], g,
                fmaf(coefficients[channels + channel], output[index], coefficients[2 * channels + channel]));
  }
};

__device__ inline int atMost(int value, int limit) { return value < limit ? value : limit; }

__device__ inline void put(float *to, float value, int add) { *to = add ? *to + value : value; }

// Mean and sum of squared differences from it, of a channel's rows of a tile: what batch norms begin with.
template <class Values> __device__ inline void writeStatistics(float *to, int rows, const Values &valueOfRow) {
  float sum = 0;
  for (int row = 0; row < rows; row++) {
    sum += valueOfRow(row);
  }
  float mean = sum / rows;
  float squares = 0;
  for (int row = 0; row < rows; row++) {
    float difference = valueOfRow(row) - mean;
    squares = fmaf(difference, difference, squares);
  }
  to[0] = mean;
  to[1] = squares;
}
