// The focal-calibration distillation loss of a batch, value and gradient, as loss/DistillationLoss has it in double.
#include "distillation.cuh"

// Parts of the loss that the true class's probability p decides.
struct Focal {
  float value;
  float push; // dFocal/dZ as a multiple of dCE/dZ (Mukhoti et al. 2020, section 4)
  float rivalry; // dFocal/d(p_j - p_y) of the dual form

  // rival: the largest probability below the true class's, of the dual form
  __device__ Focal(const Head *head, float logP, float entropy, float rival) {
    float ce = -logP;
    if (head->focalForm == ENTROPY_BOUND) {
      value = ce - head->focalExponent * entropy;
      push = 1;
      rivalry = 0;
      return;
    }
    float exponent = head->focalForm != FLSD53 ? head->focalExponent : expf(logP) < 0.2f ? 5 : 3;
    float rest = -expm1f(logP) + (head->focalForm == DUAL ? rival : 0);
    float modulation = powf(rest, exponent);
    value = modulation * ce;
    push = modulation;
    rivalry = 0;
    if (head->focalForm == DUAL) {
      rivalry = exponent > 0 && rest > 0 ? exponent * powf(rest, exponent - 1) * ce : 0;
    } else if (exponent > 0 && rest > 0) {
      push += exponent * expf(logP) * powf(rest, exponent - 1) * ce;
    }
    if (head->focalForm == LOST_MINUS) {
      value = -value;
      push = -push;
    }
  }
};

// The slope of the divergence without T squared in the student's scaled logit of a class.
__device__ inline float plainSlope(const Image &of, const Head *head, const LogRatio &ratio, float kl, int k) {
  return head->klDirection == TEACHER_STUDENT ? ratio.lack(k) : expf(of.softStudent(k)) * (ratio(k) - kl);
}

// Where an image's logarithms of sums are, for what needs the whole batch: the largest logit and the sum's logarithm of the student, of
// the softened student, and of the softened teacher.
struct Sums {
  float shift[3];
  float logSum[3];
};

__device__ inline bool needsBatch(const Head *head) {
  return (head->distillation == DIST && head->teacher != nullptr) || head->calibrationWeight != 0;
}

// The sums of each image of the step, where the loss needs the whole batch. Blocks of four warps, an image each: grid (batch / 4,
// students).
extern "C" __global__ void loss_sums(char *const *arenas, long long logits, long long teacher, long long sums, int classes) {
  char *arena = arenas[blockIdx.y];
  const Head *head = at<Head>(arena, 0);
  int image = blockIdx.x * 4 + threadIdx.x / 32;
  if (!needsBatch(head) || image >= imagesOfStep(head)) {
    return;
  }
  Row row = {at<float>(arena, logits) + (long long)image * classes, classes, (int)threadIdx.x % 32};
  const float *ofTeacher = head->teacher != nullptr ? at<float>(arena, teacher) + (long long)image * classes : row.student;
  LogSoftmax all[3] = {LogSoftmax(row, row.student, 1), LogSoftmax(row, row.student, 1 / head->temperature),
                       LogSoftmax(row, ofTeacher, 1 / head->temperature)};
  if (row.lane == 0) {
    Sums *ofImage = at<Sums>(arena, sums) + image;
    for (int i = 0; i < 3; i++) {
      ofImage->shift[i] = all[i].shift;
      ofImage->logSum[i] = all[i].logSum;
    }
  }
}
EXPORT(loss_sums);

// What the batch says of each class, where the loss needs it. Blocks of four warps, a class each: grid (classes / 4, students).
extern "C" __global__ void loss_classes(char *const *arenas, long long logits, long long teacher, long long classOf, long long sums,
                                        long long ofClasses, int classes) {
  char *arena = arenas[blockIdx.y];
  const Head *head = at<Head>(arena, 0);
  int k = blockIdx.x * 4 + threadIdx.x / 32;
  int images = imagesOfStep(head);
  if (!needsBatch(head) || images == 0 || k >= classes) {
    return;
  }
  int lane = threadIdx.x % 32;
  const float *student = at<float>(arena, logits) + k;
  const float *ofTeacher = head->teacher != nullptr ? at<float>(arena, teacher) + k : student;
  const Sums *ofImages = at<Sums>(arena, sums);
  float scale = 1 / head->temperature;
  auto p = [&](int i) { return expf(student[(long long)i * classes] - ofImages[i].shift[0] - ofImages[i].logSum[0]); };
  auto s = [&](int i) { return expf(student[(long long)i * classes] * scale - ofImages[i].shift[1] - ofImages[i].logSum[1]); };
  auto t = [&](int i) { return expf(ofTeacher[(long long)i * classes] * scale - ofImages[i].shift[2] - ofImages[i].logSum[2]); };
  float excess = 0;
  float meanStudent = 0;
  float meanTeacher = 0;
  for (int i = lane; i < images; i += 32) {
    excess += p(i) - (at<int32_t>(arena, classOf)[i] == k ? 1.0f : 0.0f);
    meanStudent += s(i);
    meanTeacher += t(i);
  }
  excess = warpSum(excess) / images;
  meanStudent = warpSum(meanStudent) / images;
  meanTeacher = warpSum(meanTeacher) / images;
  float dot = 0;
  float squaresStudent = 0;
  float squaresTeacher = 0;
  for (int i = lane; i < images; i += 32) {
    float a = s(i) - meanStudent;
    float b = t(i) - meanTeacher;
    dot += a * b;
    squaresStudent += a * a;
    squaresTeacher += b * b;
  }
  dot = warpSum(dot);
  squaresStudent = warpSum(squaresStudent);
  squaresTeacher = warpSum(squaresTeacher);
  if (lane == 0) {
    at<OfClass>(arena, ofClasses)[k] = {Correlation::of(meanStudent, meanTeacher, dot, squaresStudent, squaresTeacher), excess};
  }
}
EXPORT(loss_classes);

