// Lets g++ compile CUDA C: a kernel becomes a function over the threads of a block, which are fibers that take turns at
// __syncthreads and warp shuffles. Included before everything else, with -include. The driver's side is stand_in.cpp.
#pragma once
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
// Blocks run one after the other.
#define __shared__ static

struct dim3 {
  unsigned x, y, z;
};

using std::isfinite;

namespace stand_in {

// The thread that runs.
struct Place {
  dim3 thread, block, threads, blocks;
};
extern Place place;

// Waits for all threads of the block that have not ended.
void waitForBlock();
// Waits for all threads of the warp that have not ended.
void waitForWarp();
// What each lane of the warp holds for the others to read, 32 bytes each.
void *laneStorage(unsigned lane);

// A kernel, called with pointers to its arguments.
using Call = void (*)(void (*)(), void **);

struct Kernel {
  std::string name;
  void (*function)();
  Call call;
  std::vector<size_t> argumentSizes;
};
void add(Kernel kernel);

template <typename... A, size_t... I> void unpack(void (*f)(A...), void **arguments, std::index_sequence<I...>) {
  f(*static_cast<A *>(arguments[I])...);
}

template <typename... A> struct Registered {
  Registered(const char *name, void (*f)(A...)) {
    add({name, reinterpret_cast<void (*)()>(f),
         [](void (*g)(), void **arguments) {
           unpack(reinterpret_cast<void (*)(A...)>(g), arguments, std::index_sequence_for<A...>());
         },
         {sizeof(A)...}});
  }
};

} // namespace stand_in

// Twice, for names that macros make.
#define EXPORT(kernel) REGISTER(kernel)
#define REGISTER(kernel) static stand_in::Registered registered_##kernel(#kernel, kernel)

#define threadIdx (stand_in::place.thread)
#define blockIdx (stand_in::place.block)
#define blockDim (stand_in::place.threads)
#define gridDim (stand_in::place.blocks)

inline void __syncthreads() { stand_in::waitForBlock(); }
inline void __syncwarp(unsigned = 0xffffffffu) { stand_in::waitForWarp(); }

namespace stand_in {

// Gives the warp's other lanes something to read, until all wait for the warp again. All lanes take part, as in all kernels here.
template <typename T> void share(const T &value) {
  static_assert(sizeof(T) <= 32);
  std::memcpy(laneStorage(threadIdx.x % 32), &value, sizeof(T));
  waitForWarp();
}

template <typename T> T shared(unsigned lane) {
  T other;
  std::memcpy(&other, laneStorage(lane), sizeof(T));
  return other;
}

} // namespace stand_in

template <typename T> T __shfl_sync(unsigned, T value, int from) {
  stand_in::share(value);
  T other = stand_in::shared<T>(from % 32);
  stand_in::waitForWarp();
  return other;
}

template <typename T> T __shfl_xor_sync(unsigned mask, T value, int with) {
  return __shfl_sync(mask, value, (threadIdx.x % 32) ^ with);
}
