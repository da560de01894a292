"""Names that can be found the way people type them: any part of the characters, full pinyin, or its initials."""

from itertools import pairwise

from django.db import models

from . import pinyin

NAME_PARTS_WRONG = "{row} 的姓名检索词与姓名不符。"


class Named(models.Model):
    """A row with a ``name``; keeps its sort key and its search key beside it.

    List pages sort by ``name_pinyin`` and search ``name`` and ``name_search`` with ``icontains``, which behaves the
    same on both engines (``libraries.md`` 10). Where rows are many, see ``FoundByParts``.
    """

    name_pinyin = models.CharField("拼音", max_length=400, editable=False, db_index=True)
    name_search = models.CharField("检索词", max_length=1000, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.name_pinyin = pinyin.pinyin_of(self.name)[:400]
        self.name_search = pinyin.search_key(self.name)[:1000]
        super().save(*args, **kwargs)


class FoundByParts(Named):
    """Named rows of which there are so many that a search must not read them all: the endings of every name are kept in a
    table of their own (a ``NamePart`` whose ``named`` has the related name ``name_parts``) and looked up (docs/adr/0015).

    ``Model.objects.called(word)`` finds exactly what ``icontains`` finds.
    """

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        kept = set() if self._state.adding else set(self.name_parts.values_list("part", flat=True))
        super().save(*args, **kwargs)
        wanted = parts_of(self.name, self.name_search)
        if gone := kept - wanted:
            self.name_parts.filter(part__in=gone).delete()
        rows = self.name_parts.model
        rows.objects.bulk_create(rows(named=self, part=part) for part in sorted(wanted - kept))


class NamePart(models.Model):
    """A part of a name or of its pinyin, from where it begins to its end; as personal as the name itself.

    Subclasses add ``named``, the row that is called so.
    """

    PERSONAL = {"part": lambda text: "已填写"}

    part = models.CharField("姓名检索词", max_length=1000, editable=False)

    class Meta:
        abstract = True
        ordering = ["named", "part"]
        indexes = [
            models.Index(
                fields=["part", "named"],
                name="%(class)s_begins",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            )
        ]

    def __str__(self):
        return f"{self.named} 检索词"


class CalledQuerySet(models.QuerySet):
    """Of rows that are ``FoundByParts``."""

    def called(self, word):
        """Those found by any part of the name, its pinyin or its initials, by an index."""
        parts = self.model._meta.get_field("name_parts").related_model
        found = parts.objects.filter(part__begins=word.casefold())
        return self.filter(pk__in=found.order_by().values("named"))


def parts_of(name, search) -> set[str]:
    """What must be kept so that every part of a name or of a word of its search key begins one of them.

    These are their endings (``秀兰``, ``兰``; ``xiulan``, ``iulan`` …) in folded letters, without those that begin another.
    """
    words = [name.casefold(), *search.casefold().split()]
    endings = sorted({word[start:] for word in words for start in range(len(word))})
    return {one for one, after in pairwise([*endings, ""]) if not after.startswith(one)}


def fill_parts(named, rows) -> None:
    """The parts of rows that came to be without ``save``: for migrations. ``named`` are rows, ``rows`` the model of the parts."""
    waiting = []
    for pk, name, search in (
        named.order_by("pk").values_list("pk", "name", "name_search").iterator(chunk_size=500)
    ):
        waiting += [rows(named_id=pk, part=part) for part in sorted(parts_of(name, search))]
        if len(waiting) >= 500:
            rows.objects.bulk_create(waiting)
            waiting = []
    rows.objects.bulk_create(waiting)


def wrong_parts(named, *more, is_nameless=lambda row: False):
    """Rows whose kept parts are not those one may search for: for consistency checks. Nothing but names (and ``more``) is
    read, so that a value no key opens is no matter here.
    """
    for row in (
        named.only("pk", *more, "name", "name_search")
        .prefetch_related("name_parts")
        .order_by("pk")
        .iterator(chunk_size=1000)
    ):
        kept = {one.part for one in row.name_parts.all()}
        if kept != (set() if is_nameless(row) else parts_of(row.name, row.name_search)):
            yield row


@models.CharField.register_lookup
class Begins(models.Lookup):
    """``part__begins="秀"``: byte by byte, as a range of an index (``varchar_pattern_ops`` on PostgreSQL)."""

    lookup_name = "begins"
    LAST = "\U0010ffff"

    def as_sql(self, compiler, connection):
        return self._range(compiler, connection, ">=", "<")

    def as_postgresql(self, compiler, connection):
        return self._range(compiler, connection, "~>=~", "~<~")

    def _range(self, compiler, connection, since, until):
        column, values = self.process_lhs(compiler, connection)
        return f"({column} {since} %s AND {column} {until} %s)", (
            *values,
            self.rhs,
            *values,
            self.rhs + self.LAST,
        )
