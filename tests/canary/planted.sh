#!/bin/sh
# Each defect of planted/ must be found by the Rust tests of this folder.
cd "$(dirname "$0")/../.."
tests="cargo test --quiet --no-fail-fast --package redpack-canary --test output --test memory"
BUILD="$tests --no-run" SAYS='^[^ ]*[^:]*: .*( in | left in |than before)' exec .ci/planted tests/canary $tests
