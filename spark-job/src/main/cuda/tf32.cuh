// Products of tf32 on tensor cores: factors of 10 bits behind the point, sums of floats.
#pragma once
#include "tiles.cuh"

// A float rounded to tf32, to the nearest, and away from zero where two are.
__device__ inline float tf32(float value) {
  uint32_t bits;
#ifdef __CUDA_ARCH__
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(value));
#else
  memcpy(&bits, &value, sizeof(bits));
  if (isfinite(value)) {
    bits = (bits + 0x1000) & ~0x1fffu;
  }
#endif
  float rounded;
  memcpy(&rounded, &bits, sizeof(rounded));
  return rounded;
}

// sums [16, 8] += left [16, 8] * right [8, 8] by a warp. With g = lane / 4 and t = lane % 4 a lane has left (g, t), (g + 8, t),
// (g, t + 4), (g + 8, t + 4), right (t, g), (t + 4, g) and sums (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1).
__device__ inline void multiplyTf32(float (&sums)[4], const float (&left)[4], const float (&right)[2]) {
#ifdef __CUDA_ARCH__
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
               "{%0, %1, %2, %3};"
               : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
               : "r"(__float_as_uint(left[0])), "r"(__float_as_uint(left[1])), "r"(__float_as_uint(left[2])),
                 "r"(__float_as_uint(left[3])), "r"(__float_as_uint(right[0])), "r"(__float_as_uint(right[1])));
#else
  struct Held {
    float left[4], right[2];
  };
  int lane = threadIdx.x % 32;
  Held own;
  memcpy(own.left, left, sizeof(own.left));
  memcpy(own.right, right, sizeof(own.right));
  stand_in::share(own);
  for (int i = 0; i < 4; i++) {
    int row = lane / 4 + i / 2 * 8;
    int column = lane % 4 * 2 + i % 2;
    for (int k = 0; k < 8; k++) {
      float ofLeft = stand_in::shared<Held>(row % 8 * 4 + k % 4).left[k / 4 * 2 + row / 8];
      float ofRight = stand_in::shared<Held>(column * 4 + k % 4).right[k / 4];
      sums[i] += ofLeft * ofRight;
    }
  }
  __syncwarp();
#endif
}

// [TILE_DEPTH, LINE].
template <int LINE> struct Tf32Factors {
  float values[TILE_DEPTH][LINE];

  __device__ void put(int k, int at, float value) { values[k][at] = tf32(value); }
};

template <int COLUMNS> struct Tf32Product : TensorCoreSums<COLUMNS> {
  using Own = TensorCoreSums<COLUMNS>;
  using Stored = float;
  using Left = Tf32Factors<Own::LEFT_LINE>;
  using Right = Tf32Factors<Own::RIGHT_LINE>;

  __device__ void add(const Left &a, const Right &b) {
    int t = Own::lane() % 4;
    int g = Own::lane() / 4;
    for (int k = 0; k < TILE_DEPTH; k += 8) {
      float left[4] = {a.values[k + t][Own::rowOf(0)], a.values[k + t][Own::rowOf(1)], a.values[k + t + 4][Own::rowOf(0)],
                       a.values[k + t + 4][Own::rowOf(1)]};
      for (int j = 0; j < Own::COLUMNS_EACH; j += 2) {
        float right[2] = {b.values[k + t][j * 4 + g], b.values[k + t + 4][j * 4 + g]};
        this->toPart(j, [&](float(&part)[4]) { multiplyTf32(part, left, right); });
      }
    }
  }
};
