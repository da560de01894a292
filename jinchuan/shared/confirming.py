"""What somebody logs and a second person confirms: the columns and the rules that such rows of all apps share."""

from django.db import models
from django.db.models import F, Q

from . import constraints


def person_field(label) -> models.ForeignKey:
    """Who did the step that a ``*_at`` beside it dates; empty until it is done."""
    return models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=label,
    )


class Confirmed(models.Model):
    """A row with ``state`` and ``submitted_by`` that counts once another person has confirmed it. What was confirmed wrongly is
    voided, by a reviewer other than who confirmed it."""

    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True, editable=False)
    confirmed_by = person_field("确认人")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True, editable=False)
    voided_by = person_field("作废人")

    class Meta:
        abstract = True

    @staticmethod
    def confirmed_constraints(prefix, states, *, noun, confirm_own, void_own) -> list:
        """The constraints of the shared columns, under names of the table's own; ``noun`` is what people call its row."""
        return [
            constraints.both_or_neither(
                "confirmed_at",
                "confirmed_by",
                name=f"{prefix}_confirmed_at_with_by",
                message="确认时间和确认人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "confirmed_at",
                {states.CONFIRMED, states.VOIDED},
                name=f"{prefix}_confirmed_with_date",
                message=f"已确认的{noun}要有确认时间。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("submitted_by")),
                name=f"{prefix}_confirmed_by_second_person",
                violation_error_message=confirm_own,
            ),
            constraints.both_or_neither(
                "voided_at",
                "voided_by",
                name=f"{prefix}_voided_at_with_by",
                message="作废时间和作废人要同时记录。",
            ),
            constraints.filled_exactly_in(
                "voided_at",
                {states.VOIDED},
                name=f"{prefix}_voided_with_date",
                message=f"已作废的{noun}要有作废时间。",
            ),
            models.CheckConstraint(
                condition=Q(voided_by__isnull=True) | ~Q(voided_by=F("confirmed_by")),
                name=f"{prefix}_voided_by_second_person",
                violation_error_message=void_own,
            ),
        ]
