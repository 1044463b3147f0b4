#!/usr/bin/env bash
# A whole sweep on a Spark standalone cluster: prepares the images here, trains on the workers, reports here.
#   submit-scripts/standalone.sh [--master URL] [--gpu [--trials-per-gpu N]] [OPTION ...]
#     --master URL         spark://HOST:PORT (default: FOCALDISTILL_MASTER, else the cluster of cluster-up.sh)
#     --gpu                one executor a GPU, one trial at a time on each
#     --trials-per-gpu N   N trials at a time on each GPU; auto: 8, of which those wait that its memory has no room for
#     --conf KEY=VALUE     any Spark setting, e.g. spark.cores.max=16; it has precedence over this script's
#     --properties-file F  Spark's settings from a file, secrets among them: see conf/spark-secure.properties
#     all else             as submit-scripts/local.sh takes it: --generated, -c FILE, --set PATH=VALUE
# paths.root has to be a folder that all machines see: --set paths.root=hdfs://HOST:PORT/FOLDER, or a shared disk.
# On the cluster of "cluster-up.sh --hdfs" it is /focaldistill on that HDFS unless it is set.
# Workers hand out GPUs that they were started with: see gpu-discovery.sh --help.
set -euo pipefail
# shellcheck source=submit-scripts/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
# shellcheck source=submit-scripts/gpu-settings.sh
source "$scripts/gpu-settings.sh"
state=${FOCALDISTILL_CLUSTER:-${TMPDIR:-/tmp}/focaldistill-cluster-$(id -u)}

master=${FOCALDISTILL_MASTER:-}
[[ -n "$master" || ! -f "$state/master-url" || ! -O "$state" ]] || master=$(<"$state/master-url")
gpu=false
trials=1
rest=()
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --master) needs "a URL" "$@"; master=$2; shift ;;
    --gpu) gpu=true ;;
    --trials-per-gpu) needs "a number" "$@"; trials=$2; gpu=true; shift ;;
    *) rest+=("$1") ;;
  esac
  shift
done
if [[ "$master" != spark://* ]]; then
  fail "give the master as --master spark://HOST:PORT, found '$master'; without a cluster, submit-scripts/cluster-up.sh starts one on this machine"
fi

spark=(--master "$master")
[[ "$trials" != auto ]] || trials=$gpu_trials_auto
if $gpu; then
  [[ "$trials" =~ ^[1-9][0-9]*$ ]] || fail "--trials-per-gpu $trials: a number from 1, or auto"
  gpu_settings "$trials"
fi
own=()
folder=/focaldistill
[[ " ${rest[*]-} " != *" --generated "* ]] || folder+=/generated
if [[ -f "$state/hdfs-url" && "$master" == "$(<"$state/master-url")" ]]; then
  # Before the user's own options, which have precedence.
  own+=(--set "paths.root=$(<"$state/hdfs-url")$folder")
fi
exec "$scripts/local.sh" "${spark[@]}" ${own[@]+"${own[@]}"} ${rest[@]+"${rest[@]}"}
