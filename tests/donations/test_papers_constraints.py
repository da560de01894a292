"""What the database itself refuses of a paper."""

import pytest

from donations.enums import PaperKind
from donations.services import papers
from tests import factories
from tests.provoking import provoke

PROVOCATIONS = {
    "paper_kind_known": {"kind": "x"},
    "paper_finished_with_file_or_failure": {"failure": "没有纸"},
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(name, db):
    asked = papers.request_paper(
        factories.confirmed_donation(), by=factories.officer(), kind=PaperKind.THANKS
    )
    provoke(name, asked, **PROVOCATIONS[name])
