// Softmax distributions of an image's logits, and how two of them differ. A warp goes over the classes, lane by lane.
#pragma once
#include "student.cuh"

// The loss is a small part of a step and has many forms: inlined and unrolled everywhere they would be most of what is compiled.
#ifdef __CUDACC__
#define UNUNROLLED _Pragma("unroll 1")
#define CALLED __noinline__
#else
#define UNUNROLLED
#define CALLED inline
#endif

static __device__ CALLED float sumOfLanes(float value) { return warpSum(value); }

static __device__ CALLED float largestOfLanes(float value) { return warpMax(value); }

static __device__ CALLED float power(float base, float exponent) { return powf(base, exponent); }

// The largest of a row's logits times scale.
static __device__ CALLED float largestOf(const float *logits, float scale, int classes, int lane) {
  float value = -INFINITY;
  UNUNROLLED
  for (int k = lane; k < classes; k += 32) {
    value = fmaxf(value, logits[k] * scale);
  }
  return warpMax(value);
}

// log sum exp(logits * scale - shift)
static __device__ CALLED float logSumOf(const float *logits, float scale, float shift, int classes, int lane) {
  float sum = 0;
  UNUNROLLED
  for (int k = lane; k < classes; k += 32) {
    sum += expf(logits[k] * scale - shift);
  }
  return logf(warpSum(sum));
}

// One image's logits.
struct Row {
  const float *student;
  int classes;
  int lane;
};

// log softmax(logits * scale) of a row.
struct LogSoftmax {
  const float *logits;
  float scale;
  float shift;
  float logSum;

  __device__ LogSoftmax(const Row &row, const float *values, float factor) : logits(values), scale(factor) {
    shift = largestOf(values, factor, row.classes, row.lane);
    logSum = logSumOf(values, factor, shift, row.classes, row.lane);
  }

  __device__ float operator()(int k) const { return logits[k] * scale - shift - logSum; }
};

// exp(-r) - 1 + r: what a class adds to a divergence, per probability, r being the log of the probabilities' ratio. Never below 0.
static __device__ CALLED float excess(float r) {
  if (fabsf(r) < 0.02f) {
    return r * r * (0.5f - r * (1.0f / 6 - r * (1.0f / 24)));
  }
  return expm1f(-r) + r;
}

// log(first / second) of a class, first and second being softmax distributions. Where their logits hardly differ, as at a large
// temperature, the difference of two logarithms would be all rounding, so it is taken from the difference of the logits.
struct LogRatio {
  LogSoftmax first;
  LogSoftmax second;
  bool close;   // a few nats apart at most: further apart, exponentials would overflow
  float mean;   // of the logits' differences, which are centred before they are compared
  float log1pm; // log sum second exp(difference)

  __device__ LogRatio(const Row &row, const LogSoftmax &one, const LogSoftmax &other) : first(one), second(other) {
    float sum = 0;
    UNUNROLLED
    for (int k = row.lane; k < row.classes; k += 32) {
      sum += first.logits[k] - second.logits[k];
    }
    mean = sumOfLanes(sum) / row.classes;
    float far = 0;
    UNUNROLLED
    for (int k = row.lane; k < row.classes; k += 32) {
      far = fmaxf(far, fabsf(difference(k)));
    }
    close = largestOfLanes(far) < 8;
    float excessOfSecond = 0;
    UNUNROLLED
    for (int k = row.lane; k < row.classes; k += 32) {
      excessOfSecond += close ? expf(second(k)) * expm1f(difference(k)) : 0;
    }
    log1pm = log1pf(sumOfLanes(excessOfSecond));
  }

  __device__ float difference(int k) const { return (first.logits[k] - second.logits[k] - mean) * first.scale; }

  __device__ float operator()(int k) const { return close ? difference(k) - log1pm : first(k) - second(k); }

  // What a class adds to KL(first || second).
  __device__ float divergence(int k) const {
    float r = (*this)(k);
    return expf(first(k)) * (close ? excess(r) : r);
  }

  // second - first, as probabilities.
  __device__ float lack(int k) const {
    float q = expf(second(k));
    return close ? -q * expm1f((*this)(k)) : q - expf(first(k));
  }
};