// Adds a form's slopes, times a factor, to an image's.
template <typename Slope> __device__ inline void addSlopes(const Image &of, float *slopes, float factor, Slope slope) {
  for (int k = of.row.lane; k < of.row.classes; k += 32) {
    slopes[k] += factor * slope(k);
  }
}

// The value of an image's distillation term in a form other than the plain one; its slopes, times a factor, are added.
__device__ inline float distillationOf(const Image &of, const Head *head, const LogRatio &ratio, float kl, const OfClass *ofClasses,
                                       float *slopes, float factor, int images) {
  switch (head->distillation) {
  case JENSEN_SHANNON: {
    JensenShannon form(of);
    addSlopes(of, slopes, factor, [&](int k) { return form.slope(of, k); });
    return form.value;
  }
  case MSE_LOGITS: {
    MeanSquaredLogits form(of);
    addSlopes(of, slopes, factor, [&](int k) { return form.slope(of, k); });
    return form.value;
  }
  case STANDARDISED_KL: {
    StandardisedDistillation form(of);
    addSlopes(of, slopes, factor, [&](int k) { return form.slope(of, k); });
    return form.value;
  }
  case DKD: {
    DecoupledDistillation form(of, head);
    addSlopes(of, slopes, factor, [&](int k) { return form.slope(of, k); });
    return form.value;
  }
  case DIST: {
    CorrelationDistillation form(of, head, ofClasses);
    addSlopes(of, slopes, factor, [&](int k) { return form.slope(of, k, images); });
    return form.value;
  }
  case NKD: {
    NormalisedDistillation form(of, head);
    addSlopes(of, slopes, factor, [&](int k) { return form.slope(of, k); });
    return form.value;
  }
  default: {
    FocalDistillation form(of, head, of.T * of.T * kl);
    addSlopes(of, slopes, factor, [&](int k) { return form.slope(of, k, of.T * plainSlope(of, head, ratio, kl, k)); });
    return form.value;
  }
  }
}

// Loss and gradient of each image of the step.
//
//   logits      [batch, classes] of the student
//   teacher     [batch, classes]; read where the student has a teacher
//   classOf     int32 [batch]: the true classes
//   gradient    [batch, classes]: dL/dlogits of the mean over the images; written
//   ofClasses   [classes]: what the batch says of each class; read where the loss needs it
//   components  [batch, COMPONENTS] of each image, or, of what only the batch has, the batch's; NaN of what needs a teacher without
//               one, and of the calibration penalty without a weight; written
//
// Blocks of four warps, an image each: grid (batch / 4, students).
extern "C" __global__ void loss_rows(char *const *arenas, long long logits, long long teacher, long long classOf,
                                     long long gradient, long long ofClasses, long long components, int classes) {
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
  float rival = 0;
  int rivalClass = -1;
  if (head->focalForm == DUAL) {
    for (int k = row.lane; k < classes; k += 32) {
      rival = logP(k) < logP(label) ? fmaxf(rival, expf(logP(k))) : rival;
    }
    rival = warpMax(rival);
    float first = -INFINITY;
    for (int k = row.lane; k < classes; k += 32) {
      first = logP(k) < logP(label) && expf(logP(k)) == rival ? fmaxf(first, -(float)k) : first;
    }
    first = warpMax(first);
    rivalClass = isfinite(first) ? -(int)first : -1;
  }
  Focal focal(head, logP(label), entropy, rival);

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

  Image of = {row, ofTeacher, label, logP, softStudent, softTeacher, T};
  float hardLabel = head->beta + (head->gamma == 0 ? 0 : head->gamma * focal.push);
  float ofEntropy = head->focalForm == ENTROPY_BOUND ? head->gamma * head->focalExponent : 0;
  bool plain = head->distillation == PLAIN_KL;
  float distillation = head->teacher != nullptr && plain ? head->alpha * T : 0;
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
      slope += distillation * plainSlope(of, head, ratio, kl, k);
    }
    if (focal.rivalry != 0 && head->gamma != 0) {
      float own = rival * ((k == rivalClass ? 1.0f : 0.0f) - p) - expf(logP(label)) * ((k == label ? 1.0f : 0.0f) - p);
      slope += head->gamma * focal.rivalry * own;
    }
    slopes[k] = slope / images;
  }
  const OfClass *batch = at<OfClass>(arena, ofClasses);
  float inItsForm = T * T * kl;
  if (!plain) {
    inItsForm = head->teacher == nullptr ? NAN : distillationOf(of, head, ratio, kl, batch, slopes, head->alpha / images, images);
  }
  float calibration = NAN;
  if (head->calibrationWeight != 0) {
    auto sign = [&](int k) { return batch[k].excess > 0 ? 1.0f : batch[k].excess < 0 ? -1.0f : 0.0f; };
    calibration = of.sum([&](int k) { return fabsf(batch[k].excess); }) / classes;
    float mean = of.sum([&](int k) { return expf(logP(k)) * sign(k); });
    float factor = head->calibrationWeight / images / classes;
    addSlopes(of, slopes, factor, [&](int k) { return expf(logP(k)) * (sign(k) - mean); });
  }
  if (row.lane == 0) {
    float *parts = at<float>(arena, components) + (long long)image * COMPONENTS;
    parts[KL] = T * T * kl;
    parts[CE] = -logP(label);
    parts[FOCAL] = focal.value;
    parts[UNIFORM_CE] = uniformCe;
    parts[DISTILLATION] = inItsForm;
    parts[CALIBRATION] = calibration;
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
