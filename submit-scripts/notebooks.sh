#!/usr/bin/env bash
# The notebooks of notebooks/, on the results of a sweep.
#   submit-scripts/notebooks.sh [--results FOLDER] [--run FOLDER]
#     --results FOLDER   paths.results of the sweep (default: output/results, or output/generated/results if only that
#                        is there)
#     --run FOLDER       run all notebooks from top to bottom, without a browser, and write them with their outputs there
# Without --run Jupyter opens in the browser. Needs Jupyter, on Debian the package jupyter-notebook, or for --run alone
# jupyter-nbconvert. Should a kernel never answer, restart it from Jupyter's menu. For an editor that runs notebooks
# itself: JUPYTER_PATH=spark-job/target/focaldistill/jupyter has the kernel, after this script has run once.
set -euo pipefail
# shellcheck source=submit-scripts/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"

results=""
run=""
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --results) needs "a folder" "$@"; results=$2; shift ;;
    --run) needs "a folder" "$@"; run=$2; shift ;;
    *) fail "$1 is no option; see --help" ;;
  esac
  shift
done
if ! command -v jupyter >/dev/null; then
  fail "Jupyter is not there; on Debian: apt-get install jupyter-notebook"
fi
if [[ -z "$results" ]]; then
  results="$PWD/output/results"
  [[ -d "$results" || ! -d "$PWD/output/generated/results" ]] || results="$PWD/output/generated/results"
fi
# The kernel works in the notebooks' folder.
[[ "$results" == /* || "$results" == *:* ]] || results="$PWD/$results"

kernel_jar="$built/notebooks/rapaio-jupyter-kernel.jar"
choose_java
choose_locale
build "$kernel_jar"
json() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
kernel="$built/jupyter/kernels/focaldistill"
mkdir -p "$kernel"
# Spark of the build: JShell compiles against this class path.
cat >"$kernel/kernel.json" <<JSON
{
  "display_name": "FocalDistill (Java)",
  "language": "java",
  "interrupt_mode": "message",
  "argv": ["$(json "$scripts/focaldistill")", "--jar", "$(json "$kernel_jar")",
    "--class", "org.rapaio.jupyter.kernel.MainApp", "{connection_file}"],
  "env": {"SPARK_HOME": ""}
}
JSON
export JUPYTER_PATH="$built/jupyter${JUPYTER_PATH:+:$JUPYTER_PATH}"
export FOCALDISTILL_RESULTS="$results"

# Now and then a kernel misses its client's connection and never answers; another one is started then.
run_one() {
  local log attempt
  log=$(mktemp)
  for attempt in 1 2 3 4 5 6; do
    # Without times, so that outputs of the same numbers are the same file.
    if jupyter nbconvert --to notebook --execute --ExecutePreprocessor.timeout=300 \
      --ExecutePreprocessor.startup_timeout=20 --ExecutePreprocessor.record_timing=False \
      --output-dir "$run" "$1" >"$log" 2>&1; then
      rm -f "$log"
      return 0
    fi
    grep -q "Kernel didn't respond" "$log" || break
    echo "$1: the kernel did not answer (attempt $attempt)" >&2
  done
  cat "$log" >&2
  rm -f "$log"
  return 1
}
if [[ -n "$run" ]]; then
  for notebook in "$root"/notebooks/*.ipynb; do
    run_one "$notebook"
    echo "wrote $run/$(basename "$notebook")"
  done
  exit 0
fi
exec jupyter notebook --notebook-dir "$root/notebooks"
