#!/usr/bin/env bash
# Compiles the kernels to PTX, which the driver of any card from compute capability 8.0 on translates for itself. Needs nvcc of
# CUDA 11 or later, which a machine that builds the project need not have: so the PTX lies in src/main/resources, committed, each
# file with the hash of the sources it is made of, and a test tells one that is stale.
#
#   compile.sh             writes the PTX
#   compile.sh --assemble  also assembles it for the cards named below and prints registers and spills
set -euo pipefail
cd "$(dirname "$0")"
out=../resources/org/focaldistill/cuda
# What drivers from 450 (of 2020) on accept.
version=7.0
cards="80 86 89 90 100 120"

mkdir -p "$out"
for source in *.cu; do
  name=${source%.cu}
  {
    echo "// Compiled by src/main/cuda/compile.sh from $source; not to be edited."
    echo "// sources: $(cat ./*.cuh "$source" | sha256sum | cut -d' ' -f1)"
    nvcc -ptx -arch=compute_80 -std=c++17 -O3 -Xcudafe --display_error_number "$source" -o - |
      sed -e "s/^\.version .*/.version $version/" -e '/^\/\//d' -e '/./,$!d'
  } >"$out/$name.ptx.new"
  mv "$out/$name.ptx.new" "$out/$name.ptx"
done

if [[ "${1:-}" == --assemble ]]; then
  for ptx in "$out"/*.ptx; do
    for card in $cards; do
      echo "== $(basename "$ptx") on $card"
      ptxas -v -arch="sm_$card" "$ptx" -o /dev/null 2>&1 | grep -E "Compiling entry|registers|spill|error" | sed 's/^ptxas info *: //'
    done
  done
fi
