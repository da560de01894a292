"""No form of ours has a field for what only services may set, so that a field made up by the sender is ignored."""

import importlib
import pkgutil

import pytest
from django.forms import BaseForm

ROOMS = ("organizations", "cases", "donations", "volunteers", "reports", "jinchuan")
SET_BY_SERVICES = {
    "id",
    "pk",
    "state",
    "created_by",
    "created_at",
    "submitted_by",
    "submitted_at",
    "confirmed_by",
    "confirmed_at",
    "approved_by",
    "approved_at",
    "voided_by",
    "voided_at",
    "reviewed_by",
    "recorded_by",
    "registered_by",
    "fixed_at",
    "exited_on",
    "withdrawn_on",
    "is_staff",
    "is_superuser",
    "is_active",
    "id_hash",
    "minutes",
    "path",
}


def _forms():
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if ".settings" not in module.name and ".migrations" not in module.name:
                importlib.import_module(module.name)
    seen, waiting = set(), [BaseForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            if form not in seen:
                seen.add(form)
                waiting.append(form)
    return sorted(
        (one for one in seen if one.__module__.split(".")[0] in ROOMS), key=lambda one: one.__qualname__
    )


FORMS = _forms()


def test_the_forms_are_found():
    assert len(FORMS) >= 10


@pytest.mark.parametrize("form", FORMS, ids=[f"{one.__module__}.{one.__qualname__}" for one in FORMS])
def test_no_form_asks_for_what_services_set(form):
    assert set(form.base_fields) & SET_BY_SERVICES == set()
