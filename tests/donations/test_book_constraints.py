"""Each named constraint of the book, broken at the database."""

from datetime import date
from decimal import Decimal

import pytest

from donations.enums import DecisionState
from donations.models import Holding, Receipt, StockTakeLine
from jinchuan.shared.clock import now
from tests import factories
from tests import factories_book as book
from tests.provoking import provoke


def _two_holdings():
    """The same lot at two places; the second is to move to the first's."""
    first = book.goods_holding(place=book.place())
    second = Holding.objects.create(lot=first.lot, fund=first.fund, place=book.place("第二库房"))
    return second, {"place": first.place}


def _two_without_place():
    held = book.goods_holding(place=book.place())
    return held, {"place": None}


def _two_deliveries():
    batch = book.planned(book.approved(), book.approved())
    return batch.lines.get(number=2), {"number": 1}


def _two_receipts():
    first, second = book.receipt(), book.receipt(factories.confirmed_donation(), number="0012345679")
    return second, {"code": first.code, "number": first.number}


def _second_receipt_in_force():
    first = book.receipt()
    second = Receipt.objects.create(
        donation=first.donation,
        number="0099",
        issued_on=book.DAY,
        voided_on=book.DAY,
        void_reason="打印错误",
    )
    return second, {"voided_on": None, "void_reason": ""}


def _second_count():
    take = book.stock_take()
    other = book.goods_holding(place=take.place)
    line = StockTakeLine.objects.create(stock_take=take, holding=other, expected=20, counted=20)
    return line, {"holding": take.lines.exclude(pk=line.pk).get().holding}


def _two_funds():
    factories.confirmed_donation()
    return book.fund(), {"kind": "association"}


def _of_decided(prefix, make):
    """What every table of proposals has."""
    return {
        f"{prefix}_state_known": lambda: (make(), {"state": "x"}),
        f"{prefix}_decided_at_with_by": lambda: (
            make(),
            {"state": DecisionState.APPROVED, "decided_at": now()},
        ),
        f"{prefix}_decided_with_date": lambda: (make(), {"state": DecisionState.APPROVED}),
        f"{prefix}_decided_by_second_person": lambda: (
            make(),
            {"state": DecisionState.APPROVED, "decided_at": now(), "decided_by": factories.officer()},
        ),
        f"{prefix}_has_reason": lambda: (make(), {"reason": ""}),
    }


def _lot(**fields):
    return book.holding(**fields).lot


def _allocation():
    return book.proposed()


def _seconded_by_the_first():
    row = book.approved(book.holding("20000.00"), "15000")
    return row, {"seconded_by": row.approved_by}


