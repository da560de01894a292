#!/bin/sh
# Everything that can be seen without running the program; says all that is wrong, not only the first thing.
. "$(dirname "$0")/common.sh"

failed=''
step() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        say "ok      $name"
    else
        say "FAILED  $name"
        printf '%s\n' "$output"
        failed=yes
    fi
}

step "format" .venv/bin/ruff format --check .
step "style" .venv/bin/ruff check .
step "types" .venv/bin/mypy
step "import contracts" .venv/bin/lint-imports --no-cache
step "templates" .venv/bin/djlint templates --lint --quiet
step "settings and models" "$PYTHON" manage.py check --fail-level WARNING
step "missing migrations" "$PYTHON" manage.py makemigrations --check --dry-run
step "hardening" sh tools/check_deploy.sh
[ -z "$failed" ] || exit 1
