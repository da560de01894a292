"""States and the moves between them.

A state is a ``States`` enum that carries its own table of moves, so that a reader finds the whole life of a row in
one place. The write itself is ``jinchuan.audit.move``; nothing else sets a ``state``.
"""

from django.conf import settings
from django.db import models


class States(models.TextChoices):
    """States of a row. Subclasses say in ``moves()`` which state may follow which."""

    @classmethod
    def moves(cls) -> dict["States", set["States"]]:
        """Allowed next states of each state; a state that is missing is final."""
        raise TypeError(f"{cls.__name__} has no table of moves")

    def can_become(self, other: "States") -> bool:
        return other in self.moves().get(self, set())

    @classmethod
    def final(cls) -> set["States"]:
        return {state for state in cls if not cls.moves().get(state)}


class Transition(models.Model):
    """One move of one row: from, to, who, when, why. Written by ``jinchuan.audit.move`` only."""

    from_state = models.CharField("原状态", max_length=20)
    to_state = models.CharField("新状态", max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="经办人",
        help_text="空表示系统自动办理。",
    )
    at = models.DateTimeField("时间")
    reason = models.TextField("原因", blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "id"]

    def __str__(self):
        return f"{self.from_state} → {self.to_state}"
