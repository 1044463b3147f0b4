// Images as a student sees them: cropped, flipped and normalised on the card from the bytes that all students share.
#include "student.cuh"

// The images, true classes and teacher's logits of the step at hand.
//
//   red, green, blue  of 256 floats each: a byte's normalised value
//   images            [batch, 32, 32, 3]; written
//   classOf           int32 [batch]; written
//   teacher           [batch, classes]; written where there is one
//
// A block a row of an image: 32 threads, a pixel each; grid (32, batch, students).
extern "C" __global__ void images_of_step(char *const *arenas, const float *normalised, long long images, long long classOf,
                                          long long teacher, int classes) {
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
  int x = threadIdx.x;
  int row = y + view / 18 - 4;
  int column = (view % 2 == 1 ? 31 - x : x) + view / 2 % 9 - 4;
  bool inside = row >= 0 && row < 32 && column >= 0 && column < 32;
  float *pixel = at<float>(arena, images) + ((image * 32LL + y) * 32 + x) * 3;
  for (int colour = 0; colour < 3; colour++) {
    int value = inside ? head->pixels[(index * 3 + colour) * 1024 + row * 32 + column] : 0;
    pixel[colour] = normalised[colour * 256 + value];
  }
  if (y == 0 && x == 0) {
    at<int32_t>(arena, classOf)[image] = head->labels[index];
  }
  if (y == 0 && head->teacher != nullptr) {
    for (int k = x; k < classes; k += 32) {
      at<float>(arena, teacher)[(long long)image * classes + k] = head->teacher[position * classes + k];
    }
  }
}
EXPORT(images_of_step);

// Where the parts of a head lie, for the test that compares them with Java's.
extern "C" __global__ void head_offsets(int32_t *offsets) {
  const size_t all[] = {offsetof(Head, pixels),       offsetof(Head, labels),      offsetof(Head, order),
                        offsetof(Head, views),        offsetof(Head, teacher),        offsetof(Head, epochImages),
                        offsetof(Head, batchSize),    offsetof(Head, step),        offsetof(Head, stopped),
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
