// What all kernels share: how a student lies on the card, and what CUDA and the CPU's stand-in say differently.
//
// A student is one block of memory, its arena: this head, then its tensors, each at an offset in bytes that is the same for all
// students of a program. Kernels take a table of arenas; the last dimension of the grid says which student a block works for, and
// no block reads another one's arena, so a student's numbers do not depend on who shares the card.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Makes a kernel known to the stand-in; the card's driver finds it by its name.
#ifndef EXPORT
#define EXPORT(kernel)
#endif

enum KlDirection { TEACHER_STUDENT = 0, STUDENT_TEACHER = 1 };

enum FocalForm { FIXED = 0, FLSD53 = 1, ENTROPY_BOUND = 2, LOST_MINUS = 3, DUAL = 4 };

enum DistillationForm {
  PLAIN_KL = 0,
  JENSEN_SHANNON = 1,
  MSE_LOGITS = 2,
  STANDARDISED_KL = 3,
  DKD = 4,
  DIST = 5,
  NKD = 6,
  FOCAL_KL = 7
};

// The head of an arena. Head.java writes it; a test compares the two.
struct Head {
  const uint8_t *pixels;   // [images, 3, side, side], shared by all students of a data set
  const uint8_t *labels;   // [images], shared too
  const int32_t *order;    // [epochImages]: which image comes when
  const uint8_t *views;    // [epochImages]: as what it is seen, crop and flip
  const float *teacher;    // [epochImages, classes]: the teacher's logits in the same order; null if it has none
  const uint16_t *page;    // [images, classes]: halves, the teacher's logits by image; null if it has none
  int32_t epochImages;     // how many images the epoch trains on
  int32_t batchSize;       // images of a step, but the epoch's last
  int32_t step;            // 0-based, of the epoch
  int32_t stopped;         // 1 from the first step that is not finite; nothing is updated from then on
  float alpha;
  float beta;
  float gamma;
  float temperature;
  float focalExponent;
  int32_t focalForm;
  int32_t klDirection;
  float learningRate;
  float momentum;
  float weightDecay;
  float labelSmoothing;
  int32_t distillation;
  float distillationFirst;  // its form's parameters, in the order of their names
  float distillationSecond;
  float calibrationWeight;
};

// Numbers of a step in the log: the loss's components in this order, then the gradient's norm.
enum Logged {
  KL = 0,
  CE = 1,
  FOCAL = 2,
  UNIFORM_CE = 3,
  DISTILLATION = 4,
  CALIBRATION = 5,
  COMPONENTS = 6,
  GRADIENT_NORM = COMPONENTS,
  LOGGED = 7
};

// Images of the step at hand: fewer than a batch in an epoch's last, none when the epoch or the student has ended.
__device__ inline int imagesOfStep(const Head *head) {
  int left = head->epochImages - head->step * head->batchSize;
  if (left <= 0 || head->stopped) {
    return 0;
  }
  return left < head->batchSize ? left : head->batchSize;
}

__device__ inline bool isTaught(const Head *head) { return head->teacher != nullptr || head->page != nullptr; }

template <typename T> __device__ inline T *at(char *arena, long long offset) { return reinterpret_cast<T *>(arena + offset); }

// Sums over a warp's lanes: each lane gets the same sum, added in the same order on any card.
__device__ inline float warpSum(float value) {
  for (int distance = 16; distance > 0; distance /= 2) {
    value += __shfl_xor_sync(0xffffffffu, value, distance);
  }
  return value;
}

__device__ inline double warpSum(double value) {
  for (int distance = 16; distance > 0; distance /= 2) {
    value += __shfl_xor_sync(0xffffffffu, value, distance);
  }
  return value;
}

__device__ inline float warpMax(float value) {
  for (int distance = 16; distance > 0; distance /= 2) {
    value = fmaxf(value, __shfl_xor_sync(0xffffffffu, value, distance));
  }
  return value;
}
