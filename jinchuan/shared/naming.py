"""Names that can be found the way people type them: any part of the characters, full pinyin, or its initials."""

from itertools import pairwise

from django.db import models

from . import pinyin


class Named(models.Model):
    """A row with a ``name``; keeps its sort key and its search key beside it.

    List pages sort by ``name_pinyin`` and search ``name`` and ``name_search`` with ``icontains``, which behaves the
    same on both engines (``libraries.md`` 10).
    """

    name_pinyin = models.CharField("拼音", max_length=400, editable=False, db_index=True)
    name_search = models.CharField("检索词", max_length=1000, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.name_pinyin = pinyin.pinyin_of(self.name)[:400]
        self.name_search = pinyin.search_key(self.name)[:1000]
        super().save(*args, **kwargs)


def parts_of(name, search) -> set[str]:
    """What must be kept so that every part of a name or of a word of its search key begins one of them.

    These are their endings (``秀兰``, ``兰``; ``xiulan``, ``iulan`` …) in folded letters, without those that begin another.
    """
    words = [name.casefold(), *search.casefold().split()]
    endings = sorted({word[start:] for word in words for start in range(len(word))})
    return {one for one, after in pairwise([*endings, ""]) if not after.startswith(one)}


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


NAME_SEARCH = ("name", "name_search")
