#!/usr/bin/env bash
# What containers of the image run: with the one argument "executor" and the environment that Spark gives its pods, an
# executor; anything else is a command, submit-scripts/kubernetes.sh say.
set -euo pipefail
built=$(readlink -f "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../spark-job/target/focaldistill")
if [[ "$*" != executor ]]; then
  (($#)) || set -- "$built/../../../submit-scripts/focaldistill" --help
  exec "$@"
fi

options=("-Xmx$SPARK_EXECUTOR_MEMORY")
if [[ -n "${FOCALDISTILL_NATIVES:-}" ]]; then
  options+=("-Dorg.bytedeco.javacpp.cachedir=$FOCALDISTILL_NATIVES" "-Djna.tmpdir=$FOCALDISTILL_NATIVES")
fi
# spark.executor.extraJavaOptions, one a variable.
for ((i = 0; ; i++)); do
  option=SPARK_JAVA_OPT_$i
  [[ -n "${!option+set}" ]] || break
  options+=("${!option}")
done
# Files that the driver sends are put into the working directory.
cd "${SPARK_LOCAL_DIRS%%,*}"
# In this shell's place, which would not pass on that the pod is to end.
exec java "${options[@]}" -cp "${SPARK_CLASSPATH:+$SPARK_CLASSPATH:}$built/spark/*" \
  org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
  --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" --cores "$SPARK_EXECUTOR_CORES" \
  --app-id "$SPARK_APPLICATION_ID" --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" \
  --hostname "$SPARK_EXECUTOR_POD_IP" --bind-address "$SPARK_EXECUTOR_POD_IP" --podName "$SPARK_EXECUTOR_POD_NAME"
