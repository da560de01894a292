from django.db import models


class NamePart(models.Model):
    """A part of a person's name or of its pinyin, from where it begins to its end: what a search looks up (ADR 13).

    Kept by ``Member.save``; as personal as the name itself.
    """

    PERSONAL = {"part": lambda text: "已填写"}

    member = models.ForeignKey(
        "cases.Member", on_delete=models.PROTECT, related_name="name_parts", verbose_name="成员"
    )
    part = models.CharField("姓名检索词", max_length=1000, editable=False)

    class Meta:
        verbose_name = "姓名检索词"
        verbose_name_plural = "姓名检索词"
        ordering = ["member", "part"]
        indexes = [
            models.Index(
                fields=["part", "member"],
                name="name_part_begins",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            )
        ]

    def __str__(self):
        return f"{self.member} 检索词"
