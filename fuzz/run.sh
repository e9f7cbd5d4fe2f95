#!/bin/sh
# Coverage-guided fuzzing with stable Rust: fuzz/run.sh [AMOUNT] [TARGET...]
#
# AMOUNT is a number of seconds for each target (10, the default), or a number of executions (20000000r).
# New inputs go to fuzz/try/TARGET, which is not committed; what breaks a promise to fuzz/artifacts/TARGET.
# fuzz/run.sh --minimise takes what fuzz/try found into fuzz/corpus, as few and as small files as reach the same code.
set -eu
cd "$(dirname "$0")/.."

targets="xml answer credentials request abi functions journal"
amount=${1:-10}
[ $# -eq 0 ] || shift
[ $# -eq 0 ] || targets=$*

machine=$(rustc -vV | sed -n 's/^host: //p')
if ! command -v g++ >/dev/null 2>&1; then
    echo "not run: libFuzzer needs a C++ compiler (Debian: apt-get install g++)" >&2
    exit 1
fi
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$(pwd)/target}
case $CARGO_TARGET_DIR in /*) ;; *) CARGO_TARGET_DIR=$(pwd)/$CARGO_TARGET_DIR ;; esac
export CARGO_TARGET_DIR="$CARGO_TARGET_DIR/fuzz" RUST_BACKTRACE=0
# What cargo-fuzz passes, all of it stable. --target keeps it from build scripts, which run here, too.
coverage="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares -Clink-dead-code -Cforce-frame-pointers=yes"
# shellcheck disable=SC2086
RUSTFLAGS=$(echo $coverage) ${CARGO:-cargo} build --release --locked --manifest-path fuzz/Cargo.toml --bins --target "$machine"
built=$CARGO_TARGET_DIR/$machine/release

for target in $targets; do
    mkdir -p "fuzz/try/$target" "fuzz/artifacts/$target" "fuzz/corpus/$target"
    # Ten seconds for one input are a hang; 1 GiB is more than any input may take.
    common="-timeout=10 -rss_limit_mb=1024 -max_len=8192 -verbosity=0 -print_final_stats=1"
    if [ "$amount" = --minimise ]; then
        rm -rf "fuzz/try/$target.all"
        mv "fuzz/corpus/$target" "fuzz/try/$target.all"
        mkdir "fuzz/corpus/$target"
        # shellcheck disable=SC2086
        "$built/$target" $common -max_len=1024 -use_counters=0 -set_cover_merge=1 "fuzz/corpus/$target" "fuzz/try/$target.all" "fuzz/try/$target"
        rm -rf "fuzz/try/$target.all"
        continue
    fi
    case $amount in
        *r) limit="-runs=${amount%r}" ;;
        *) limit="-max_total_time=$amount" ;;
    esac
    echo "$target: $limit"
    # Panics of the library are told in a line each; a target's own end the run.
    # shellcheck disable=SC2086
    if ! "$built/$target" $common $limit -artifact_prefix="fuzz/artifacts/$target/" \
        "fuzz/try/$target" "fuzz/corpus/$target" > "fuzz/try/$target.log" 2>&1; then
        tail -n 40 "fuzz/try/$target.log"
        echo "$target: FOUND SOMETHING; the input is in fuzz/artifacts/$target" >&2
        exit 1
    fi
    sed -n 's/^stat::\(number_of_executed_units\|average_exec_per_sec\|new_units_added\|peak_rss_mb\): */    \1 /p' \
        "fuzz/try/$target.log"
done
