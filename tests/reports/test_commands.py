import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from donations.services import gifts
from jinchuan.shared.months import Month
from reports.indicators import INDICATORS
from reports.models import ReportEdition
from reports.services import closings
from tests import factories

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_figures_as_json(divisions, admin_a):
    factories.confirmed_donation(by=admin_a)
    figures = json.loads(run("figures", "--as-of", "2026-09-30", "--json"))
    assert list(figures) == list(INDICATORS)
    assert figures["donations_cash"].pop("by")["donor_kind"]["organization"]["cumulative"] == "1000.00"
    assert figures["donations_cash"] == {
        "name": "捐款",
        "unit": "元",
        "month": "1000.00",
        "late": "0.00",
        "previous": "0.00",
        "correction": "0.00",
        "cumulative": "1000.00",
    }
    assert figures["service_sessions"]["cumulative"] == 0


def test_figures_of_a_street(divisions, household_a, admin_a):
    factories.confirmed_donation(by=admin_a, household=household_a)
    for street, total in [(divisions.street_a, "1000.00"), (divisions.street_b, "0.00")]:
        figures = json.loads(run("figures", "--as-of", "2026-09-30", "--scope", street.code, "--json"))
        assert figures["donations_total"]["cumulative"] == total


def test_figures_tell_what_came_late_and_what_was_wrong(officer, reviewer, admin_a):
    wrong = factories.confirmed_donation(by=admin_a, received_on=date(2026, 8, 3))
    closings.close_month(by=officer, month=Month(2026, 8))
    gifts.void_donation(wrong, by=reviewer, reason="与另一笔重复登记")
    factories.confirmed_donation(by=admin_a, received_on=date(2026, 8, 4), lines=[factories.cash("30.00")])
    told = "捐款（元）\t本月 30.00（含补报 30.00）\t更正 -1000.00\t上月累计 1000.00\t累计 30.00"
    assert told in run("figures", "--period", "2026-09").splitlines()
    assert told in run("figures", "--as-of", "2026-09-30").splitlines()
    assert "捐款（元）\t本月 1000.00\t上月累计 0.00\t累计 1000.00" in run("figures", "--as-of", "2026-08-31")


def test_figures_as_text(divisions):
    assert "捐款捐物合计（元）\t本月 0.00" in run("figures", "--as-of", "2026年9月30日")
    assert "捐款捐物合计（元）\t本季度 0.00\t上季度累计 0.00" in run("figures", "--period", "2026-Q3")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["figures", "--as-of", "2026-02-30"], "2026-02-30"),
        (["figures", "--as-of", "2026-09-30", "--scope", "999"], "no division"),
        (["issue_report", "--period", "2026-13", "--out", "x"], "2026-13"),
        (["issue_report", "--period", "2126-01", "--out", "x"], "还没有开始"),
    ],
)
def test_bad_arguments_are_explained(divisions, arguments, said):
    with pytest.raises(CommandError, match=said):
        run(*arguments)


def test_issue_report_builds_it_here_and_now(divisions, admin_a, tmp_path):
    factories.confirmed_donation(by=admin_a)
    said = run("issue_report", "--kind", "month", "--period", "2026-09", "--out", str(tmp_path / "new"))
    edition = ReportEdition.objects.get()
    assert edition.serial in said
    assert (tmp_path / "new" / "report.pdf").read_bytes().startswith(b"%PDF-")
    written = json.loads((tmp_path / "new" / "figures.json").read_text())
    assert written["indicators"] == edition.facts["indicators"]
    assert written["as_of"] == "2026-09-30"
