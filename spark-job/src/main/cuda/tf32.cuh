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

// A warp has 16 rows of the tile.
template <int COLUMNS> struct Tf32Product {
  static constexpr int ROWS_EACH = 2;
  static constexpr int COLUMNS_EACH = COLUMNS / 4;
  // Lines of 8 more than a multiple of 32 or 16 floats, so that the lanes of a warp read from 32 banks.
  static constexpr int LEFT_LINE = TILE_ROWS + 8;
  static constexpr int RIGHT_LINE = COLUMNS + 8;
  static_assert(TILE_ROWS == 16 * TILE_THREADS / 32, "a warp has 16 rows");

  float sums[ROWS_EACH][COLUMNS_EACH];

  __device__ static int lane() { return (int)threadIdx.x % 32; }
  __device__ static int rowOf(int i) { return (int)threadIdx.x / 32 * 16 + lane() / 4 + i * 8; }
  __device__ static int columnOf(int j) { return j / 2 * 8 + lane() % 4 * 2 + j % 2; }
  __device__ static float factor(float value) { return tf32(value); }

  __device__ void add(const float (&a)[TILE_DEPTH][LEFT_LINE], const float (&b)[TILE_DEPTH][RIGHT_LINE]) {
    int t = lane() % 4;
    int g = lane() / 4;
    for (int k = 0; k < TILE_DEPTH; k += 8) {
      float left[4] = {a[k + t][rowOf(0)], a[k + t][rowOf(1)], a[k + t + 4][rowOf(0)], a[k + t + 4][rowOf(1)]};
      for (int j = 0; j < COLUMNS_EACH; j += 2) {
        float right[2] = {b[k + t][j * 4 + g], b[k + t + 4][j * 4 + g]};
        float part[4] = {sums[0][j], sums[0][j + 1], sums[1][j], sums[1][j + 1]};
        multiplyTf32(part, left, right);
        sums[0][j] = part[0];
        sums[0][j + 1] = part[1];
        sums[1][j] = part[2];
        sums[1][j + 1] = part[3];
      }
    }
  }
};
