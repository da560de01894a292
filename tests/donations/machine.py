"""Any history of operations keeps the book: sixteen kinds of act, against a reference of plain Decimals.

The reference knows of each lot only how much is free, promised, on the way, delivered and gone; it predicts which act the
services refuse, and after every step the database must say the same, line by line and in total.
"""

from collections import defaultdict
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from donations.enums import DeliveryState, DisposalKind, MovementKind
from donations.models import (
    BUCKETS,
    SOURCES,
    WHEREABOUTS,
    Allocation,
    DistributionLine,
    Donation,
    Holding,
    Lot,
    Movement,
)
from donations.models.lots import Lot as LotModel
from donations.services import allocations, corrections, distributions, gifts, stock
from jinchuan.shared.errors import Refused
from tests import factories
from tests import factories_book as book

GONE = ("delivered", "returned", "written_off", "sold")
AMOUNTS = st.integers(1, 24).map(lambda n: Decimal(n) / 4)


class Reference:
    """One lot: what came in, and where it is. Amounts in the lot's own measure."""

    def __init__(self, amount):
        self.total = amount
        self.parts = defaultdict(Decimal, free=amount)

    def shift(self, source, target, amount):
        self.parts[source] -= amount
        self.parts[target] += amount

    def adjust(self, amount):
        self.total += amount
        self.parts["free"] += amount


