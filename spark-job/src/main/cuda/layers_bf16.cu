// What is neither a convolution nor a norm, of maps that are bfloat16s.
#define STORED Bfloat16
#define KERNEL(name) name##_bf16
#include "layers.cuh"
