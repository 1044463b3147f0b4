// The forms of the distillation term, as the classes of loss/ have them in double: each with the value of an image and the slope in
// its logits, of which a warp's lanes take every 32nd.
#pragma once
#include "softmax.cuh"

// What an image's terms are computed from.
struct Image {
  Row row;               // the student's
  const float *teacher;  // its logits
  int label;
  LogSoftmax logP;       // of the student at temperature 1
  LogSoftmax softStudent;
  LogSoftmax softTeacher;
  float T;

  template <typename Of> __device__ float sum(Of of) const {
    float total = 0;
    for (int k = row.lane; k < row.classes; k += 32) {
      total += of(k);
    }
    return warpSum(total);
  }
};

// log(a/m) with m = (a + b)/2 and d = log(a/b).
__device__ inline float overMean(float d) {
  return fabsf(d) < 1 ? log1pf(tanhf(d / 2)) : 0.69314718f - fmaxf(-d, 0.0f) - log1pf(expf(-fabsf(d)));
}

// KL(first || second) of a class, r being log(first / second); to be summed over all classes of two distributions.
__device__ inline float divergenceOf(float logFirst, float r, bool close) { return expf(logFirst) * (close ? excess(r) : r); }

struct JensenShannon {
  LogRatio ratio; // of teacher and student
  float mean;
  float value;

  __device__ JensenShannon(const Image &of) : ratio(of.row, of.softTeacher, of.softStudent) {
    mean = of.sum([&](int k) { return expf(ratio.second(k)) * overMean(-ratio(k)) / 2; });
    value = of.T * of.T * of.sum([&](int k) {
      return (expf(ratio.first(k)) * overMean(ratio(k)) + expf(ratio.second(k)) * overMean(-ratio(k))) / 2;
    });
  }

  __device__ float slope(const Image &of, int k) const {
    return of.T * expf(ratio.second(k)) * (overMean(-ratio(k)) / 2 - mean);
  }
};

struct MeanSquaredLogits {
  float value;

  __device__ MeanSquaredLogits(const Image &of) {
    value = of.sum([&](int k) { return (of.row.student[k] - of.teacher[k]) * (of.row.student[k] - of.teacher[k]); }) / of.row.classes;
  }

  __device__ float slope(const Image &of, int k) const { return 2 * (of.row.student[k] - of.teacher[k]) / of.row.classes; }
};

// An image's logits less their mean, and their standard deviation.
struct Standardised {
  const float *logits;
  float mean;
  float sd;

  __device__ Standardised(const Image &of, const float *values) : logits(values) {
    mean = of.sum([&](int k) { return values[k]; }) / of.row.classes;
    sd = sqrtf(of.sum([&](int k) { return (values[k] - mean) * (values[k] - mean); }) / of.row.classes);
  }

  __device__ float operator()(int k) const { return sd == 0 ? 0 : (logits[k] - mean) / sd; }

  // What the softmax scales logits by.
  __device__ float scale(float T) const { return sd == 0 ? 0 : 1 / (sd * T); }
};

struct StandardisedDistillation {
  Standardised student;
  Standardised teacher;
  LogSoftmax ofStudent;
  LogSoftmax ofTeacher;
  bool close;
  float mean;
  float along;
  float value;

  __device__ StandardisedDistillation(const Image &of)
      : student(of, of.row.student), teacher(of, of.teacher), ofStudent(of.row, student.logits, student.scale(of.T)),
        ofTeacher(of.row, teacher.logits, teacher.scale(of.T)) {
    float far = 0;
    for (int k = of.row.lane; k < of.row.classes; k += 32) {
      far = fmaxf(far, fabsf(ratio(k)));
    }
    close = warpMax(far) < 8;
    value = of.T * of.T * of.sum([&](int k) { return divergenceOf(ofTeacher(k), ratio(k), close); });
    mean = of.sum([&](int k) { return lack(k); }) * of.T / of.row.classes;
    along = of.sum([&](int k) { return lack(k) * student(k); }) * of.T / of.row.classes;
  }

