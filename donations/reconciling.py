"""A bank statement against the gifts of money that were logged: matched, doubtful, missing here, missing there.

Amount and day (± 3) must agree; the name decides between a match and a doubt. A row of the bank stands for one gift at
most. Nothing is stored but the note that somebody compared, and with what result.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from jinchuan.audit.services import record, verb
from jinchuan.shared import text
from jinchuan.shared.access import require
from jinchuan.shared.clock import day_of
from jinchuan.shared.dates import DateError, parse_day
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import DayFormField, LineFormField
from jinchuan.shared.money import MoneyError, parse_yuan
from jinchuan.sheets import reading
from jinchuan.sheets.cells import RowForm
from jinchuan.sheets.importing import subject
from jinchuan.sheets.registers import Register

from .enums import DonationState, DonorKind, Route
from .models import Donation

DAYS_APART = 3
_COUNTED = (DonationState.SUBMITTED, DonationState.CONFIRMED)
OTHER_NAME = "户名不同：银行是“{bank}”"
NO_NAME = "银行流水没有对方户名"
NAMELESS_GIFT = "匿名捐赠，无法核对户名"
NOT_CONFIRMED = "捐赠还没有确认"
NOTHING_CAME_IN = "流水里没有看得懂的收入，请检查“日期”“金额”两列。"
_CODE = re.compile(r"JZ\d{4}-\d{4,}")
_NAME_NOISE = re.compile(r"[\s()（）·•.]")


class StatementRow(RowForm):
    """The columns of a statement; banks call them by many names."""

    on = DayFormField(label="日期")
    amount = LineFormField(label="金额", max_chars=30)
    payer = LineFormField(label="对方户名", required=False, max_chars=120)
    summary = LineFormField(label="摘要", required=False, max_chars=200)
    reference = LineFormField(label="流水号", required=False, max_chars=60)


STATEMENT = Register(
    name="bank_statement",
    title="银行流水",
    unit="行",
    model=Donation,
    head=StatementRow,
    write=None,
    also={
        **dict.fromkeys(("交易日期", "记账日期", "入账日期", "交易时间", "日期时间"), "on"),
        **dict.fromkeys(
            ("交易金额", "收入金额", "贷方发生额", "贷方金额", "收入", "存入金额", "发生额", "金额（元）"),
            "amount",
        ),
        **dict.fromkeys(
            (
                "对方名称",
                "对方账户名称",
                "对方账号名称",
                "付款人",
                "付款人名称",
                "付款方",
                "付款方户名",
                "户名",
            ),
            "payer",
        ),
        **dict.fromkeys(("用途", "附言", "备注", "交易摘要", "摘要说明"), "summary"),
        **dict.fromkeys(("交易流水号", "交易流水", "凭证号", "交易号", "银行流水号"), "reference"),
    },
)


@dataclass(frozen=True)
class BankRow:
    number: int
    on: date
    amount: Decimal
    payer: str
    summary: str
    reference: str


@dataclass(frozen=True)
class Gift:
    code: str
    pk: int
    on: date
    amount: Decimal
    name: str
    nameless: bool
    confirmed: bool


@dataclass(frozen=True)
class Pair:
    row: BankRow
    gift: Gift
    doubt: str = ""


@dataclass
class Reconciliation:
    since: date
    until: date
    matched: list[Pair] = field(default_factory=list)
    doubtful: list[Pair] = field(default_factory=list)
    missing_here: list[BankRow] = field(default_factory=list)
    missing_there: list[Gift] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    spending: int = 0


@verb
def reconcile(data, name, *, by) -> Reconciliation:
    """Compare a statement with the association's gifts of money that ``by`` may see. Refuses what is no statement, and
    leaves an event with the counts, no names."""
    require(by, "donations.confirm_donation")
    sheet = reading.read(data, name, STATEMENT)
    result = compare(*_bank_rows(sheet), Donation.objects.visible_to(by))
    counts = ("matched", "doubtful", "missing_here", "missing_there")
    after = {name: str(len(getattr(result, name))) for name in counts}
    record("reconcile", subject(STATEMENT, sheet.sha256), by=by, after=after)
    return result


def compare(rows, unread, spending, donations) -> Reconciliation:
    """The rows that came in against the gifts of those days. Each stands for one of the other side at most: first the
    gift whose number the payer wrote, then name and nearest day, then what has only amount and day."""
    if not rows:
        raise Refused(NOTHING_CAME_IN)
    result = Reconciliation(
        min(row.on for row in rows), max(row.on for row in rows), unread=unread, spending=spending
    )
    gifts = _gifts(donations, rows, result)
    by_amount = defaultdict(list)
    for gift in gifts:
        by_amount[gift.amount].append(gift)
    open_rows, taken = list(rows), set()
    for fits in (_says_its_code, _same_name, _near):
        pairs = [
            (abs((row.on - gift.on).days), row.number, gift.code, row, gift)
            for row in open_rows
            for gift in by_amount[row.amount]
            if gift.code not in taken and fits(row, gift)
        ]
        done = set()
        for *_, row, gift in sorted(pairs, key=lambda pair: pair[:3]):
            if row.number in done or gift.code in taken:
                continue
            done.add(row.number)
            taken.add(gift.code)
            doubt = _doubt(row, gift) if fits is _near else ""
            doubt = doubt or ("" if gift.confirmed else NOT_CONFIRMED)
            (result.doubtful if doubt else result.matched).append(Pair(row, gift, doubt))
        open_rows = [row for row in open_rows if row.number not in done]
    for pairs in (result.matched, result.doubtful):
        pairs.sort(key=lambda pair: pair.row.number)
    result.missing_here = open_rows
    result.missing_there = [
        gift for gift in gifts if gift.code not in taken and result.since <= gift.on <= result.until
    ]
    return result


def _bank_rows(sheet):
    """Rows that brought money, the numbers of rows that cannot be read, and how many were money going out."""
    rows, unread, spending = [], [], 0
    for row in sheet.rows:
        try:
            on, amount = _day(row.cells.get("on")), _amount(row.cells.get("amount"))
        except (DateError, MoneyError):
            unread.append(row.number)
            continue
        if amount <= 0:
            spending += 1
            continue
        told = {
            name: text.clean(str(row.cells.get(name) or ""))[:200]
            for name in ("payer", "summary", "reference")
        }
        rows.append(BankRow(row.number, on, amount, **told))
    return rows, unread, spending


def _day(value) -> date:
    if isinstance(value, datetime):
        return day_of(value)
    if isinstance(value, date):
        return value
    typed = text.clean(str(value or ""))
    return parse_day(typed.replace("T", " ").split(" ")[0])


def _amount(value) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{Decimal(str(value)):.2f}"
    return parse_yuan(text.clean(str(value or "")), zero=True, signed=True)


def _gifts(donations, rows, result) -> list[Gift]:
    """Those of the days of the statement and a little around them, and those whose number a payer wrote."""
    near = timedelta(days=DAYS_APART)
    those_days = Q(received_on__gte=result.since - near, received_on__lte=result.until + near)
    told = {code for row in rows for code in _codes(row)}
    found = donations.with_totals().filter(
        those_days | Q(code__in=told),
        route=Route.ASSOCIATION,
        state__in=_COUNTED,
        cash_value__gt=0,
    )
    return [
        Gift(
            code=donation.code,
            pk=donation.pk,
            on=donation.received_on,
            amount=donation.cash_value,
            name=donation.donor.name,
            nameless=donation.donor.kind == DonorKind.ANONYMOUS,
            confirmed=donation.state == DonationState.CONFIRMED,
        )
        for donation in found.select_related("donor").order_by("received_on", "code")
    ]


def _codes(row) -> list[str]:
    return _CODE.findall(f"{row.summary} {row.reference}".upper())


def _near(row, gift) -> bool:
    return abs((row.on - gift.on).days) <= DAYS_APART


def _says_its_code(row, gift) -> bool:
    return gift.code in _codes(row)


def _same_name(row, gift) -> bool:
    return bool(row.payer) and not gift.nameless and _near(row, gift) and _is_called(row.payer, gift.name)


def _is_called(payer, name) -> bool:
    """``王*兰`` of the bank is 王秀兰; spaces and brackets do not count."""
    payer, name = (_NAME_NOISE.sub("", word.replace("＊", "*")) for word in (payer, name))
    if "*" not in payer:
        return payer == name
    pattern = "".join("." if letter == "*" else re.escape(letter) for letter in payer)
    return payer.strip("*") != "" and re.fullmatch(pattern, name) is not None


def _doubt(row, gift) -> str:
    if gift.nameless:
        return NAMELESS_GIFT
    return OTHER_NAME.format(bank=row.payer) if row.payer else NO_NAME
