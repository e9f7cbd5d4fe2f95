#!/bin/sh
# Tests the Python package: makes a virtual environment in this folder (.venv), builds the native half and the
# sandbox, and runs everything on loopback. Fails if anything fails. Arguments go to pytest: ./test.sh -k gunicorn
#
#   REDPACK_BIN       the built command `redpack`, if you have it
#   PROFILE           cargo's profile: dev (unless given) or release
#   PYTHON            the interpreter, 3.9 or newer; python3 unless given
#   REDPACK_HOSTILE, REDPACK_CANARY   the built servers of tests/hostile and tests/canary, if you have them
#   REDPACK_VECTORS   another folder than tests/vectors
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
export RUST_BACKTRACE=0

"$root/.ci/setup" tests
. ./venv.sh

profile=${PROFILE:-dev}
target=${CARGO_TARGET_DIR:-$root/target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
if [ -z "${REDPACK_BIN:-}" ]; then
    (cd "$root" && cargo build --quiet --locked --profile "$profile" --package redpack-cli)
    REDPACK_BIN=$target/redpack
fi
# The servers of tests/hostile and tests/canary.
if [ -z "${REDPACK_HOSTILE:-}" ] || [ -z "${REDPACK_CANARY:-}" ]; then
    (cd "$root" && cargo build --quiet --locked --profile "$profile" --package redpack-canary --package redpack-hostile)
    target=${CARGO_TARGET_DIR:-$root/target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
    REDPACK_HOSTILE=$target/hostile REDPACK_CANARY=$target/canary-server
fi
export REDPACK_BIN REDPACK_HOSTILE REDPACK_CANARY

exec .venv/bin/python -m pytest -p no:cacheprovider "$@"
