"""How each engine is copied out and back in. A copy is one instant of the database, while others go on writing."""

import os
import sqlite3
import subprocess
from contextlib import closing

from django.db import connection, connections, transaction

from .manifest import BackupError

SQLITE_FILE, POSTGRES_FILE = "database.sqlite3", "database.dump"


def dump(folder) -> tuple[str, dict[str, int]]:
    """Copy the database into ``folder``; returns the file's name and the rows of each table at that instant."""
    return _dump_postgresql(folder) if connection.vendor == "postgresql" else _dump_sqlite(folder)


def load(folder, name):
    """Fill the database from a copy; what it holds is replaced."""
    if connection.vendor == "postgresql":
        _load_postgresql(folder / name)
    else:
        _load_sqlite(folder / name)


def count_rows() -> dict[str, int]:
    """The rows of every table of the database as it is now."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        return {table: _count(cursor, table) for table in tables}


def _count(cursor, table):
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 — names from the catalogue
    return cursor.fetchone()[0]


# SQLite ------------------------------------------------------------------------------------------------------


def _dump_sqlite(folder):
    """By SQLite's own backup, never by copying the file: half of it lies in the write-ahead log."""
    target = folder / SQLITE_FILE
    source = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise BackupError(
                "数据库文件有损坏，没有做成备份。请先运行 check_consistency，再从最近的备份恢复。"
            )
        names = [
            name
            for (name,) in copy.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]
        rows = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    target.chmod(0o600)
    return SQLITE_FILE, rows


def _load_sqlite(path):
    target = connection.settings_dict["NAME"]
    connections.close_all()
    try:
        with closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(target)) as live:
            copy.backup(live)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"备份的数据库文件读不进来：{error}。请换一份备份。") from error


# PostgreSQL --------------------------------------------------------------------------------------------------


def _dump_postgresql(folder):
    """By pg_dump, which reads the very snapshot the rows are counted in."""
    target = folder / POSTGRES_FILE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        rows = count_rows()
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={target}",
        )
    target.chmod(0o600)
    return POSTGRES_FILE, rows


def _load_postgresql(path):
    name = connection.settings_dict["NAME"]
    connections.close_all()
    options = [
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
    ]
    _run("pg_restore", *options, f"--dbname={name}", str(path))


def _run(program, *arguments):
    settings = connection.settings_dict
    wanted = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
        "PGSSLMODE": settings["OPTIONS"].get("sslmode"),
        "PGSSLROOTCERT": settings["OPTIONS"].get("sslrootcert"),
    }
    environment = os.environ | {name: str(value) for name, value in wanted.items() if value}
    try:
        done = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupError(f"没有找到 {program}，请安装软件包 postgresql-client。") from error
    if done.returncode:
        raise BackupError(f"{program} 没有完成：{done.stderr.strip()}")
