#!/bin/sh
# AddressSanitizer in the library too (Rust, SQLite's C and ring's), not only in the C programs: a build of its own.
# Any Rust that the rest is built with will do; RUSTC_BOOTSTRAP lets it take a flag that it calls unstable.
set -eu
cd "$(dirname "$0")/../.."

target=x86_64-unknown-linux-gnu
if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "not run: this machine is $(uname -sm), and AddressSanitizer is set up for Linux x86_64 only" >&2
    exit 1
fi
.ci/setup tests
for compiler in gcc g++; do
    if ! echo 'int main(void) { return 0; }' | $compiler -fsanitize=address -x c -o /dev/null - 2>/dev/null; then
        echo "not run: $compiler can't link AddressSanitizer (Debian: apt-get install libasan8)" >&2
        exit 1
    fi
done

export RUST_BACKTRACE=0
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$(pwd)/target}
case $CARGO_TARGET_DIR in /*) ;; *) CARGO_TARGET_DIR=$(pwd)/$CARGO_TARGET_DIR ;; esac
export CARGO_TARGET_DIR
cargo build --locked --package redpack-cli
# gcc links the sanitizer's runtime into each program; the library finds it there. It must not be put in front of
# the library's build scripts, which run on this machine too: hence --target.
sanitized() {
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CFLAGS_x86_64_unknown_linux_gnu=-fsanitize=address \
        CARGO_TARGET_DIR="$CARGO_TARGET_DIR/sanitize" cargo "$@" --locked --target "$target"
}
sanitized build --package redpack-ffi --lib

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
library=$CARGO_TARGET_DIR/sanitize/$target/debug/libredpack_ffi.so
if ! nm -D "$library" | grep -q ' U __asan_report_'; then
    echo "the library was built without AddressSanitizer: $library" >&2
    exit 1
fi
ln -s "$library" "$work/libredpack.so.0"
ln -s libredpack.so.0 "$work/libredpack.so"
export REDPACK_BIN="$CARGO_TARGET_DIR/debug/redpack" LD_LIBRARY_PATH="$work"

run() { # NAME COMPILER FLAGS... SOURCES...: built, and run at a sandbox of its own
    name=$1
    shift
    "$@" -g -fsanitize=address -pthread -Iinclude -o "$work/$name" -L"$work" -lredpack
    .ci/with-sandbox "$work/$name" > "$work/$name.out" || {
        cat "$work/$name.out"
        echo "$name: failed" >&2
        exit 1
    }
    echo "$name: clean"
}
# Every input of fuzz/corpus, those of the C functions among them: here the test has the sanitizer, too.
sanitized test --quiet --package redpack-fuzz-targets --test replay
echo "the corpora of fuzz/: clean"

# That a fault inside the library's reach is found at all: an order read after it was freed.
cat > "$work/planted.c" <<'C'
#include <redpack.h>
int main(void) {
  redpack_request *order = NULL;
  if (redpack_request_new("sendredpack", &order, NULL) != REDPACK_STATUS_OK) return 0;
  redpack_request_free(order);
  return redpack_request_endpoint(order) == NULL;
}
C
gcc -g -fsanitize=address -Iinclude -o "$work/planted" "$work/planted.c" -L"$work" -lredpack
if "$work/planted" > "$work/planted.out" 2>&1 || ! grep -q heap-use-after-free "$work/planted.out"; then
    cat "$work/planted.out"
    echo "AddressSanitizer does not see a use after free inside the library" >&2
    exit 1
fi
echo "a planted use after free: found"

c="gcc -std=c99 -D_POSIX_C_SOURCE=200809L"
# shellcheck disable=SC2086
run conventions $c ffi/tests/c/conventions.c
# shellcheck disable=SC2086
run walkthrough $c ffi/examples/walkthrough.c
# shellcheck disable=SC2086
run fork $c ffi/tests/c/fork.c
# shellcheck disable=SC2086
run threads $c ffi/tests/c/threads.c
run wrapper g++ -std=c++17 ffi/tests/cpp/wrapper.cpp ffi/tests/cpp/other.cpp
