"""The bureau's pages on households, their people and the care for them: one subject a module."""

from . import (
    consents,
    digests,
    households,
    matters,
    needs,
    notices,
    obligations,
    organizations,
    pairings,
    people,
    plans,
    standards,
    students,
    visit_desk,
    visits,
)

__all__ = [
    "consents",
    "digests",
    "households",
    "matters",
    "needs",
    "notices",
    "obligations",
    "organizations",
    "pairings",
    "people",
    "plans",
    "standards",
    "students",
    "visit_desk",
    "visits",
]
