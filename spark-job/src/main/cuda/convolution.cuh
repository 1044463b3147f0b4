// Convolutions and their gradients, as implicit GEMMs over pixels, in the numbers of a Product and of maps stored as it has them.
// Activations are [batch, rows, columns, channels], weights [kernel, kernel, in / groups, out].
//
// What reads an activation may read a batch norm's and a ReLU's result of it, which is then never stored; what reads the gradient
// of a convolution's output may read it through the batch norm behind.
#pragma once
#include "activation.cuh"
#include "tiles.cuh"

struct Shape {
  int height, width, in;      // of the input
  int outHeight, outWidth, out;
  int kernel, stride, padding, groups;

  __device__ int inOfGroup() const { return in / groups; }
  __device__ int outOfGroup() const { return out / groups; }
};

struct Pixel {
  int image, y, x; // image is -1 beyond the last
};

__device__ inline Pixel pixelOf(int m, int pixels, int height, int width) {
  Pixel pixel;
  pixel.image = m < pixels ? m / (height * width) : -1;
  pixel.y = m / width % height;
  pixel.x = m % width;
  return pixel;
}

// Where a window's element lies, from the index along the depth of a product: rows, columns, channels.
struct Element {
  int y, x, channel;

  __device__ Element(int k, int kernel, int channels) : y(k / channels / kernel), x(k / channels % kernel), channel(k % channels) {}
};

// [output pixels, window elements] of an activation.
template <class Stored> struct Windows {
  using Row = Pixel;
  Activation<Stored> input;
  Shape shape;
  int pixels, group;

  __device__ Row row(int m) const { return pixelOf(m, pixels, shape.outHeight, shape.outWidth); }

  __device__ float operator()(const Row &row, int k) const {
    Element element(k, shape.kernel, shape.inOfGroup());
    int y = row.y * shape.stride - shape.padding + element.y;
    int x = row.x * shape.stride - shape.padding + element.x;
    if (row.image < 0 || y < 0 || y >= shape.height || x < 0 || x >= shape.width) {
      return 0;
    }
    int channel = group * shape.inOfGroup() + element.channel;
    return input(((row.image * (long long)shape.height + y) * shape.width + x) * shape.in + channel, channel);
  }
};

// [window elements, output channels of a group] of the weights.
struct Weights {
  const float *values;
  Shape shape;
  int group;

  __device__ float operator()(int k, int n) const {
    return n < shape.outOfGroup() ? values[(long long)k * shape.out + group * shape.outOfGroup() + n] : 0;
  }
};

// y = convolution(activation), and statistics of y's tiles, [row tiles, channels, 2], for the batch norm behind it.
template <template <int> class Product, int COLUMNS>
__device__ void forward(char *arena, long long input, long long scale, long long shift, int relu, long long weights,
                        long long output, long long statistics, Shape shape) {
  using Stored = typename Product<COLUMNS>::Stored;
  __shared__ float tile[TILE_ROWS][COLUMNS + 1];
  int pixels = imagesOfStep(at<Head>(arena, 0)) * shape.outHeight * shape.outWidth;
  int firstRow = blockIdx.x * TILE_ROWS;
  if (firstRow >= pixels) {
    return;
  }
  int tiles = (shape.outOfGroup() + COLUMNS - 1) / COLUMNS;
  int group = blockIdx.y / tiles;
  int firstColumn = blockIdx.y % tiles * COLUMNS;
  Windows<Stored> windows = {activationAt<Stored>(arena, input, scale, shift, relu), shape, pixels, group};
  Tile<Product, COLUMNS, false, Windows<Stored>> product;
  product.compute(windows, Weights{at<float>(arena, weights), shape, group}, firstRow, firstColumn, 0,
                  shape.kernel * shape.kernel * shape.inOfGroup());
  int rows = atMost(TILE_ROWS, pixels - firstRow);
  int columns = atMost(COLUMNS, shape.outOfGroup() - firstColumn);
  int firstChannel = group * shape.outOfGroup() + firstColumn;
  for (int i = 0; i < product.ROWS_EACH; i++) {
    for (int j = 0; j < product.COLUMNS_EACH; j++) {
      int row = product.rowOf(i);
      int column = product.columnOf(j);
      Stored value = stored<Stored>(product.sums[i][j]);
      // Statistics are of what will be read.
      tile[row][column] = read(value);
      if (row < rows && column < columns) {
        at<Stored>(arena, output)[(long long)(firstRow + row) * shape.out + firstChannel + column] = value;
      }
    }
  }
  if (statistics >= 0) {
    __syncthreads();
    int column = threadIdx.x;
    if (column < columns) {
      writeStatistics(at<float>(arena, statistics) + ((long long)blockIdx.x * shape.out + firstChannel + column) * 2, rows,
                      [&](int row) { return tile[row][column]; });
    }
  }
}

