// A matrix product in tiles, whose factors are read and whose result is written by whatever the caller gives: an implicit GEMM.
#pragma once
#include "activation.cuh"

constexpr int TILE_DEPTH = 16;
constexpr int TILE_THREADS = 128;

// Factors in shared memory, [TILE_DEPTH, LINE].
template <int LINE> struct FloatFactors {
  float values[TILE_DEPTH][LINE];

  __device__ void put(int k, int at, float value) { values[k][at] = value; }
};

// Products of floats, each thread's with rows and columns DOWN and ACROSS apart.
template <int COLUMNS> struct FloatProduct {
  using Stored = float;
  static constexpr int ACROSS = 8;                       // threads along the columns
  static constexpr int DOWN = TILE_THREADS / ACROSS;     // and along the rows
  static constexpr int ROWS_EACH = TILE_ROWS / DOWN;     // of a thread
  static constexpr int COLUMNS_EACH = COLUMNS / ACROSS;
  using Left = FloatFactors<TILE_ROWS + 1>; // so that banks do not collide
  using Right = FloatFactors<COLUMNS>;

  float sums[ROWS_EACH][COLUMNS_EACH];

  __device__ static int rowOf(int i) { return (int)threadIdx.x / ACROSS + i * DOWN; }
  __device__ static int columnOf(int j) { return (int)threadIdx.x % ACROSS + j * ACROSS; }

  __device__ void add(const Left &a, const Right &b) {
    for (int k = 0; k < TILE_DEPTH; k++) {
      float ofRight[COLUMNS_EACH];
      for (int j = 0; j < COLUMNS_EACH; j++) {
        ofRight[j] = b.values[k][columnOf(j)];
      }
      for (int i = 0; i < ROWS_EACH; i++) {
        float ofLeft = a.values[k][rowOf(i)];
        for (int j = 0; j < COLUMNS_EACH; j++) {
          sums[i][j] = fmaf(ofLeft, ofRight[j], sums[i][j]);
        }
      }
    }
  }
};

// Sums of products on tensor cores, 16 x 8 at a time. A warp has 16 rows of the tile.
template <int COLUMNS> struct TensorCoreSums {
  static constexpr int ROWS_EACH = 2;
  static constexpr int COLUMNS_EACH = COLUMNS / 4;
  // Words of a line in shared memory: 8 more than a multiple of 32 or 16, so that the lanes of a warp read from 32 banks.
  static constexpr int LEFT_LINE = TILE_ROWS + 8;
  static constexpr int RIGHT_LINE = COLUMNS + 8;
  static_assert(TILE_ROWS == 16 * TILE_THREADS / 32, "a warp has 16 rows");

  float sums[ROWS_EACH][COLUMNS_EACH];

  __device__ static int lane() { return (int)threadIdx.x % 32; }
  __device__ static int rowOf(int i) { return (int)threadIdx.x / 32 * 16 + lane() / 4 + i * 8; }
  __device__ static int columnOf(int j) { return j / 2 * 8 + lane() % 4 * 2 + j % 2; }

  // Adds to the lane's sums of 8 columns, which begin at its j.
  template <class Multiply> __device__ void toPart(int j, const Multiply &multiply) {
    float part[4] = {sums[0][j], sums[0][j + 1], sums[1][j], sums[1][j + 1]};
    multiply(part);
    sums[0][j] = part[0];
    sums[0][j + 1] = part[1];
    sums[1][j] = part[2];
    sums[1][j + 1] = part[3];
  }
};

// One tile, TILE_ROWS x COLUMNS, of left [rows, depth] times right [depth, columns], by a block of TILE_THREADS.
//
// Left and Right give numbers by index and zero beyond the ends; what they find out of a row once is kept in their Row:
//   Left::Row row(int m); float operator()(const Left::Row &row, int k); Right: float operator()(int k, int n)
// ROWS_FIRST says along which index neighbours of Left lie beside each other in memory.
template <template <int> class Product, int COLUMNS, bool ROWS_FIRST, class Left> struct Tile : Product<COLUMNS> {
  using Own = Product<COLUMNS>;

  template <class Right> __device__ void compute(const Left &left, const Right &right, int firstRow, int firstColumn,
                                                 int fromDepth, int toDepth) {
    __shared__ typename Left::Row rows[TILE_ROWS];
    __shared__ typename Own::Left a;
    __shared__ typename Own::Right b;
    int t = threadIdx.x;
    for (int i = 0; i < Own::ROWS_EACH; i++) {
      for (int j = 0; j < Own::COLUMNS_EACH; j++) {
        this->sums[i][j] = 0;
      }
    }
    if (t < TILE_ROWS) {
      rows[t] = left.row(firstRow + t);
    }
    for (int depth = fromDepth; depth < toDepth; depth += TILE_DEPTH) {
      __syncthreads();
      for (int i = t; i < TILE_ROWS * TILE_DEPTH; i += TILE_THREADS) {
        int row = ROWS_FIRST ? i % TILE_ROWS : i / TILE_DEPTH;
        int k = ROWS_FIRST ? i / TILE_ROWS : i % TILE_DEPTH;
        a.put(k, row, depth + k < toDepth ? left(rows[row], depth + k) : 0);
      }
      for (int i = t; i < TILE_DEPTH * COLUMNS; i += TILE_THREADS) {
        int k = i / COLUMNS;
        b.put(k, i % COLUMNS, depth + k < toDepth ? right(depth + k, firstColumn + i % COLUMNS) : 0);
      }
      __syncthreads();
      this->add(a, b);
    }
    __syncthreads();
  }
};
