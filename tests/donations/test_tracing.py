"""From the gift to the households and back: what is told, what is hidden, in how many queries."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from donations.enums import DeliveryState, DonationState, Route
from donations.models import DistributionLine
from donations.services import corrections, distributions
from donations.tracing import HIDDEN, help_received, trace, traces_of
from jinchuan.audit.services import constraints_by_database
from jinchuan.shared.codes import normalised
from tests import factories, factories_book
from tests.pages import shown

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 12)


def given(*counts, community=None):
    """A gift of rice of which each household got so many bags."""
    holding = factories_book.goods_holding(quantity="100")
    rows = []
    for bags in counts:
        household = factories.verified_household(
            community=community or factories.division(factories.COMMUNITY_A1)
        )
        rows.append(factories_book.approved(holding, str(bags), household=household))
    batch = factories_book.sent_out(*rows)
    for line in batch.lines.all():
        distributions.note_delivered(line, by=factories.officer(), delivered_on=DAY, signing="self")
    return holding.lot.line.donation


def test_households_that_got_the_same_are_counted_together(divisions):
    (lot,) = trace(given(2, 2, 2, 2)).lots
    assert lot.told_groups == [("2026年9月", divisions.street_a.short_name, "4 户，每户 2 袋")]
    assert lot.told_parts == [("已送到", "8 袋"), ("在库，尚未安排", "92 袋")]
    assert lot.gift == "100 袋"


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((5,), [HIDDEN]),
        ((5, 5), [HIDDEN]),
        ((5, 5, 5), ["3 户，每户 5 袋"]),
        ((1, 2, 3), ["3 户，共 6 袋"]),
        ((2, 2, 2, 7), ["3 户，每户 2 袋", HIDDEN]),
    ],
)
def test_fewer_than_three_households_are_not_counted(counts, told, divisions):
    (lot,) = trace(given(*counts)).lots
    assert [words for _, _, words in lot.told_groups] == told


def test_a_household_that_got_twice_is_one_household(divisions):
    holding = factories_book.goods_holding()
    household = factories.verified_household()
    others = [factories.verified_household()]
    for to in (household, household, *others):
        row = factories_book.approved(holding, "1", household=to)
        batch = factories_book.sent_out(row)
        distributions.note_delivered(
            batch.lines.get(), by=factories.officer(), delivered_on=DAY, signing="self"
        )
    (lot,) = trace(holding.lot.line.donation).lots
    assert [words for _, _, words in lot.told_groups] == [HIDDEN]


def test_places_are_streets_and_days_are_months(divisions):
    donation = given(1, 1, 1, community=divisions.a2)
    told = json.dumps(trace(donation).as_json(), ensure_ascii=False)
    assert divisions.street_a.short_name in told
    assert divisions.a2.short_name not in told
    assert "2026-09" not in told
    for line in DistributionLine.objects.all():
        assert line.household.code not in told


def test_what_was_sold_is_followed_into_its_money(divisions):
    holding = factories_book.goods_holding(quantity="10")
    sale = corrections.propose_disposal(
        holding,
        by=factories.officer(),
        kind="sold",
        amount=Decimal(4),
        proceeds=Decimal("120"),
        reason="即将到期",
    )
    corrections.decide_disposal(sale, by=factories.reviewer(), approve=True)
    found = trace(holding.lot.line.donation)
    (lot,) = found.lots
    assert ("已变卖，所得见下", "4 袋") in lot.told_parts
    assert lot.proceeds[0].told_parts == [("尚未安排", "120.00 元")]
    assert [one.code for one in found.every_lot] == [lot.code, lot.proceeds[0].code]


def test_what_was_taken_back_is_no_longer_told(divisions):
    donation = given(2, 2, 2)
    line = DistributionLine.objects.first()
    distributions.take_back(line, by=factories.officer(), reason="登记时填错了行")
    (lot,) = trace(donation).lots
    assert [words for _, _, words in lot.told_groups] == [HIDDEN]
    assert ("已安排，待发放", "2 袋") in lot.told_parts


def test_a_gift_that_is_not_confirmed_or_voided_has_no_lots(divisions):
    assert trace(factories.submitted_donation()).lots == ()
    voided = trace(factories.voided_donation())
    assert voided.state == DonationState.VOIDED
    assert voided.lots == ()


@pytest.mark.parametrize("agrees", [True, False])
def test_a_giver_is_named_only_where_agreed(agrees):
    donor = factories.individual_donor(name="赵桂英", agrees_to_be_named=agrees)
    found = trace(factories.confirmed_donation(donor=donor))
    assert found.donor == ("赵桂英" if agrees else "爱心人士")


def split(ways, households=4):
    """A gift handed out to so many, entered straight into the tables: through the services it would take minutes."""
    holding = factories_book.holding(value=str(ways))
    homes = [factories.verified_household() for _ in range(households)]
    one = factories_book.approved(holding, "1", household=homes[1])
    batch = factories_book.sent_out(one)
    line = batch.lines.get()
    with constraints_by_database():
        distributions.note_delivered(line, by=factories.officer(), delivered_on=DAY, signing="self")
    line.refresh_from_db()
    DistributionLine.objects.bulk_create(
        [
            DistributionLine(
                distribution=batch,
                number=number,
                allocation=one,
                household=homes[number % households],
                amount=1,
                value=1,
                snapshot=line.snapshot,
                state=DeliveryState.DELIVERED,
                signing="self",
                delivered_on=DAY,
            )
            for number in range(2, ways + 1)
        ]
    )
    return holding.lot.line.donation


@pytest.mark.parametrize("ways", [1, 3, 10_000])
def test_a_trace_takes_the_same_queries_however_it_was_split(ways, divisions, django_assert_num_queries):
    donation = split(ways)
    with django_assert_num_queries(5):
        (lot,) = trace(donation).lots
    if ways == 10_000:
        assert [words for _, _, words in lot.told_groups] == ["4 户，每户 2,500.00 元"]


@pytest.mark.parametrize("count", [1, 3])
def test_several_gifts_take_no_more_queries_than_one(count, divisions, django_assert_num_queries):
    donations = [given(1, 1, 1) for _ in range(count)]
    with django_assert_num_queries(5):
        found = traces_of(donations)
    assert [one.code for one in found] == [donation.code for donation in donations]


# The household's side --------------------------------------------------------------------------------------------


def test_a_household_leads_back_to_every_giver(divisions):
    household = factories.verified_household()
    named = factories.individual_donor(name="赵桂英", agrees_to_be_named=True)
    unnamed = factories.individual_donor(name="钱秀兰")
    for donor in (named, unnamed):
        factories.confirmed_donation(donor=donor, household=household, route=Route.DIRECT_TO_HOUSEHOLD)
    assert sorted(one.giver for one in help_received(household)) == ["爱心人士", "赵桂英"]
    assert help_received(factories.verified_household()) == []


# The page --------------------------------------------------------------------------------------------------------


def gift_page(donation):
    return reverse("trace:gift", args=[donation.trace_code])


def test_anybody_with_the_code_sees_the_trace_and_nobody_elses_name(client, divisions):
    household = factories.verified_household()
    donor = factories.individual_donor(name="赵桂英")
    donation = factories.confirmed_donation(donor=donor, household=household, route=Route.DIRECT_TO_HOUSEHOLD)
    response = client.get(gift_page(donation))
    text = shown(response)
    assert response.status_code == 200
    assert HIDDEN in text
    for hidden in ("赵桂英", household.code, household.members.get().name, divisions.a1.short_name):
        assert hidden not in text
    assert "max-age=0" in response["Cache-Control"]


def test_the_code_is_typed_as_people_type_it(client):
    donation = factories.confirmed_donation()
    code = donation.trace_code
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]}"
    assert client.post(reverse("trace:enter"), {"code": typed}).url == gift_page(donation)


@pytest.mark.parametrize("code", ["AAAABBBBCCCC", "O0I1L", "", "' OR 1=1", "x" * 500])
def test_a_wrong_code_gets_one_answer(client, code):
    factories.confirmed_donation()
    assert normalised(code, 12) in ("", "AAAABBBBCCCC")
    response = client.post(reverse("trace:enter"), {"code": code})
    assert response.status_code in (200, 404)
    assert "这笔捐赠" not in shown(response)
    if code.isalnum():
        assert client.get(reverse("trace:gift", args=[code])).status_code == 404


def test_an_empty_trace_code_finds_nothing(client, db):
    assert client.get(reverse("trace:gift", args=["-"])).status_code == 404


def test_an_address_that_asks_too_often_is_turned_away(client, settings):
    settings.PUBLIC_LIMITS = {"trace": (3, 600)}
    donation = factories.confirmed_donation()
    answers = [client.get(gift_page(donation)).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    assert client.post(reverse("trace:enter"), {"code": donation.trace_code}).status_code == 429


# The command -----------------------------------------------------------------------------------------------------


def test_the_command_tells_the_same(capsys, divisions):
    donation = given(2, 2, 2)
    for code in (donation.code, donation.trace_code):
        call_command("trace", donation=code, json=True)
        told = json.loads(capsys.readouterr().out)
        assert told["code"] == donation.code
        assert told["lots"][0]["groups"][0]["households"] == 3
    call_command("trace", donation=donation.code)
    assert "3 户，每户 2 袋" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("trace", donation="JZ2026-9999")
