#!/bin/sh
# with_servers.sh COMMAND...: runs it with a PostgreSQL and a Redis of its own, named by DATABASE_URL and REDIS_URL.
# They live in a temporary folder on free ports of this machine and are gone afterwards, whatever happens.
. "$(dirname "$0")/common.sh"

[ $# -gt 0 ] || fail "usage: with_servers.sh COMMAND..."

binaries=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$binaries" ] || binaries=$(dirname "$(command -v initdb || fail 'PostgreSQL is missing: run make install-test')")
command -v redis-server >/dev/null || fail "Redis is missing: run make install-test"

if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root, so it runs as the user its package made.
    home=$(mktemp -d /tmp/jinchuan-servers.XXXXXX)
    chown postgres "$home"
    as_owner() { setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$home" "$@"; }
else
    home=$(mktemp -d "${TMPDIR:-/tmp}/jinchuan-servers.XXXXXX")
    as_owner() { "$@"; }
fi

stop() {
    trap '' INT TERM HUP
    as_owner "$binaries/pg_ctl" -D "$home/db" -m immediate stop >/dev/null 2>&1 || true
    if [ -n "${redis_port:-}" ]; then redis-cli -h 127.0.0.1 -p "$redis_port" shutdown nosave >/dev/null 2>&1 || true; fi
    rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

ports=$("$PYTHON" - <<'PORTS'
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in held))
PORTS
)
postgres_port=${ports% *}
redis_port=${ports#* }

# Nothing here outlives the run, so nothing needs to reach the disk.
fast="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
(
    cd "$home"
    as_owner "$binaries/initdb" -D "$home/db" -U jinchuan -A trust -E UTF8 --locale=C.UTF-8 -N >"$home/initdb.log" 2>&1 ||
        { cat "$home/initdb.log" >&2; exit 1; }
    as_owner "$binaries/pg_ctl" -D "$home/db" -w -t 60 -l "$home/db.log" \
        -o "-p $postgres_port -k $home -c listen_addresses=127.0.0.1 $fast" start >/dev/null ||
        { cat "$home/db.log" >&2; exit 1; }
    as_owner "$binaries/createdb" -h 127.0.0.1 -p "$postgres_port" -U jinchuan jinchuan
)
redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --daemonize yes \
    --dir "$home" --pidfile "$home/redis.pid" --logfile "$home/redis.log" >/dev/null
tries=100
until redis-cli -h 127.0.0.1 -p "$redis_port" ping >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { cat "$home/redis.log" >&2; fail "Redis did not start."; }
    sleep 0.05
done

DATABASE_URL="postgres://jinchuan@127.0.0.1:$postgres_port/jinchuan"
REDIS_URL="redis://127.0.0.1:$redis_port/0"
export DATABASE_URL REDIS_URL
"$@"
