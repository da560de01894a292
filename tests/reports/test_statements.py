"""本组织统计: one's own issued statements, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests import factories_reports as some

pytestmark = pytest.mark.django_db


def test_an_organisation_reads_opens_and_downloads_its_own(org_a, admin_a, client_for):
    factories.confirmed_donation(by=admin_a, lines=[factories.cash("500.00")])
    edition = some.issued(org_a)
    client = client_for(admin_a)
    assert edition.title in client.get(reverse("statements:statements")).content.decode()
    page = client.get(reverse("statements:statement", args=[edition.serial])).content.decode()
    assert "款物累计" in page or "捐赠" in page
    file = client.get(reverse("statements:file", args=[edition.serial]))
    assert b"".join(file.streaming_content) == some.PDF
    assert file["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("view", ["statement", "file"])
def test_a_stranger_and_a_draft_give_404(org_a, admin_a, admin_b, divisions, client_for, view):
    edition, draft = some.issued(org_a), some.ready(org_a, number=2)
    district = some.issued(divisions.home)
    assert client_for(admin_b).get(reverse(f"statements:{view}", args=[edition.serial])).status_code == 404
    for hidden in (draft, district):
        address = reverse(f"statements:{view}", args=[hidden.serial])
        assert client_for(admin_a).get(address).status_code == 404


def test_the_bureau_has_its_own_register(officer, client_for):
    assert client_for(officer).get(reverse("statements:statements")).status_code == 302


def test_the_list_asks_as_often_for_one_as_for_three(org_a, admin_a, client_for):
    client = client_for(admin_a)
    period = some.last_month()
    some.issued(org_a, period=period)
    client.get(reverse("statements:statements"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(reverse("statements:statements"))
    some.issued(org_a, period=period.previous)
    some.issued(org_a, period=period.previous.previous)
    with CaptureQueriesContext(connection) as three:
        assert client.get(reverse("statements:statements")).content.decode().count("月报") >= 3
    assert len(one) == len(three) <= 6
