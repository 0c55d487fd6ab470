#!/bin/sh
# Compiles what runs inside other programs' processes.
#
#   build.sh OUTPUT-FOLDER
#
# Makes OUTPUT-FOLDER/libcmdmox.so, OUTPUT-FOLDER/cmdmox (links to it, by $LIB),
# OUTPUT-FOLDER/cmdmox-shim, OUTPUT-FOLDER/cmdmox-deep and OUTPUT-FOLDER/BuiltInterpose.swift, which tells the Swift side where they lie in a build tree.
set -eu

sources=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
output=$1
mkdir -p "$output"
cc=${CC:-cc}

# glibc has pidfd_spawn from 2.39 on. CMDMOX_PIDFD_SPAWN=yes|no: for tests.
has_pidfd_spawn() {
  printf 'int pidfd_spawn(void); int main(void) { return pidfd_spawn(); }' |
    "$cc" -xc -fno-builtin -o /dev/null - 2>/dev/null
}
abilities=
case ${CMDMOX_PIDFD_SPAWN:-} in
yes) abilities=-DCMDMOX_HAS_PIDFD_SPAWN ;;
no) ;;
*) if has_pidfd_spawn; then abilities=-DCMDMOX_HAS_PIDFD_SPAWN; fi ;;
esac

# -z noseparate-code: two segments to map instead of four, 20 to 30 microseconds for each process.
# --exclude-libs, hidden visibility and an anonymous version script: only the hooks are exported.
# shellcheck disable=SC2086 # without an ability there is no argument
"$cc" -std=gnu11 -D_GNU_SOURCE -O2 -g0 -fPIC -fvisibility=hidden -fno-stack-protector -fno-tree-loop-distribute-patterns \
  -Wall -Wextra -Werror $abilities -I"$sources/wire/include" -I"$sources/bare" \
  -shared -nostartfiles -Wl,-soname,libcmdmox.so \
  -Wl,--version-script="$sources/preload/exports.map" \
  -Wl,-z,noseparate-code -Wl,-z,lazy -Wl,-z,norelro -Wl,--as-needed -Wl,--hash-style=gnu -Wl,-Bsymbolic -Wl,-O1 \
  -o "$output/libcmdmox.so.new" "$sources"/wire/*.c "$sources"/bare/*.c "$sources"/preload/*.c
mv -f "$output/libcmdmox.so.new" "$output/libcmdmox.so"

# For 32-bit programs; see preload/narrow.h. A compiler that knows no such programs makes none.
for_each() { # for_each LIB TARGET
  mkdir -p "$output/cmdmox/$1"
  ln -sfn "$2" "$output/cmdmox/$1/libcmdmox.so"
}
if "$cc" -m32 -shared -nostdlib -Wl,-soname,libcmdmox.so -Wl,-z,noexecstack -Wl,--build-id=none -Wl,-s \
  -o "$output/nothing.so" "$sources/narrow/nothing.c" 2>/dev/null; then
  for_each lib ../../libcmdmox.so
  for_each lib64 ../../libcmdmox.so
  for_each lib/x86_64-linux-gnu ../../../libcmdmox.so
  for_each lib32 ../nothing.so
  for_each lib/i386-linux-gnu ../../nothing.so
  mv -f "$output/nothing.so" "$output/cmdmox/nothing.so"
fi

# Without libc: starting a statically linked glibc program cost half a millisecond more, for each
# captured command. -fno-tree-loop-distribute-patterns: else loops become calls of memcpy and memset.
without_libc() { # without_libc PROGRAM SOURCE...
  program=$output/$1
  shift
  "$cc" -std=gnu11 -D_GNU_SOURCE -O2 -g0 -fno-pie -fno-stack-protector -fno-builtin \
    -fno-tree-loop-distribute-patterns -fno-asynchronous-unwind-tables -ffunction-sections \
    -Wall -Wextra -Werror -I"$sources/wire/include" -I"$sources/bare" \
    -static -no-pie -nostdlib -nostartfiles \
    -Wl,-z,noseparate-code -Wl,-z,norelro -Wl,-z,noexecstack -Wl,--build-id=none -Wl,--gc-sections -Wl,-s \
    -o "$program.new" "$@"
  mv -f "$program.new" "$program"
}

without_libc cmdmox-shim "$sources"/wire/environment.c "$sources"/bare/*.c "$sources"/shim/*.c
without_libc cmdmox-deep "$sources"/bare/*.c "$sources"/deep/*.c

# Swift string literals take any character but these two as they are.
literal=$(printf '%s' "$output" | sed 's/[\\"]/\\&/g')
cat >"$output/BuiltInterpose.swift.new" <<EOF
/// Where the build left what runs inside other programs' processes.
enum BuiltInterpose {
  static let folder = "$literal"
}
EOF
mv -f "$output/BuiltInterpose.swift.new" "$output/BuiltInterpose.swift"
