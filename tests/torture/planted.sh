#!/bin/sh
# Each defect of planted/ must be found by the torture, with one of its seeds.
#
#   SEEDS, KILLS, ENGINE   which runs: 6 1 2 3 4 5 7 8, 120, sqlite
cd "$(dirname "$0")/../.."
export SEEDS="${SEEDS:-6 1 2 3 4 5 7 8}" KILLS="${KILLS:-120}" ENGINE="${ENGINE:-sqlite}"
BUILD="cargo build --quiet --package redpack-torture" SAYS='^seed|^ +[1-9][0-9]*  ' exec .ci/planted tests/torture sh -c '
  for seed in $SEEDS; do
    "$CARGO_TARGET_DIR/debug/torture" --engine "$ENGINE" --seed "$seed" --kills "$KILLS" || { echo "seed $seed"; exit 1; }
  done'
