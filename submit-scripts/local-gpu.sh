#!/usr/bin/env bash
# A whole sweep on one NVIDIA GPU of this machine, e.g. an RTX 3070 with 8 GB.
#   submit-scripts/local-gpu.sh [--trials N] [OPTION ...]
#     --trials N   trials at a time on the GPU; auto, the default: 16, of which those wait that its memory has no room for
#     all else     as submit-scripts/local.sh takes it: --generated, -c FILE, --set PATH=VALUE
# It needs NVIDIA's driver, 450 or newer, and no other CUDA software, and a GPU of compute capability 8.0 or more (RTX 30xx, A100
# and newer). On a machine with several GPUs CUDA_VISIBLE_DEVICES=N chooses one, else it is 0. With --set run.engine=nd4j-cuda
# and a clone built by mvn -Pcuda clean package -DskipTests, Deeplearning4j trains on it (compute capability 3.7 to 8.9, CUDA 11.6).
set -euo pipefail
# shellcheck source=submit-scripts/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

trials=auto
rest=()
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --trials) needs "a number" "$@"; trials=$2; shift ;;
    *) rest+=("$1") ;;
  esac
  shift
done
most=16
engine=(--set run.engine=cuda)
export FOCALDISTILL_ENGINE=cuda
if [[ " ${rest[*]-} " == *run.engine=nd4j-cuda* ]]; then
  FOCALDISTILL_ENGINE=nd4j-cuda
  # Nothing makes them wait for its memory.
  most=1
  if ! compgen -G "$built/lib/nd4j-cuda-*-linux-*.jar" >/dev/null; then
    [[ -e "$root/pom.xml" ]] || fail "a release has no ND4J for CUDA; take a clone, built by mvn -Pcuda clean package -DskipTests"
    fail "the project is built without ND4J's CUDA; build it: mvn -Pcuda clean package -DskipTests"
  fi
fi
[[ "$trials" != auto ]] || trials=$most
[[ "$trials" =~ ^[1-9][0-9]*$ ]] || fail "--trials $trials: a number from 1, or auto"
# Says what is wrong with the GPU before anything is prepared.
"$scripts/gpu-discovery.sh" >/dev/null || exit 2
# Spark hands out no GPUs in local mode; the program takes its one by itself.
exec "$scripts/local.sh" --master "local[$trials]" "${engine[@]}" ${rest[@]+"${rest[@]}"}