  __device__ float ratio(int k) const { return ofTeacher(k) - ofStudent(k); }

  // Student less teacher, as probabilities.
  __device__ float lack(int k) const {
    return close ? -expf(ofStudent(k)) * expm1f(ratio(k)) : expf(ofStudent(k)) - expf(ofTeacher(k));
  }

  __device__ float slope(const Image &of, int k) const {
    return student.sd == 0 ? 0 : (of.T * lack(k) - mean - along * student(k)) / student.sd;
  }
};

// The softened probabilities without the true class, which add up to 1.
struct OtherClasses {
  LogSoftmax all;
  float logTrue;
  float logRest;

  __device__ OtherClasses(const Image &of, const LogSoftmax &softened) : all(softened) {
    logTrue = all(of.label);
    float largest = -INFINITY;
    for (int k = of.row.lane; k < of.row.classes; k += 32) {
      largest = k == of.label ? largest : fmaxf(largest, all(k));
    }
    largest = warpMax(largest);
    logRest = largest + logf(of.sum([&](int k) { return k == of.label ? 0 : expf(all(k) - largest); }));
  }

  __device__ float logN(int k) const { return all(k) - logRest; }
};

struct DecoupledDistillation {
  OtherClasses student;
  OtherClasses teacher;
  float alpha;
  float beta;
  float difference; // of the true class's probability, student less teacher
  float value;

  __device__ DecoupledDistillation(const Image &of, const Head *head)
      : student(of, of.softStudent), teacher(of, of.softTeacher), alpha(head->distillationFirst), beta(head->distillationSecond) {
    float ofTrue = expf(teacher.logTrue);
    float ofRest = expf(teacher.logRest);
    float ofTrueRatio = teacher.logTrue - student.logTrue;
    float ofRestRatio = teacher.logRest - student.logRest;
    bool near = fabsf(ofTrueRatio) < 8 && fabsf(ofRestRatio) < 8;
    float tckd = divergenceOf(teacher.logTrue, ofTrueRatio, near) + divergenceOf(teacher.logRest, ofRestRatio, near);
    difference = ofTrue < ofRest ? expf(student.logTrue) - ofTrue : ofRest - expf(student.logRest);
    float far = 0;
    for (int k = of.row.lane; k < of.row.classes; k += 32) {
      far = k == of.label ? far : fmaxf(far, fabsf(teacher.logN(k) - student.logN(k)));
    }
    bool close = warpMax(far) < 8;
    float nckd = of.sum([&](int k) {
      return k == of.label ? 0 : divergenceOf(teacher.logN(k), teacher.logN(k) - student.logN(k), close);
    });
    value = of.T * of.T * (alpha * tckd + beta * nckd);
  }

  __device__ float slope(const Image &of, int k) const {
    if (k == of.label) {
      return of.T * alpha * difference;
    }
    float ofStudent = expf(student.logN(k));
    return of.T * (-alpha * difference * ofStudent + beta * (ofStudent - expf(teacher.logN(k))));
  }
};

struct NormalisedDistillation {
  OtherClasses student;
  OtherClasses teacher;
  float gamma;
  float confidence; // of the teacher at temperature 1
  float value;

  __device__ NormalisedDistillation(const Image &of, const Head *head)
      : student(of, of.softStudent), teacher(of, of.softTeacher), gamma(head->distillationFirst) {
    LogSoftmax logT(of.row, of.teacher, 1);
    confidence = expf(logT(of.label));
    float rest = of.sum([&](int k) { return k == of.label ? 0 : -expf(teacher.logN(k)) * student.logN(k); });
    value = -confidence * of.logP(of.label) + gamma * of.T * of.T * rest;
  }

  __device__ float slope(const Image &of, int k) const {
    if (k == of.label) {
      return confidence * expm1f(of.logP(k));
    }
    return confidence * expf(of.logP(k)) + gamma * of.T * (expf(student.logN(k)) - expf(teacher.logN(k)));
  }
};

