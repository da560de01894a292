"""Each named constraint of the app, broken at the database."""

import pytest

from jinchuan.shared.clock import now
from organizations.models import SupervisingUnit
from reports.enums import EditionState, Variant
from reports.models import EditionFile, ReportEdition
from tests import factories
from tests.provoking import provoke


def _edition(number=1):
    return ReportEdition.objects.create(
        period="2026-09",
        division=factories.home(),
        number=number,
        serial=f"YB202609-{number}",
        requested_at=now(),
        requested_by=factories.officer(),
    )


def _same_edition():
    _edition()
    return _edition(2), {"number": 1}


def _about(scope, number=1):
    edition = _edition(number)
    ReportEdition.objects.filter(pk=edition.pk).update(division=None, **scope)
    return edition


def _same_about(scope):
    _about(scope)
    return _about(scope, 2), {"number": 1}


def _file(variant=Variant.XLSX, edition=None):
    return EditionFile.objects.create(
        edition=edition or _edition(), variant=variant, file="reports/x", sha256="0" * 64
    )


def _same_file():
    edition = _file().edition
    return _file(Variant.BRIEF, edition), {"variant": Variant.XLSX}


PROVOCATIONS = {
    "edition_one_scope": lambda: (_edition(), {"division": None}),
    "edition_unique_organization": lambda: _same_about({"organization": factories.approved_organization()}),
    "edition_unique_program": lambda: _same_about({"program": factories.program()}),
    "edition_unique_unit": lambda: _same_about({"unit": SupervisingUnit.objects.create(name="金川区教育局")}),
    "edition_supersedes_a_lower": lambda: (_edition(), {"supersedes": _edition(2)}),
    "edition_file_variant_known": lambda: (_file(), {"variant": "x"}),
    "edition_file_once": _same_file,
    "edition_file_whole": lambda: (_file(), {"sha256": ""}),
    "edition_kind_known": lambda: (_edition(), {"kind": "x"}),
    "edition_state_known": lambda: (_edition(), {"state": "x"}),
    "edition_unique_division": _same_edition,
    "edition_ready_with_file": lambda: (_edition(), {"state": EditionState.READY}),
    "edition_issued_with_date": lambda: (
        _edition(),
        {"issued_at": now(), "issued_by": factories.reviewer()},
    ),
    "edition_issued_at_with_by": lambda: (_edition(), {"issued_by": factories.reviewer()}),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)
