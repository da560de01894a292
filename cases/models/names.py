from django.db import models

from jinchuan.shared.naming import NamePart


class MemberNamePart(NamePart):
    """What a search for a person of a household looks up."""

    named = models.ForeignKey(
        "cases.Member", on_delete=models.PROTECT, related_name="name_parts", verbose_name="成员"
    )

    class Meta(NamePart.Meta):
        verbose_name = "姓名检索词"
        verbose_name_plural = "姓名检索词"
