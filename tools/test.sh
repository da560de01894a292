#!/bin/sh
# The whole test-suite twice, side by side: on SQLite with the queue of files, and on PostgreSQL and Redis.
# Arguments go to pytest. What the first says is printed when the second is done.
. "$(dirname "$0")/common.sh"

report=$(mktemp)
stop() {
    if [ -n "${sqlite:-}" ]; then kill "$sqlite" 2>/dev/null || true; fi
    rm -f "$report"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

failed=''
env -u DATABASE_URL -u REDIS_URL "$PYTHON" -m pytest "$@" >"$report" 2>&1 &
sqlite=$!
say "== PostgreSQL and Redis (SQLite runs beside it) =="
sh tools/with_servers.sh "$PYTHON" -m pytest "$@" || failed="$failed PostgreSQL"
wait "$sqlite" || failed="$failed SQLite"
sqlite=''
say "== SQLite, embedded =="
cat "$report"
[ -z "$failed" ] || fail "Tests failed on:$failed"
