# shellcheck shell=bash disable=SC2034
# Read by standalone.sh, yarn.sh and kubernetes.sh, nothing to run.

# What --trials-per-gpu auto is: so many trials of which those wait that a GPU's memory has no room for. A worker needs as many
# cores a GPU.
gpu_trials_auto=8

# gpu_settings TRIALS: adds to the array spark what gives each executor one GPU, and each GPU so many trials at a time.
gpu_settings() {
  local amount
  # Spark takes fractions of a GPU as decimals and rounds 1 / fraction down.
  amount=$(awk -v n="$1" 'BEGIN { printf n == 1 ? "1" : "%.6f", int(1e6 / n) / 1e6 }')
  spark+=(--conf spark.executor.resource.gpu.amount=1 --conf "spark.task.resource.gpu.amount=$amount"
    --conf "spark.executor.cores=$1")
}

# require_numbers EXECUTORS CORES TRIALS: ends where one of them is no number from 1.
require_numbers() {
  local number
  for number; do
    [[ "$number" =~ ^[1-9][0-9]*$ ]] ||
      fail "$number: --executors, --cores and --trials-per-gpu take a number from 1, the last or auto"
  done
}
