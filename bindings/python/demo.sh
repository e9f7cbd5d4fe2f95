#!/bin/sh
# Sends one red packet from Python to a sandbox on this machine, and asks what became of it. REDPACK_BIN names the
# built command `redpack`; what else is missing is made, as for test.sh.
set -eu
cd "$(dirname "$0")"
. ./venv.sh
: "${REDPACK_BIN:?must name the built command redpack}"
export REDPACK_BIN
exec .venv/bin/python examples/demo.py
