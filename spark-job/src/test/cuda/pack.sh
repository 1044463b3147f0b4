#!/usr/bin/env bash
# Packs CardRun, what it needs and a small Java into a folder, for a machine that has a card and nothing else of ours:
#
#   pack.sh FOLDER      after mvn test-compile; then there: FOLDER/run fp32 compare FOLDER/expected.safetensors
#
# What the card should compute is computed here, on the stand-in for its driver that the tests build.
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/../../.."
: "${JAVA_HOME:=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}"

mvn -B -ntp -q dependency:build-classpath -Dmdep.outputFile="$folder/classpath.txt"
rm -rf "$folder/lib" "$folder/classes" "$folder/java"
mkdir "$folder/lib"
tr ':' '\n' <"$folder/classpath.txt" |
  grep -E '/(jna|jackson-(core|databind|annotations)|commons-codec|jspecify|slf4j-api)-[0-9][^/]*\.jar$' |
  xargs -I{} cp {} "$folder/lib"
rm "$folder/classpath.txt"
rooms=(cuda data loss metrics net sweep text train weights zoo)
mkdir "$folder/classes"
tar -C target/classes -c "${rooms[@]/#/org/focaldistill/}" | tar -C "$folder/classes" -x
(cd target/test-classes && tar -c org/focaldistill/cuda/CardRun*) | tar -C "$folder/classes" -x
"$JAVA_HOME/bin/jlink" --add-modules java.base,java.logging,java.xml --compress=2 --no-header-files \
  --no-man-pages --strip-debug --output "$folder/java"
cat >"$folder/run" <<'RUN'
#!/usr/bin/env bash
here=$(cd "$(dirname "$0")" && pwd)
exec "$here/java/bin/java" $CARD_RUN_OPTIONS -cp "$here/classes:$here/lib/*" org.focaldistill.cuda.CardRun "$@"
RUN
chmod +x "$folder/run"

stand_in=$(find target/stand-in -name libcuda.so.1 -printf '%T@ %h\n' 2>/dev/null | sort -n | tail -1 | cut -d' ' -f2)
if [[ -z "$stand_in" ]]; then
  echo "There is no stand-in in spark-job/target: run mvn test -Dtest=CardEngineTest first" >&2
  exit 2
fi
CARD_RUN_OPTIONS="-Djna.library.path=$PWD/$stand_in" "$folder/run" fp32 compute "$folder/expected.safetensors"
du -sh "$folder"
