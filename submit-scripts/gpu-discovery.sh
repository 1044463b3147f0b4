#!/usr/bin/env bash
# Tells Spark which GPUs this machine has: prints {"name": "gpu", "addresses": ["0", "1"]}, nvidia-smi's indices.
#   submit-scripts/gpu-discovery.sh
# Only GPUs that the engine runs on, compute capability 8.0 and newer, and, where CUDA_VISIBLE_DEVICES is set, that it
# names. With FOCALDISTILL_ENGINE=nd4j-cuda (run.engine = nd4j-cuda) those that ND4J has machine code for, 3.7 to 8.9.
# What is left out, and why, goes to standard error; without any GPU left it ends with 1, or with FOCALDISTILL_NO_GPU=tell
# prints the reason as an address, which an executor that starts with it tells the driver.
# Standalone workers take it as spark.worker.resource.gpu.discoveryScript, with the number of GPUs as
# spark.worker.resource.gpu.amount (SPARK_WORKER_OPTS="-D... -D..."); YARN and Kubernetes as
# spark.executor.resource.gpu.discoveryScript.
set -euo pipefail
if [[ "${1:-}" == -h || "${1:-}" == --help ]]; then
  sed -n '2,/^set -/{s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
  exit 0
fi
# none REASON: there is no GPU.
none() {
  echo "gpu-discovery.sh: $1" >&2
  [[ "${FOCALDISTILL_NO_GPU:-}" == tell ]] || exit 1
  # What is special in JSON is not needed to understand it.
  printf '{"name": "gpu", "addresses": ["none: %s"]}\n' "$(printf '%s' "$1" | tr -s '\\"[:cntrl:]' ' ')"
  exit 0
}

if ! command -v nvidia-smi >/dev/null; then
  none "there is no nvidia-smi on $(hostname): is the NVIDIA driver installed?"
fi
query=(nvidia-smi "--query-gpu=index,name,compute_cap" "--format=csv,noheader")
if [[ -n "${CUDA_VISIBLE_DEVICES+set}" ]]; then
  if [[ -z "${CUDA_VISIBLE_DEVICES// /}" ]]; then
    none "CUDA_VISIBLE_DEVICES is set and empty, which hides all GPUs of $(hostname)"
  fi
  query+=(-i "$CUDA_VISIBLE_DEVICES")
fi
table=""
if [[ "${FOCALDISTILL_ENGINE:-cuda}" == cuda ]] && ! "${query[@]}" >/dev/null 2>&1; then
  # Drivers of before 2022 do not tell the compute capability; what is too old is refused by the executor.
  query[1]="--query-gpu=index,name"
fi
if ! table=$("${query[@]}"); then
  none "${query[*]} failed on $(hostname): $table"
fi
engine=${FOCALDISTILL_ENGINE:-cuda}
case "$engine" in
  cuda) usable="8.0 and newer" ;;
  nd4j-cuda) usable="3.7 and 5.0 to 8.9" ;;
  *) none "FOCALDISTILL_ENGINE=$engine: cuda or nd4j-cuda" ;;
esac
addresses=()
while IFS=, read -r index name capability; do
  capability=${capability// /}
  case "$engine $capability" in
    "cuda "8.? | "cuda "9.? | "cuda "[1-9][0-9].?) addresses+=("\"${index// /}\"") ;;
    "nd4j-cuda "3.7 | "nd4j-cuda "[5678].?) addresses+=("\"${index// /}\"") ;;
    "cuda ") [[ -z "${index// /}" ]] || addresses+=("\"${index// /}\"") ;;
    "$engine ") ;;
    *) echo "gpu-discovery.sh: GPU $index (${name# }) on $(hostname) is left out: it has compute capability" \
      "$capability, and run.engine = $engine runs on $usable" >&2 ;;
  esac
done <<<"$table"
if ((${#addresses[@]} == 0)); then
  none "$(hostname) has no GPU that run.engine = $engine can use"
fi
list=$(printf ', %s' "${addresses[@]}")
printf '{"name": "gpu", "addresses": [%s]}\n' "${list:2}"
