"""Names that can be found the way people type them: any part of the characters, full pinyin, or its initials."""

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
