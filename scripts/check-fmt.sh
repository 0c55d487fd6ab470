#!/bin/sh
# Fails if a Swift file is not what `swift format` would make of it.
#
#   check-fmt.sh FILE-OR-FOLDER…
set -eu

status=0
list=$(mktemp)
trap 'rm -f "$list"' EXIT
find "$@" -name '*.swift' >"$list"
while read -r file; do
  if ! swift format "$file" | cmp -s - "$file"; then
    echo "$file: not formatted; make fmt" >&2
    status=1
  fi
done <"$list"
exit "$status"
