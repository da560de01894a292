"""Which rows may differ from what was booked: those that were written since the last closing. The database notes them itself.

Triggers on every table that a figure reads (found in the statements that count) note each row that is entered, and each that
changes in a column that a figure reads; of one that turns away from its parent, or goes, the parent too. Whoever writes, by
whatever door: what is not noted is what was booked.
"""
# ruff: noqa: S608 (names of tables and columns are ours)

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache, wraps

from django.apps import apps
from django.db import connection
from django.db.models.expressions import RawSQL
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.db.models.signals import post_migrate

from jinchuan.shared.guards import Guard

from ..indicators import INDICATORS, Indicator
from ..models import Closing, Touched
from .counted import Sql, told_of

_NOTE = f'INSERT INTO {Touched._meta.db_table} ("table", "row", is_new)'
_TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"(?: ([A-Z]\d+)\b)?')
_COLUMN = re.compile(r'(?:"(\w+)"|\b([A-Z]\d+))\."(\w+)"')


class Way:
    """How a row that is counted reaches another that it is told by. ``turned``: it may come to hang there, or cease to, while
    nothing is written in the row itself."""

    def __init__(self, model, steps=()):
        self.model, self.names, self.parents, self.turned = model, (), {}, False
        for step in steps:
            self._go(step)

    def _go(self, step):
        is_back = isinstance(step, ForeignObjectRel)
        field = step.field if is_back else step
        if is_back:
            self.turned = True
            self.parents[field.model._meta.db_table, field.column] = self.model._meta.db_table
        self.model = step.related_model
        self.names += (step.name,)

    @property
    def path(self) -> str:
        return "__".join(self.names)


def once(function):
    """Found once for each source (of which there are as many as the module names): nothing of it depends on rows or scope."""
    found = {}

    @wraps(function)
    def call(source, **kwargs):
        key = (connection.vendor, id(source), *kwargs.values())
        if key not in found:
            found[key] = function(source, **kwargs)
        return found[key]

    return call


@once
def ways(source: Indicator) -> list[Way]:
    """Every way from a row of the source to another that its line depends on; the first is to itself."""
    found = {}
    for rows in told_of(source, source.queryset()):
        steps = {}
        for alias, join in rows.query.alias_map.items():
            steps[alias] = (*steps[join.parent_alias], join.join_field) if join.parent_alias else ()
            if (
                rows.query.alias_refcount[alias] or not steps[alias]
            ):  # Django leaves out what it does not need
                way = Way(rows.model, steps[alias])
                found[way.path] = way
    model = rows.model
    for path in source.leans:
        for end in range(1, path.count("__") + 2):
            way = Way(model, _steps(model, path.split("__")[:end]))
            found[way.path] = way
    return list(found.values())


def _steps(model, names):
    for name in names:
        step = model._meta.get_field(name)
        model = step.related_model
        yield step


@once
def rows_written(source: Indicator, *, new: bool | None = None) -> RawSQL:
    """The keys of the rows of the source that may differ from what was booked: entered since (``new``), or there before and
    changed since, they or what they are told by (not ``new``)."""
    base = ways(source)[0].model
    noted = Touched.objects.of(base)
    fresh = noted.filter(is_new=True).values("row")
    if new:
        return either([fresh])
    older = base._base_manager.exclude(pk__in=fresh)
    parts = [noted.values("row") if new is None else noted.exclude(row__in=fresh).values("row")]
    for way in ways(source)[1:]:
        hangs = Touched.objects.of(way.model)
        hangs = hangs if way.turned else hangs.filter(is_new=False)
        parts.append(older.filter(**{f"{way.path}__in": hangs.values("row")}).values("pk"))
    return either(parts)


@once
def things_written(source: Indicator) -> RawSQL:
    """The distinct things of which a row may have been booked and changed since, or turned away."""
    model, names = ways(source)[0].model, source.key.split("__")
    changed = model._base_manager.filter(
        **{"pk__in": rows_written(source, new=False), f"{source.key}__isnull": False}
    )
    parts = [changed.values(source.key)]
    for place, step in enumerate(_steps(model, names), start=1):
        noted, rest = (
            Touched.objects.of(step.related_model).filter(is_new=False).values("row"),
            "__".join(names[place:]),
        )
        left = step.related_model._base_manager.filter(pk__in=noted)
        parts.append(left.filter(**{f"{rest}__isnull": False}).values(rest) if rest else noted)
    return either(parts)


def steps_written(indicator: Indicator, since: date) -> RawSQL:
    """The rows of a computed indicator with steps from ``since`` on, or that may differ from what was booked."""
    changed = ways(indicator)[0].model._base_manager.filter(pk__in=rows_written(indicator))
    return either([changed.values(indicator.steps_of), *indicator.moving(since)])


def either(querysets) -> RawSQL:
    """What any of them finds."""
    asked = [Sql.of(rows) for rows in querysets]
    return RawSQL(  # noqa: S611 (made of statements of our own)
        " UNION ALL ".join(sql.text for sql in asked), sum((sql.params for sql in asked), ())
    )


# Triggers --------------------------------------------------------------------------------------------------------


