"""Rules about the rules: each has a name, a sentence and a test that breaks it; instants travel with their people."""

import importlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint

OURS = {
    "organizations",
    "cases",
    "donations",
    "volunteers",
    "reports",
    "audit",
    "intake",
    "sheets",
    "printing",
    "ops",
}
MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]
CONSTRAINTS = {
    constraint.name: (model, constraint) for model in MODELS for constraint in model._meta.constraints
}
PAIRS = [
    (model, field.name, f"{field.name[:-3]}_by")
    for model in MODELS
    for field in model._meta.concrete_fields
    if field.name.endswith("_at")
    and field.null
    and any(other.name == f"{field.name[:-3]}_by" for other in model._meta.concrete_fields)
]
# What the interface never says (style of the house), and what every sentence ends with.
UNWELCOME = re.compile("非法|无效|抱歉|系统异常|该字段|约束")


def _provoked(app) -> set[str]:
    """Of every module of the app's tests that breaks constraints: ``test_constraints``, ``test_care_constraints``, …"""
    found = set()
    for file in Path(settings.ROOT, "tests", app).glob("test_*constraints.py"):
        found |= set(importlib.import_module(f"tests.{app}.{file.stem}").PROVOCATIONS)
    return found


def test_every_constraint_is_broken_by_a_test_of_its_app():
    for app in OURS:
        named = {name for name, (model, _) in CONSTRAINTS.items() if model._meta.app_label == app}
        assert _provoked(app) == named


def test_no_name_of_a_constraint_hides_in_another():
    """An IntegrityError is answered with the sentence of the constraint whose name stands in it."""
    assert [(a, b) for a in CONSTRAINTS for b in CONSTRAINTS if a != b and a in b] == []


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_constraint_answers_in_a_chinese_sentence(name):
    _, constraint = CONSTRAINTS[name]
    sentence = constraint.violation_error_message

    assert sentence != CheckConstraint.default_violation_error_message
    assert re.search("[一-鿿]", sentence)
    assert sentence.endswith("。")
    assert UNWELCOME.search(sentence) is None


def test_the_pairs_are_found():
    assert ("Donation", "confirmed_at", "confirmed_by") in {(m.__name__, at, by) for m, at, by in PAIRS}
    assert len(PAIRS) >= 7


@pytest.mark.parametrize(
    ("model", "at", "by"), PAIRS, ids=[f"{model._meta.label}.{at[:-3]}" for model, at, _ in PAIRS]
)
def test_an_instant_and_its_person_are_both_there_or_neither(db, model, at, by):
    together = [
        constraint
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint) and _columns(constraint.condition) == {at, by}
    ]
    assert len(together) == 1

    def holds(instant, person):
        row = model(**{at: instant, f"{by}_id": person})
        try:
            together[0].validate(model, row)
        except ValidationError:
            return False
        return True

    instant = datetime(2026, 9, 1, tzinfo=UTC)
    assert [holds(instant, 1), holds(instant, None), holds(None, 1), holds(None, None)] == [
        True,
        False,
        False,
        True,
    ]


def _columns(condition) -> set[str]:
    found = set()
    for child in condition.children:
        found |= _columns(child) if hasattr(child, "children") else {child[0].split("__")[0]}
    return found
