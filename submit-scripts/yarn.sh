#!/usr/bin/env bash
# A whole sweep on a YARN cluster: prepares the images here, trains in YARN's containers, reports here.
#   HADOOP_CONF_DIR=/path/to/conf submit-scripts/yarn.sh [OPTION ...]
#     --executors N        executors (default 2)
#     --cores N            trials at a time on each (default 1)
#     --gpu [--trials-per-gpu N]   one executor a GPU, N trials at a time on it (default 1; auto: 8)
#     --queue NAME         YARN's queue
#     --conf KEY=VALUE     any Spark setting; it has precedence over this script's
#     --properties-file F  Spark's settings from a file: see conf/spark-secure.properties
#     all else             as submit-scripts/local.sh takes it: --generated, -c FILE, --set PATH=VALUE
# paths.root has to be a folder that all machines see, e.g. --set paths.root=hdfs:///user/me/sweep. The driver runs here
# (client mode): Ctrl-C and SIGTERM save, and the same command goes on. Each executor gets 2 GB of heap, and beside it
# 2 GB and 2 for each core, more than most networks take in batches of 64 ("sweep --dry-run" says what yours take), 5 GB
# with a GPU: other amounts with --conf spark.executor.memory and spark.executor.memoryOverhead. Spark comes from
# the build, or from SPARK_HOME. Containers need Java 17; where the cluster's own is another:
#   --conf spark.executorEnv.JAVA_HOME=/path/to/jdk-17 --conf spark.yarn.appMasterEnv.JAVA_HOME=/path/to/jdk-17
# Every run copies the jars, some 380 MB, to HDFS. To do that once after each build:
#   submit-scripts/focaldistill --class org.apache.hadoop.fs.FsShell -mkdir -p hdfs:///apps/focaldistill
#   submit-scripts/focaldistill --class org.apache.hadoop.fs.FsShell -put -f spark-job/target/focaldistill.jar \
#     spark-job/target/focaldistill hdfs:///apps/focaldistill
#   export FOCALDISTILL_ON_WORKERS=hdfs:///apps/focaldistill
set -euo pipefail
# shellcheck source=submit-scripts/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
# shellcheck source=submit-scripts/gpu-settings.sh
source "$scripts/gpu-settings.sh"

executors=2 cores=1 gpu=false trials=1
spark=()
rest=()
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --executors) needs "a number" "$@"; executors=$2; shift ;;
    --cores) needs "a number" "$@"; cores=$2; shift ;;
    --gpu) gpu=true ;;
    --trials-per-gpu) needs "a number" "$@"; trials=$2; gpu=true; shift ;;
    --queue) needs "a name" "$@"; spark+=(--conf "spark.yarn.queue=$2"); shift ;;
    *) rest+=("$1") ;;
  esac
  shift
done
[[ "$trials" != auto ]] || trials=$gpu_trials_auto
require_numbers "$executors" "$cores" "$trials"
if [[ -z "${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-}" ]]; then
  fail "set HADOOP_CONF_DIR to the folder with the cluster's yarn-site.xml and core-site.xml"
fi

spark+=(--master yarn --conf spark.submit.deployMode=client --conf "spark.executor.instances=$executors")
# In weeks more masters fail than YARN allows an application for ever: what counts is the last hour.
spark+=(--conf spark.yarn.am.attemptFailuresValidityInterval=1h)
if $gpu; then
  gpu_settings "$trials"
  # YARN does not tell an executor its GPU's address: it runs the script, which is sent along.
  spark+=(--conf spark.executor.memoryOverhead=5g --conf "spark.files=$scripts/gpu-discovery.sh"
    --conf spark.executor.resource.gpu.discoveryScript=./gpu-discovery.sh
    --conf "spark.executorEnv.FOCALDISTILL_ENGINE=${FOCALDISTILL_ENGINE:-cuda}"
    --conf spark.executorEnv.FOCALDISTILL_NO_GPU=tell)
else
  spark+=(--conf "spark.executor.cores=$cores" --conf "spark.executor.memoryOverhead=$((2 + 2 * cores))g")
fi
exec "$scripts/local.sh" "${spark[@]}" ${rest[@]+"${rest[@]}"}
