#!/usr/bin/env bash
# Compiles the processor's kernels to a library for Linux on x86-64. Needs gcc, which a machine that builds the project need not
# have: so the library lies in src/main/resources, committed, with the hash of its sources in it, and a test tells a stale one. It
# needs no other library, not even C's.
#
#   compile.sh [FILE]   writes the library, or another file
set -euo pipefail
cd "$(dirname "$0")"
out=${1:-../resources/org/focaldistill/nn/winograd/winograd-linux-x86-64.so}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

options=(-std=gnu11 -O3 -Wall -Wextra -Werror -fPIC -fvisibility=hidden -ffp-contract=fast -fno-math-errno)
# Else the compiler makes calls of memset and memcpy from loops.
options+=(-ffreestanding -fno-tree-loop-distribute-patterns -fno-stack-protector -fno-asynchronous-unwind-tables)
gcc "${options[@]}" -DWIDTH=8 -DISA=avx2 -mavx2 -mfma -c winograd.c -o "$work/avx2.o"
gcc "${options[@]}" -DWIDTH=16 -DISA=avx512 -mavx512f -mavx512dq -mavx512vl -mprefer-vector-width=512 -c winograd.c \
  -o "$work/avx512.o"
echo "__attribute__((visibility(\"default\"))) const char winograd_sources[] = \"sources: $(
  cat winograd.c compile.sh | sha256sum | cut -d' ' -f1
)\";" | gcc "${options[@]}" -x c -c - -o "$work/sources.o"
gcc -shared -nostdlib -Wl,--build-id=none,-z,noexecstack,-z,defs,--strip-all "$work"/{avx2,avx512,sources}.o -o "$work/library.so"
mv "$work/library.so" "$out"
chmod 644 "$out"
