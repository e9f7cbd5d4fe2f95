#!/bin/sh
# One payment from Node against a sandbox of its own, in a few lines.
#
#   REDPACK_BIN   the built command; its sandbox is started
set -eu
cd "$(dirname "$0")"
: "${REDPACK_BIN:?names the built redpack}"
[ -n "$(ls prebuilt/*.node 2>/dev/null)" ] || PROFILE=${PROFILE:-dev} ./build.sh
exec node scripts/demo.mjs
