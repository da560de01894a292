"""Database triggers that refuse what no code path may do, once per engine.

An app lists its guards in its own ``guards.py`` and installs them after every ``migrate``. SQLite changes a table by rebuilding
it, which drops its triggers and fails where a trigger of another table asks it something; so there all of them make way
before. Installing is idempotent. On SQLite a guard must also stop ``INSERT OR REPLACE``, which deletes without firing a
DELETE trigger.
"""

from dataclasses import dataclass

from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


@dataclass(frozen=True)
class Guard:
    """Refuse UPDATE and DELETE on the rows of ``table`` for which ``when`` (SQL over ``OLD``) holds.

    ``except_update`` (SQL over ``OLD`` and ``NEW``) names the one update that stays allowed. A ``sentence`` is what a person
    reads who ran into it by an act that others may do; without one the error is a fault of ours.
    """

    name: str
    table: str
    message: str
    when: str = "1=1"
    except_update: str = ""
    sentence: str = ""

    def statements(self, vendor) -> list[str]:
        return self._postgresql() if vendor == "postgresql" else self._sqlite()

    @property
    def _update_when(self):
        return f"({self.when}) AND NOT ({self.except_update})" if self.except_update else f"({self.when})"

    def _sqlite(self):
        stop = f"SELECT RAISE(ABORT, '{self.name}: {self.message}');"
        replaced = self.when.replace("OLD.", f"{self.table}.")
        return [
            *(f"DROP TRIGGER IF EXISTS {self.name}_{suffix}" for suffix in ("update", "delete", "replace")),
            f"CREATE TRIGGER {self.name}_update BEFORE UPDATE ON {self.table} "
            f"WHEN {self._update_when} BEGIN {stop} END",
            f"CREATE TRIGGER {self.name}_delete BEFORE DELETE ON {self.table} "
            f"WHEN ({self.when}) BEGIN {stop} END",
            f"CREATE TRIGGER {self.name}_replace BEFORE INSERT ON {self.table} "
            f"WHEN EXISTS (SELECT 1 FROM {self.table} WHERE id = NEW.id AND ({replaced})) BEGIN {stop} END",
        ]

    def _postgresql(self):
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}_refuse() RETURNS trigger AS $$ BEGIN "
            f"RAISE EXCEPTION '{self.name}: {self.message}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END $$ LANGUAGE plpgsql",
            f"DROP TRIGGER IF EXISTS {self.name}_update ON {self.table}",
            f"DROP TRIGGER IF EXISTS {self.name}_delete ON {self.table}",
            f"CREATE TRIGGER {self.name}_update BEFORE UPDATE ON {self.table} FOR EACH ROW "
            f"WHEN ({self._update_when}) EXECUTE FUNCTION {self.name}_refuse()",
            f"CREATE TRIGGER {self.name}_delete BEFORE DELETE ON {self.table} FOR EACH ROW "
            f"WHEN ({self.when}) EXECUTE FUNCTION {self.name}_refuse()",
        ]

    def is_installed(self, connection) -> bool:
        if connection.vendor == "postgresql":
            query = "SELECT count(*) FROM pg_trigger WHERE tgname IN (%s, %s)"
        else:
            query = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s)"
        with connection.cursor() as cursor:
            cursor.execute(query, [f"{self.name}_update", f"{self.name}_delete"])
            return cursor.fetchone()[0] == 2

    def remove(self, connection) -> None:
        """In tests that empty a guarded table."""
        suffix = f" ON {self.table}" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            for event in ("update", "delete", "replace"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{event}{suffix}")


def same(columns) -> str:
    """For ``except_update``: none of these columns changes."""
    return " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in columns)


_registered: list[Guard] = []


def registered() -> list[Guard]:
    return list(_registered)


def install(guards, using="default") -> None:
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in guards:
            if guard.table in existing:
                for statement in guard.statements(connection.vendor):
                    cursor.execute(statement)


def install_after_migrate(app_config, guards) -> None:
    """Called from ``AppConfig.ready()``."""
    _registered.extend(guard for guard in guards if guard not in _registered)

    def receiver(using, **kwargs):
        install(guards, using)

    pre_migrate.connect(make_way, dispatch_uid="guards")
    post_migrate.connect(receiver, sender=app_config, weak=False, dispatch_uid=f"guards.{app_config.label}")


def make_way(using, plan, **kwargs) -> None:
    """Nobody else writes to an SQLite database while it is migrated."""
    connection = connections[using]
    if not plan or connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
