"""Builders of named CHECK constraints, each with a sentence a person can act on."""

from django.db.models import CheckConstraint, F, Q


def in_choices(field, choices, *, name) -> CheckConstraint:
    """``field`` holds one of the values of the enum ``choices`` and nothing else."""
    return CheckConstraint(
        condition=Q(**{f"{field}__in": list(choices.values)}),
        name=name,
        violation_error_message="请从列出的选项中选择。",
    )


def both_or_neither(first, second, *, name, message) -> CheckConstraint:
    """Two nullable columns travel together (``*_at`` with ``*_by``, an end with its reason)."""
    return CheckConstraint(
        condition=_filled(first) & _filled(second) | _empty(first) & _empty(second),
        name=name,
        violation_error_message=message,
    )


def not_negative(field, *, name, message="数值不能小于 0。") -> CheckConstraint:
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}),
        name=name,
        violation_error_message=message,
    )


def positive(field, *, name, message="数值必须大于 0。") -> CheckConstraint:
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gt": 0}),
        name=name,
        violation_error_message=message,
    )


def ordered(first, second, *, name, message) -> CheckConstraint:
    """``first`` ≤ ``second`` wherever both are given."""
    return CheckConstraint(
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{second}__isnull": True})
        | Q(**{f"{first}__lte": F(second)}),
        name=name,
        violation_error_message=message,
    )


def filled_exactly_in(field, states, *, name, message, state="state") -> CheckConstraint:
    """``field`` is filled when ``state`` is one of ``states``, and empty in every other state."""
    inside = Q(**{f"{state}__in": sorted(str(s) for s in states)})
    return CheckConstraint(
        condition=inside & _filled(field) | ~inside & _empty(field),
        name=name,
        violation_error_message=message,
    )


def filled_in(field, states, *, name, message, state="state", unless=None) -> CheckConstraint:
    """``field`` is filled when ``state`` is one of ``states`` (elsewhere it may or may not be), or ``unless`` is."""
    inside = Q(**{f"{state}__in": sorted(str(s) for s in states)})
    condition = ~inside | _filled(field)
    if unless is not None:
        condition |= _filled(unless)
    return CheckConstraint(condition=condition, name=name, violation_error_message=message)


class Text:
    """Marks a column whose emptiness is the empty string, not NULL: ``both_or_neither(Text("end_reason"), …)``."""

    def __init__(self, name):
        self.name = name


def _filled(field) -> Q:
    if isinstance(field, Text):
        return ~Q(**{field.name: ""})
    return Q(**{f"{field}__isnull": False})


def _empty(field) -> Q:
    if isinstance(field, Text):
        return Q(**{field.name: ""})
    return Q(**{f"{field}__isnull": True})
