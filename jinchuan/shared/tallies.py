"""How many rows a register has and how many stand before any of them, without counting: the database keeps it (docs/adr/0030).

A register has a table of lines (bucket, place, number). A bucket is a stretch of the register's order (a day, the first letters
of a code), a place the division by which staff see the row. Whatever enters a row, or moves it, leaves a line of +1 or −1; no
line is ever changed, so nobody waits for anybody. The number of rows is the sum of the lines, to everyone as of what they
see of the rows themselves. At night ``fold`` makes one line of many.
"""

from dataclasses import dataclass

from django.db import connection, models, transaction
from django.db.models import Q, Sum

from .guards import Guard
from .querysets import ScopedQuerySet

TALLY_WRONG = "{tally}与实有的不符：{bucket} 记为 {told}，实有 {counted}。"


class TallyQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """As staff see a register: what lies in their division. Organisations' registers are short, and counted."""
        return (
            self.none() if user.organization_id else self.filter(place__path__startswith=user.division.path)
        )

    def total(self) -> int:
        return self.aggregate(total=Sum("number"))["total"] or 0

    def stretches(self) -> list[tuple[object, int]]:
        """(bucket, number of rows) of the register, in its order. Rows without a day stand first or last, as the engine has it."""
        in_order = self.order_by("-bucket" if self.model.descending else "bucket")
        return list(in_order.values_list("bucket").annotate(Sum("number")))


class Tally(models.Model):
    """A line of a register's tally. Subclasses add ``bucket`` and ``place``, and say what they stand for."""

    register = ""
    """The model whose rows are told."""
    column = ""
    """The column the register is ordered by in the first place."""
    descending = False
    begins = 0
    """Of a text: how many of its first letters make a bucket. 0: its value is the bucket."""
    placed_by = ""
    """The foreign key of the row to the division by which it is seen."""

    number = models.IntegerField("行数")

    objects = TallyQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.bucket} {self.number}"

    @classmethod
    def bucket_of(cls, row="") -> str:
        """SQL for the bucket of a row, which may be called ``OLD`` or ``NEW``."""
        column = f"{row}.{cls.column}" if row else cls.column
        return f"substr({column}, 1, {cls.begins})" if cls.begins else column

    @classmethod
    def reach(cls, stretches, first, stop) -> tuple[Q, int]:
        """(condition, how many): where the rows ``first`` to ``stop`` (not included) of the register begin, and how many that
        meet the condition come before them."""
        passed, before, met = 0, 0, []
        for bucket, number in stretches:
            if passed + number > first:
                before = before if met else passed
                met.append(bucket)
            passed += number
            if passed >= stop:
                break
        where = Q(**{f"{cls.column}__isnull": True}) if None in met else Q()
        if known := [one for one in met if one is not None]:
            where |= Q(**{f"{cls.column}__{'lte' if cls.descending else 'gte'}": known[0]})
        return (where if met else Q(pk__in=[])), first - before

    @classmethod
    def fold(cls) -> None:
        """One line of all there are for a bucket and a place. What is added meanwhile is not touched, and of two at a time the
        second finds nothing left to move."""
        table = cls._meta.db_table
        one_of_many = (
            "SELECT bucket, place_id, sum(number) FROM {} GROUP BY bucket, place_id HAVING sum(number) <> 0"
        )
        into = f"INSERT INTO {table} (bucket, place_id, number)"
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                gone = f"WITH gone AS (DELETE FROM {table} RETURNING bucket, place_id, number)"
                cursor.execute(f"{gone} {into} {one_of_many.format('gone')}")
            else:
                cursor.execute(f"SELECT max(id) FROM {table}")
                (last,) = cursor.fetchone()
                cursor.execute(f"{into} {one_of_many.format(table)}")
                cursor.execute(f"DELETE FROM {table} WHERE id <= %s", [last])

    @classmethod
    def wrong(cls):
        """A sentence for every bucket and place that is not told as it is: for consistency checks."""
        rows = cls._meta.apps.get_model(cls.register)._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT bucket, sum(told), sum(counted) FROM ("
                f"SELECT bucket, place_id AS place, number AS told, 0 AS counted FROM {cls._meta.db_table} "
                f"UNION ALL SELECT {cls.bucket_of()}, {cls.placed_by}_id, 0, 1 FROM {rows}) both_sides "
                "GROUP BY bucket, place HAVING sum(told) <> sum(counted) ORDER BY bucket, place"
            )
            found = cursor.fetchall()
        for bucket, told, counted in found:
            yield TALLY_WRONG.format(
                tally=cls._meta.verbose_name, bucket=bucket or "未写明", told=told, counted=counted
            )


@dataclass(frozen=True)
class Tallies(Guard):
    """Keeps the tally of a register: refuses nothing, and leaves a line for every row that comes, goes or moves."""

    tally: type[Tally] = Tally

    @classmethod
    def of(cls, tally):
        rows = tally._meta.apps.get_model(tally.register)._meta
        return cls(name=f"{rows.model_name}_tallied", table=rows.db_table, message="", tally=tally)

    def _line(self, row, number) -> str:
        return f"{self._into} VALUES ({self.tally.bucket_of(row)}, {row}.{self._place}, {number});"

    @property
    def _into(self) -> str:
        return f"INSERT INTO {self.tally._meta.db_table} (bucket, place_id, number)"

    @property
    def _place(self) -> str:
        return f"{self.tally.placed_by}_id"

    @property
    def _moves(self) -> str:
        places = ((self.tally.bucket_of(row), f"{row}.{self._place}") for row in ("OLD", "NEW"))
        return " OR ".join(f"{old} IS DISTINCT FROM {new}" for old, new in zip(*places, strict=True))

    def _sqlite(self):
        return [
            *(f"DROP TRIGGER IF EXISTS {self.name}_{event}" for event in ("update", "delete", "replace")),
            f"CREATE TRIGGER {self.name}_replace AFTER INSERT ON {self.table} BEGIN {self._line('NEW', 1)} END",
            f"CREATE TRIGGER {self.name}_delete AFTER DELETE ON {self.table} BEGIN {self._line('OLD', -1)} END",
            f"CREATE TRIGGER {self.name}_update AFTER UPDATE ON {self.table} WHEN {self._moves} "
            f"BEGIN {self._line('OLD', -1)} {self._line('NEW', 1)} END",
        ]

    def _postgresql(self):
        """A statement that enters many rows leaves one line for each bucket and place."""
        many = f"SELECT {self.tally.bucket_of()}, {self._place}, count(*) FROM entered GROUP BY 1, 2;"
        bodies = {
            "update": f"{self._line('OLD', -1)} {self._line('NEW', 1)}",
            "delete": self._line("OLD", -1),
            "replace": f"{self._into} {many}",
        }
        events = {
            "update": f"AFTER UPDATE ON {self.table} FOR EACH ROW WHEN ({self._moves})",
            "delete": f"AFTER DELETE ON {self.table} FOR EACH ROW",
            "replace": f"AFTER INSERT ON {self.table} REFERENCING NEW TABLE AS entered FOR EACH STATEMENT",
        }
        return [
            statement
            for event, body in bodies.items()
            for statement in (
                f"CREATE OR REPLACE FUNCTION {self.name}_{event}() RETURNS trigger AS $$ BEGIN {body} "
                "RETURN NULL; END $$ LANGUAGE plpgsql",
                f"DROP TRIGGER IF EXISTS {self.name}_{event} ON {self.table}",
                f"CREATE TRIGGER {self.name}_{event} {events[event]} EXECUTE FUNCTION {self.name}_{event}()",
            )
        ]
