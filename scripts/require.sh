#!/bin/sh
# Installs what a make target needs and this machine lacks.
#
#   require.sh build|demo|test|spark|lint|fuzz|load|bench|transparency|completeness
#
# With root, or sudo that asks no password, by apt-get. Otherwise it says what is missing.
set -eu

packages=""
need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null 2>&1 || packages="$packages $2"
}

need_header() { # need_header HEADER PACKAGE
  printf '#define PCRE2_CODE_UNIT_WIDTH 8\n#include <%s>\n' "$1" \
    | c++ -xc++ -std=c++17 -fsyntax-only - >/dev/null 2>&1 || packages="$packages $2"
}

if ! command -v swift >/dev/null 2>&1; then
  echo "cmdmox needs Swift 6.2 or newer: https://www.swift.org/install/linux" >&2
  exit 69
fi
need cc gcc
need make make
need c++ g++
need_header pcre2.h libpcre2-dev
need_header yaml.h libyaml-dev
need_header toml++/toml.h libtomlplusplus-dev
need_header sqlite3.h libsqlite3-dev

case ${1:-build} in
demo)
  need python3 python3
  ;;
test | spark)
  need python3 python3
  python3 -c 'import ensurepip' 2>/dev/null || packages="$packages python3-venv"
  need perl perl
  need git git
  need dash dash
  need strace strace
  need xargs findutils
  need setpriv util-linux
  need script bsdutils
  need bear bear
  need clang clang
  need ccache ccache
  need distcc distcc
  need gdb gdb
  need zsh zsh
  need fish fish
  need man man-db
  need curl curl
  need chromium chromium
  need chromedriver chromium-driver
  [ "$1" = test ] || need java default-jre-headless
  ;;
lint)
  need clang-format clang-format
  need shellcheck shellcheck
  need readelf binutils
  ;;
fuzz)
  need python3 python3
  ;;
faults)
  need python3 python3
  need setpriv util-linux
  need fakeroot fakeroot
  need faketime faketime
  need sudo sudo
  [ -e /lib/ld-linux.so.2 ] || packages="$packages gcc-multilib" # 32-bit programs, of x86-64
  ;;
load)
  need python3 python3
  need unshare util-linux
  ;;
bench)
  need python3 python3
  need autoconf autoconf
  need bear bear
  need strace strace
  ;;
transparency | completeness)
  need python3 python3
  need dpkg-source dpkg-dev
  need perl perl
  need tclsh tcl
  need mksh mksh
  need ruby ruby
  need bash bash
  ;;
esac
if [ "${1:-build}" = completeness ]; then
  need strace strace
  need cmake cmake
  need ninja ninja-build
  need cargo cargo
  need npm npm
  need go golang-go
fi

# Packages from PyPI that the tests hold exports against, in a folder of their own.
python_packages() {
  case ${1:-build} in
  test) modules="duckdb, opentelemetry.proto" distributions="duckdb opentelemetry-proto" ;;
  spark) modules="duckdb, pyspark" distributions="duckdb pyspark" ;;
  *) return 0 ;;
  esac
  build/python/bin/python3 -c "import $modules" 2>/dev/null && return 0
  [ -x build/python/bin/pip ] || python3 -m venv build/python
  # shellcheck disable=SC2086 # a list of distributions
  build/python/bin/pip install -q $distributions
}

[ -n "$packages" ] || {
  python_packages "${1:-}"
  exit 0
}

if [ "$(id -u)" = 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo"
else
  echo "cmdmox needs these packages; install them first: $packages" >&2
  exit 69
fi
echo "installing:$packages"
# shellcheck disable=SC2086 # a list of packages, and a prefix that may be empty
$as_root env DEBIAN_FRONTEND=noninteractive sh -c \
  'apt-get install -y -qq --no-remove "$@" >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-remove "$@" >/dev/null; }' \
  install $packages
python_packages "${1:-}"
