/*
 * Convolutions 3 x 3 of stride 1 and padding 1 by Winograd's F(4 x 4, 3 x 3): Lavin and Gray 2016, "Fast Algorithms for
 * Convolutional Neural Networks", sections 4 and 5. An output of 4 x 4 pixels, a tile, is
 *
 *   A^T [ (G g G^T) * (B^T d B) ] A
 *
 * with the weights g [3, 3], the pixels d [6, 6] around the tile, and * for each of 36 points by itself; summed over input
 * channels before A, that makes 36 matrix products of a quarter of the direct sum's multiplications. The gradient in the
 * input is the same of mirrored weights; that in the weights, with the output's gradient y [4, 4], is
 * G^T [ (A y A^T) * (B^T d B) ] G, summed over tiles before G.
 *
 * Tiles are taken BLOCK at a time, so that all that lies between the transforms stays in the processor's cache. Sums are in
 * an order that the extents alone decide. No function allocates, and none writes but to its outputs and its scratch, so
 * threads may call them at once.
 *
 * Activations are [batch, height, width, channels] without gaps, weights [out, in, 3, 3]; in and out are multiples of 16.
 * Compiled once for AVX2 (WIDTH 8) and once for AVX-512 (WIDTH 16), by compile.sh.
 */

typedef float vec __attribute__((vector_size(4 * WIDTH)));
typedef int mask __attribute__((vector_size(4 * WIDTH)));
/* Anywhere in memory, and whatever else that memory is. */
typedef float unaligned __attribute__((vector_size(4 * WIDTH), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))
#define NAMED(name, isa) name##_##isa
#define NAME(name, isa) NAMED(name, isa)
#define EXPORT(name) __attribute__((visibility("default"))) NAME(winograd_##name, ISA)

enum {
  POINTS = 36,
  /* Tiles at a time: a multiple of both PRODUCT_ROWS. */
  BLOCK = 24,
  /* So that the 36 points of a tile are not a power of two apart, and fall into different sets of the cache. */
  BETWEEN_POINTS = 16,
#if WIDTH == 8
  /* As many sums as leave room for their factors in 16 registers. */
  PRODUCT_ROWS = 6,
  GRADIENT_ROWS = 4
#else
  /* In 32 registers. */
  PRODUCT_ROWS = 12,
  GRADIENT_ROWS = 8
#endif
};

typedef struct {
  long batch, height, width, in, out;
} Extents;

/* Where a tile is: its image, and its uppermost row and leftmost column there. */
typedef struct {
  long image, top, left;
} Tile;

INLINE vec load(const float *from) { return *(const unaligned *)from; }

INLINE void store(float *to, vec values) { *(unaligned *)to = values; }

INLINE long tiles(const Extents *of) { return of->batch * ((of->height + 3) / 4) * ((of->width + 3) / 4); }

INLINE Tile tile(const Extents *of, long index) {
  long wide = (of->width + 3) / 4, all = (of->height + 3) / 4 * wide;
  return (Tile){index / all, index % all / wide * 4, index % wide * 4};
}

INLINE long smaller(long a, long b) { return a < b ? a : b; }

/* Elements from a point's values of a block of tiles to the next point's. */
INLINE long between(long channels) { return BLOCK * channels + BETWEEN_POINTS; }

/* In one direction: B^T d. */
INLINE void transform_pixels(const vec d[6], vec t[6]) {
  vec even = d[4] - 4 * d[2], odd = d[3] - 4 * d[1];
  vec evenOfTwo = d[4] - d[2], oddOfTwo = 2 * (d[3] - d[1]);
  t[0] = 4 * d[0] - 5 * d[2] + d[4];
  t[1] = even + odd;
  t[2] = even - odd;
  t[3] = evenOfTwo + oddOfTwo;
  t[4] = evenOfTwo - oddOfTwo;
  t[5] = 4 * d[1] - 5 * d[3] + d[5];
}

/* A y. */
INLINE void transform_gradient(const vec y[4], vec t[6]) {
  vec even = y[0] + y[2], odd = y[1] + y[3];
  vec evenOfTwo = y[0] + 4 * y[2], oddOfTwo = 2 * y[1] + 8 * y[3];
  t[0] = y[0];
  t[1] = even + odd;
  t[2] = even - odd;
  t[3] = evenOfTwo + oddOfTwo;
  t[4] = evenOfTwo - oddOfTwo;
  t[5] = y[3];
}

/* A^T t. */
INLINE void transform_sums(const vec t[6], vec y[4]) {
  vec sum = t[1] + t[2], difference = t[1] - t[2];
  vec sumOfTwo = t[3] + t[4], differenceOfTwo = t[3] - t[4];
  y[0] = t[0] + sum + sumOfTwo;
  y[1] = difference + 2 * differenceOfTwo;
  y[2] = sum + 4 * sumOfTwo;
  y[3] = difference + 8 * differenceOfTwo + t[5];
}

