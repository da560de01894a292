"""Many people at one pot of money. Each promise has a control: without what keeps it, it must break."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F, Sum

from donations.enums import EFFECTS
from donations.models import Allocation, Donation, DonationTransition, Holding
from donations.services import allocations, distributions, gifts
from donations.services import book as posting
from jinchuan.audit import chain
from jinchuan.shared.errors import Refused
from tests import factories
from tests import factories_book as book
from tests.guarding import guards_removed

ROUNDS = 3
CLIENTS = 20


def _propose_at_once(together, clients=CLIENTS, held="1000.00"):
    """Everybody wants 100 元 of the same money."""
    source = book.holding(held)
    household = factories.verified_household()
    officer = factories.officer()
    outcomes = together(
        *[
            lambda: allocations.propose_allocation(
                source, by=officer, amount=Decimal(100), household=household
            )
        ]
        * clients
    )
    source.refresh_from_db()
    return source, outcomes


def _allocated():
    return Allocation.objects.aggregate(total=Sum("amount"))["total"]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_twenty_proposals_never_exceed_what_is_held(together, number):
    source, outcomes = _propose_at_once(together)

    assert len(outcomes.of(Allocation)) == 10
    assert len(outcomes.of(Refused)) == CLIENTS - 10
    assert (_allocated(), source.free, source.promised) == (1000, 0, 1000)
    assert chain.breaks() == []


@pytest.fixture
def careless(monkeypatch):
    """The book is written without looking what is there: no condition on the update, and no early look."""

    def post(kind, holding, amount, **references):
        steps = {column: F(column) + posting.exact(sign * amount) for column, sign in EFFECTS[kind].items()}
        Holding.objects.filter(pk=holding.pk).update(**steps)

    monkeypatch.setattr(allocations, "post", post)
    monkeypatch.setattr(allocations, "refuse_shortage", lambda *details: None)


@pytest.fixture
def without_check():
    """The CHECK on what is free is not there."""
    constraint = next(one for one in Holding._meta.constraints if one.name == "holding_free_not_below_zero")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Holding, constraint)
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE donations_holding CASCADE")
    with connection.schema_editor() as editor:
        editor.add_constraint(Holding, constraint)


def test_the_trigger_alone_keeps_the_sum(together, transactional_db, careless, without_check):
    _, outcomes = _propose_at_once(together)

    assert len(outcomes.of(Allocation)) == 10
    assert _allocated() == 1000


def test_the_conditional_update_alone_keeps_the_sum(together, transactional_db, without_check):
    with guards_removed():
        source, outcomes = _propose_at_once(together)

    assert len(outcomes.of(Allocation)) == 10
    assert source.free == 0


def test_control_without_any_of_them_too_much_is_promised(
    together, transactional_db, careless, without_check
):
    with guards_removed():
        source, outcomes = _propose_at_once(together)

    assert len(outcomes.of(Allocation)) == CLIENTS
    assert _allocated() == 2000 > source.received


def test_a_line_is_signed_for_once(together):
    line = book.sent_out().lines.get()
    officer = factories.officer()

    outcomes = together(
        *[
            lambda: distributions.note_delivered(
                line, by=officer, delivered_on=book.DAY, signing="self", receiver_name="李芳"
            )
        ]
        * 8
    )

    assert len(outcomes.of(Exception)) == 7
    holding = Holding.objects.get()
    assert (holding.in_transit, holding.delivered) == (0, 100)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_gift_is_voided_or_promised(together, number):
    """One voids it, one promises it: one of the two wins, and the book adds up."""
    source = book.holding("100.00")
    donation, household = source.lot.line.donation, factories.verified_household()
    second, officer = book.second_reviewer(), factories.officer()

    outcomes = together(
        lambda: gifts.void_donation(donation, by=second, reason=factories.REASON),
        lambda: allocations.propose_allocation(source, by=officer, amount=Decimal(100), household=household),
    )

    assert len(outcomes.of(Refused)) == 1
    source.refresh_from_db()
    assert source.free == 0
    assert source.received + source.adjusted == source.promised


def _void_all_at_once(together, number, workers):
    donations = [factories.confirmed_donation() for _ in range(number)]
    second = book.second_reviewer()

    def void_all():
        done = refused = 0
        for donation in donations:
            try:
                gifts.void_donation(donation, by=second, reason=factories.REASON)
                done += 1
            except Refused:
                refused += 1
        return done, refused

    return together(*[void_all] * workers)


@pytest.mark.parametrize(("number", "workers"), [(10, 4), pytest.param(500, 20, marks=pytest.mark.soak)])
def test_a_gift_is_voided_once(together, number, workers):
    counts = _void_all_at_once(together, number, workers)

    assert sum(done for done, _ in counts) == number
    assert sum(refused for _, refused in counts) == number * (workers - 1)
    assert DonationTransition.objects.filter(to_state="voided").count() == number
    assert Holding.objects.aggregate(total=Sum("free"))["total"] == 0
    assert not Donation.objects.confirmed().exists()
