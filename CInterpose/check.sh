#!/bin/sh
# Checks what is built of CInterpose/preload against what is committed beside it, and the programs
# that have no libc.
#
#   check.sh LIBRARY PROGRAM...
#
# exports.txt   the hooks: exactly what the library exports (those of pidfd_spawn only where libc has it)
# imports.txt   what each object may take from libc: a line is "file.c symbol"
# Besides: no needed library but libc.so.6, and no symbol newer than GLIBC_2.17. The programs need
# no library at all.
set -eu

sources=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
library=$1
shift
oldest_glibc=2.17
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

fail() {
  echo "check: $1" >&2
  status=1
}

compare() { # compare WHAT EXPECTED ACTUAL
  if ! diff -u "$2" "$3" >"$work/diff"; then
    fail "$1 differ (- committed, + built):"
    cat "$work/diff" >&2
  fi
}

nm -D --defined-only "$library" | awk '{print $3}' | LC_ALL=C sort >"$work/exports"
if grep -q '^pidfd_spawn' "$work/exports"; then
  cp "$sources/preload/exports.txt" "$work/hooks"
else
  grep -v '^pidfd_spawn' "$sources/preload/exports.txt" >"$work/hooks"
fi
compare "the exported symbols" "$work/hooks" "$work/exports"

for file in "$sources"/preload/*.c "$sources"/bare/*.c "$sources"/wire/*.c; do
  name=$(basename "$file")
  ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -O2 -fPIC -fvisibility=hidden -fno-stack-protector \
    -fno-tree-loop-distribute-patterns -I"$sources/wire/include" -I"$sources/bare" -c -o "$work/object.o" "$file"
  nm -u "$work/object.o" |
    awk -v file="$name" '$2 !~ /^(cmdmox_|_GLOBAL_OFFSET_TABLE_|_DYNAMIC)/ {print file, $2}'
done | LC_ALL=C sort >"$work/imports"
compare "the imported symbols" "$sources/preload/imports.txt" "$work/imports"

needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
[ "$needed" = libc.so.6 ] || fail "it needs '$needed', not libc.so.6 alone"

newest=$(nm -D "$library" | sed -n 's/.*@GLIBC_\([0-9.]*\)$/\1/p' | sort -V | tail -1)
[ "$(printf '%s\n' "$newest" "$oldest_glibc" | sort -V | tail -1)" = "$oldest_glibc" ] ||
  fail "it needs GLIBC_$newest, newer than $oldest_glibc"

# Stripped, it has no symbol table: an undefined symbol would already have failed the link.
for program in "$@"; do
  name=$(basename "$program")
  readelf -lW "$program" | grep -q INTERP && fail "$name has a program interpreter"
  readelf -dW "$program" | grep -q NEEDED && fail "$name needs a library"
  [ -z "$(nm -u "$program" 2>/dev/null)" ] || fail "$name has undefined symbols"
  [ "$(readelf -lW "$program" | grep -c ' LOAD ')" -le 2 ] || fail "$name has more than two segments"
  readelf -lW "$program" | grep GNU_STACK | grep -q RWE && fail "$name has an executable stack"
done

[ "$status" = 0 ] && echo "check: libcmdmox.so exports, imports and needs what is committed; the programs need nothing"
exit "$status"
