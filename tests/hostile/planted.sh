#!/bin/sh
# Each defect of planted/ must be found by the Rust tests of this folder.
cd "$(dirname "$0")/../.."
tests="cargo test --quiet --no-fail-fast --package redpack-hostile --test rust"
BUILD="$tests --no-run" SAYS='^[^ ]*[^:]*: .* instead of ' exec .ci/planted tests/hostile $tests