/* G g. */
INLINE void transform_weights(const vec g[3], vec t[6]) {
  vec ends = g[0] + g[2], endsOfTwo = g[0] + 4 * g[2];
  t[0] = g[0] * (1 / 4.f);
  t[1] = (ends + g[1]) * (-1 / 6.f);
  t[2] = (ends - g[1]) * (-1 / 6.f);
  t[3] = (endsOfTwo + 2 * g[1]) * (1 / 24.f);
  t[4] = (endsOfTwo - 2 * g[1]) * (1 / 24.f);
  t[5] = g[2];
}

/* G^T t. */
INLINE void transform_weights_sums(const vec t[6], vec g[3]) {
  vec sum = (t[1] + t[2]) * (1 / 6.f), difference = (t[1] - t[2]) * (1 / 6.f);
  vec sumOfTwo = t[3] + t[4], differenceOfTwo = t[3] - t[4];
  g[0] = t[0] * (1 / 4.f) - sum + sumOfTwo * (1 / 24.f);
  g[1] = differenceOfTwo * (1 / 12.f) - difference;
  g[2] = sumOfTwo * (1 / 6.f) - sum + t[5];
}

/* B^T d B of a tile, zeros around the image, to transformed [36, apart]. */
static void pixels_of_tile(const float *images, const Extents *of, Tile at, float *transformed) {
  const long channels = of->in, apart = between(channels), top = at.top - 1, left = at.left - 1;
  const int whole = top >= 0 && left >= 0 && top + 6 <= of->height && left + 6 <= of->width;
  images += at.image * of->height * of->width * channels;
  for (long c = 0; c < channels; c += WIDTH) {
    vec columns[6][6];
    for (int j = 0; j < 6; j++) {
      vec d[6], t[6];
      for (int i = 0; i < 6; i++) {
        const int inside =
            whole || (top + i >= 0 && top + i < of->height && left + j >= 0 && left + j < of->width);
        d[i] = inside ? load(images + ((top + i) * of->width + left + j) * channels + c) : (vec){0};
      }
      transform_pixels(d, t);
      for (int i = 0; i < 6; i++) columns[i][j] = t[i];
    }
    for (int i = 0; i < 6; i++) {
      vec t[6];
      transform_pixels(columns[i], t);
      for (int j = 0; j < 6; j++) store(transformed + (i * 6 + j) * apart + c, t[j]);
    }
  }
}

/* A y A^T of a tile, to transformed [36, apart]. */
static void gradient_of_tile(const float *gradient, const Extents *of, Tile at, float *transformed) {
  const long channels = of->out, apart = between(channels);
  gradient += at.image * of->height * of->width * channels;
  for (long k = 0; k < channels; k += WIDTH) {
    vec columns[6][4];
    for (int j = 0; j < 4; j++) {
      vec y[4], t[6];
      for (int i = 0; i < 4; i++) {
        const int inside = at.top + i < of->height && at.left + j < of->width;
        y[i] = inside ? load(gradient + ((at.top + i) * of->width + at.left + j) * channels + k) : (vec){0};
      }
      transform_gradient(y, t);
      for (int i = 0; i < 6; i++) columns[i][j] = t[i];
    }
    for (int i = 0; i < 6; i++) {
      vec t[6];
      transform_gradient(columns[i], t);
      for (int j = 0; j < 6; j++) store(transformed + (i * 6 + j) * apart + k, t[j]);
    }
  }
}

/* Infinity for NaN: what overflows, infinite in a direct sum, is often NaN here, which ReLUs turn into 0, as if all were well. */
INLINE vec infinite_for_nan(vec values) {
  const vec infinite = (vec){0} + __builtin_inff();
  const mask isNumber = values < infinite;
  return (vec)(((mask)values & isNumber) | ((mask)infinite & ~isNumber));
}

/* A^T sums A, plus a bias unless that is null, plus what is there if so said, of a tile, to the images. */
static void tile_of_sums(const float *sums, const Extents *of, Tile at, const float *bias, int adds, int relu,
                         float *images) {
  const long channels = of->out, apart = between(channels);
  images += at.image * of->height * of->width * channels;
  for (long k = 0; k < channels; k += WIDTH) {
    vec columns[4][6];
    for (int j = 0; j < 6; j++) {
      vec t[6], y[4];
      for (int i = 0; i < 6; i++) t[i] = load(sums + (i * 6 + j) * apart + k);
      transform_sums(t, y);
      for (int i = 0; i < 4; i++) columns[i][j] = y[i];
    }
    const vec constant = bias ? load(bias + k) : (vec){0};
    for (int i = 0; i < 4 && at.top + i < of->height; i++) {
      vec y[4];
      transform_sums(columns[i], y);
      for (int j = 0; j < 4 && at.left + j < of->width; j++) {
        float *pixel = images + ((at.top + i) * of->width + at.left + j) * channels + k;
        vec value = y[j] + constant;
        if (adds) value += load(pixel);
        value = infinite_for_nan(value);
        if (relu) value = (vec)((mask)value & (value > 0));
        store(pixel, value);
      }
    }
  }
}

