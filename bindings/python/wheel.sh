#!/bin/sh
# Builds the wheel that runs on machines without Rust, into bindings/python/dist: one for CPython 3.9 and newer on
# Linux x86-64 with glibc 2.17 or newer (manylinux2014), linked by zig, which comes from PyPI. Then it is installed
# into a clean environment, with no Rust in reach, and made to send a packet to a sandbox.
#
#   PYTHONS      interpreters to try it with; python3 unless given
#   MUSL=1       also a wheel for musl (Alpine); it needs: rustup target add x86_64-unknown-linux-musl
#   REDPACK_BIN  the built command `redpack`; without it, the wheel is only imported
set -eu
cd "$(dirname "$0")"
: "${PYTHON:=python3}"
tools=.venv/wheel
[ -x "$tools/bin/pip" ] || "$PYTHON" -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check --requirement requirements-wheel.txt
PATH="$(pwd)/$tools/bin:$PATH"
export PATH

rm -rf dist
maturin build --release --strip --zig --target x86_64-unknown-linux-gnu --compatibility manylinux2014 --out dist
if [ -n "${MUSL:-}" ]; then
    maturin build --release --strip --zig --target x86_64-unknown-linux-musl --compatibility musllinux_1_2 --out dist
fi

# What auditwheel finds must be what the name says.
for wheel in dist/*.whl; do
    auditwheel show "$wheel"
done

clean=$(mktemp -d)
trap 'rm -rf "$clean"' EXIT
for python in ${PYTHONS:-$PYTHON}; do
    rm -rf "$clean/venv"
    "$python" -m venv "$clean/venv"
    "$clean/venv/bin/python" --version
    env -i PATH=/usr/bin:/bin HOME="$clean" "$clean/venv/bin/pip" install --quiet --disable-pip-version-check \
        --no-index --no-cache-dir dist/*manylinux*.whl
    if [ -n "${REDPACK_BIN:-}" ]; then
        env -i PATH="$clean" REDPACK_BIN="$REDPACK_BIN" "$clean/venv/bin/python" examples/demo.py
    else
        env -i PATH="$clean" "$clean/venv/bin/python" -c 'import redpack; print("imported", redpack.__version__)'
    fi
done
