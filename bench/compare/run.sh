#!/bin/sh
# `make bench`: builds, as users get them, the library in every language and the programs that are measured beside it;
# runs all in turn; writes docs/benchmarks. On two quiet cores half an hour, of which building is the half.
#
#   QUICK=1   two short rounds, to see that it runs; the report goes to target/bench-compare/quick instead
#   FOLDER    another place for the report
set -eu
cd "$(dirname "$0")/../.."
top=$(pwd)
export RUST_BACKTRACE=0
.ci/setup bench

CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$top/target}
case $CARGO_TARGET_DIR in /*) ;; *) CARGO_TARGET_DIR=$top/$CARGO_TARGET_DIR ;; esac
export CARGO_TARGET_DIR
work=$CARGO_TARGET_DIR/bench-compare
mkdir -p "$work"

echo "building: the C library, the command, Rust's programs"
ffi/install/build.sh
# Each by itself: built together, one would get the other's features.
cargo build --release --locked --package redpack-cli
cargo build --release --locked --package redpack-bench-programs
cp "$CARGO_TARGET_DIR/release/redpack-bench-programs" "$work/"
cp "$CARGO_TARGET_DIR/release/libredpack_ffi.so" "$work/libredpack.so.0"
strip "$work/libredpack.so.0"
ln -sf libredpack.so.0 "$work/libredpack.so"
cc -O2 -D_GNU_SOURCE -pthread -I"$top/include" bench/programs/redpack.c -o "$work/redpack-c" -L"$work" -lredpack -Wl,-rpath,"$work"
cc -O2 -D_GNU_SOURCE -pthread bench/programs/libcurl.c -o "$work/libcurl" $(curl-config --cflags --libs)

echo "building: Python's package and Node's"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r bindings/python/bench/requirements.txt
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --force-reinstall ./bindings/python
bindings/node/build.sh
(cd bindings/node/bench && npm ci --silent --no-audit --no-fund)

export REDPACK_BIN="$CARGO_TARGET_DIR/release/redpack" REDPACK_LIBRARY="$work/libredpack.so.0"
if [ -n "${QUICK:-}" ]; then
    "$work/venv/bin/python" bench/compare/compare.py measure "$work" "${FOLDER:-$work/quick}" 2 0.3
    echo "the report is in ${FOLDER:-$work/quick}"
else
    "$work/venv/bin/python" bench/compare/compare.py measure "$work" "${FOLDER:-docs/benchmarks}"
    echo "the report is in ${FOLDER:-docs/benchmarks}"
fi