/* Vectors of output channels that a product takes at a time. */
INLINE int vectors_of(long out) { return out % (2 * WIDTH) == 0 ? 2 : 1; }

/* sums [PRODUCT_ROWS, vectors] = pixels [PRODUCT_ROWS, in] weights [in, vectors]. */
INLINE void product(const float *pixels, const float *weights, long in, long out, float *sums, int vectors) {
  vec sum[PRODUCT_ROWS][2];
#pragma GCC unroll 12
  for (int row = 0; row < PRODUCT_ROWS; row++)
    for (int n = 0; n < vectors; n++) sum[row][n] = (vec){0};
  for (long c = 0; c < in; c++) {
    vec factor[2];
    for (int n = 0; n < vectors; n++) factor[n] = load(weights + (c * vectors + n) * WIDTH);
#pragma GCC unroll 12
    for (int row = 0; row < PRODUCT_ROWS; row++)
      for (int n = 0; n < vectors; n++) sum[row][n] += pixels[row * in + c] * factor[n];
  }
#pragma GCC unroll 12
  for (int row = 0; row < PRODUCT_ROWS; row++)
    for (int n = 0; n < vectors; n++) store(sums + row * out + n * WIDTH, sum[row][n]);
}

/* At each point: sums [rows, out] = pixels [rows, in] weights [in, out]. */
static void products(const float *pixels, const float *weights, long rows, const Extents *of, float *sums) {
  const long in = of->in, out = of->out;
  const int vectors = vectors_of(out);
  for (int point = 0; point < POINTS; point++) {
    for (long k = 0; k < out; k += vectors * WIDTH) {
      const float *right = weights + (point * out + k) * in;
      for (long row = 0; row < rows; row += PRODUCT_ROWS) {
        const float *left = pixels + point * between(in) + row * in;
        float *result = sums + point * between(out) + row * out + k;
        if (vectors == 2)
          product(left, right, in, out, result, 2);
        else
          product(left, right, in, out, result, 1);
      }
    }
  }
}

/* sums [GRADIENT_ROWS, vectors] += the transpose of pixels [tiles, GRADIENT_ROWS] times gradient [tiles, vectors]. */
INLINE void add_product(const float *pixels, const float *gradient, long count, long in, long out, float *sums,
                        int vectors) {
  vec sum[GRADIENT_ROWS][2];
#pragma GCC unroll 8
  for (int row = 0; row < GRADIENT_ROWS; row++)
    for (int n = 0; n < vectors; n++) sum[row][n] = (vec){0};
  for (long t = 0; t < count; t++) {
    vec factor[2];
    for (int n = 0; n < vectors; n++) factor[n] = load(gradient + t * out + n * WIDTH);
#pragma GCC unroll 8
    for (int row = 0; row < GRADIENT_ROWS; row++)
      for (int n = 0; n < vectors; n++) sum[row][n] += pixels[t * in + row] * factor[n];
  }
#pragma GCC unroll 8
  for (int row = 0; row < GRADIENT_ROWS; row++)
    for (int n = 0; n < vectors; n++) {
      float *to = sums + row * out + n * WIDTH;
      store(to, load(to) + sum[row][n]);
    }
}

/* At each point: sums [in, out] += the transpose of pixels [count, in] times gradient [count, out]. */
static void add_products(const float *pixels, const float *gradient, long count, const Extents *of, float *sums) {
  const long in = of->in, out = of->out;
  const int vectors = vectors_of(out);
  for (int point = 0; point < POINTS; point++) {
    for (long c = 0; c < in; c += GRADIENT_ROWS) {
      const float *left = pixels + point * between(in) + c;
      for (long k = 0; k < out; k += vectors * WIDTH) {
        const float *right = gradient + point * between(out) + k;
        float *result = sums + (point * in + c) * out + k;
        if (vectors == 2)
          add_product(left, right, count, in, out, result, 2);
        else
          add_product(left, right, count, in, out, result, 1);
      }
    }
  }
}