// [input pixels, window elements x output channels] of the gradient: which outputs a pixel went into.
template <class Stored> struct GradientWindows {
  using Row = Pixel;
  OutputGradient<Stored> gradient;
  Shape shape;
  int pixels, group;

  __device__ Row row(int m) const { return pixelOf(m, pixels, shape.height, shape.width); }

  __device__ float operator()(const Row &row, int k) const {
    Element element(k, shape.kernel, shape.outOfGroup());
    int y = row.y + shape.padding - element.y;
    int x = row.x + shape.padding - element.x;
    if (row.image < 0 || y < 0 || x < 0 || y % shape.stride != 0 || x % shape.stride != 0) {
      return 0;
    }
    y /= shape.stride;
    x /= shape.stride;
    if (y >= shape.outHeight || x >= shape.outWidth) {
      return 0;
    }
    int channel = group * shape.outOfGroup() + element.channel;
    return gradient(((row.image * (long long)shape.outHeight + y) * shape.outWidth + x) * shape.out + channel, channel);
  }
};

// [window elements x output channels, input channels of a group] of the weights.
struct TransposedWeights {
  const float *values;
  Shape shape;
  int group;

  __device__ float operator()(int k, int n) const {
    if (n >= shape.inOfGroup()) {
      return 0;
    }
    int element = k / shape.outOfGroup();
    int channel = group * shape.outOfGroup() + k % shape.outOfGroup();
    return values[((long long)element * shape.inOfGroup() + n) * shape.out + channel];
  }
};

// The gradient of the convolution's input, written, or added to what is there.
template <template <int> class Product, int COLUMNS>
__device__ void inputGradient(char *arena, long long gradient, long long output, long long coefficients, long long weights,
                              long long ofInput, int add, Shape shape) {
  using Stored = typename Product<COLUMNS>::Stored;
  int pixels = imagesOfStep(at<Head>(arena, 0)) * shape.height * shape.width;
  int firstRow = blockIdx.x * TILE_ROWS;
  if (firstRow >= pixels) {
    return;
  }
  int tiles = (shape.inOfGroup() + COLUMNS - 1) / COLUMNS;
  int group = blockIdx.y / tiles;
  int firstColumn = blockIdx.y % tiles * COLUMNS;
  OutputGradient<Stored> through = gradientAt<Stored>(arena, gradient, output, coefficients, shape.out);
  Tile<Product, COLUMNS, false, GradientWindows<Stored>> product;
  product.compute(GradientWindows<Stored>{through, shape, pixels, group}, TransposedWeights{at<float>(arena, weights), shape, group},
                  firstRow, firstColumn, 0, shape.kernel * shape.kernel * shape.outOfGroup());
  for (int i = 0; i < product.ROWS_EACH; i++) {
    for (int j = 0; j < product.COLUMNS_EACH; j++) {
      int row = firstRow + product.rowOf(i);
      int column = firstColumn + product.columnOf(j);
      if (row < pixels && column < shape.inOfGroup()) {
        long long to = (long long)row * shape.in + group * shape.inOfGroup() + column;
        put(at<Stored>(arena, ofInput) + to, product.sums[i][j], add);
      }
    }
  }
}

// [window elements, output pixels]: Windows, the other way round.
template <class Stored> struct ElementsOfWindows {
  using Row = int;
  Windows<Stored> windows;
  int elements;

  __device__ Row row(int m) const { return m; }

  __device__ float operator()(const Row &row, int k) const { return row < elements ? windows(windows.row(k), row) : 0; }
};

// [output pixels, output channels of a group] of the gradient.
template <class Stored> struct GradientPixels {
  OutputGradient<Stored> gradient;
  Shape shape;
  int group;

  __device__ float operator()(int k, int n) const {
    int channel = group * shape.outOfGroup() + n;
    return n < shape.outOfGroup() ? gradient((long long)k * shape.out + channel, channel) : 0;
  }
};

