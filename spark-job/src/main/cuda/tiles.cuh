// A matrix product in tiles, whose factors are read and whose result is written by whatever the caller gives: an implicit GEMM.
#pragma once
#include "activation.cuh"

constexpr int TILE_DEPTH = 16;
constexpr int TILE_THREADS = 128;

// Products of floats, each thread's with rows and columns DOWN and ACROSS apart.
template <int COLUMNS> struct FloatProduct {
  static constexpr int ACROSS = 8;                       // threads along the columns
  static constexpr int DOWN = TILE_THREADS / ACROSS;     // and along the rows
  static constexpr int ROWS_EACH = TILE_ROWS / DOWN;     // of a thread
  static constexpr int COLUMNS_EACH = COLUMNS / ACROSS;
  static constexpr int LEFT_LINE = TILE_ROWS + 1;        // floats of a line in shared memory, so that banks do not collide
  static constexpr int RIGHT_LINE = COLUMNS;

  float sums[ROWS_EACH][COLUMNS_EACH];

  __device__ static int rowOf(int i) { return (int)threadIdx.x / ACROSS + i * DOWN; }
  __device__ static int columnOf(int j) { return (int)threadIdx.x % ACROSS + j * ACROSS; }
  __device__ static float factor(float value) { return value; }

  __device__ void add(const float (&a)[TILE_DEPTH][LEFT_LINE], const float (&b)[TILE_DEPTH][RIGHT_LINE]) {
    for (int k = 0; k < TILE_DEPTH; k++) {
      float ofRight[COLUMNS_EACH];
      for (int j = 0; j < COLUMNS_EACH; j++) {
        ofRight[j] = b[k][columnOf(j)];
      }
      for (int i = 0; i < ROWS_EACH; i++) {
        float ofLeft = a[k][rowOf(i)];
        for (int j = 0; j < COLUMNS_EACH; j++) {
          sums[i][j] = fmaf(ofLeft, ofRight[j], sums[i][j]);
        }
      }
    }
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
    __shared__ float a[TILE_DEPTH][Own::LEFT_LINE];
    __shared__ float b[TILE_DEPTH][Own::RIGHT_LINE];
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
        a[k][row] = depth + k < toDepth ? Own::factor(left(rows[row], depth + k)) : 0;
      }
      for (int i = t; i < TILE_DEPTH * COLUMNS; i += TILE_THREADS) {
        int k = i / COLUMNS;
        b[k][i % COLUMNS] = depth + k < toDepth ? Own::factor(right(depth + k, firstColumn + i % COLUMNS)) : 0;
      }
      __syncthreads();
      this->add(a, b);
    }
    __syncthreads();
  }
};
