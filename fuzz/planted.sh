#!/bin/sh
# The suite against itself: each defect in fuzz/planted is put into the sources, and fuzzing must find it.
set -eu
cd "$(dirname "$0")/.."

restore() {
    [ -z "${applied:-}" ] || git apply -R "$applied"
    applied=
}
trap restore EXIT
trap 'exit 1' INT TERM
status=0
while read -r target patch; do
    patch=fuzz/planted/$patch.patch
    git apply "$patch"
    applied=$patch
    rm -rf "fuzz/artifacts/$target"
    if fuzz/run.sh "${1:-120}" "$target" > "fuzz/try.planted.log" 2>&1; then
        echo "$patch: NOT FOUND by $target"
        status=1
    elif ls "fuzz/artifacts/$target"/* >/dev/null 2>&1; then
        grep -m1 -A1 'panicked at' "fuzz/try.planted.log" || true
        echo "$patch: found by $target"
    else
        tail -n 20 "fuzz/try.planted.log"
        echo "$patch: the run failed otherwise"
        status=1
    fi
    restore
    rm -rf "fuzz/artifacts/$target" fuzz/try.planted.log
done <<'LIST'
answer openid-inside-a-word
journal half-read-holder
xml carriage-return-lost
LIST
exit $status
