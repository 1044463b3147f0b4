#!/usr/bin/env bash
# A whole sweep on Kubernetes: prepares the images here, trains in pods, reports here.
#   submit-scripts/kubernetes.sh --image NAME [OPTION ...]
#     --image NAME         the image that kubernetes/Dockerfile makes, as the cluster pulls it
#     --master URL         the API server, k8s://https://HOST:PORT (default: that of kubectl's current context)
#     --namespace NAME     where the pods are to be (default: default)
#     --service-account NAME   theirs; they need no rights (default: the namespace's own)
#     --executors N        executors, each a pod (default 2)
#     --cores N            trials at a time on each (default 1)
#     --gpu [--trials-per-gpu N]   one executor a GPU, N trials at a time on it (default 1; auto: 8)
#     --claim NAME         a volume for many machines (ReadWriteMany) that each pod gets at /data, paths.root in it
#     --conf KEY=VALUE     any Spark setting; it has precedence over this script's
#     --properties-file F  Spark's settings from a file: see conf/spark-secure.properties
#     all else             as submit-scripts/local.sh takes it: --generated, -c FILE, --set PATH=VALUE
# paths.root has to be a folder that all pods and the driver see: on HDFS, or on --claim's volume, which is then to be
# at /data here too. The driver runs here (client mode): Ctrl-C saves, and the same command goes on. Pods call it at
# spark.driver.host; kubernetes/sweep.yaml runs this script in a pod, where they reach it. What else a pod is to have
# (tolerations, say) goes into a copy of kubernetes/executor.yaml, --conf spark.kubernetes.executor.podTemplateFile=COPY.
# Each executor gets 2 GB of heap, and beside it 2 GB and 2 for each core, more than most networks take in batches of 64
# ("sweep --dry-run" says what yours take), 5 GB with a GPU: other amounts with --conf spark.executor.memory and
# spark.executor.memoryOverhead. Credentials are kubectl's, in a pod those of its service account.
set -euo pipefail
# shellcheck source=submit-scripts/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
# shellcheck source=submit-scripts/gpu-settings.sh
source "$scripts/gpu-settings.sh"
# Where kubernetes/Dockerfile puts the project.
in_image=/opt/focaldistill

image='' master=${FOCALDISTILL_MASTER:-} namespace=default account='' claim='' executors=2 cores=1 gpu=false trials=1
rest=()
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --image) needs "a name" "$@"; image=$2; shift ;;
    --master) needs "a URL" "$@"; master=$2; shift ;;
    --namespace) needs "a name" "$@"; namespace=$2; shift ;;
    --service-account) needs "a name" "$@"; account=$2; shift ;;
    --executors) needs "a number" "$@"; executors=$2; shift ;;
    --cores) needs "a number" "$@"; cores=$2; shift ;;
    --gpu) gpu=true ;;
    --trials-per-gpu) needs "a number" "$@"; trials=$2; gpu=true; shift ;;
    --claim) needs "a name" "$@"; claim=$2; shift ;;
    *) rest+=("$1") ;;
  esac
  shift
done
[[ "$trials" != auto ]] || trials=$gpu_trials_auto
require_numbers "$executors" "$cores" "$trials"
[[ -n "$image" ]] || fail "name the image with --image, as the cluster pulls it; $scripts/kubernetes/Dockerfile says how it is made"
if [[ -z "$master" ]] && type -P kubectl >/dev/null; then
  master=k8s://$(kubectl config view --minify -o 'jsonpath={.clusters[0].cluster.server}') ||
    fail "kubectl has no current context; give the API server as --master k8s://https://HOST:PORT"
fi
if [[ ! "$master" =~ ^k8s://https?://. ]]; then
  fail "give the API server as --master k8s://https://HOST:PORT, found '$master'; kubectl cluster-info prints its URL"
fi

spark=(--master "$master" --conf "spark.kubernetes.container.image=$image"
  --conf "spark.kubernetes.namespace=$namespace"
  --conf "spark.kubernetes.executor.podTemplateFile=$scripts/kubernetes/executor.yaml"
  # Executors ask the driver for their settings, and it has no service: rights to these are not needed.
  --conf spark.kubernetes.executor.disableConfigMap=true --conf spark.kubernetes.driver.service.deleteOnTermination=false
  --conf "spark.executor.instances=$executors")
[[ -z "$account" ]] || spark+=(--conf "spark.kubernetes.authenticate.executor.serviceAccountName=$account")
own=()
if [[ -n "$claim" ]]; then
  volume=spark.kubernetes.executor.volumes.persistentVolumeClaim.data
  spark+=(--conf "$volume.options.claimName=$claim" --conf "$volume.mount.path=/data")
  # Before the user's own options, which have precedence.
  own+=(--set paths.root=/data/focaldistill)
fi
if $gpu; then
  gpu_settings "$trials"
  # The device plugin hands a GPU to a pod and does not tell its address: the script in the image finds it.
  spark+=(--conf spark.executor.memoryOverhead=5g --conf spark.executor.resource.gpu.vendor=nvidia.com
    --conf "spark.executor.resource.gpu.discoveryScript=$in_image/submit-scripts/gpu-discovery.sh"
    --conf "spark.executorEnv.FOCALDISTILL_ENGINE=${FOCALDISTILL_ENGINE:-cuda}"
    --conf spark.executorEnv.FOCALDISTILL_NO_GPU=tell)
else
  spark+=(--conf "spark.executor.cores=$cores" --conf "spark.executor.memoryOverhead=$((2 + 2 * cores))g")
fi
export FOCALDISTILL_ON_WORKERS=$in_image/spark-job/target
exec "$scripts/local.sh" "${spark[@]}" ${own[@]+"${own[@]}"} ${rest[@]+"${rest[@]}"}
