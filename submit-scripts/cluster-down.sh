#!/usr/bin/env bash
# Stops the cluster that cluster-up.sh started and deletes its files, those on its HDFS among them
# (FOCALDISTILL_CLUSTER, as there).
#   submit-scripts/cluster-down.sh
set -euo pipefail
# shellcheck source=submit-scripts/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
if [[ "${1:-}" == -h || "${1:-}" == --help ]]; then
  usage
  exit 0
fi
state=${FOCALDISTILL_CLUSTER:-${TMPDIR:-/tmp}/focaldistill-cluster-$(id -u)}
if ! compgen -G "$state/*.pid" >/dev/null || [[ ! -O "$state" ]]; then
  echo "$script: no cluster in $state" >&2
  exit 0
fi
stopped=0
for file in "$state"/worker-*.pid "$state"/master.pid "$state"/data-node.pid "$state"/name-node.pid; do
  [[ -f "$file" ]] || continue
  pid=$(<"$file")
  # The number may belong to another program by now.
  if [[ "$(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")" == *org.apache.@(spark.deploy|hadoop.hdfs.server).* ]]; then
    kill "$pid"
    for ((i = 0; i < 100; i++)); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -0 "$pid" 2>/dev/null && kill -9 "$pid"
    stopped=$((stopped + 1))
  fi
  rm "$file"
done
rm -rf "$state/spark" "$state/hdfs" "$state"/work-* "$state"/*.log "$state/log4j2.properties" "$state"/*-url
rmdir "$state" 2>/dev/null || true
echo "stopped $stopped processes"
