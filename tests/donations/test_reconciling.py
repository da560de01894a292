"""A statement against the gifts: what agrees, what might, what is only on one side; and files that are no statement."""

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from donations import reconciling
from donations.enums import DonorKind, Route
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.errors import Refused
from jinchuan.sheets import reading
from tests import factories

pytestmark = pytest.mark.django_db

HEADS = ("日期", "金额", "对方户名", "摘要", "流水号")


def statement(*rows, heads=HEADS, above=()):
    book = openpyxl.Workbook()
    for row in (*above, heads, *rows):
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def gift(amount="500", name="王秀兰", on=date(2026, 9, 10), **fields):
    donor = (
        factories.individual_donor(name=name)
        if name
        else factories.individual_donor(kind=DonorKind.ANONYMOUS, name="", phone="")
    )
    return factories.confirmed_donation(donor=donor, lines=[factories.cash(amount)], received_on=on, **fields)


def reconcile(*rows, **which):
    return reconciling.reconcile(statement(*rows, **which), "流水.xlsx", by=factories.officer())


def codes(pairs):
    return [(pair.row.number, pair.gift.code) for pair in pairs]


def test_amount_day_and_name_make_a_match():
    one = gift()
    result = reconcile(("2026-09-12", "500.00", "王秀兰", "捐款", "A1"))
    assert codes(result.matched) == [(2, one.code)]
    assert not (result.doubtful or result.missing_here or result.missing_there)


@pytest.mark.parametrize("payer", ["王*兰", "王＊兰", "王 秀 兰", "*秀兰"])
def test_the_name_as_banks_write_it(payer):
    gift()
    assert len(reconcile(("20260910", 500, payer, "", "")).matched) == 1


@pytest.mark.parametrize("day", ["2026-09-06", "2026-09-14"])
def test_four_days_apart_is_another_gift(day):
    one = gift()
    result = reconcile((day, 500, "王秀兰", "", ""), ("2026-09-10", 1, "别人", "", ""))
    assert not result.matched
    assert [gift.code for gift in result.missing_there] == [one.code] or day == "2026-09-14"
    assert [row.number for row in result.missing_here] == [2, 3]


def test_another_name_is_a_doubt_and_says_so():
    gift()
    (pair,) = reconcile(("2026-09-10", 500, "李建国", "", "")).doubtful
    assert pair.doubt == reconciling.OTHER_NAME.format(bank="李建国")
    (pair,) = reconcile(("2026-09-10", 500, None, "", "")).doubtful
    assert pair.doubt == reconciling.NO_NAME


def test_nobody_can_check_the_name_of_the_nameless():
    gift(name="")
    (pair,) = reconcile(("2026-09-10", 500, "王秀兰", "", "")).doubtful
    assert pair.doubt == reconciling.NAMELESS_GIFT


def test_a_gift_that_waits_for_confirmation_is_a_doubt():
    donor = factories.individual_donor(name="王秀兰")
    factories.submitted_donation(donor=donor, lines=[factories.cash("500")])
    (pair,) = reconcile(("2026-09-10", 500, "王秀兰", "", "")).doubtful
    assert pair.doubt == reconciling.NOT_CONFIRMED


def test_the_number_of_the_gift_in_the_summary_decides():
    first, second = gift(name="王秀兰"), gift(name="李建国", on=date(2026, 9, 1))
    result = reconcile(("2026-09-10", 500, "王秀兰", f"捐赠{second.code}", ""))
    assert codes(result.matched) == [(2, second.code)]
    assert [one.code for one in result.missing_there] == [first.code]


def test_one_row_stands_for_one_gift_the_nearest_first():
    late, early = gift(on=date(2026, 9, 11)), gift(on=date(2026, 9, 9))
    result = reconcile(("2026-09-09", 500, "王秀兰", "", ""), ("2026-09-11", 500, "王秀兰", "", ""))
    assert codes(result.matched) == [(2, early.code), (3, late.code)]
    result = reconcile(("2026-09-09", 500, "王秀兰", "", ""), ("2026-09-11", 1, "", "", ""))
    assert codes(result.matched) == [(2, early.code)]
    assert [one.code for one in result.missing_there] == [late.code]


def test_a_named_match_goes_before_a_doubt():
    one = gift()
    result = reconcile(("2026-09-10", 500, "李建国", "", ""), ("2026-09-12", 500, "王秀兰", "", ""))
    assert codes(result.matched) == [(3, one.code)]
    assert [row.number for row in result.missing_here] == [2]


def test_only_money_that_came_to_the_association(household_a):
    gift(route=Route.OTHER_CHARITY)
    factories.confirmed_donation(lines=[factories.goods(value="500")])
    result = reconcile(("2026-09-10", 500, "王秀兰", "", ""))
    assert [row.number for row in result.missing_here] == [2]


def test_heads_and_cells_as_banks_have_them():
    one = gift("1234.50")
    heads = ("交易时间", "贷方发生额", "对方账户名称", "用途", "备注", "余额")
    row = (datetime(2026, 9, 10, 9, 30), 1234.5, "王秀兰", "捐款", "爱心", 99)
    result = reconcile(row, heads=heads, above=[("金川区慈善协会 2026年9月",)])
    assert codes(result.matched) == [(3, one.code)]
    result = reconcile(("2026-09-10 09:30:00", "1,234.50", "王秀兰", "", "", ""), heads=heads)
    assert codes(result.matched) == [(2, one.code)]


def test_spending_and_what_cannot_be_read_is_counted():
    gift()
    result = reconcile(
        ("2026-09-10", 500, "王秀兰", "", ""),
        ("2026-09-10", -300, "粮油店", "", ""),
        ("什么时候", 20, "", "", ""),
        ("2026-09-10", "一百", "", "", ""),
    )
    assert (result.spending, result.unread) == (1, [4, 5])


def test_nothing_is_kept_but_an_event_without_names():
    gift()
    reconcile(("2026-09-10", 500, "王秀兰", "", ""))
    event = AuditEvent.objects.get(action="reconcile")
    assert event.after == {"matched": "1", "doubtful": "0", "missing_here": "0", "missing_there": "0"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", reading.EMPTY),
        (b"PK\x03\x04 no archive", reading.STRANGE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", reading.OLD_FORMAT),
        (statement((1, 2), heads=("姓名", "电话")), "缺少列：日期、金额。请对照模板补上，列的先后不限。"),
        (statement(("2026-09-10", -5, "", "", "")), reconciling.NOTHING_CAME_IN),
    ],
)
def test_files_that_are_no_statement(data, sentence):
    with pytest.raises(Refused) as refusal:
        reconciling.reconcile(data, "流水.xlsx", by=factories.officer())
    assert sentence in str(refusal.value)


def test_organisations_do_not_reconcile(admin_a):
    with pytest.raises(PermissionDenied):
        reconciling.reconcile(statement(("2026-09-10", 5, "", "", "")), "流水.xlsx", by=admin_a)


def test_the_same_queries_for_one_gift_and_three(django_assert_num_queries):
    gift()
    data = statement(("2026-09-10", 500, "王秀兰", "", ""))
    rows = reconciling._bank_rows(reading.read(data, "流水.xlsx", reconciling.STATEMENT))
    donations = reconciling.Donation.objects.visible_to(factories.officer())
    with django_assert_num_queries(1):
        reconciling.compare(*rows, donations)
    gift(), gift(Decimal("2"))
    with django_assert_num_queries(1):
        reconciling.compare(*rows, donations)
