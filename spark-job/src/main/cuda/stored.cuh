// How feature maps and their gradients are stored: as floats, or as bfloat16s, the first 16 bits of a float. All is computed in
// floats.
#pragma once
#include "student.cuh"

struct Bfloat16 {
  uint16_t bits;
};

__device__ inline float read(float value) { return value; }

__device__ inline float read(Bfloat16 value) {
  uint32_t bits = (uint32_t)value.bits << 16;
  float wide;
  memcpy(&wide, &bits, sizeof(wide));
  return wide;
}

// To the nearest, and to an even last bit where two are; what is no number stays none.
__device__ inline Bfloat16 bfloat16(float value) {
  Bfloat16 rounded;
#ifdef __CUDA_ARCH__
  asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(rounded.bits) : "f"(value));
#else
  uint32_t bits;
  memcpy(&bits, &value, sizeof(bits));
  rounded.bits = value != value ? 0x7fff : (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
#endif
  return rounded;
}

template <class Stored> __device__ Stored stored(float value);
template <> __device__ inline float stored(float value) { return value; }
template <> __device__ inline Bfloat16 stored(float value) { return bfloat16(value); }

template <class Stored> __device__ inline void put(Stored *to, float value, int add) {
  *to = stored<Stored>(add ? read(*to) + value : value);
}
