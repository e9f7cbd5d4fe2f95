#!/bin/sh
# Tests the Node package: sets up what it needs, builds the addon and the sandbox, runs everything. Fails if anything
# fails or is missing.
#
#   REDPACK_BIN       the built command, if you have it
#   PROFILE           cargo's profile: dev (unless given) or release
#   REDPACK_HOSTILE, REDPACK_CANARY   the built servers of tests/hostile and tests/canary, if you have them
#   REDPACK_VECTORS   another folder than tests/vectors
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
export RUST_BACKTRACE=0

"$root/.ci/setup" tests

least_node=18.17
node=$(node --version | tr -d v)
if [ "$(printf '%s\n%s\n' "$least_node" "$node" | sort -V | head -n1)" != "$least_node" ]; then
    echo "the Node package needs Node $least_node or newer; this machine has $node: https://nodejs.org" >&2
    exit 1
fi
if ! command -v npm >/dev/null 2>&1; then
    echo "npm is missing, which comes with Node (Debian: apt-get install npm): nothing was tested" >&2
    exit 1
fi

# What package-lock.json names, into node_modules of this folder; a second run needs no network.
lock=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$(cat node_modules/.installed 2>/dev/null)" != "$lock" ]; then
    npm ci --no-audit --no-fund --loglevel=error || {
        echo "npm ci failed: it needs the registry for typescript and the type declarations of the tests" >&2
        exit 1
    }
    echo "$lock" >node_modules/.installed
fi

profile=${PROFILE:-dev}
PROFILE=$profile ./build.sh
if [ -z "${REDPACK_BIN:-}" ]; then
    (cd "$root" && cargo build --quiet --locked --profile "$profile" --package redpack-cli)
    target=${CARGO_TARGET_DIR:-$root/target}
    REDPACK_BIN=$target/$([ "$profile" = dev ] && echo debug || echo "$profile")/redpack
fi
# The servers of tests/hostile and tests/canary.
if [ -z "${REDPACK_HOSTILE:-}" ] || [ -z "${REDPACK_CANARY:-}" ]; then
    (cd "$root" && cargo build --quiet --locked --profile "$profile" --package redpack-canary --package redpack-hostile)
    target=${CARGO_TARGET_DIR:-$root/target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
    REDPACK_HOSTILE=$target/hostile REDPACK_CANARY=$target/canary-server
fi
export REDPACK_BIN REDPACK_HOSTILE REDPACK_CANARY

node --test --test-reporter=spec "$@" test/*.test.mjs
./demo.sh >/dev/null
echo "bindings/node: all tests passed"
