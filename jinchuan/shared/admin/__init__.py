"""The one ModelAdmin base: scoped, masked, state read-only, every write through a service."""

from .base import ScopedAdmin
from .changelist import DayFilter, HouseFilterSet, MoneyFilter, OneFilter, ScopedRelatedFilter
from .forms import AdminForm
from .pieces import Cell, Panel, badge, link_to, person, row_link
from .preview import Outcome
from .revealing import FindForm
from .verbs import ReasonForm, Verb

__all__ = [
    "AdminForm",
    "Cell",
    "DayFilter",
    "FindForm",
    "HouseFilterSet",
    "MoneyFilter",
    "OneFilter",
    "Outcome",
    "Panel",
    "ReasonForm",
    "ScopedAdmin",
    "ScopedRelatedFilter",
    "Verb",
    "badge",
    "link_to",
    "person",
    "row_link",
]