// The gradient of the weights, in as many parts as there are ranges of pixels: [parts, kernel, kernel, in / groups, out]. Which
// pixels a part sums follows from the batch's full size alone.
template <template <int> class Product, int COLUMNS>
__device__ void weightGradient(char *arena, long long input, long long scale, long long shift, int relu, long long gradient,
                               long long output, long long coefficients, long long ofWeights, int parts, Shape shape) {
  using Stored = typename Product<COLUMNS>::Stored;
  const Head *head = at<Head>(arena, 0);
  int images = imagesOfStep(head);
  if (images == 0) {
    return;
  }
  int tiles = (shape.outOfGroup() + COLUMNS - 1) / COLUMNS;
  int firstColumn = blockIdx.y % tiles * COLUMNS;
  int group = blockIdx.y / tiles % shape.groups;
  int part = blockIdx.y / tiles / shape.groups;
  int pixels = images * shape.outHeight * shape.outWidth;
  int pixelsOfPart = (head->batchSize * shape.outHeight * shape.outWidth + parts - 1) / parts;
  int elements = shape.kernel * shape.kernel * shape.inOfGroup();
  int firstRow = blockIdx.x * TILE_ROWS;
  Windows<Stored> windows = {activationAt<Stored>(arena, input, scale, shift, relu), shape, pixels, group};
  OutputGradient<Stored> through = gradientAt<Stored>(arena, gradient, output, coefficients, shape.out);
  Tile<Product, COLUMNS, true, ElementsOfWindows<Stored>> product;
  product.compute(ElementsOfWindows<Stored>{windows, elements}, GradientPixels<Stored>{through, shape, group}, firstRow, firstColumn,
                  atMost(part * pixelsOfPart, pixels), atMost((part + 1) * pixelsOfPart, pixels));
  for (int i = 0; i < product.ROWS_EACH; i++) {
    for (int j = 0; j < product.COLUMNS_EACH; j++) {
      int row = firstRow + product.rowOf(i);
      int column = firstColumn + product.columnOf(j);
      if (row < elements && column < shape.outOfGroup()) {
        at<float>(arena, ofWeights)[((long long)part * elements + row) * shape.out + group * shape.outOfGroup() + column] =
            product.sums[i][j];
      }
    }
  }
}

// Offsets are in bytes of an arena; -1 where there is nothing. Blocks of TILE_THREADS; grid (tiles of rows, groups x tiles of
// channels [x parts], students).
#define SHAPE                                                                                                                \
  int height, int width, int in, int outHeight, int outWidth, int out, int kernel, int stride, int padding, int groups
#define SHAPE_GIVEN                                                                                                          \
  { height, width, in, outHeight, outWidth, out, kernel, stride, padding, groups }
#define CONVOLUTION(NAME, PRODUCT, COLUMNS)                                                                                  \
  extern "C" __global__ void __launch_bounds__(TILE_THREADS, 1)                                                              \
      NAME##_##COLUMNS(char *const *arenas, long long input, long long scale, long long shift, int relu,                     \
                         long long weights, long long output, long long statistics, SHAPE) {                                 \
    forward<PRODUCT, COLUMNS>(arenas[blockIdx.z], input, scale, shift, relu, weights, output, statistics, SHAPE_GIVEN);      \
  }                                                                                                                          \
  EXPORT(NAME##_##COLUMNS);                                                                                                  \
  extern "C" __global__ void __launch_bounds__(TILE_THREADS, 1)                                                              \
      NAME##_input_gradient_##COLUMNS(char *const *arenas, long long gradient, long long output,                             \
                                           long long coefficients, long long weights, long long ofInput, int add, SHAPE) {   \
    inputGradient<PRODUCT, COLUMNS>(arenas[blockIdx.z], gradient, output, coefficients, weights, ofInput, add, SHAPE_GIVEN); \
  }                                                                                                                          \
  EXPORT(NAME##_input_gradient_##COLUMNS);                                                                                   \
  extern "C" __global__ void __launch_bounds__(TILE_THREADS, 1) NAME##_weight_gradient_##COLUMNS(                            \
      char *const *arenas, long long input, long long scale, long long shift, int relu, long long gradient,                  \
      long long output, long long coefficients, long long ofWeights, int parts, SHAPE) {                                     \
    weightGradient<PRODUCT, COLUMNS>(arenas[blockIdx.z], input, scale, shift, relu, gradient, output, coefficients,          \
                                     ofWeights, parts, SHAPE_GIVEN);                                                         \
  }                                                                                                                          \
  EXPORT(NAME##_weight_gradient_##COLUMNS)