/* G^T sums G, from sums [36, in, out] to weights [out, in, 3, 3]. */
static void weights_of_sums(const float *sums, long in, long out, float *weights) {
  for (long k = 0; k < out; k += WIDTH) {
    for (long c = 0; c < in; c++) {
      vec columns[3][6];
      for (int j = 0; j < 6; j++) {
        vec t[6], g[3];
        for (int i = 0; i < 6; i++) t[i] = load(sums + ((i * 6 + j) * in + c) * out + k);
        transform_weights_sums(t, g);
        for (int i = 0; i < 3; i++) columns[i][j] = g[i];
      }
      for (int i = 0; i < 3; i++) {
        vec g[3];
        transform_weights_sums(columns[i], g);
        for (int j = 0; j < 3; j++)
          for (int lane = 0; lane < WIDTH; lane++) weights[((k + lane) * in + c) * 9 + i * 3 + j] = g[j][lane];
      }
    }
  }
}

/* Floats that transformed weights, or sums of their gradient, take. */
long EXPORT(weights_floats)(long in, long out) { return POINTS * in * out; }

/* Floats of scratch for the functions below: blocks of pixels, of sums or gradients, and sums of gradients in weights. */
long EXPORT(scratch_floats)(long in, long out) { return POINTS * (between(in) + between(out) + in * out); }

/*
 * G g G^T, from weights [out, in, 3, 3] to transformed [36, out / n, in, n], which forward() reads. Where the weights are
 * mirrored, they are [in, out, 3, 3], those of the convolution whose gradient in the input is wanted, which has `in` outputs
 * and `out` inputs.
 */
void EXPORT(transform_weights)(const float *weights, float *transformed, long in, long out, int mirrored) {
  const long together = vectors_of(out) * WIDTH;
  for (long k = 0; k < out; k += WIDTH) {
    for (long c = 0; c < in; c++) {
      vec columns[6][3];
      for (int j = 0; j < 3; j++) {
        vec g[3], t[6];
        for (int i = 0; i < 3; i++)
          for (int lane = 0; lane < WIDTH; lane++)
            g[i][lane] = mirrored ? weights[(c * out + k + lane) * 9 + 8 - i * 3 - j]
                                  : weights[((k + lane) * in + c) * 9 + i * 3 + j];
        transform_weights(g, t);
        for (int i = 0; i < 6; i++) columns[i][j] = t[i];
      }
      float *to = transformed + k / together * together * in + c * together + k % together;
      for (int i = 0; i < 6; i++) {
        vec t[6];
        transform_weights(columns[i], t);
        for (int j = 0; j < 6; j++) store(to + (i * 6 + j) * out * in, t[j]);
      }
    }
  }
}

/*
 * The convolution of input [batch, height, width, in] with transformed weights, plus bias [out] unless that is null, to
 * output [batch, height, width, out]: added to what is there if `adds`, max(0, x) of it all if `relu`.
 */
void EXPORT(forward)(const float *input, const float *transformed, const float *bias, float *output, long batch,
                     long height, long width, long in, long out, int adds, int relu, float *scratch) {
  const Extents of = {batch, height, width, in, out};
  float *pixels = scratch, *sums = pixels + POINTS * between(in);
  for (long first = 0; first < tiles(&of); first += BLOCK) {
    const long count = smaller(BLOCK, tiles(&of) - first);
    const long rows = (count + PRODUCT_ROWS - 1) / PRODUCT_ROWS * PRODUCT_ROWS;
    for (long t = 0; t < count; t++) pixels_of_tile(input, &of, tile(&of, first + t), pixels + t * in);
    /* What is left in the scratch could be anything, also numbers that are slow to multiply. */
    for (int point = 0; point < POINTS; point++)
      for (long c = count * in; c < rows * in; c += WIDTH) store(pixels + point * between(in) + c, (vec){0});
    products(pixels, transformed, rows, &of, sums);
    for (long t = 0; t < count; t++)
      tile_of_sums(sums + t * out, &of, tile(&of, first + t), bias, adds, relu, output);
  }
}

/* The gradient in the weights [out, in, 3, 3] of input [.., in] and the output's gradient [.., out]. */
void EXPORT(weights_gradient)(const float *input, const float *gradient, float *weights, long batch, long height,
                              long width, long in, long out, float *scratch) {
  const Extents of = {batch, height, width, in, out};
  float *pixels = scratch, *gradients = pixels + POINTS * between(in), *sums = gradients + POINTS * between(out);
  for (long i = 0; i < POINTS * in * out; i += WIDTH) store(sums + i, (vec){0});
  for (long first = 0; first < tiles(&of); first += BLOCK) {
    const long count = smaller(BLOCK, tiles(&of) - first);
    for (long t = 0; t < count; t++) {
      const Tile at = tile(&of, first + t);
      pixels_of_tile(input, &of, at, pixels + t * in);
      gradient_of_tile(gradient, &of, at, gradients + t * out);
    }
    add_products(pixels, gradients, count, &of, sums);
  }
  weights_of_sums(sums, in, out, weights);
}