class BookMachine(RuleBasedStateMachine):
    beginning: dict

    def __init__(self):
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.lots: dict[int, Reference] = {}
        self.day = date(2026, 9, 12)

    def teardown(self):
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    @initialize()
    def begin(self):
        vars(self).update(deepcopy(self.beginning))

    def people(self):
        self.officer, self.reviewer = factories.officer(), factories.reviewer()
        self.second = book.second_reviewer()
        self.households = [factories.verified_household() for _ in range(2)]
        self.places = [book.place(), book.place("第二库房")]
        self.funds = [book.fund()]
        self._begin()

    def _begin(self):
        """Something of everything is there from the start, so that short histories reach far."""
        rice = factories.submitted_donation(lines=[factories.goods(quantity="12"), factories.cash("90.01")])
        for lot in self._enter(rice):
            source = lot.holdings.get()
            waiting = book.proposed(source, "1", household=self.households[0])
            book.approved(source, "2", household=self.households[0])
            book.sent_out(book.approved(source, "3", household=self.households[1]))
            book.delivered(book.sent_out(book.approved(source, "2", household=waiting.household)).lines.get())
            for part, amount in (("promised", 3), ("in_transit", 3), ("delivered", 2)):
                self.lots[lot.pk].shift("free", part, Decimal(amount))

    @classmethod
    @contextmanager
    def begun(cls):
        """People and first gifts are made once; every history begins there and is rolled back to there."""
        with transaction.atomic():
            first = cls()
            own = set(vars(first)) - {"lots"}
            first.people()
            first._transaction.__exit__(None, None, None)
            cls.beginning = {name: value for name, value in vars(first).items() if name not in own}
            yield
            transaction.set_rollback(True)

    # Choosing -----------------------------------------------------------------------------------------------

    def pick(self, data, rows):
        rows = list(rows.order_by("pk"))
        return data.draw(st.sampled_from(rows)) if rows else None

    def a_holding(self, data, **conditions):
        return self.pick(data, Holding.objects.select_related("lot").filter(**conditions))

    def expect(self, possible, act):
        """The services refuse exactly what the reference says is not there; a refusal leaves no trace."""
        if possible:
            return act()
        try:
            with transaction.atomic():
                act()
        except Refused:
            return None
        raise AssertionError("more was done than there was")

    # Gifts come in, and are taken out again ------------------------------------------------------------------

    @rule(yuan=st.integers(1, 5000))
    def give_money(self, yuan):
        self._enter(factories.submitted_donation(lines=[factories.cash(f"{yuan}.01")]))

    @rule(quantity=AMOUNTS, valued=st.booleans())
    def give_goods(self, quantity, valued):
        basis = {} if valued else {"value": None, "valuation_basis": "unvalued"}
        self._enter(factories.submitted_donation(lines=[factories.goods(quantity=str(quantity), **basis)]))

    @rule(yuan=st.integers(1, 500), number=st.integers(0, 1))
    def give_straight_to_a_household(self, yuan, number):
        gift = factories.submitted_donation(
            lines=[factories.cash(str(yuan))],
            household=self.households[number],
            route="direct_to_household",
        )
        for lot in self._enter(gift):
            self.lots[lot.pk].shift("free", "delivered", lot.amount)

    def _enter(self, donation):
        gifts.confirm_donation(donation, by=self.reviewer)
        lots = list(Lot.objects.filter(line__donation=donation))
        for lot in lots:
            self.lots[lot.pk] = Reference(lot.amount)
        return lots

    @precondition(lambda self: self.lots)
    @rule(data=st.data())
    def void(self, data):
        donation = self.pick(data, Donation.objects.confirmed())
        if donation is None:
            return
        lots = [
            self.lots[pk] for pk in Lot.objects.filter(line__donation=donation).values_list("pk", flat=True)
        ]
        straight = donation.route == "direct_to_household"
        spent = any(
            lot.parts[part]
            for lot in lots
            for part in ("promised", "in_transit", *GONE)
            if not (straight and part == "delivered")
        )
        done = self.expect(
            not spent, lambda: gifts.void_donation(donation, by=self.second, reason="登记有误，重新登记")
        )
        if done:
            for lot in lots:
                lot.shift("delivered", "free", lot.parts["delivered"] if straight else 0)
                lot.adjust(-lot.parts["free"])

    # Goods move, are counted, put right, disposed of ---------------------------------------------------------

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), amount=AMOUNTS, number=st.integers(0, 1))
    def transfer(self, data, amount, number):
        holding = self.a_holding(data, lot__kind="goods")
        if holding is None or holding.place_id == self.places[number].pk:
            return
        self.expect(
            amount <= holding.free,
            lambda: stock.transfer(holding, by=self.officer, place=self.places[number], amount=amount),
        )

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), counted=AMOUNTS)
    def count(self, data, counted):
        holding = self.a_holding(data, place__isnull=False)
        if holding is None:
            return
        take = stock.count_stock(
            holding.place, by=self.officer, counted_on=self.day, counts={holding: counted}
        )
        difference = counted - holding.free - holding.promised
        done = self.expect(
            holding.free + difference >= 0,
            lambda: stock.decide_stock_take(take, by=self.reviewer, approve=True),
        )
        if done:
            self.lots[holding.lot_id].adjust(difference)

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), amount=AMOUNTS, sign=st.sampled_from([1, -1]))
    def adjust(self, data, amount, sign):
        holding = self.a_holding(data, lot__kind="goods")
        if holding is None:
            return
        change = sign * amount
        row = corrections.propose_adjustment(
            holding, by=self.officer, amount=change, reason="清点有误", adjusted_on=self.day
        )
        done = self.expect(
            holding.free + change >= 0,
            lambda: corrections.decide_adjustment(row, by=self.reviewer, approve=True),
        )
        if done:
            self.lots[holding.lot_id].adjust(change)

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), amount=AMOUNTS, kind=st.sampled_from(list(DisposalKind)))
    def dispose(self, data, amount, kind):
        holding = self.a_holding(data)
        if holding.lot.is_cash and kind != DisposalKind.RETURNED:
            return
        row = corrections.propose_disposal(
            holding,
            by=self.officer,
            kind=kind,
            amount=amount,
            proceeds=Decimal(7) if kind == DisposalKind.SOLD else None,
            reason="临近到期",
            disposed_on=self.day,
        )
        done = self.expect(
            amount <= holding.free, lambda: corrections.decide_disposal(row, by=self.reviewer, approve=True)
        )
        if done:
            part = {"returned": "returned", "spoiled": "written_off", "sold": "sold"}[kind]
            self.lots[holding.lot_id].shift("free", part, amount)
            for lot in Lot.objects.filter(origin__isnull=False).exclude(pk__in=self.lots):
                self.lots[lot.pk] = Reference(lot.amount)

    # Promised, handed out, taken back -------------------------------------------------------------------------

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), amount=AMOUNTS, number=st.integers(0, 1))
    def propose(self, data, amount, number):
        holding = self.a_holding(data, lot__line__donation__restriction="none")
        if holding is None:
            return
        done = self.expect(
            amount <= holding.free,
            lambda: allocations.propose_allocation(
                holding, by=self.officer, amount=amount, household=self.households[number], on=self.day
            ),
        )
        if done:
            self.lots[holding.lot_id].shift("free", "promised", amount)

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), amount=AMOUNTS)
    def hand_on_to_a_fund(self, data, amount):
        holding = self.a_holding(data, lot__kind="cash", lot__line__donation__restriction="none")
        if holding is None or holding.fund_id == self.funds[0].pk:
            return
        row = self.expect(
            amount <= holding.free,
            lambda: allocations.propose_allocation(
                holding, by=self.officer, amount=amount, fund=self.funds[0], on=self.day
            ),
        )
        if row:
            allocations.approve_allocation(row, by=self.reviewer)

    @rule(data=st.data())
    def approve(self, data):
        row = self.pick(data, Allocation.objects.waiting())
        if row is None:
            return
        by = self.second if row.approved_by_id == self.reviewer.pk else self.reviewer
        allocations.approve_allocation(row, by=by)

    @rule(data=st.data())
    def cancel(self, data):
        row = self.pick(data, Allocation.objects.live())
        if row is None:
            return
        amount = row.open_amount
        done = self.expect(
            amount > 0,
            lambda: allocations.cancel_allocation(row, by=self.officer, reason="这一户不再需要"),
        )
        if done:
            self.lots[row.holding.lot_id].shift("promised", "free", amount)

    @rule(data=st.data(), half=st.booleans())
    def send_out(self, data, half):
        row = self.pick(data, Allocation.objects.to_hand_out())
        if row is None:
            return
        amount = (row.open_amount / 2).quantize(Decimal("0.01")) if half else row.open_amount
        if not amount:
            return
        batch = distributions.plan_distribution(
            by=self.officer,
            held_on=self.day,
            venue="社区活动室",
            division=factories.home(),
            people="李芳",
        )
        distributions.add_line(batch, by=self.officer, allocation=row, amount=amount)
        distributions.send_out(batch, by=self.officer)
        self.lots[row.holding.lot_id].shift("promised", "in_transit", amount)

    @rule(data=st.data())
    def sign(self, data):
        line = self.pick(data, DistributionLine.objects.unsigned())
        if line is None:
            return
        book.delivered(line, delivered_on=self.day)
        self._line_moves(line, "in_transit", "delivered")

    @rule(data=st.data(), state=st.sampled_from([DeliveryState.REFUSED, DeliveryState.UNDELIVERABLE]))
    def come_back(self, data, state):
        line = self.pick(data, DistributionLine.objects.unsigned())
        if line is None:
            return
        distributions.note_undelivered(line, by=self.officer, state=state, note="家里没有人")
        self._line_moves(line, "in_transit", "promised")

    @rule(data=st.data())
    def take_back(self, data):
        line = self.pick(data, DistributionLine.objects.delivered().filter(distribution__kind="batch"))
        if line is None:
            return
        distributions.take_back(line, by=self.officer, reason="登记时填错了行")
        self._line_moves(line, "delivered", "promised")

    def _line_moves(self, line, source, target):
        self.lots[line.allocation.holding.lot_id].shift(source, target, line.amount)

    @rule(days=st.integers(0, 3))
    def time_passes(self, days):
        self.day = min(self.day + timedelta(days=days), date(2026, 9, 20))

    # What must hold -------------------------------------------------------------------------------------------

    @invariant()
    def the_book_says_what_the_reference_says(self):
        sums = Holding.objects.order_by().values("lot").annotate(**{f"sum_{c}": Sum(c) for c in BUCKETS})
        found = {row["lot"]: {column: row[f"sum_{column}"] for column in BUCKETS} for row in sums}
        assert set(found) == set(self.lots)
        for pk, held in found.items():
            reference = self.lots[pk]
            assert held["received"] + held["adjusted"] == reference.total
            assert held["moved_in"] == held["moved_out"]
            for part in ("free", "promised", "in_transit", *GONE):
                assert held[part] == reference.parts[part], part
            assert sum(held[c] for c in SOURCES) == sum(held[c] for c in WHEREABOUTS)

    @invariant()
    def the_totals_equal_a_recount_of_the_movements(self):
        recount = (
            Movement.objects.order_by()
            .values("holding__lot")
            .annotate(
                into=Sum("amount", filter=_kinds("RECEIVE", "ADJUST", "COUNT", "VOID")),
                gone=Sum("amount", filter=_kinds("DELIVER", "RETURN", "WRITE_OFF", "SELL")),
                back=Sum("amount", filter=_kinds("TAKE_BACK")),
            )
        )
        for row in recount:
            reference = self.lots[row["holding__lot"]]
            assert (row["into"] or 0) == reference.total
            assert (row["gone"] or 0) - (row["back"] or 0) == sum(reference.parts[part] for part in GONE)

    @invariant()
    def deliveries_carry_no_more_value_than_was_given(self):
        values = (
            DistributionLine.objects.delivered()
            .order_by()
            .values("allocation__holding__lot")
            .annotate(amount=Sum("amount"), value=Sum("value"))
        )
        told = {row["allocation__holding__lot"]: row for row in values}
        for lot in LotModel.objects.all():
            row = told.get(lot.pk, {"amount": 0, "value": None})
            assert lot.delivered == row["amount"]
            assert lot.delivered_value == (row["value"] or 0)


def _kinds(*names):
    from django.db.models import Q

    return Q(kind__in=[MovementKind[name] for name in names])
