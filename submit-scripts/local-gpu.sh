#!/usr/bin/env bash
# A whole sweep on one NVIDIA GPU of this machine, e.g. an RTX 3070 with 8 GB.
#   submit-scripts/local-gpu.sh [--trials N] [OPTION ...]
#     --trials N   trials at a time on the GPU (default 1; small students leave room for more)
#     all else     as submit-scripts/local.sh takes it: --generated, -c FILE, --set PATH=VALUE
# Build before: mvn -Pcuda clean package -DskipTests. On a machine with several GPUs CUDA_VISIBLE_DEVICES=N chooses one, else it is 0.
# Java's heap and ND4J's memory outside it are FOCALDISTILL_MEMORY each (default 4g).
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

trials=1
rest=()
while (($#)); do
  case "$1" in
    -h | --help) sed -n '2,/^set -/{s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    --trials) trials=${2:?--trials needs a number}; shift ;;
    *) rest+=("$1") ;;
  esac
  shift
done
if ! compgen -G "$scripts/../spark-job/target/focaldistill/lib/nd4j-cuda-*-linux-*.jar" >/dev/null; then
  echo "local-gpu.sh: the project is not built for GPUs; build it: mvn -Pcuda clean package -DskipTests" >&2
  exit 2
fi
# Says what is wrong with the GPU before anything is prepared.
"$scripts/gpu-discovery.sh" >/dev/null || exit 2
# Spark hands out no GPUs in local mode; the program takes its one by itself.
exec "$scripts/local.sh" --master "local[$trials]" ${rest[@]+"${rest[@]}"}
