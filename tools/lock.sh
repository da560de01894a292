#!/bin/sh
# Compiles requirements*.in into requirements*.txt with hashes. Arguments go to uv, such as --upgrade.
# --universal: Debian's 3.11.2 needs what a newer 3.11 does not.
. "$(dirname "$0")/common.sh"

lock="$CACHE/lock"
[ -x "$lock/bin/uv" ] || { python3 -m venv "$lock" && "$lock/bin/pip" install --quiet uv; }
for name in requirements requirements-dev; do
    "$lock/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --no-annotate "$@" "$name.in" --output-file "$name.txt"
done