// The plain divergence of each image by how badly it is classified.
struct FocalDistillation {
  float kl; // times T squared
  float exponent;
  float rest;
  float weight;
  float fall;
  float value;

  __device__ FocalDistillation(const Image &of, const Head *head, float divergence)
      : kl(divergence), exponent(head->distillationFirst), rest(-expm1f(of.logP(of.label))) {
    weight = powf(rest, exponent);
    fall = kl * exponent * weight * expf(of.logP(of.label));
    value = weight * kl;
  }

  // plain: the slope of the divergence itself
  __device__ float slope(const Image &of, int k, float plain) const {
    float others = k == of.label ? -1 : rest == 0 ? 0 : expf(of.logP(k)) / rest;
    return weight * plain + fall * others;
  }
};

// Pearson's correlation of a teacher's and a student's softened probabilities, and what its slope in the student's is made of. The
// epsilon is that of the authors' code.
struct Correlation {
  float meanStudent;
  float meanTeacher;
  float perNorms; // 1 over the product of the norms
  float along;
  float value;

  __device__ static Correlation of(float meanStudent, float meanTeacher, float dot, float squaresStudent, float squaresTeacher) {
    float student = sqrtf(squaresStudent);
    float teacher = sqrtf(squaresTeacher);
    float norms = student * teacher + 1e-8f;
    float r = dot / norms;
    return {meanStudent, meanTeacher, 1 / norms, student == 0 ? 0 : r * teacher / (norms * student), r};
  }

  __device__ float slope(float student, float teacher) const {
    return (teacher - meanTeacher) * perNorms - along * (student - meanStudent);
  }
};

// What the batch says of a class: loss_classes writes it where the loss needs it.
struct OfClass {
  Correlation overBatch;
  float excess; // its mean probability less its share of the labels
};

struct CorrelationDistillation {
  const OfClass *classes;
  Correlation overClasses;
  float beta;
  float gamma;
  float mean;
  float value;

  __device__ CorrelationDistillation(const Image &of, const Head *head, const OfClass *ofClasses)
      : classes(ofClasses), beta(head->distillationFirst), gamma(head->distillationSecond) {
    float meanStudent = of.sum([&](int k) { return expf(of.softStudent(k)); }) / of.row.classes;
    float meanTeacher = of.sum([&](int k) { return expf(of.softTeacher(k)); }) / of.row.classes;
    float dot = of.sum([&](int k) { return (expf(of.softStudent(k)) - meanStudent) * (expf(of.softTeacher(k)) - meanTeacher); });
    float student = of.sum([&](int k) { return (expf(of.softStudent(k)) - meanStudent) * (expf(of.softStudent(k)) - meanStudent); });
    float teacher = of.sum([&](int k) { return (expf(of.softTeacher(k)) - meanTeacher) * (expf(of.softTeacher(k)) - meanTeacher); });
    overClasses = Correlation::of(meanStudent, meanTeacher, dot, student, teacher);
    float ofBatch = of.sum([&](int k) { return classes[k].overBatch.value; }) / of.row.classes;
    value = of.T * of.T * (beta * (1 - overClasses.value) + gamma * (1 - ofBatch));
    mean = 0;
    mean = of.sum([&](int k) { return expf(of.softStudent(k)) * inProbability(of, k, 1); });
    meanOfBatch = of.sum([&](int k) { return expf(of.softStudent(k)) * inProbability(of, k, 0); });
  }

  float meanOfBatch;

  // The slope in a softened probability: of the image's own correlation, or of those of the classes.
  __device__ float inProbability(const Image &of, int k, int own) const {
    float student = expf(of.softStudent(k));
    float teacher = expf(of.softTeacher(k));
    return own ? -beta * overClasses.slope(student, teacher) : -gamma / of.row.classes * classes[k].overBatch.slope(student, teacher);
  }

  // images: of the step, by which all slopes are divided
  __device__ float slope(const Image &of, int k, int images) const {
    return of.T * expf(of.softStudent(k)) *
           (inProbability(of, k, 1) - mean + images * (inProbability(of, k, 0) - meanOfBatch));
  }
};
