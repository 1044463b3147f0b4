// Products of bfloat16s on tensor cores, of maps that are stored so: factors of 8 bits, sums of floats.
#pragma once
#include "tiles.cuh"

// sums [16, 8] += left [16, 16] * right [16, 8] by a warp. A word is a pair of neighbours along the depth. With g = lane / 4 and
// t = lane % 4 a lane has, by row and pair, left (g, t), (g + 8, t), (g, t + 4), (g + 8, t + 4), by pair and column, right (t, g),
// (t + 4, g), and sums (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1).
__device__ inline void multiplyBf16(float (&sums)[4], const uint32_t (&left)[4], const uint32_t (&right)[2]) {
#ifdef __CUDA_ARCH__
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
               "{%0, %1, %2, %3};"
               : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
               : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
#else
  struct Held {
    Bfloat16 left[4][2], right[2][2];
  };
  int lane = threadIdx.x % 32;
  Held own;
  memcpy(own.left, left, sizeof(own.left));
  memcpy(own.right, right, sizeof(own.right));
  stand_in::share(own);
  for (int i = 0; i < 4; i++) {
    int row = lane / 4 + i / 2 * 8;
    int column = lane % 4 * 2 + i % 2;
    for (int k = 0; k < 16; k++) {
      int pair = k / 2;
      Bfloat16 ofLeft = stand_in::shared<Held>(row % 8 * 4 + pair % 4).left[pair / 4 * 2 + row / 8][k % 2];
      Bfloat16 ofRight = stand_in::shared<Held>(column * 4 + pair % 4).right[pair / 4][k % 2];
      sums[i] += read(ofLeft) * read(ofRight);
    }
  }
  __syncwarp();
#endif
}

// [TILE_DEPTH / 2, LINE] pairs of neighbours along the depth.
template <int LINE> struct Bf16Factors {
  alignas(uint32_t) Bfloat16 pairs[TILE_DEPTH / 2][LINE][2]; // read as words

  __device__ void put(int k, int at, float value) { pairs[k / 2][at][k % 2] = bfloat16(value); }

  __device__ uint32_t word(int pair, int at) const {
    uint32_t both;
    memcpy(&both, pairs[pair][at], sizeof(both));
    return both;
  }
};

// A warp has 16 rows of the tile.
template <int COLUMNS> struct Bf16Product : TensorCoreSums<COLUMNS> {
  using Own = TensorCoreSums<COLUMNS>;
  using Stored = Bfloat16;
  using Left = Bf16Factors<Own::LEFT_LINE>;
  using Right = Bf16Factors<Own::RIGHT_LINE>;

  __device__ void add(const Left &a, const Right &b) {
    int t = Own::lane() % 4;
    int g = Own::lane() / 4;
    for (int pair = 0; pair < TILE_DEPTH / 2; pair += 8) {
      uint32_t left[4] = {a.word(pair + t, Own::rowOf(0)), a.word(pair + t, Own::rowOf(1)), a.word(pair + t + 4, Own::rowOf(0)),
                          a.word(pair + t + 4, Own::rowOf(1))};
      for (int j = 0; j < Own::COLUMNS_EACH; j += 2) {
        uint32_t right[2] = {b.word(pair + t, j * 4 + g), b.word(pair + t + 4, j * 4 + g)};
        this->toPart(j, [&](float(&part)[4]) { multiplyBf16(part, left, right); });
      }
    }
  }
};
