"""Emptying the database after a test that committed."""

from django.db import connection, transaction

from jinchuan.audit import keycheck
from jinchuan.shared import guards

# What `migrate` enters for every model, and no test changes.
_OF_MIGRATE = {"auth_permission", "django_content_type"}
_NOTES = "reports_touched"


def flush() -> None:
    """Delete every row but those of `migrate`, past guards and foreign keys; the mark of the keys is made anew."""
    # What is noted of this goes last (reports.ledger.touched).
    filled = sorted(_filled(), key=lambda table: table == _NOTES)
    guarding = [guard for guard in guards.registered() if guard.table in filled and guard.table != _NOTES]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Triggers, those behind the foreign keys included, sleep until the commit.
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            for guard in guarding:
                guard.remove(connection)
        for table in filled:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        if connection.vendor != "postgresql":
            guards.install(guarding)
    keycheck.enter()


def _filled() -> list[str]:
    tables = set(connection.introspection.django_table_names()) - _OF_MIGRATE
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"
        for table in sorted(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [table for (table,) in cursor.fetchall()]
