#!/usr/bin/env bash
# Tells Spark which GPUs this machine has: prints {"name": "gpu", "addresses": ["0", "1"]}, nvidia-smi's indices.
#   submit-scripts/gpu-discovery.sh
# Only GPUs that ND4J has machine code for (compute capability 3.7 to 8.9) and, where CUDA_VISIBLE_DEVICES is set,
# that it names. What is left out, and why, goes to standard error; without any GPU left it ends with 1.
# Standalone workers take it as spark.worker.resource.gpu.discoveryScript, with the number of GPUs as
# spark.worker.resource.gpu.amount (SPARK_WORKER_OPTS="-D... -D..."); YARN and Kubernetes as
# spark.executor.resource.gpu.discoveryScript.
set -euo pipefail
if [[ "${1:-}" == -h || "${1:-}" == --help ]]; then
  sed -n '2,/^set -/{s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
  exit 0
fi
if ! command -v nvidia-smi >/dev/null; then
  echo "gpu-discovery.sh: there is no nvidia-smi on $(hostname): is the NVIDIA driver installed?" >&2
  exit 1
fi
query=(nvidia-smi "--query-gpu=index,name,compute_cap" "--format=csv,noheader")
if [[ -n "${CUDA_VISIBLE_DEVICES+set}" ]]; then
  if [[ -z "${CUDA_VISIBLE_DEVICES// /}" ]]; then
    echo "gpu-discovery.sh: CUDA_VISIBLE_DEVICES is set and empty, which hides all GPUs of $(hostname)" >&2
    exit 1
  fi
  query+=(-i "$CUDA_VISIBLE_DEVICES")
fi
if ! table=$("${query[@]}"); then
  echo "gpu-discovery.sh: ${query[*]} failed on $(hostname): $table" >&2
  exit 1
fi
addresses=()
while IFS=, read -r index name capability; do
  capability=${capability// /}
  case "$capability" in
    3.7 | 5.0 | 5.2 | 5.3 | 6.? | 7.? | 8.?) addresses+=("\"${index// /}\"") ;;
    '') ;;
    *) echo "gpu-discovery.sh: GPU $index (${name# }) on $(hostname) is left out: ND4J has no kernels for compute" \
      "capability $capability, only for 3.7 to 8.9" >&2 ;;
  esac
done <<<"$table"
if ((${#addresses[@]} == 0)); then
  echo "gpu-discovery.sh: $(hostname) has no GPU that ND4J can use" >&2
  exit 1
fi
list=$(printf ', %s' "${addresses[@]}")
printf '{"name": "gpu", "addresses": [%s]}\n' "${list:2}"