PROVOCATIONS = {
    "donation_received_when_not_pledged": lambda: (factories.submitted_donation(), {"received_on": None}),
    "donation_pledge_has_date": lambda: (book.pledged_donation(), {"pledged_on": None}),
    "donation_pledge_dates_order": lambda: (book.pledged_donation(), {"expected_on": date(2026, 8, 1)}),
    "receipt_number_once": _two_receipts,
    "receipt_one_in_force": _second_receipt_in_force,
    "receipt_void_with_reason": lambda: (book.receipt(), {"voided_on": book.DAY}),
    "receipt_dates_order": lambda: (
        book.receipt(),
        {"voided_on": date(2026, 1, 1), "void_reason": "打印错误"},
    ),
    "fund_kind_known": lambda: (book.fund(), {"kind": "x"}),
    "fund_one_of_a_route": _two_funds,
    "fund_special_has_rules": lambda: (book.fund(), {"rule_document": ""}),
    "place_kind_known": lambda: (book.place(), {"kind": "x"}),
    "lot_kind_known": lambda: (_lot(), {"kind": "x"}),
    "lot_amount_positive": lambda: (_lot(), {"amount": 0}),
    "lot_delivered_not_below_zero": lambda: (_lot(), {"delivered": -1}),
    "lot_one_of_a_line": lambda: (_sold_lot(), {"origin": None}),
    "lot_value_not_overspent": lambda: (_lot(), {"delivered_value": Decimal("1000.01")}),
    "holding_one_at_a_place": _two_holdings,
    "holding_one_without_place": _two_without_place,
    "holding_conserved": lambda: (book.holding(), {"free": 999}),
    "holding_allocated_within": lambda: (book.holding(), {"allocated": 1001}),
    **{
        f"holding_{column}_not_below_zero": lambda column=column: (
            book.holding(),
            {column: -1, "adjusted": _balance(column)},
        )
        for column in (
            "received",
            "moved_in",
            "promised",
            "in_transit",
            "delivered",
            "returned",
            "written_off",
            "sold",
            "moved_out",
        )
    },
    "holding_free_not_below_zero": lambda: (book.holding(), {"free": -1, "promised": 1001}),
    "movement_kind_known": lambda: (book.holding().movements.get(), {"kind": "x"}),
    "movement_amount_signed_in_corrections_only": lambda: (book.holding().movements.get(), {"amount": -1}),
    "allocation_state_known": lambda: (_allocation(), {"state": "x"}),
    "allocation_target_known": lambda: (_allocation(), {"target": "x"}),
    "allocation_amount_positive": lambda: (_allocation(), {"amount": -1, "released": -2}),
    "allocation_not_overdrawn": lambda: (_allocation(), {"loaded": 101}),
    "allocation_over_when_nothing_is_open": lambda: (_allocation(), {"released": 100}),
    "allocation_target_matches": lambda: (_allocation(), {"household": None}),
    "allocation_approved_at_with_by": lambda: (_allocation(), {"approved_at": now()}),
    "allocation_seconded_at_with_by": lambda: (_allocation(), {"seconded_at": now()}),
    "allocation_approved_by_enough": lambda: (_allocation(), {"state": "approved"}),
    "allocation_approver_did_not_propose": lambda: (
        _allocation(),
        {"approved_at": now(), "approved_by": factories.officer()},
    ),
    "allocation_second_is_another": _seconded_by_the_first,
    **_of_decided("adjustment", book.adjustment),
    "adjustment_changes_something": lambda: (book.adjustment(), {"amount": 0, "value": 0}),
    **_of_decided("disposal", book.disposal),
    "disposal_kind_known": lambda: (book.disposal(), {"kind": "x"}),
    "disposal_amount_positive": lambda: (book.disposal(), {"amount": 0}),
    "disposal_sale_has_proceeds": lambda: (book.disposal(), {"kind": "sold"}),
    **_of_decided("stock_take", book.stock_take),
    "stock_count_not_below_zero": lambda: (book.stock_take().lines.get(), {"counted": -1}),
    "stock_count_once": _second_count,
    **_of_decided("purpose_change", book.purpose_change),
    "purpose_change_restriction_known": lambda: (book.purpose_change(), {"restriction": "x"}),
    "purpose_change_matches": lambda: (book.purpose_change(), {"category": "orphan"}),
    "purpose_change_with_consent": lambda: (book.purpose_change(), {"consent_evidence": ""}),
    "distribution_kind_known": lambda: (book.planned(), {"kind": "x"}),
    "distribution_state_known": lambda: (book.planned(), {"state": "x"}),
    "delivery_state_known": lambda: (book.planned().lines.get(), {"state": "x"}),
    "delivery_amount_positive": lambda: (book.planned().lines.get(), {"amount": 0}),
    "delivery_number_once": _two_deliveries,
    "delivery_to_somebody": lambda: (book.planned().lines.get(), {"household": None}),
    "delivery_signed_when_delivered": lambda: (book.planned().lines.get(), {"delivered_on": book.DAY}),
    "delivery_noted_at_with_by": lambda: (book.planned().lines.get(), {"noted_at": now()}),
    "verification_called_with_result": lambda: (book.verification(), {"result": "received"}),
    "verification_trouble_is_told": lambda: (
        book.verification(),
        {"result": "not_received", "called_on": book.DAY, "called_by": factories.officer()},
    ),
}


def _sold_lot():
    from donations.models import Lot
    from donations.services import corrections

    sale = book.disposal(kind="sold", proceeds=Decimal(50))
    corrections.decide_disposal(sale, by=factories.reviewer(), approve=True)
    return Lot.objects.get(origin__isnull=False)


def _balance(column):
    """What ``adjusted`` must say beside a -1 in the column, so that the equation of the holding still holds."""
    return 1001 if column == "received" else 1 if column == "moved_in" else -1


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)
