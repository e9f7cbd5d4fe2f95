# For test.sh and demo.sh, which source it in this folder: .venv with what requirements-test.txt pins, and the
# package built into it.
: "${PYTHON:=python3}"
if ! command -v "$PYTHON" >/dev/null 2>&1; then
    echo "Python is missing: on Debian or Ubuntu, as root: apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 9))'; then
    echo "redpack needs Python 3.9 or newer: name one in PYTHON" >&2
    exit 1
fi
if ! [ -x .venv/bin/pip ] && ! "$PYTHON" -m venv .venv; then
    echo "Python's venv is missing: on Debian or Ubuntu, as root: apt-get install python3-venv" >&2
    exit 1
fi
if ! cmp -s requirements-test.txt .venv/requirements-test.txt; then
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements-test.txt || {
        echo "the packages of bindings/python/requirements-test.txt could not be installed: is PyPI, or the mirror" \
            "that pip is set to, in reach?" >&2
        exit 1
    }
    cp requirements-test.txt .venv/requirements-test.txt
fi
# Editable: the Python half is the one in python/, the native half is put beside it.
VIRTUAL_ENV=$PWD/.venv .venv/bin/maturin develop --quiet --profile "${PROFILE:-dev}" >.venv/build.log 2>&1 || {
    cat .venv/build.log >&2
    exit 1
}
