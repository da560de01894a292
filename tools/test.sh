#!/bin/sh
# The whole test-suite twice: on SQLite with the queue of files, then on PostgreSQL and Redis. Arguments go to pytest.
. "$(dirname "$0")/common.sh"

failed=''
say "== SQLite, embedded =="
env -u DATABASE_URL -u REDIS_URL "$PYTHON" -m pytest "$@" || failed="$failed SQLite"
say "== PostgreSQL and Redis =="
sh tools/with_servers.sh "$PYTHON" -m pytest "$@" || failed="$failed PostgreSQL"
[ -z "$failed" ] || fail "Tests failed on:$failed"
