#!/bin/sh
# What the C interface costs: the same work in Rust (src/main.rs) and through redpack.h (abi.c), in turn, so that load
# of the machine meets both; and the memory that a C program has resident that sends one red packet.
# Fails if encoding and signing, or any single call, costs more than 0.5 µs over Rust's, or if the program needs 12 MB.
#
#   REDPACK_LIBRARY, REDPACK_BIN   a built release library and the command, if you have them
#   BEFORE                         another build of the library, to be compared with this one
set -eu
cd "$(dirname "$0")/../.."
top=$(pwd)
export RUST_BACKTRACE=0
target=${CARGO_TARGET_DIR:-$top/target}

if [ -z "${REDPACK_LIBRARY:-}" ]; then
    ffi/install/build.sh
    REDPACK_LIBRARY=$target/release/libredpack_ffi.so
fi
if [ -z "${REDPACK_BIN:-}" ]; then
    cargo build --locked --package redpack-cli
    REDPACK_BIN=$target/debug/redpack
fi
export REDPACK_BIN
cargo build --release --locked --package redpack-abi-bench
rust=$target/release/redpack-abi-bench

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
named() { # LIBRARY FOLDER: under the names that it is installed with
    mkdir -p "$2"
    ln -s "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")" "$2/libredpack.so.0"
    ln -s libredpack.so.0 "$2/libredpack.so"
}
named "$REDPACK_LIBRARY" "$work/now"
c() { # NAME SOURCE
    cc -O2 -D_GNU_SOURCE -I"$top/include" "$2" -o "$work/$1" -L"$work/now" -lredpack
}
c abi bench/abi/abi.c
c send ffi/examples/send.c
cc -O2 bench/abi/resident.c -o "$work/resident"

if [ "$("$rust" body)" != "$(LD_LIBRARY_PATH="$work/now" "$work/abi" body)" ]; then
    echo "both sides must make the same bytes, and do not" >&2
    exit 1
fi
for _ in 1 2 3 4 5 6; do
    "$rust" time | sed 's/^/rust /'
    LD_LIBRARY_PATH="$work/now" "$work/abi" time | sed 's/^/c /'
    if [ -n "${BEFORE:-}" ]; then
        [ -d "$work/before" ] || named "$BEFORE" "$work/before"
        LD_LIBRARY_PATH="$work/before" "$work/abi" time | sed 's/^/before /'
    fi
done > "$work/times"
too_slow=0
awk '
    { at = $1 " " $2; if (!(at in fastest) || $3 < fastest[at]) fastest[at] = $3; if (!($2 in seen)) { seen[$2]; order[++cases] = $2 } }
    END {
        # Each field that is set is a call too.
        calls["encode-and-sign"] = 2; calls["build-encode-and-sign"] = 17; calls["judge-an-answer"] = 2
        for (i = 1; i <= cases; i++) {
            name = order[i]; c = fastest["c " name]
            if (!(("rust " name) in fastest)) { printf "%-22s  C %6.2f µs\n", name, c / 1000; continue }
            over = c - fastest["rust " name]; each = over / calls[name]
            printf "%-22s  Rust %6.2f µs  C %6.2f µs  over it %5.2f µs in %d calls, %.2f µs each", name, fastest["rust " name] / 1000, c / 1000, over / 1000, calls[name], each / 1000
            if (("before " name) in fastest) printf "  (before: C %6.2f µs, now %.2f of it)", fastest["before " name] / 1000, c / fastest["before " name]
            printf "\n"
            if (each > 500 || (name == "encode-and-sign" && over > 500)) bad = 1
        }
        exit bad
    }' "$work/times" || too_slow=1

LD_LIBRARY_PATH="$work/now" .ci/with-sandbox sh -c '
    number=$("$REDPACK_BIN" new-billno --mch-id "$REDPACK_MCH_ID" | grep -o "[0-9a-z]\{28\}" | head -n1)
    "$0/resident" "$0/send" "$number" oxTWIuGaIt6gTKsQRLau2M0yL16E 100' "$work" > "$work/said"
cat "$work/said"
resident=$(tail -n1 "$work/said")
echo "resident memory of ffi/examples/send.c: $resident KiB"
[ "$resident" -lt 11718 ] || { echo "more than 12 MB" >&2; exit 1; }
[ "$too_slow" = 0 ] || { echo "encoding and signing, or a single call, costs more than 0.5 µs over Rust's" >&2; exit 1; }
