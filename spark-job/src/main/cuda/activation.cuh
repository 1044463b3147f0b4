// How kernels read activations, [batch, rows, columns, channels], and the gradients of what batch norms normalised.
#pragma once
#include "stored.cuh"

// Rows of a tile: what is summed over an image's pixels is summed over so many of them first, and then over the tiles.
constexpr int TILE_ROWS = 64;

// Per channel, y * scale + shift, then a ReLU if there is one; or y itself where scale is null. What a batch norm makes of y is
// thus never stored.
template <class Stored> struct Activation {
  const Stored *values;
  const float *scale;
  const float *shift;
  int relu;

  __device__ float operator()(long long index, int channel) const {
    float value = read(values[index]);
    if (scale == nullptr) {
      return value;
    }
    value = fmaf(value, scale[channel], shift[channel]);
    // Not fmaxf, which makes a number of what is none.
    return relu && value < 0 ? 0 : value;
  }
};

template <class T> __device__ inline const T *orNull(char *arena, long long offset) {
  return offset < 0 ? nullptr : at<T>(arena, offset);
}

template <class Stored>
__device__ inline Activation<Stored> activationAt(char *arena, long long values, long long scale, long long shift, int relu) {
  return {at<Stored>(arena, values), orNull<float>(arena, scale), orNull<float>(arena, shift), relu};
}

// The gradient of a tensor y: itself, or through the batch norm behind y, whose gradient of y is a * g + b * y + c per channel.
template <class Stored> struct OutputGradient {
  const Stored *gradient;
  const Stored *output;
  const float *coefficients; // [3, channels]; null where there is no batch norm
  int channels;

  __device__ float operator()(long long index, int channel) const {
    float g = read(gradient[index]);
    if (coefficients == nullptr) {
      return g;
    }
    return fmaf(coefficients[channel], g,
                fmaf(coefficients[channels + channel], read(output[index]), coefficients[2 * channels + channel]));
  }
};

template <class Stored>
__device__ inline OutputGradient<Stored> gradientAt(char *arena, long long gradient, long long output, long long coefficients,
                                                    int channels) {
  return {at<Stored>(arena, gradient), orNull<Stored>(arena, output), orNull<float>(arena, coefficients), channels};
}

__device__ inline int atMost(int value, int limit) { return value < limit ? value : limit; }

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
