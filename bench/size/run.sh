#!/bin/sh
# How big the release library is, stripped, and what fills it. Fails above the limits: 6 MB with both journals, 3.5 MB
# without (a MB is 1,000,000 bytes). docs/size.md has the findings.
#
#   WHOLE_ONLY=1   only the library that is installed, with both journals: half the time
set -eu
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

measure() { # NAME LIMIT CARGO-ARGUMENT...
    name=$1
    limit=$2
    shift 2
    ffi/install/build.sh "$@"
    strip --strip-unneeded -o "$work/stripped.so" "$target/release/libredpack_ffi.so"
    strip --strip-debug -o "$work/stripped.a" "$target/release/libredpack_ffi.a"
    bytes=$(wc -c < "$work/stripped.so")
    echo "$name: libredpack.so $bytes bytes (at most $limit), libredpack.a $(wc -c < "$work/stripped.a") bytes"
    if [ "$bytes" -gt "$limit" ]; then
        echo "$name: too big" >&2
        status=1
    fi
}
[ -n "${WHOLE_ONLY:-}" ] || measure "without journals" 3500000 --no-default-features
# Last, so that the whole library is what stays in the folder.
measure "with both journals" 6000000
python3 bench/size/fills.py "$target/release/libredpack_ffi.so" "$target"/release/build/*/out/*.a
exit $status
