"""The ways a row could be changed or removed past the services. A guarded table refuses each."""

from contextlib import contextmanager

from django.db import connection

from jinchuan.shared import guards


def _save(row, column, value):
    setattr(row, column, value)
    row.save()


def _update(row, column, value):
    type(row)._base_manager.filter(pk=row.pk).update(**{column: value})


def _bulk_update(row, column, value):
    setattr(row, column, value)
    type(row)._base_manager.bulk_update([row], [column])


def _upsert(row, column, value):
    setattr(row, column, value)
    type(row)._base_manager.bulk_create(
        [row], update_conflicts=True, update_fields=[column], unique_fields=["id"]
    )


def _delete(row, column, value):
    row.delete()


def _queryset_delete(row, column, value):
    type(row)._base_manager.filter(pk=row.pk).delete()


def _raw_delete(row, column, value):
    type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")


def _sql_update(row, column, value):
    _execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, row.pk])


def _sql_delete(row, column, value):
    _execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


def _sql_delete_all(row, column, value):
    _execute(f"DELETE FROM {row._meta.db_table}", [])


def _replace(row, column, value):
    """SQLite's INSERT OR REPLACE removes the old row without a DELETE trigger."""
    _insert_or_replace(row, {column: value})


def _replace_by_another_key(row, column, value):
    """…and it removes a row that merely shares a unique value with the new one."""
    _insert_or_replace(row, {column: value, "id": row.pk + 1_000_000})


ROUTES = {
    "save": _save,
    "update": _update,
    "bulk_update": _bulk_update,
    "upsert": _upsert,
    "delete": _delete,
    "queryset_delete": _queryset_delete,
    "raw_delete": _raw_delete,
    "sql_update": _sql_update,
    "sql_delete": _sql_delete,
    "sql_delete_all": _sql_delete_all,
}
SQLITE_ROUTES = {"replace": _replace}
SQLITE_KEY_ROUTES = {"replace_by_another_key": _replace_by_another_key}


def _execute(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _insert_or_replace(row, changed):
    columns = [field.column for field in row._meta.concrete_fields]
    chosen = ", ".join("%s" if column in changed else column for column in columns)
    _execute(
        f"INSERT OR REPLACE INTO {row._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {chosen} FROM {row._meta.db_table} WHERE id = %s",
        [*(changed[column] for column in columns if column in changed), row.pk],
    )


@contextmanager
def guards_removed():
    """What somebody with the database in hand could do: take the guards away, and put them back."""
    for guard in guards.registered():
        guard.remove(connection)
    try:
        yield
    finally:
        guards.install(guards.registered())
