#!/bin/sh
# Compiles the caller programs that the front-door tests run.
#
#   build.sh OUTPUT-FOLDER
#
# A file's first line can hold compiler flags of its own: /* flags: -static */, where @ stands for
# the output folder. libraries/NAME.c becomes libNAME.so, each other file a program. The callers
# pass NULL where glibc says that it may not be, because programs do.
set -eu

sources=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
output=$1
mkdir -p "$output"

compile() {
  own=$(sed -n '1s|^/\* flags: \(.*\) \*/$|\1|p' "$1" | sed "s|@|$output|g")
  # shellcheck disable=SC2086 # several flags, and none where there is no such line
  ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O1 -g0 -pthread -Wall -Wextra -Werror -Wno-nonnull \
    -I"$sources" -o "$2" "$1" ${3-} $own
}

for source in "$sources"/libraries/*.c; do
  name=$(basename "$source" .c)
  compile "$source" "$output/lib$name.so" '-shared -fPIC'
done

# Two at a time; the status of a job that failed is kept by its wait.
jobs=''
for source in "$sources"/programs/*.c "$sources"/hooks/*.c; do
  name=$(basename "$source" .c)
  compile "$source" "$output/$name" &
  jobs="$jobs $!"
  # shellcheck disable=SC2086
  set -- $jobs
  if [ $# -ge 4 ]; then
    wait "$1"
    shift
    jobs="$*"
  fi
done
for job in $jobs; do
  wait "$job"
done
