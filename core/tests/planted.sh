#!/bin/sh
# Each defect of planted/ must be found by the stress tests.
cd "$(dirname "$0")/../.."
tests="cargo test --quiet --no-fail-fast --package redpack --test stress_journal --package redpack-sandbox --test stress"
BUILD="$tests --no-run" exec .ci/planted core/tests $tests
