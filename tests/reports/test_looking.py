"""Figures on screen: every card, line and row says what the reading says; who may look at whose; the print of one page."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from donations.services import corrections, gifts
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month
from reports import reading
from reports.admin.figures import figure_address
from reports.enums import ReportKind
from reports.indicators import INDICATORS, shown
from reports.looking import cards, scopes
from reports.looking.behind import behind
from reports.periods import Period
from reports.services import closings
from reports.wording import HIDDEN
from tests import factories, factories_book
from tests.reports import busy
from volunteers.models import Activity
from volunteers.services import activities

pytestmark = pytest.mark.django_db

SEPTEMBER = Period(ReportKind.MONTH, Month(2026, 9))
END = SEPTEMBER.last


@pytest.fixture
def busy_months(divisions, leader):
    return busy.months(factories.COMMUNITY_A1, factories.COMMUNITY_B1)


def dashboard(client, scope, day):
    return client.get(
        reverse("admin:reports_dashboard"), {"scope": scopes.code_of(scope), "on": day.isoformat()}
    )


def all_cards(response):
    return {card.code: card for _, found in response.context["groups"] for card in found}


def test_every_indicator_has_its_card():
    assert sorted(code for _, codes in cards.GROUPS for code in codes) == sorted(INDICATORS)
    assert set(cards.KEY) <= set(INDICATORS)


def test_the_rows_behind_every_figure_add_up_to_it(busy_months, divisions, leader):
    """For the district, a street, an organisation; and nothing of the test is empty."""
    counted = set()
    for scope in (divisions.home, divisions.street_a, busy_months[0]):
        for code, figure in reading.read(SEPTEMBER, scope).items():
            found = behind(code, SEPTEMBER, scope, leader, as_of=END)
            assert sum((one.sum() for one in found), INDICATORS[code].zero) == figure.month, (code, scope)
            assert not any(one.unseen for one in found), code
            for one in found:
                for row in one.rows:
                    assert len(one.source.cells(row)) == len(one.source.heads)
            if figure.month:
                counted.add(code)
    assert set(INDICATORS) - counted == set()


def adds_up(month, scope, who):
    """The codes whose figure has something behind it, every one of which adds up."""
    told, as_of = set(), min(month.last, today())
    for code, figure in reading.read(month, scope, as_of=as_of).items():
        found = behind(code, month, scope, who, as_of=as_of)
        came_to = sum((one.sum() for one in found), INDICATORS[code].zero)
        assert came_to == figure.month + figure.correction, (code, month, scope)
        assert not any(one.unseen for one in found), code
        for one in found:
            for row in one.rows:
                assert len(one.source.cells(row)) == len(one.source.heads)
                told.add(code)
    return told


def test_what_is_booked_adds_up_too(busy_months, divisions, leader, reviewer, client_for):
    """Of closed months, of the one whose turn it is with what came late and was wrong, and of a quarter that begins closed."""
    officer = factories.officer()
    august, october = SEPTEMBER.previous, SEPTEMBER.next
    whose = (divisions.home, divisions.street_a, busy_months[0])
    reasons = {"consistency": "样例里的旧日期，已逐项看过"}
    closings.close_month(by=officer, month=august.closing, reasons=reasons)
    for scope in whose:
        for month in (august.previous.previous, august, SEPTEMBER):
            adds_up(month, scope, leader)
    closings.close_month(by=officer, month=SEPTEMBER.closing, reasons=reasons)
    wrong = Activity.objects.filter(organization=busy_months[0], held_on=busy.SEPTEMBER).get()
    activities.void_activity(wrong, by=reviewer, reason="这一场没有举办")
    factories.confirmed_donation(received_on=busy.SEPTEMBER)
    quarter = Period.of(ReportKind.QUARTER, october.closing)
    told = set()
    for scope in whose:
        told |= adds_up(SEPTEMBER, scope, leader)
        for period in (october, quarter):
            adds_up(period, scope, leader)
    assert set(INDICATORS) - told == set()
    own = client_for(factories.admin_of(busy_months[0]))
    page = own.get(reverse("figures:figure", args=["donations_total"]), {"period": "2026-09"})
    assert "不在您的查看范围内" not in page.text  # a correction of its own gift is its own
    [late] = behind("donations_cash", october, divisions.home, leader, as_of=october.last)
    assert [(row.told_kind, row.told_on) for row in late.rows[0:9]] == [("补报", busy.SEPTEMBER)]
    [taken_back] = behind("service_sessions", october, busy_months[0], leader, as_of=october.last)
    assert [(row, row.told_kind, row.told_value) for row in taken_back.rows[0:9]] == [(wrong, "更正", -1)]


def test_cards_and_lines_say_what_the_reading_says(busy_months, divisions, leader, client_for):
    client = client_for(leader)
    for scope in (divisions.home, divisions.street_b, busy_months[1]):
        page = all_cards(dashboard(client, scope, END))
        told = {code: shown(figure) for code, figure in reading.read(SEPTEMBER, scope).items()}
        assert page.keys() == told.keys()
        for code, card in page.items():
            total = Decimal(str(told[code]["cumulative"]))
            if card.unit == "万元":
                total = (total / 10000).quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert Decimal(card.total.replace(",", "")) == total, code
        for code in ("donations_total", "service_hours", "paired_households"):
            if code in told:
                line = dict(client.get(figure_address(code, SEPTEMBER, scope)).context["line"])
                values = [Decimal(text.replace(",", "")) for text in line.values()]
                assert sum(values[:-1]) == values[-1] == Decimal(str(told[code]["cumulative"]))


def test_a_past_day_is_told_as_of_that_day(divisions, leader, admin_a, client_for):
    for day in (date(2026, 9, 3), date(2026, 9, 20)):
        factories.confirmed_donation(by=admin_a, received_on=day)
    client = client_for(leader)
    assert (
        all_cards(dashboard(client, divisions.home, date(2026, 9, 4)))["donations_confirmed_count"].total
        == "1"
    )
    assert all_cards(dashboard(client, divisions.home, END))["donations_confirmed_count"].total == "2"
    rows = client.get(
        figure_address("donations_confirmed_count", SEPTEMBER, divisions.home, date(2026, 9, 4))
    )
    assert [one["page"].paginator.count for one in rows.context["behind"]] == [1]


def test_a_month_that_is_not_over_is_not_measured_against_a_whole_one(divisions, leader, admin_a, client_for):
    for day in (date(2026, 8, 3), date(2026, 8, 4), date(2026, 9, 3)):
        factories.confirmed_activity(admin_a.organization, held_on=day)
    client = client_for(leader)
    running = all_cards(dashboard(client, divisions.home, date(2026, 9, 10)))["service_sessions"]
    over = all_cards(dashboard(client, divisions.home, END))["service_sessions"]
    assert (running.change, over.change) == ("上月共2场", "较上月减少1场")


# Who may look ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "own", "other", "organization"),
    [
        ("officer", 200, 200, 200),
        ("leader", 200, 200, 200),
        ("worker_a", 200, 404, 404),
        ("clerk", 403, 403, 403),
        ("auditor", 403, 403, 403),
        ("admin_a", 302, 302, 302),
    ],
)
def test_whose_figures_one_may_open(who, own, other, organization, divisions, org_a, request, client_for):
    client = client_for(request.getfixturevalue(who))
    for scope, status in ((divisions.street_a, own), (divisions.street_b, other), (org_a, organization)):
        for address in (
            figure_address("service_sessions", SEPTEMBER, scope),
            f"{reverse('admin:reports_dashboard')}?scope={scopes.code_of(scope)}",
        ):
            answer = client.get(address)
            assert (answer.status_code if who != "admin_a" else 302) == status, address
            if who == "admin_a":
                assert answer.status_code in (302, 403)


@pytest.mark.parametrize("query", ["period=2026-13", "period=x", "period=2035-01", "scope=U9", "scope=×"])
def test_what_is_not_there_is_not_found(query, divisions, leader, client_for):
    address = reverse("admin:reports_figure", args=["service_sessions"])
    assert client_for(leader).get(f"{address}?{query}").status_code == 404


def test_an_indicator_that_does_not_tell_of_the_scope_is_not_found(divisions, org_a, leader, client_for):
    client = client_for(leader)
    assert client.get(figure_address("obligations_missed", SEPTEMBER, org_a)).status_code == 404
    assert client.get(figure_address("nonsense", SEPTEMBER, divisions.home)).status_code == 404


def test_rows_one_may_not_see_are_counted_and_not_shown(
    divisions, household_a, admin_a, worker_a, client_for
):
    """A street worker reads the sum of the gifts to the street, and not who gave them."""
    gift = factories.confirmed_donation(by=admin_a, household=household_a, received_on=date(2026, 9, 3))
    answer = client_for(worker_a).get(figure_address("donations_total", SEPTEMBER, divisions.street_a))
    text = answer.content.decode()
    assert "1,000.00" in text
    assert "另有 1 条记录不在您的查看范围内" in text
    assert gift.code not in text


def test_a_count_of_one_or_two_is_kept_from_who_may_not_read_its_rows(
    divisions, household_a, officer, worker_a, client_for
):
    donor = factories.individual_donor()
    factories.confirmed_donation(donor=donor, household=household_a, received_on=date(2026, 9, 3))
    address = figure_address("donor_individuals", SEPTEMBER, divisions.street_a)
    for who, told in ((officer, "1"), (worker_a, HIDDEN)):
        client = client_for(who)
        assert all_cards(dashboard(client, divisions.street_a, END))["donor_individuals"].total == told
        assert dict(client.get(address).context["line"])["本月累计"] == told
    text = client_for(worker_a).get(address).content.decode()
    assert "另有记录不在您的查看范围内" in text
    assert "9月：没有数据" in text
    assert "9月：1" not in text


def rows_of(client, code, scope):
    """The sheet of rows: title of each page → its lines."""
    query = figure_address(code, SEPTEMBER, scope).partition("?")[2]
    answer = client.post(f"{reverse('admin:reports_figure_rows', args=[code])}?{query}")
    assert answer.status_code == 200, answer.status_code
    book = load_workbook(BytesIO(answer.content))
    return {page.title: list(page.values) for page in book}


def test_the_rows_behind_a_closed_figure_are_taken_as_a_sheet(
    divisions, officer, reviewer, admin_a, client_for
):
    donor = factories.individual_donor(name="秋月明")
    gift = factories.confirmed_donation(donor=donor, received_on=date(2026, 9, 3))
    closings.close_month(by=officer, month=Month(2026, 9))
    voided_by = factories.user("reviewer")
    gifts.void_donation(gift, by=voided_by, reason="与另一笔捐赠重复登记")
    pages = rows_of(client_for(officer), "donations_total", divisions.home)
    assert "officer" in pages["1 记录"][0][0]
    heads, line = pages["1 记录"][1:]
    assert heads[:2] == ("日期", "性质")
    assert (line[0], line[-1]) == ("2026年9月3日", 1000)
    assert gift.code in str(line)
    assert "秋月明" not in str(pages)
    assert tuple(words for name, words in pages["说明"][2:] if name == "记录") == (
        "列出 1 条，合计 1,000.00 元。",
    )
    event = AuditEvent.objects.get(action="export")
    assert (event.after["rows"], event.actor) == ("1", "officer")


def test_a_sheet_holds_no_row_that_the_page_would_not_show(divisions, household_a, worker_a, client_for):
    gift = factories.confirmed_donation(household=household_a, received_on=date(2026, 9, 3))
    pages = rows_of(client_for(worker_a), "donations_total", divisions.street_a)
    assert pages["1 记录"][2:] == []
    assert gift.code not in str(pages)


def test_who_takes_no_sheets_takes_none_of_figures(divisions, leader, client_for):
    query = figure_address("donations_total", SEPTEMBER, divisions.home).partition("?")[2]
    client, address = client_for(leader), reverse("admin:reports_figure_rows", args=["donations_total"])
    assert client.post(f"{address}?{query}").status_code == 403
    assert "rows.xlsx" not in client.get(figure_address("donations_total", SEPTEMBER, divisions.home)).text


def test_an_organisation_is_searched_for(divisions, org_a, leader, worker_a, client_for):
    address = reverse("admin:reports_dashboard")
    assert client_for(leader).get(address, {"organization": org_a.pk}).context["scope_name"] == org_a.name
    assert client_for(worker_a).get(address, {"organization": org_a.pk}).status_code == 404
    offered = [name for _, some in scopes.choices(leader) for _, name in some]
    assert org_a.name not in offered


# How much it asks of the database ----------------------------------------------------------------------------


def test_the_first_page_asks_nothing_more_for_its_figures(divisions, leader, client_for):
    answer = client_for(leader).get(reverse("admin:index"))
    assert f'hx-get="{reverse("admin:reports_key_figures")}"' in answer.content.decode()
    assert "figure-card" not in answer.content.decode()


def test_a_figure_takes_the_same_queries_for_one_and_three_rows(
    divisions, leader, admin_a, client_for, django_assert_num_queries
):
    client, address = client_for(leader), figure_address("donations_total", SEPTEMBER, divisions.home)
    for more in (1, 2):
        for _ in range(more):
            factories.confirmed_donation(by=admin_a, received_on=date(2026, 9, 3))
        client.get(address)
        with django_assert_num_queries(22):
            client.get(address)


def test_a_closed_month_is_told_as_it_was_closed(divisions, officer, leader, admin_a, client_for):
    """Card, bar, line, state and rows; what comes late is told apart in the month after."""
    for month in (8, 9):
        factories.confirmed_donation(by=admin_a, received_on=date(2026, month, 3))
        closings.close_month(by=officer, month=Month(2026, month))
    factories.confirmed_donation(by=admin_a, received_on=date(2026, 9, 30))
    client, home = client_for(leader), divisions.home
    september = client.get(figure_address("donations_confirmed_count", SEPTEMBER, home))
    assert dict(september.context["line"])["本月累计"] == "2"
    assert "9月：1" in september.content.decode()
    assert "已于" in september.context["state"]
    october = client.get(figure_address("donations_confirmed_count", SEPTEMBER.next, home))
    line = {"上月累计": "2", "本月新增": "1", "其中补报": "1", "更正": "0", "本月累计": "3"}
    assert dict(october.context["line"]) == line
    assert "10月：1" in october.content.decode()
    assert october.context["behind"][0]["panel"].rows[0][1] == "补报"


def test_the_dashboard_takes_the_same_queries_whatever_happened(
    divisions, leader, client_for, django_assert_num_queries
):
    client = client_for(leader)
    for happen in (lambda: None, lambda: busy.months(factories.COMMUNITY_A1, factories.COMMUNITY_B1)):
        happen()
        dashboard(client, divisions.home, END)
        with django_assert_num_queries(93):
            dashboard(client, divisions.home, END)


# An organisation's own ---------------------------------------------------------------------------------------


def test_an_organisation_looks_at_its_own_and_nobody_elses(org_a, admin_a, org_b, admin_b, client_for):
    mine = factories.confirmed_activity(org_a, by=admin_a, held_on=date(2026, 9, 3))
    theirs = factories.confirmed_activity(org_b, by=admin_b, held_on=date(2026, 9, 4))
    client = client_for(admin_a)
    page = client.get(reverse("figures:figures"), {"period": "2026-09"})
    assert all_cards(page)["service_sessions"].month == "本月新增1场"
    text = client.get(
        reverse("figures:figure", args=["service_sessions"]), {"period": "2026-09"}
    ).content.decode()
    assert reverse("volunteers:activity", args=[mine.code]) in text
    assert theirs.code not in text


def test_an_organisation_sees_what_was_corrected_of_its_own_gifts(
    admin_a, admin_b, officer, reviewer, client_for
):
    held = [factories_book.holding("1000", by=by, received_on=date(2026, 9, 2)) for by in (admin_a, admin_b)]
    rows = [factories_book.adjustment(one, adjusted_on=date(2026, 9, 5)) for one in (*held, held[0])]
    for row in rows[:2]:
        corrections.decide_adjustment(row, by=factories_book.second_reviewer(), approve=True)
    address = reverse("figures:figure", args=["donations_total"])
    text = client_for(admin_a).get(address, {"period": "2026-09"}).text
    mine, theirs, undecided = rows
    assert mine.code in text
    assert "-100.00 元" in text
    assert not [one.code for one in (theirs, undecided) if one.code in text]
    assert mine.reason not in text
    assert "不在您的查看范围内" not in text


@pytest.mark.parametrize(
    ("code", "query"),
    [
        ("nonsense", ""),
        ("obligations_missed", ""),
        ("contacts", "period=2026-13"),
        ("contacts", "period=2035-01"),
    ],
)
def test_an_organisation_finds_nothing_where_nothing_is(code, query, admin_a, client_for):
    assert client_for(admin_a).get(f"{reverse('figures:figure', args=[code])}?{query}").status_code == 404
