#!/bin/sh
# The suite against itself: each defect in fuzz/planted is put into the sources. The replay of the corpora must find
# it, or else fuzzing the target for so many seconds (fuzz/planted.sh [SECONDS], 120 by default).
set -eu
cd "$(dirname "$0")/.."

applied=
restore() {
    [ -z "$applied" ] || git apply -R "$applied"
    applied=
}
trap restore EXIT
trap 'exit 1' INT TERM
log=$(mktemp)
status=0
while read -r target name; do
    patch=fuzz/planted/$name.patch
    git apply "$patch"
    applied=$patch
    if ! ${CARGO:-cargo} test --locked --package redpack-fuzz-targets --test replay > "$log" 2>&1; then
        if grep -q "^$target failed on\|$target failed on" "$log"; then
            echo "$name: found by the replay of $target: $(grep -m1 -A1 'panicked at' "$log" | tail -n 1)"
        else
            tail -n 20 "$log"
            echo "$name: the replay failed otherwise"
            status=1
        fi
    elif fuzz/run.sh "${1:-120}" "$target" > "$log" 2>&1; then
        echo "$name: NOT FOUND by $target"
        status=1
    elif grep -q 'FOUND SOMETHING' "$log"; then
        echo "$name: found by fuzzing $target: $(grep -m1 -A1 'panicked at' "$log" | tail -n 1)"
        rm -rf "fuzz/artifacts/$target"
    else
        tail -n 20 "$log"
        echo "$name: fuzzing failed otherwise"
        status=1
    fi
    restore
done <<'LIST'
answer openid-inside-a-word
journal half-read-holder
xml carriage-return-lost
LIST
rm -f "$log"
exit $status
