// The focal-calibration distillation loss of a batch, value and gradient, as loss/DistillationLoss has it in double.
#include "labels.cuh"

// Where an image's logarithms of sums are, for what needs the whole batch: the largest logit and the sum's logarithm of the student, of
// the softened student, and of the softened teacher.
struct Sums {
  float shift[3];
  float logSum[3];
};

__device__ inline bool needsBatch(const Head *head) {
  return (head->distillation == DIST && isTaught(head)) || head->calibrationWeight != 0;
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
  const float *ofTeacher = isTaught(head) ? at<float>(arena, teacher) + (long long)image * classes : row.student;
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
  const float *ofTeacher = isTaught(head) ? at<float>(arena, teacher) + k : student;
  const Sums *ofImages = at<Sums>(arena, sums);
  float scale = 1 / head->temperature;
  auto p = [&](int i) { return expf(student[(long long)i * classes] - ofImages[i].shift[0] - ofImages[i].logSum[0]); };
  auto s = [&](int i) { return expf(student[(long long)i * classes] * scale - ofImages[i].shift[1] - ofImages[i].logSum[1]); };
  auto t = [&](int i) { return expf(ofTeacher[(long long)i * classes] * scale - ofImages[i].shift[2] - ofImages[i].logSum[2]); };
  float excess = 0;
  float meanStudent = 0;
  float meanTeacher = 0;
  UNUNROLLED
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
  UNUNROLLED
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
  float T = head->temperature;
  bool taught = isTaught(head);
  const float *ofTeacher = taught ? at<float>(arena, teacher) + (long long)image * classes : row.student;
  Image of = {row, ofTeacher, label, LogSoftmax(row, row.student, 1), LogSoftmax(row, row.student, 1 / T),
              LogSoftmax(row, ofTeacher, 1 / T), T};
  Focal focal(of, head);
  PlainDistillation kl(of, head);

  bool plain = head->distillation == PLAIN_KL;
  float hardLabel = head->beta + (head->gamma == 0 ? 0 : head->gamma * focal.push);
  float ofPlain = taught && plain ? head->alpha * T : 0;
  float smoothing = head->beta * head->labelSmoothing;
  float *slopes = at<float>(arena, gradient) + (long long)image * classes;
  UNUNROLLED
  for (int k = row.lane; k < classes; k += 32) {
    float p = expf(of.logP(k));
    float slope = hardLabel * (k == label ? expm1f(of.logP(k)) : p);
    if (smoothing != 0) {
      slope += smoothing * ((k == label ? 1.0f : 0.0f) - 1.0f / classes);
    }
    if (head->gamma != 0) {
      slope += head->gamma * focal.otherSlope(of, head, k, p);
    }
    if (ofPlain != 0) {
      slope += ofPlain * kl.scaledSlope(of, k);
    }
    slopes[k] = slope / images;
  }
  const OfClass *batch = at<OfClass>(arena, ofClasses);
  float inItsForm = T * T * kl.value;
  if (!plain && taught) {
    inItsForm = distillation(of, head, kl, batch, slopes, head->alpha / images);
  }
  float penalty = NAN;
  if (head->calibrationWeight != 0) {
    penalty = calibration(of, batch, slopes, head->calibrationWeight / images);
  }
  float uniformCe = -of.sum([&](int k) { return of.logP(k); }) / classes;
  if (row.lane == 0) {
    float *parts = at<float>(arena, components) + (long long)image * COMPONENTS;
    parts[KL] = taught ? T * T * kl.value : NAN;
    parts[CE] = -of.logP(label);
    parts[FOCAL] = focal.value;
    parts[UNIFORM_CE] = uniformCe;
    parts[DISTILLATION] = taught ? inItsForm : NAN;
    parts[CALIBRATION] = penalty;
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
