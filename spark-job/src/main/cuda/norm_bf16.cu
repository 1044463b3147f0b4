// What batch norms do over whole maps of bfloat16s.
#define STORED Bfloat16
#define KERNEL(name) name##_bf16
#include "norm.cuh"
