#!/bin/sh
# `make bench`: builds, as users get them, the library in every language and the programs that are measured beside it;
# runs all in turn; writes docs/benchmarks. On two quiet cores half an hour, of which building is the half.
#
#   QUICK=1   two short rounds, to see that it runs; the report goes to target/bench-compare/quick instead
#   FOLDER    another place for the report
#   ONLY      keys of bench/compare/programs.py ("libcurl rust c"): only these are built and run, beside the floor, and
#             told on the screen; BEFORE=FILE is then another build of Rust's program, run with them
#   ROUNDS, LASTING   how many rounds, and how long each program is measured in one: 5 and 1.5
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

if [ -n "${QUICK:-}" ]; then
    rounds=${ROUNDS:-2} seconds=${LASTING:-0.3} folder=${FOLDER:-$work/quick}
else
    rounds=${ROUNDS:-5} seconds=${LASTING:-1.5} folder=${FOLDER:-docs/benchmarks}
fi

wants() { # KEY ...: whether one of them is to be measured
    [ -n "${ONLY:-}" ] || return 0
    for key in "$@"; do
        case " $ONLY " in *" $key "*) return 0 ;; esac
    done
    return 1
}

echo "building: Rust's programs and libcurl's"
cargo build --release --locked --package redpack-bench-programs
cp "$CARGO_TARGET_DIR/release/redpack-bench-programs" "$work/"
cc -O2 -D_GNU_SOURCE -pthread bench/programs/libcurl.c -o "$work/libcurl" $(curl-config --cflags --libs)
python=python3

if wants c php; then
    echo "building: the C library"
    ffi/install/build.sh
    cp "$CARGO_TARGET_DIR/release/libredpack_ffi.so" "$work/libredpack.so.0"
    strip "$work/libredpack.so.0"
    ln -sf libredpack.so.0 "$work/libredpack.so"
    cc -O2 -D_GNU_SOURCE -pthread -I"$top/include" bench/programs/redpack.c -o "$work/redpack-c" \
        -L"$work" -lredpack -Wl,-rpath,"$work"
    export REDPACK_LIBRARY="$work/libredpack.so.0"
fi
if wants python python-async wechatpy; then
    echo "building: Python's package"
    [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
    python=$work/venv/bin/python
    "$python" -m pip install --quiet --disable-pip-version-check -r bindings/python/bench/requirements.txt
    "$python" -m pip install --quiet --disable-pip-version-check --force-reinstall ./bindings/python
fi
if wants node node-compat axios axios-kept tenpay; then
    echo "building: Node's package"
    bindings/node/build.sh
    (cd bindings/node/bench && npm ci --silent --no-audit --no-fund)
fi

if [ -n "${ONLY:-}" ]; then
    exec "$python" bench/compare/compare.py only "$work" "$rounds" "$seconds" $ONLY ${BEFORE:+"before=$BEFORE"}
fi
echo "building: the command"
# By itself: built with the programs, it would get their features.
cargo build --release --locked --package redpack-cli
export REDPACK_BIN="$CARGO_TARGET_DIR/release/redpack"
"$python" bench/compare/compare.py measure "$work" "$folder" "$rounds" "$seconds"
echo "the report is in $folder"
