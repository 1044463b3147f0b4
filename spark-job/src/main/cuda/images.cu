// Images as a student sees them: cropped, flipped and normalised on the card from the bytes that all students share.
#include "stored.cuh"

__device__ inline float half(uint16_t bits) {
#ifdef __CUDA_ARCH__
  float wide;
  asm("cvt.f32.f16 %0, %1;" : "=f"(wide) : "h"(bits));
  return wide;
#else
  int exponent = bits >> 10 & 0x1f;
  int fraction = bits & 0x3ff;
  float magnitude = exponent == 0 ? ldexpf(fraction, -24) : ldexpf(fraction + 1024, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude; // of logits, which are finite
#endif
}

// The images, true classes and teacher's logits of the step at hand.
//
//   red, green, blue  of 256 floats each: a byte's normalised value
//   images            [batch, side, side, 3]; written
//   classOf           int32 [batch]; written
//   teacher           [batch, classes]; written where there is one
//
// A block a row of an image: 32 threads, every 32nd pixel each; grid (side, batch, students).
template <class Stored>
__device__ void takeImages(char *const *arenas, const float *normalised, long long images, long long classOf, long long teacher,
                           int side, int classes) {
  char *arena = arenas[blockIdx.z];
  const Head *head = at<Head>(arena, 0);
  int image = blockIdx.y;
  if (image >= imagesOfStep(head)) {
    return;
  }
  long long position = (long long)head->step * head->batchSize + image;
  long long index = head->order[position];
  int view = head->views[position];
  int y = blockIdx.x;
  int row = y + view / 18 - 4;
  for (int x = threadIdx.x; x < side; x += blockDim.x) {
    int column = (view % 2 == 1 ? side - 1 - x : x) + view / 2 % 9 - 4;
    bool inside = row >= 0 && row < side && column >= 0 && column < side;
    Stored *pixel = at<Stored>(arena, images) + (((long long)image * side + y) * side + x) * 3;
    for (int colour = 0; colour < 3; colour++) {
      int value = inside ? head->pixels[((index * 3 + colour) * side + row) * side + column] : 0;
      pixel[colour] = stored<Stored>(normalised[colour * 256 + value]);
    }
  }
  if (y == 0 && threadIdx.x == 0) {
    at<int32_t>(arena, classOf)[image] = head->labels[index];
  }
  if (y == 0 && isTaught(head)) {
    for (int k = threadIdx.x; k < classes; k += blockDim.x) {
      at<float>(arena, teacher)[(long long)image * classes + k] =
          head->page != nullptr ? half(head->page[index * classes + k]) : head->teacher[position * classes + k];
    }
  }
}

#define IMAGES_OF_STEP(NAME, STORED)                                                                                         \
  extern "C" __global__ void NAME(char *const *arenas, const float *normalised, long long images, long long classOf,         \
                                  long long teacher, int side, int classes) {                                                \
    takeImages<STORED>(arenas, normalised, images, classOf, teacher, side, classes);                                       \
  }                                                                                                                          \
  EXPORT(NAME)
IMAGES_OF_STEP(images_of_step, float);
IMAGES_OF_STEP(images_of_step_bf16, Bfloat16);

// Where the parts of a head lie, for the test that compares them with Java's.
extern "C" __global__ void head_offsets(int32_t *offsets) {
  const size_t all[] = {offsetof(Head, pixels),       offsetof(Head, labels),      offsetof(Head, order),
                        offsetof(Head, views),        offsetof(Head, teacher),     offsetof(Head, page),
                        offsetof(Head, epochImages),  offsetof(Head, batchSize),    offsetof(Head, step),        offsetof(Head, stopped),
                        offsetof(Head, alpha),        offsetof(Head, beta),        offsetof(Head, gamma),
                        offsetof(Head, temperature),  offsetof(Head, focalExponent), offsetof(Head, focalForm),
                        offsetof(Head, klDirection),  offsetof(Head, learningRate),
                        offsetof(Head, momentum),     offsetof(Head, weightDecay), offsetof(Head, labelSmoothing),
                        offsetof(Head, distillation), offsetof(Head, distillationFirst), offsetof(Head, distillationSecond),
                        offsetof(Head, calibrationWeight), sizeof(Head)};
  for (int i = 0; i < (int)(sizeof(all) / sizeof(all[0])); i++) {
    offsets[i] = (int32_t)all[i];
  }
}
EXPORT(head_offsets);
