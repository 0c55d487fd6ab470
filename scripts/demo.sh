#!/bin/sh
# Records a real build through the bare form and shows what it ran.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$top/Examples/hello"
make -s clean

echo
echo "\$ LD_PRELOAD=build/lib/libcmdmox.so make -C Examples/hello"
LD_PRELOAD="$top/build/lib/libcmdmox.so" make
make -s clean

echo
echo "what ran, from Examples/hello/cmdmox.json:"
echo
python3 - cmdmox.json <<'SHOW'
import json, sys

fixture = json.load(open(sys.argv[1]))
recordings = fixture["recordings"]
depths = {}
for recording in recordings:
    parent = recording["process"].get("parent")
    depth = 0 if parent is None else depths[parent] + 1
    depths[recording["sequence"]] = depth
    line = "  " * depth + " ".join([recording["command"], *recording["args"]])
    line = line if len(line) <= 72 else line[:71] + "…"
    print(f"{line:<72} {recording['duration_ms']:>5} ms  exit {recording['exit_code']}")
session = fixture["metadata"]["session"]
print(f"\n{session['invocations']} commands, exit status {session['exit_code']}")
SHOW
