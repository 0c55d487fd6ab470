#!/bin/sh
# Writes a C header with the version that the given file holds, "1.4.2" for example.
set -eu
printf '/* Generated from %s. */\n' "$1"
sed -n 's/^\([0-9]*\)\.\([0-9]*\)\.\([0-9]*\)$/#define HELLO_VERSION "\1.\2.\3"/p' "$1"
