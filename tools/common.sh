# Sourced by the other scripts: they run in the project's folder, and keep what they download outside it.
set -eu

cd "$(dirname "$0")/.."
CACHE="${JINCHUAN_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/jinchuan}"
PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_DISABLE_PIP_VERSION_CHECK
# Every process of ours, and the tests start a hundred, would compile the house anew.
unset PYTHONDONTWRITEBYTECODE
PYTHON=.venv/bin/python

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
