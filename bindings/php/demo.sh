#!/bin/sh
# The walk-through in PHP, run at a sandbox of its own, on this machine only.
#
#   REDPACK_LIBRARY, REDPACK_BIN   the built library and command, if you have them: nothing is built then
set -eu
cd "$(dirname "$0")/../.."
export RUST_BACKTRACE=0

target=${CARGO_TARGET_DIR:-target}/debug
if [ -z "${REDPACK_LIBRARY:-}" ] || [ -z "${REDPACK_BIN:-}" ]; then
    cargo build --quiet --locked --package redpack-ffi --package redpack-cli
    REDPACK_LIBRARY=${REDPACK_LIBRARY:-$target/libredpack_ffi.so}
    REDPACK_BIN=${REDPACK_BIN:-$target/redpack}
fi
export REDPACK_LIBRARY REDPACK_BIN

# Debian's php.ini loads ext-ffi; where none does, PHP may still have it.
ffi=""
php -r 'exit(extension_loaded("ffi") ? 0 : 1);' || ffi="-d extension=ffi"
# shellcheck disable=SC2086,SC2016
.ci/with-sandbox sh -c 'exec php "$@" "$REDPACK_BASE_URL" "$REDPACK_TRY"' php $ffi \
    bindings/php/examples/walkthrough.php
