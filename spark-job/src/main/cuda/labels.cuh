// What the labels say of an image: the focal term in its forms, and the calibration penalty.
#pragma once
#include "distillation.cuh"

// The focal term, and its slope in the logits.
struct Focal {
  float value;
  float push;    // dFocal/dZ as a multiple of dCE/dZ, modulation held still in the dual form (Mukhoti et al. 2020, section 4)
  float entropy; // of the entropy bound
  float rival;   // the largest probability below the true class's, of the dual form
  int rivalClass;
  float rivalry; // dFocal/d(rival - p of the true class)

  __device__ Focal(const Image &of, const Head *head) : entropy(0), rival(0), rivalClass(-1), rivalry(0) {
    float logP = of.logP(of.label);
    float ce = -logP;
    if (head->focalForm == ENTROPY_BOUND) {
      entropy = -of.sum([&](int k) { return expf(of.logP(k)) * of.logP(k); });
      value = ce - head->focalExponent * entropy;
      push = 1;
      return;
    }
    if (head->focalForm == DUAL) {
      findRival(of, logP);
    }
    float exponent = head->focalForm != FLSD53 ? head->focalExponent : expf(logP) < 0.2f ? 5 : 3;
    float rest = rival - expm1f(logP);
    float sharper = exponent > 0 && rest > 0 ? exponent * power(rest, exponent - 1) * ce : 0;
    float sign = head->focalForm == LOST_MINUS ? -1 : 1;
    float modulation = power(rest, exponent);
    value = sign * modulation * ce;
    push = sign * (modulation + (head->focalForm == DUAL ? 0 : expf(logP) * sharper));
    rivalry = head->focalForm == DUAL ? sharper : 0;
  }

  // The first one, if several are as likely.
  __device__ void findRival(const Image &of, float logP) {
    float next = of.largest(-INFINITY, [&](int k) { return of.logP(k) < logP ? of.logP(k) : -INFINITY; });
    float first = of.largest(-INFINITY, [&](int k) { return of.logP(k) == next ? -(float)k : -INFINITY; });
    if (isfinite(next)) {
      rival = expf(next);
      rivalClass = -(int)first;
    }
  }

  // What neither hardLabel's part nor smoothing has of a class's slope, per weight of the term; p is the class's probability.
  __device__ float otherSlope(const Image &of, const Head *head, int k, float p) const {
    if (head->focalForm == ENTROPY_BOUND) {
      return head->focalExponent * p * (of.logP(k) + entropy);
    }
    float ofTrue = expf(of.logP(of.label)) * ((k == of.label ? 1.0f : 0.0f) - p);
    return rivalry == 0 ? 0 : rivalry * (rival * ((k == rivalClass ? 1.0f : 0.0f) - p) - ofTrue);
  }
};

// The calibration penalty of the batch; its slopes in an image's logits, times a factor, are added.
__device__ inline float calibration(const Image &of, const OfClass *batch, float *slopes, float factor) {
  auto sign = [&](int k) { return batch[k].excess > 0 ? 1.0f : batch[k].excess < 0 ? -1.0f : 0.0f; };
  float mean = of.sum([&](int k) { return expf(of.logP(k)) * sign(k); });
  of.addSlopes(slopes, factor / of.row.classes, [&](int k) { return expf(of.logP(k)) * (sign(k) - mean); });
  return of.sum([&](int k) { return fabsf(batch[k].excess); }) / of.row.classes;
}
