#!/usr/bin/env bash
# Plants each defect of planted/ in a copy of the tree, and expects the Rust tests of this folder to find it. With
# arguments: only those (names without .patch).
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
  for patch in tests/hostile/planted/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
run() { (cd "$copy" && cargo test --quiet --no-fail-fast --package redpack-hostile --test rust -- "$@") 2>&1; }
for name in "${names[@]}"; do
  patch -s -p1 -d "$copy" < "tests/hostile/planted/$name.patch"
  (cd "$copy" && cargo test --quiet --no-run --package redpack-hostile --test rust)
  if report=$(run); then
    echo "$name: NOT found"
    status=1
  else
    echo "$name: found"
    grep -E '^[^ ]*[^:]*: .*( instead of | in | left in |than before)' <<< "$report" | cut -c1-160 | head -3 || true
  fi
  patch -s -R -p1 -d "$copy" < "tests/hostile/planted/$name.patch"
done
exit $status
