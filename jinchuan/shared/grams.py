"""Words inside a free text, found among a million of them: ``rows.filter(note__holds="轮椅")``.

It finds exactly what ``icontains`` finds. On PostgreSQL an index of the characters and pairs of characters of the column
(``gram_index``) says where to look: trigrams serve no word of two characters, which most Chinese words have. SQLite reads them all,
a tenth of a second for a million.
"""

from django.db import migrations
from django.db.models import CharField, Lookup
from django.db.models.lookups import IContains

# Of a text its characters and its pairs; of a word what a text that holds it must have: its pairs, or its one character.
_FUNCTIONS = [
    "CREATE OR REPLACE FUNCTION text_grams(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ "
    "SELECT array_agg(DISTINCT substr($1, place, long)) "
    "FROM generate_series(1, length($1)) place, generate_series(1, 2) long $$",
    "CREATE OR REPLACE FUNCTION word_grams(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ "
    "SELECT array_agg(DISTINCT substr($1, place, least(length($1), 2))) "
    "FROM generate_series(1, greatest(length($1) - 1, 1)) place $$",
]


@CharField.register_lookup
class Holds(Lookup):
    lookup_name = "holds"

    def as_sql(self, compiler, connection):
        return compiler.compile(IContains(self.lhs, self.rhs))

    def as_postgresql(self, compiler, connection):
        holds, values = self.as_sql(compiler, connection)
        column, of_column = compiler.compile(self.lhs)
        grams = f"text_grams(upper({column})) @> word_grams(upper(%s))"
        return f"({holds} AND {grams})", [*values, *of_column, self.rhs]


def gram_index(table, column) -> migrations.RunPython:
    """Migrates in the index that ``holds`` uses; nothing on SQLite."""
    name = f"{table}_{column}_grams"

    def make(apps, editor):
        if editor.connection.vendor == "postgresql":
            for function in _FUNCTIONS:
                editor.execute(function)
            editor.execute(f"CREATE INDEX {name} ON {table} USING gin (text_grams(upper({column})))")

    def drop(apps, editor):
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX {name}")

    return migrations.RunPython(make, drop)
