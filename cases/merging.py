"""How each kind of row follows when two households turn out to be one.

Every foreign key to a household or a member has a rule here, or the merge is refused (and a test fails): a new table
cannot be forgotten. Apps above add the rules of their own tables in ``AppConfig.ready()``:

    merging.moves("donations.Donation.household", move_donations)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps


@dataclass
class Merge:
    """One merge under way: ``people`` names, for a person of the duplicate who is the same as one of the kept
    household, that one. ``left`` and ``dropped`` count, per place, rows that stay behind or were there twice."""

    kept: object
    duplicate: object
    by: object
    on: date
    people: dict = field(default_factory=dict)
    left: dict = field(default_factory=dict)
    dropped: dict = field(default_factory=dict)

    def leave(self, place, rows=1) -> None:
        self.left[place] = self.left.get(place, 0) + rows

    def drop(self, place, rows=1) -> None:
        self.dropped[place] = self.dropped.get(place, 0) + rows


@dataclass(frozen=True)
class Rule:
    """``move(merge)`` brings the rows over; None: they stay with the household that was merged, and ``why``."""

    place: str
    move: Callable[[Merge], None] | None = None
    why: str = ""


_rules: dict[str, Rule] = {}
_totals: dict[str, Callable] = {}


def moves(place, move) -> None:
    """The rows of this foreign key (“app.Model.field”) follow by ``move``."""
    _rules[place] = Rule(place, move)


def stays(place, why) -> None:
    """The rows of this foreign key stay where they are."""
    _rules[place] = Rule(place, None, why)


def total(name, reckon) -> None:
    """``reckon(household ids)`` is the same before and after every merge; a merge that changes it is undone."""
    _totals[name] = reckon


def rules() -> dict[str, Rule]:
    return dict(_rules)


def totals() -> dict[str, Callable]:
    return dict(_totals)


def places() -> dict[str, object]:
    """Every foreign key that points to a household or a member, by its name."""
    watched = {apps.get_model("cases", "Household"), apps.get_model("cases", "Member")}
    return {
        f"{model._meta.label}.{column.name}": column
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.local_fields
        if column.remote_field and column.remote_field.model in watched
    }


def without_rule() -> list[str]:
    return sorted(set(places()) - set(_rules))


def whole_life(household) -> list[int]:
    """The ids under which a household's rows are found: its own, and those of the households merged into it."""
    return [household.pk, *(merged.pk for merged in household.merged_from.all())]
