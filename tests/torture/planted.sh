#!/usr/bin/env bash
# Plants each defect of planted/ in a copy of the tree, and expects the torture to find it with one of its
# seeds. With arguments: only those (names without .patch).
set -euo pipefail
cd "$(dirname "$0")/../.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git archive HEAD | tar -xm -C "$copy"
# A folder of their own: cargo takes a copy's library for the tree's own where both are built into one folder, and
# the tree's next build would hold the defect.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}/planted RUST_BACKTRACE=0
status=0
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for patch in tests/torture/planted/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
for name in "${names[@]}"; do
  patch -s -p1 -d "$copy" < "tests/torture/planted/$name.patch"
  (cd "$copy" && cargo build --quiet --package redpack-torture)
  found=
  for seed in ${SEEDS:-6 1 2 3 4 5 7 8}; do
    program=$CARGO_TARGET_DIR/debug/torture
    if ! report=$("$program" --engine "${ENGINE:-sqlite}" --seed "$seed" --kills "${KILLS:-120}" 2>&1); then
      found=$seed
      break
    fi
  done
  if [ -n "$found" ]; then
    echo "$name: found with seed $found"
    grep -E '^ +[1-9][0-9]*  ' <<< "$report" || echo "$report" | tail -3
  else
    echo "$name: NOT found"
    status=1
  fi
  patch -s -R -p1 -d "$copy" < "tests/torture/planted/$name.patch"
done
exit $status
