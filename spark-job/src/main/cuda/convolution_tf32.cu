// Convolutions in tf32.
#include "convolution.cuh"
#include "tf32.cuh"

CONVOLUTION(convolution_tf32, Tf32Product, 16);
CONVOLUTION(convolution_tf32, Tf32Product, 32);
CONVOLUTION(convolution_tf32, Tf32Product, 64);
