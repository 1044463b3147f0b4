// Convolutions in bfloat16.
#include "bf16.cuh"
#include "convolution.cuh"

CONVOLUTION(convolution_bf16, Bf16Product, 16);
CONVOLUTION(convolution_bf16, Bf16Product, 32);
CONVOLUTION(convolution_bf16, Bf16Product, 64);
