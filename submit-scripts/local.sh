#!/usr/bin/env bash
# A whole sweep on this machine: prepares the images, trains teacher and students, prints and draws the results.
#   submit-scripts/local.sh [--generated] [OPTION ...]
#     --generated     use images the program draws itself instead of CIFAR-100
#     -c FILE         another configuration than conf/smoke.conf
#     --set PATH=VALUE and what else "focaldistill sweep --help" lists is passed on
#     --master URL, --conf KEY=VALUE, --properties-file FILE   Spark's master and settings; default: all cores of
#                     this machine
# CIFAR100_DIR names the folder that the binary archive unpacks to, or the .tar.gz; without it the archive is
# downloaded. Results go to output/ in the current folder (--set paths.root=FOLDER); run again to go on after a stop.
set -euo pipefail
# shellcheck source=submit-scripts/common.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
run="$scripts/focaldistill"

generated=false
config=("-c" "$root/conf/smoke.conf")
options=()
master=()
spark=()
dry=()
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --generated) generated=true ;;
    --dry-run | --assume-tflops=*) dry+=("$1") ;;
    --assume-tflops) needs "a number" "$@"; dry+=("$1" "$2"); shift ;;
    -c | --config) needs "a file" "$@"; config=("-c" "$2"); shift ;;
    -c=* | --config=*) config=("-c" "${1#*=}") ;;
    --master) needs "a value" "$@"; master=("$1" "$2"); shift ;;
    --conf | --properties-file) needs "a value" "$@"; spark+=("$1" "$2"); shift ;;
    *) options+=("$1") ;;
  esac
  shift
done

# Before anything that advises other images.
choose_java
if $generated; then
  # Before the user's own options, which have precedence.
  options=("--set" "paths.root=output/generated" "${options[@]}")
  images=$(mktemp -d) || fail "cannot make a folder for temporary files; set TMPDIR to where that is allowed"
  trap 'rm -rf "$images"' EXIT
  attended "$run" generate "$images/images" "${config[@]}" "${options[@]}"
  from=(--from "$images/images")
elif [[ -n "${CIFAR100_DIR:-}" ]]; then
  from=(--from "$CIFAR100_DIR")
else
  from=()
fi

# Preparing and reporting run here, and reach the same file systems.
attended "$run" ${spark[@]+"${spark[@]}"} prepare "${config[@]}" "${options[@]}" "${from[@]}" || {
  code=$?
  $generated || [[ -n "${CIFAR100_DIR:-}" ]] || echo "With images the program draws itself: submit-scripts/local.sh --generated" >&2
  exit "$code"
}
code=0
attended "$run" ${master[@]+"${master[@]}"} ${spark[@]+"${spark[@]}"} sweep "${config[@]}" "${options[@]}" ${dry[@]+"${dry[@]}"} || code=$?
((${#dry[@]} == 0)) || exit "$code"
# 1: some trials failed; the others are worth a report.
((code <= 1)) || exit "$code"
# The sweep has printed the table already.
attended "$run" ${spark[@]+"${spark[@]}"} report --brief "${config[@]}" "${options[@]}"
exit "$code"
