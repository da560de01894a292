#!/bin/sh
# Prepares the data and starts everything; the second time it finds all there and starts at once.
. "$(dirname "$0")/common.sh"

say "正在准备数据库和页面文件……"
"$PYTHON" manage.py prepare --verbosity 0
"$PYTHON" manage.py seed_demo --if-empty
exec "$PYTHON" manage.py serve --host "${HOST:-127.0.0.1}" --port "${PORT:-8000}"
