#!/usr/bin/env bash
# Starts a Spark standalone cluster on this machine, to try things on: a master and workers, on request HDFS beside
# them, all reachable from here only.
#   submit-scripts/cluster-up.sh [OPTION ...]
#     --workers N    worker processes (default 1)
#     --cores N      cores of each (default: this machine's, divided by the workers)
#     --memory SIZE  memory that each hands out to executors (default 4g)
#     --gpus N       GPUs of each, found by gpu-discovery.sh (default 0)
#     --discovery F  another discovery script
#     --port N       the master's port (default 7077; the next free one if it is taken)
#     --hdfs         HDFS too, a name node and a data node; standalone.sh then puts its folders there
#     --hdfs-port N  the same, on another port than 8020
# Spark comes from the build, which is made if it is not there, or from SPARK_HOME. Logs and process ids are in
# FOCALDISTILL_CLUSTER (default focaldistill-cluster-UID in the folder for temporary files). Stop it with
# submit-scripts/cluster-down.sh, which deletes what is on that HDFS.
set -euo pipefail
# shellcheck source=submit-scripts/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
state=${FOCALDISTILL_CLUSTER:-${TMPDIR:-/tmp}/focaldistill-cluster-$(id -u)}

workers=1 cores='' memory=4g gpus=0 discovery="$scripts/gpu-discovery.sh" port=7077 hdfs=''
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --workers) needs "a number" "$@"; workers=$2 ;;
    --cores) needs "a number" "$@"; cores=$2 ;;
    --memory) needs "a size" "$@"; memory=$2 ;;
    --gpus) needs "a number" "$@"; gpus=$2 ;;
    --discovery) needs "a file" "$@"; discovery=$(realpath "$2") ;;
    --port) needs "a number" "$@"; port=$2 ;;
    --hdfs) hdfs=8020; shift; continue ;;
    --hdfs-port) needs "a number" "$@"; hdfs=$2 ;;
    *) fail "$1 is no option; see --help" ;;
  esac
  shift 2
done
[[ -n "$cores" ]] || cores=$((($(nproc) + workers - 1) / workers))
if compgen -G "$state/*.pid" >/dev/null; then
  fail "there is a cluster already ($state); submit-scripts/cluster-down.sh stops it"
fi

choose_java
choose_locale
[[ -z "$hdfs" ]] || build "$built/hdfs"
[[ -n "${SPARK_HOME:-}" ]] || build "$built/spark"
(umask 077 && mkdir -p "$state")
# Anybody can make folders in /tmp.
[[ -O "$state" ]] || fail "$state belongs to somebody else; set FOCALDISTILL_CLUSTER"
state=$(realpath "$state")
[[ "$state" != *:* ]] || fail "Java can not run from $state, with ':' in its path; set FOCALDISTILL_CLUSTER"
if [[ -z "${SPARK_HOME:-}" ]]; then
  # Workers start executors from the folder jars/ of a Spark installation.
  export SPARK_HOME="$state/spark" SPARK_SCALA_VERSION=2.12
  mkdir -p "$SPARK_HOME"
  ln -sfn "$(realpath "$built/spark")" "$SPARK_HOME/jars"
fi
export SPARK_LOCAL_IP=127.0.0.1

# start NAME CLASS [ARGUMENT ...]: a process of Spark in the background
start() {
  local name=$1
  shift
  nohup "$java" -Xmx512m -cp "$built/hdfs/*:$SPARK_HOME/jars/*" "$@" >"$state/$name.log" 2>&1 </dev/null &
  echo $! >"$state/$name.pid"
}

# await NAME PATTERN: what the log of a process says, or why it does not
await() {
  local line
  for ((i = 0; i < 300; i++)); do
    line=$(grep -oE -m 1 "$2" "$state/$1.log" || true)
    [[ -z "$line" ]] || { echo "$line"; return; }
    kill -0 "$(<"$state/$1.pid")" 2>/dev/null || break
    sleep 0.2
  done
  # It may have said it and ended between the two looks.
  line=$(grep -oE -m 1 "$2" "$state/$1.log" || true)
  [[ -z "$line" ]] || { echo "$line"; return; }
  echo "cluster-up.sh: the $1 did not start; the end of its log:" >&2
  tail -n 20 "$state/$1.log" >&2
  "$scripts/cluster-down.sh" >&2
  return 1
}

# start_hdfs NAME CLASS [ARGUMENT ...]: a server of HDFS
start_hdfs() {
  local name=$1 class=$2 setting
  local settings=()
  for setting in "fs.defaultFS=hdfs://127.0.0.1:$hdfs" dfs.replication=1 \
    "dfs.namenode.name.dir=file://$state/hdfs/name" "dfs.datanode.data.dir=file://$state/hdfs/data" \
    dfs.namenode.http-address=127.0.0.1:0 dfs.datanode.address=127.0.0.1:0 \
    dfs.datanode.ipc.address=127.0.0.1:0 dfs.datanode.http.address=127.0.0.1:0 \
    dfs.namenode.metrics.logger.period.seconds=0 dfs.datanode.metrics.logger.period.seconds=0; do
    settings+=(-D "$setting")
  done
  shift 2
  start "$name" "-Dlog4j2.configurationFile=$state/log4j2.properties" "$class" "${settings[@]}" "$@"
}

if [[ -n "$hdfs" ]]; then
  printf '%s\n' 'rootLogger.level = info' 'rootLogger.appenderRef.out.ref = out' 'appender.out.type = Console' \
    'appender.out.name = out' 'appender.out.layout.type = PatternLayout' \
    'appender.out.layout.pattern = %d{HH:mm:ss}{UTC}Z %p %c{1}: %m%n' >"$state/log4j2.properties"
  start_hdfs name-node org.apache.hadoop.hdfs.server.namenode.NameNode -format -force -nonInteractive
  await name-node 'has been successfully formatted' >/dev/null
  wait "$(<"$state/name-node.pid")"
  start_hdfs name-node org.apache.hadoop.hdfs.server.namenode.NameNode
  await name-node 'NameNode RPC up' >/dev/null
  start_hdfs data-node org.apache.hadoop.hdfs.server.datanode.DataNode
  await data-node 'successfully registered with NN' >/dev/null
  echo "hdfs://127.0.0.1:$hdfs" | tee "$state/hdfs-url"
fi

start master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$port" --webui-port 8080
url=$(await master 'spark://127\.0\.0\.1:[0-9]+')
resources=()
((gpus == 0)) || resources=("-Dspark.worker.resource.gpu.amount=$gpus" "-Dspark.worker.resource.gpu.discoveryScript=$discovery")
for ((w = 1; w <= workers; w++)); do
  start "worker-$w" ${resources[@]+"${resources[@]}"} org.apache.spark.deploy.worker.Worker \
    --host 127.0.0.1 --cores "$cores" --memory "$memory" --webui-port 8081 --work-dir "$state/work-$w" "$url"
done
for ((w = 1; w <= workers; w++)); do
  await "worker-$w" 'Successfully registered with master' >/dev/null
done
echo "$url" >"$state/master-url"
echo "$url: $workers workers of $cores cores, $memory and $gpus GPUs each; logs in $state"
