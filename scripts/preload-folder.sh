#!/bin/sh
# The folder beside libcmdmox.so with a library for each $LIB of ld.so; CInterpose/preload/narrow.h.
#
#   preload-folder.sh install FROM TO     both are folders that have libcmdmox.so
#   preload-folder.sh uninstall TO
#
# Where the build made none there is nothing to install.
set -eu

links="lib/x86_64-linux-gnu lib/i386-linux-gnu lib lib64 lib32"
case $1 in
install)
  [ -d "$2/cmdmox" ] || exit 0
  install -D -m 644 "$2/cmdmox/nothing.so" "$3/cmdmox/nothing.so"
  for link in $links; do
    install -d -m 755 "$3/cmdmox/$link"
    ln -sfn "$(readlink "$2/cmdmox/$link/libcmdmox.so")" "$3/cmdmox/$link/libcmdmox.so"
  done
  ;;
uninstall)
  rm -f "$2/cmdmox/nothing.so"
  for link in $links; do
    rm -f "$2/cmdmox/$link/libcmdmox.so"
    rmdir "$2/cmdmox/$link" 2>/dev/null || :
  done
  rmdir "$2/cmdmox" 2>/dev/null || :
  ;;
*)
  echo "usage: preload-folder.sh install FROM TO | uninstall TO" >&2
  exit 64
  ;;
esac