def read_columns() -> dict[str, set[str]]:
    """table → the columns that a figure reads, as the statements that count name them."""
    found = defaultdict(set)
    for source in _sources():
        for rows in (*told_of(source, source.queryset()), *source.reads()):
            text = Sql.of(rows).text
            tables = defaultdict(set)
            for table, alias in _TABLE.findall(text):
                tables[alias or table].add(table)
                found[table] |= set()
            for table, alias, column in _COLUMN.findall(text):
                for one in tables[table or alias]:
                    found[one].add(column)
    return found


def _sources():
    for indicator in INDICATORS.values():
        yield from indicator.sources or (indicator,)


def parents() -> dict[tuple[str, str], str]:
    """(table, column) → the table it points to, where the row it pointed to before must be told, too."""
    found = {}
    for source in _sources():
        for way in ways(source):
            found |= way.parents
        model = ways(source)[0].model
        for step in _steps(model, source.key.split("__") if source.key else ()):
            found[step.model._meta.db_table, step.column] = step.related_model._meta.db_table
    return found


@dataclass(frozen=True)
class Watch(Guard):
    """The triggers of all tables that are read, put in place and taken away like those that refuse."""

    def statements(self, vendor) -> list[str]:
        return [statement for table, *told in _watched() for statement in _statements(vendor, table, *told)]

    def is_installed(self, connection) -> bool:
        known = (
            "SELECT tgname FROM pg_trigger"
            if connection.vendor == "postgresql"
            else "SELECT name FROM sqlite_master"
        )
        with connection.cursor() as cursor:
            cursor.execute(known)
            return {_name(table, "insert") for table, *_ in _watched()} <= {
                name for (name,) in cursor.fetchall()
            }

    def remove(self, connection) -> None:
        with connection.cursor() as cursor:
            for table, *_ in _watched():
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                for event in ("insert", "update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}")


@cache
def _watched() -> list[tuple]:
    """Each table with the columns that are read, and those of them whose parent is told when it is left."""
    turning, models = parents(), {model._meta.db_table: model for model in apps.get_models()}
    watched = []
    for table, columns in sorted(read_columns().items()):
        told = {column: parent for (of, column), parent in turning.items() if of == table}
        there = {field.column for field in models[table]._meta.concrete_fields}
        watched.append((table, sorted((columns | {*told}) & there), told))
    return watched


def _name(table, event) -> str:
    return f"touched_{table}_{event}"


def _statements(vendor, table, columns, told) -> list[str]:
    left = [
        f'''{_NOTE} SELECT '{parent}', OLD."{column}", {{no}} WHERE OLD."{column}" IS NOT NULL'''
        for column, parent in sorted(told.items())
    ]
    turned = [
        f'{statement} AND OLD."{column}" IS DISTINCT FROM NEW."{column}"'
        for statement, column in zip(left, sorted(told), strict=True)
    ]
    new = f"{_NOTE} VALUES ('{table}', NEW.id, {{yes}})"
    changed = f"{_NOTE} VALUES ('{table}', NEW.id, {{no}})"
    gone = f"{_NOTE} VALUES ('{table}', OLD.id, {{no}})"
    differs = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    return (_postgresql if vendor == "postgresql" else _sqlite)(
        table, new, [changed, *turned], [gone, *left], differs
    )


def _sqlite(table, new, changed, gone, differs):
    for event, when, acts in (
        ("insert", "", [new]),
        ("update", f"WHEN {differs}", changed),
        ("delete", "", gone),
    ):
        body = "; ".join(act.format(yes=1, no=0) for act in acts)
        yield f"DROP TRIGGER IF EXISTS {_name(table, event)}"
        yield f"CREATE TRIGGER {_name(table, event)} AFTER {event.upper()} ON {table} {when} BEGIN {body}; END"


def _postgresql(table, new, changed, gone, differs):
    """Conditions stand in the function, not on the trigger, which would forbid altering the columns."""
    on_update, on_delete = ("; ".join(act.format(no="FALSE") for act in acts) for acts in (changed, gone))
    fresh = f"{_NOTE} SELECT '{table}', id, TRUE FROM entered"
    yield (
        f"CREATE OR REPLACE FUNCTION touched_{table}() RETURNS trigger AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN {fresh}; ELSIF TG_OP = 'DELETE' THEN {on_delete}; "
        f"ELSIF {differs} THEN {on_update}; END IF; RETURN NULL; END $$ LANGUAGE plpgsql"
    )
    for event, each in (
        ("insert", "REFERENCING NEW TABLE AS entered FOR EACH STATEMENT"),
        ("update", "FOR EACH ROW"),
        ("delete", "FOR EACH ROW"),
    ):
        yield f"DROP TRIGGER IF EXISTS {_name(table, event)} ON {table}"
        yield (
            f"CREATE TRIGGER {_name(table, event)} AFTER {event.upper()} ON {table} {each} "
            f"EXECUTE FUNCTION touched_{table}()"
        )


def note_after_migrate(app_config) -> None:
    """Called from ``AppConfig.ready()``: Django rebuilds SQLite tables without their triggers, so that nobody notes what a
    migration writes. Until the next closing everything is looked at."""

    def receiver(using, plan, **kwargs):
        if plan and Closing.objects.using(using).exists():
            Touched.objects.using(using).note_everything()

    post_migrate.connect(receiver, sender=app_config, weak=False, dispatch_uid="reports.touched")
