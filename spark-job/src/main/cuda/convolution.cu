// Convolutions in fp32.
#include "convolution.cuh"

CONVOLUTION(convolution, FloatProduct, 16);
CONVOLUTION(convolution, FloatProduct, 32);
CONVOLUTION(convolution, FloatProduct, 64);
