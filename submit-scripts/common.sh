# shellcheck shell=bash disable=SC2034
# Read by the other scripts, nothing to run.

# Links to the scripts may lie anywhere.
scripts=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=${scripts%/*}
target="$root/spark-job/target"
built="$target/focaldistill"
jar="$target/focaldistill.jar"
script=$(basename "$0")

# fail SENTENCE: ends the script as bad usage or input ends the program.
fail() {
  echo "$script: $1" >&2
  exit 2
}

# needs WHAT OPTION [VALUE] ...: ends where an option has no value.
needs() { [[ -n "${3:-}" ]] || fail "$2 needs $1"; }

# The comment that the calling script begins with.
usage() { sed -n '2,/^set -/{s/^# \{0,1\}//p}' "$0"; }

pwd -P >/dev/null 2>&1 || fail "the folder you are in is deleted; change to another"
[[ "$root" != *:* ]] || fail "the project lies in $root, and Java can not run from a folder with ':' in its path; move it"

# Sets $java to the Java to run, JAVA_HOME's before that of the PATH, or ends where it is none to run with.
choose_java() {
  local said version advice="install a JDK 17 (on Debian openjdk-17-jdk) and set JAVA_HOME to its folder"
  if [[ -n "${JAVA_HOME:-}" ]]; then
    java="$JAVA_HOME/bin/java"
    [[ -f "$java" && -x "$java" ]] || fail "JAVA_HOME=$JAVA_HOME is no folder of a Java, it has no bin/java: $advice, or unset it to use the java of the PATH"
  else
    java=$(type -P java) || fail "JAVA_HOME is not set, and there is no java on the PATH: $advice"
  fi
  said=$("$java" -version 2>&1 </dev/null) || {
    # What it takes from JAVA_TOOL_OPTIONS it says before what is wrong.
    while [[ "$said" == "Picked up "*$'\n'* ]]; do said=${said#*$'\n'}; done
    fail "$java does not run: ${said%%$'\n'*}"
  }
  [[ "$said" =~ \ version\ \"(1\.)?([0-9]+) ]] || fail "$java does not say which version it is: $advice"
  version=${BASH_REMATCH[2]}
  if ((version < 17)); then
    fail "$java is Java $version, older than the 17 that FocalDistill needs: $advice"
  elif ((version > 17)); then
    fail "$java is Java $version, newer than the 17 that Spark 3.5 and its Hadoop are made for (on 25 they do not run): $advice"
  fi
}

# Java takes the encoding of file names, and the language of the system's messages, from the locale alone, and '?' for
# letters that it does not have: C and POSIX, and what is not installed, have ASCII alone. Another encoding is the user's
# terminal's, and stays.
choose_locale() {
  local name
  [[ "$(locale charmap 2>/dev/null)" == @(UTF-8|ANSI_X3.4-1968) ]] || return 0
  for name in C.UTF-8 en_US.UTF-8; do
    if [[ "$(env "LC_ALL=$name" locale charmap 2>/dev/null)" == UTF-8 ]]; then
      export LC_ALL=$name
      return
    fi
  done
}

# attended COMMAND ...: runs a command, which hears of a signal to this script alone too. By itself bash passes none on: on
# SIGTERM it would end and leave the command running, and the command's end is what saves.
attended() {
  local child code signal again=true reset=(env "--default-signal=INT,QUIT")
  [[ -e /proc/self/fd/0 ]] || exec </dev/null
  # Before coreutils 8.31 it has no such option; what was started to ignore Ctrl-C goes on doing so there.
  "${reset[@]}" true 2>/dev/null || reset=()
  # What bash runs beside itself has no standard input and ignores Ctrl-C unless told otherwise.
  (trap - INT QUIT; exec ${reset[@]+"${reset[@]}"} "$@") <&0 &
  child=$!
  for signal in INT TERM HUP; do
    # shellcheck disable=SC2064  # the child's number now
    trap "again=true; kill -$signal $child 2>/dev/null || true" "$signal"
  done
  while $again; do
    again=false code=0
    wait "$child" || code=$?
  done
  for signal in INT TERM HUP; do
    # What this script was started to ignore stays so: reset, it would end the script and leave the next command running.
    [[ "$(trap -p "$signal")" == "trap -- '' "* ]] || trap - "$signal"
  done
  return "$code"
}

# build FILE ...: builds the project if one of its files is missing; after choose_java.
build() {
  local file
  for file; do
    [[ ! -e "$file" ]] || continue
    [[ -e "$root/pom.xml" ]] || fail "this release lacks $file: unpack it anew"
    [[ -x "$(dirname "$(readlink -f "$java")")/javac" ]] || fail "the project is to be built, and $java has no compiler beside it: it is a JRE; install a JDK 17"
    type -P mvn >/dev/null || fail "the project is to be built, and there is no mvn on the PATH: install Maven 3.8 or newer"
    echo "Building FocalDistill (once; some minutes if Maven has nothing cached)" >&2
    mvn -B -q -Dstyle.color=never -f "$root/pom.xml" package -DskipTests >&2 || fail "the build failed, see above"
    return
  done
}
