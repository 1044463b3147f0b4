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
    UNUNROLLED
    for (int k = row.lane; k < row.classes; k += 32) {
      total += of(k);
    }
    return sumOfLanes(total);
  }

  template <typename Of> __device__ float largest(float least, Of of) const {
    float largest = least;
    UNUNROLLED
    for (int k = row.lane; k < row.classes; k += 32) {
      largest = fmaxf(largest, of(k));
    }
    return largestOfLanes(largest);
  }

  // Adds a term's slopes, times a factor.
  template <typename Slope> __device__ void addSlopes(float *slopes, float factor, Slope slope) const {
    UNUNROLLED
    for (int k = row.lane; k < row.classes; k += 32) {
      slopes[k] += factor * slope(k);
    }
  }
};

// log(a/m) with m = (a + b)/2 and d = log(a/b).
static __device__ CALLED float overMean(float d) {
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
    close = of.largest(0, [&](int k) { return fabsf(ratio(k)); }) < 8;
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
    float largest = of.largest(-INFINITY, [&](int k) { return k == of.label ? -INFINITY : all(k); });
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
    bool close = of.largest(0, [&](int k) { return k == of.label ? 0 : fabsf(teacher.logN(k) - student.logN(k)); }) < 8;
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

// The plain divergence of the softened distributions, and its slope without T squared in the student's scaled logit of a class.
struct PlainDistillation {
  LogRatio ratio;
  bool teacherFirst;
  float value;

  __device__ PlainDistillation(const Image &of, const Head *head)
      : ratio(of.row, head->klDirection == TEACHER_STUDENT ? of.softTeacher : of.softStudent,
              head->klDirection == TEACHER_STUDENT ? of.softStudent : of.softTeacher),
        teacherFirst(head->klDirection == TEACHER_STUDENT) {
    value = of.sum([&](int k) { return ratio.divergence(k); });
  }

  __device__ float scaledSlope(const Image &of, int k) const {
    return teacherFirst ? ratio.lack(k) : expf(of.softStudent(k)) * (ratio(k) - value);
  }
};

// The plain divergence of each image by how badly it is classified.
struct FocalDistillation {
  const PlainDistillation &plain;
  float exponent;
  float rest;
  float weight;
  float fall;
  float value;

  __device__ FocalDistillation(const Image &of, const Head *head, const PlainDistillation &divergence)
      : plain(divergence), exponent(head->distillationFirst), rest(-expm1f(of.logP(of.label))) {
    float kl = of.T * of.T * plain.value;
    weight = power(rest, exponent);
    fall = kl * exponent * weight * expf(of.logP(of.label));
    value = weight * kl;
  }

  __device__ float slope(const Image &of, int k) const {
    float others = k == of.label ? -1 : rest == 0 ? 0 : expf(of.logP(k)) / rest;
    return weight * of.T * plain.scaledSlope(of, k) + fall * others;
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
  float gammaOfClass;
  int images; // of the step, by which all slopes are divided
  float mean;
  float meanOfBatch;
  float value;

  __device__ CorrelationDistillation(const Image &of, const Head *head, const OfClass *ofClasses)
      : classes(ofClasses), beta(head->distillationFirst), gammaOfClass(head->distillationSecond / of.row.classes),
        images(imagesOfStep(head)) {
    float meanStudent = of.sum([&](int k) { return expf(of.softStudent(k)); }) / of.row.classes;
    float meanTeacher = of.sum([&](int k) { return expf(of.softTeacher(k)); }) / of.row.classes;
    float dot = of.sum([&](int k) { return (expf(of.softStudent(k)) - meanStudent) * (expf(of.softTeacher(k)) - meanTeacher); });
    float student = of.sum([&](int k) { return (expf(of.softStudent(k)) - meanStudent) * (expf(of.softStudent(k)) - meanStudent); });
    float teacher = of.sum([&](int k) { return (expf(of.softTeacher(k)) - meanTeacher) * (expf(of.softTeacher(k)) - meanTeacher); });
    overClasses = Correlation::of(meanStudent, meanTeacher, dot, student, teacher);
    float ofBatch = of.sum([&](int k) { return 1 - classes[k].overBatch.value; });
    value = of.T * of.T * (beta * (1 - overClasses.value) + gammaOfClass * ofBatch);
    mean = of.sum([&](int k) { return expf(of.softStudent(k)) * ofImage(of, k); });
    meanOfBatch = of.sum([&](int k) { return expf(of.softStudent(k)) * ofClass(of, k); });
  }

  // The slopes of the image's own correlation, and of a class's, in a softened probability.
  __device__ float ofImage(const Image &of, int k) const {
    return -beta * overClasses.slope(expf(of.softStudent(k)), expf(of.softTeacher(k)));
  }

  __device__ float ofClass(const Image &of, int k) const {
    return -gammaOfClass * classes[k].overBatch.slope(expf(of.softStudent(k)), expf(of.softTeacher(k)));
  }

  __device__ float slope(const Image &of, int k) const {
    return of.T * expf(of.softStudent(k)) * (ofImage(of, k) - mean + images * (ofClass(of, k) - meanOfBatch));
  }
};

// Takes a form's value and adds its slopes, times a factor.
template <typename Form> __device__ inline float taken(const Image &of, const Form &form, float *slopes, float factor) {
  if (factor != 0) {
    of.addSlopes(slopes, factor, [&](int k) { return form.slope(of, k); });
  }
  return form.value;
}

// The value of an image's distillation term in a form other than the plain one; its slopes, times a factor, are added.
__device__ inline float distillation(const Image &of, const Head *head, const PlainDistillation &plain, const OfClass *ofClasses,
                                     float *slopes, float factor) {
  switch (head->distillation) {
  case JENSEN_SHANNON:
    return taken(of, JensenShannon(of), slopes, factor);
  case MSE_LOGITS:
    return taken(of, MeanSquaredLogits(of), slopes, factor);
  case STANDARDISED_KL:
    return taken(of, StandardisedDistillation(of), slopes, factor);
  case DKD:
    return taken(of, DecoupledDistillation(of, head), slopes, factor);
  case DIST:
    return taken(of, CorrelationDistillation(of, head, ofClasses), slopes, factor);
  case NKD:
    return taken(of, NormalisedDistillation(of, head), slopes, factor);
  default:
    return taken(of, FocalDistillation(of, head, plain), slopes, factor);
  }
}
