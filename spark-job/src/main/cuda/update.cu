// The end of a step: gradients are put together, looked at, and applied. Trained tensors, their gradients and their velocities are
// three vectors of the same order.
#include "student.cuh"

// What a block sums of a vector at once.
constexpr int SQUARES_EACH = 1024;

// Adds the parts of a gradient, [parts, length], always in the same order. A thread a value: grid (length / 256, students).
extern "C" __global__ void sum_of_parts(char *const *arenas, long long parts, long long sum, int count, int length) {
  char *arena = arenas[blockIdx.y];
  long long i = (long long)blockIdx.x * 256 + threadIdx.x;
  if (i >= length || imagesOfStep(at<Head>(arena, 0)) == 0) {
    return;
  }
  float total = 0;
  for (int part = 0; part < count; part++) {
    total += at<float>(arena, parts)[(long long)part * length + i];
  }
  at<float>(arena, sum)[i] = total;
}
EXPORT(sum_of_parts);

// Sums of squares of SQUARES_EACH values each, as doubles. A warp each: grid (length / SQUARES_EACH, students).
extern "C" __global__ void squares(char *const *arenas, long long values, long long sums, int length) {
  char *arena = arenas[blockIdx.y];
  if (imagesOfStep(at<Head>(arena, 0)) == 0) {
    return;
  }
  double sum = 0;
  for (int i = threadIdx.x; i < SQUARES_EACH; i += 32) {
    int index = blockIdx.x * SQUARES_EACH + i;
    if (index < length) {
      double value = at<float>(arena, values)[index];
      sum += value * value;
    }
  }
  sum = warpSum(sum);
  if (threadIdx.x == 0) {
    at<double>(arena, sums)[blockIdx.x] = sum;
  }
}
EXPORT(squares);

// Writes the gradient's norm into the log, [steps, LOGGED], behind the components, and stops the student if one of those that count is
// not finite. A warp: grid (1, students).
extern "C" __global__ void look(char *const *arenas, long long sums, int count, long long log) {
  char *arena = arenas[blockIdx.y];
  Head *head = at<Head>(arena, 0);
  if (imagesOfStep(head) == 0) {
    return;
  }
  double sum = 0;
  for (int i = threadIdx.x; i < count; i += 32) {
    sum += at<double>(arena, sums)[i];
  }
  sum = warpSum(sum);
  if (threadIdx.x == 0) {
    float *step = at<float>(arena, log) + (long long)head->step * LOGGED;
    step[GRADIENT_NORM] = (float)sqrt(sum);
    bool finite = (head->alpha == 0 || isfinite(step[DISTILLATION])) && isfinite(step[CE]) &&
                  (head->gamma == 0 || isfinite(step[FOCAL])) &&
                  (head->calibrationWeight == 0 || isfinite(step[CALIBRATION])) &&
                  (head->labelSmoothing == 0 || isfinite(step[UNIFORM_CE])) && isfinite(step[GRADIENT_NORM]);
    if (!finite) {
      head->stopped = 1;
    }
  }
}
EXPORT(look);

// SGD with heavy-ball momentum as PyTorch has it (Polyak 1964): v = momentum * v + g + weightDecay * w; w = w - rate * v. A thread a
// value: grid (length / 256, students).
extern "C" __global__ void update(char *const *arenas, long long weights, long long gradients, long long velocities, int length) {
  char *arena = arenas[blockIdx.y];
  const Head *head = at<Head>(arena, 0);
  int i = blockIdx.x * 256 + threadIdx.x;
  if (i >= length || imagesOfStep(head) == 0) {
    return;
  }
  float *weight = at<float>(arena, weights) + i;
  float *velocity = at<float>(arena, velocities) + i;
  float gradient = fmaf(head->weightDecay, *weight, at<float>(arena, gradients)[i]);
  *velocity = fmaf(head->momentum, *velocity, gradient);
  *weight = fmaf(-head->learningRate, *velocity, *weight);
}
EXPORT(update);

// The step is made: grid (1, students), a thread each.
extern "C" __global__ void step_made(char *const *arenas) {
  Head *head = at<Head>(arenas[blockIdx.y], 0);
  if (imagesOfStep(head) > 0) {
    head->step++;
  }
}
EXPORT(step_made);
