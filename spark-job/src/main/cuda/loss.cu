// The focal-calibration distillation loss of a batch, value and gradient, as loss/DistillationLoss has it in double.
#include "student.cuh"

// One image's logits: a warp goes over its classes, lane by lane.
struct Row {
  const float *student;
  int classes;
  int lane;

  __device__ float largest(const float *logits, float scale) const {
    float value = -INFINITY;
    for (int k = lane; k < classes; k += 32) {
      value = fmaxf(value, logits[k] * scale);
    }
    return warpMax(value);
  }

  // log sum exp(logits * scale - shift)
  __device__ float logSum(const float *logits, float scale, float shift) const {
    float sum = 0;
    for (int k = lane; k < classes; k += 32) {
      sum += expf(logits[k] * scale - shift);
    }
    return logf(warpSum(sum));
  }
};

// log softmax(logits * scale) of a row.
struct LogSoftmax {
  const float *logits;
  float scale;
  float shift;
  float logSum;

  __device__ LogSoftmax(const Row &row, const float *values, float factor) : logits(values), scale(factor) {
    shift = row.largest(values, factor);
    logSum = row.logSum(values, factor, shift);
  }

  __device__ float operator()(int k) const { return logits[k] * scale - shift - logSum; }
};

// exp(-r) - 1 + r: what a class adds to a divergence, per probability, r being the log of the probabilities' ratio. Never below 0.
__device__ inline float excess(float r) {
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
    for (int k = row.lane; k < row.classes; k += 32) {
      sum += first.logits[k] - second.logits[k];
    }
    mean = warpSum(sum) / row.classes;
    float far = 0;
    for (int k = row.lane; k < row.classes; k += 32) {
      far = fmaxf(far, fabsf(difference(k)));
    }
    close = warpMax(far) < 8;
    float excessOfSecond = 0;
    for (int k = row.lane; k < row.classes; k += 32) {
      excessOfSecond += close ? expf(second(k)) * expm1f(difference(k)) : 0;
    }
    log1pm = log1pf(warpSum(excessOfSecond));
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

// Parts of the loss that the true class's probability p decides.
struct Focal {
  float value;
  float push; // dFocal/dZ as a multiple of dCE/dZ (Mukhoti et al. 2020, section 4)

  __device__ Focal(const Head *head, float logP, float entropy) {
    float ce = -logP;
    if (head->focalForm == ENTROPY_BOUND) {
      value = ce - head->focalExponent * entropy;
      push = 1;
      return;
    }
    float exponent = head->focalForm != FLSD53 ? head->focalExponent : expf(logP) < 0.2f ? 5 : 3;
    float rest = -expm1f(logP);
    float modulation = powf(rest, exponent);
    value = modulation * ce;
    push = modulation;
    if (exponent > 0 && rest > 0) {
      push += exponent * expf(logP) * powf(rest, exponent - 1) * ce;
    }
    if (head->focalForm == LOST_MINUS) {
      value = -value;
      push = -push;
    }
  }
};

// Loss and gradient of each image of the step.
//
//   logits      [batch, classes] of the student
//   teacher     [batch, classes]; read where the student has a teacher
//   classOf     int32 [batch]: the true classes
//   gradient    [batch, classes]: dL/dlogits of the mean over the images; written
//   components  [batch, COMPONENTS]: KL times T^2, CE, focal and uniform CE of each image; KL is NaN without a teacher; written
//
// Blocks of four warps, an image each: grid (batch / 4, students).
extern "C" __global__ void loss_rows(char *const *arenas, long long logits, long long teacher, long long classOf,
                                     long long gradient, long long components, int classes) {
  char *arena = arenas[blockIdx.y];
  const Head *head = at<Head>(arena, 0);
  int images = imagesOfStep(head);
  int image = blockIdx.x * 4 + threadIdx.x / 32;
  if (image >= images) {
    return;
  }
  Row row = {at<float>(arena, logits) + (long long)image * classes, classes, (int)threadIdx.x % 32};
  int label = at<int32_t>(arena, classOf)[image];
  LogSoftmax logP(row, row.student, 1);
  float uniformCe = 0;
  for (int k = row.lane; k < classes; k += 32) {
    uniformCe -= logP(k);
  }
  uniformCe = warpSum(uniformCe) / classes;
  float entropy = 0;
  if (head->focalForm == ENTROPY_BOUND) {
    for (int k = row.lane; k < classes; k += 32) {
      entropy -= expf(logP(k)) * logP(k);
    }
    entropy = warpSum(entropy);
  }
  Focal focal(head, logP(label), entropy);

  float T = head->temperature;
  float kl = NAN;
  const float *ofTeacher = head->teacher != nullptr ? at<float>(arena, teacher) + (long long)image * classes : row.student;
  LogSoftmax softStudent(row, row.student, 1 / T);
  LogSoftmax softTeacher(row, ofTeacher, 1 / T);
  bool teacherFirst = head->klDirection == TEACHER_STUDENT;
  LogRatio ratio(row, teacherFirst ? softTeacher : softStudent, teacherFirst ? softStudent : softTeacher);
  if (head->teacher != nullptr) {
    float sum = 0;
    for (int k = row.lane; k < classes; k += 32) {
      sum += ratio.divergence(k);
    }
    kl = warpSum(sum);
  }

  float hardLabel = head->beta + (head->gamma == 0 ? 0 : head->gamma * focal.push);
  float ofEntropy = head->focalForm == ENTROPY_BOUND ? head->gamma * head->focalExponent : 0;
  float distillation = head->teacher != nullptr ? head->alpha * T : 0;
  float smoothing = head->beta * head->labelSmoothing;
  float *slopes = at<float>(arena, gradient) + (long long)image * classes;
  for (int k = row.lane; k < classes; k += 32) {
    float p = expf(logP(k));
    float ofTrue = k == label ? expm1f(logP(k)) : p;
    float slope = hardLabel * ofTrue;
    if (smoothing != 0) {
      slope += smoothing * ((k == label ? 1.0f : 0.0f) - 1.0f / classes);
    }
    if (ofEntropy != 0) {
      slope += ofEntropy * p * (logP(k) + entropy);
    }
    if (distillation != 0) {
      slope += distillation * (teacherFirst ? ratio.lack(k) : expf(softStudent(k)) * (ratio(k) - kl));
    }
    slopes[k] = slope / images;
  }
  if (row.lane == 0) {
    float *parts = at<float>(arena, components) + (long long)image * COMPONENTS;
    parts[KL] = T * T * kl;
    parts[CE] = -logP(label);
    parts[FOCAL] = focal.value;
    parts[UNIFORM_CE] = uniformCe;
  }
}
EXPORT(loss_rows);

// Means of a step's components over its images, into the log, [steps, LOGGED], each summed in the same order always. One warp a student:
// grid (1, students).
extern "C" __global__ void loss_means(char *const *arenas, long long components, long long log) {
  char *arena = arenas[blockIdx.y];
  const Head *head = at<Head>(arena, 0);
  int images = imagesOfStep(head);
  if (images == 0) {
    return;
  }
  const float *parts = at<float>(arena, components);
  for (int part = 0; part < COMPONENTS; part++) {
    double sum = 0;
    for (int image = threadIdx.x; image < images; image += 32) {
      sum += parts[image * COMPONENTS + part];
    }
    sum = warpSum(sum);
    if (threadIdx.x == 0) {
      at<float>(arena, log)[(long long)head->step * LOGGED + part] = (float)(sum / images);
    }
  }
}
EXPORT(loss_means);
