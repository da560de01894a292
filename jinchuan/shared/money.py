"""Money: read as people type it, shown in 元, 万元 and 大写. Pure. Every amount is a ``Decimal`` in 元."""

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from jinchuan.shared.text import fold_digits

LIMIT = Decimal(100_000_000)
CENT = Decimal("0.01")
WAN = Decimal(10_000)

EMPTY = "请填写金额"
NOT_A_NUMBER = "金额请用数字填写，例如 1000 或 1000.50"
NOT_POSITIVE = "金额必须大于 0"
NOT_NEGATIVE = "金额不能小于 0"
TOO_PRECISE = "金额最多到分（两位小数）"
OVER_LIMIT = "金额超过上限 1 亿元，请核对或联系民政局"
IN_YUAN = "请按元填写。{typed} {unit}元 = {yuan} 元，是否采用？"

_BEFORE = re.compile(r"^(人民币|RMB|CNY|[¥￥])+", re.IGNORECASE)
_AFTER = re.compile(r"(元整|元|圆整|圆|块钱|块|RMB|CNY)$", re.IGNORECASE)
_AMOUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_MULTIPLES = {"千": Decimal(1000), "万": WAN, "百万": WAN * 100, "千万": WAN * 1000, "亿": WAN * WAN}
_SIZES = (("亿元", WAN * WAN), ("万元", WAN), ("元", Decimal(1)))
_MINUS = str.maketrans(dict.fromkeys("−–—", "-"))


class MoneyError(ValueError):
    """A text that is no amount; ``suggestion`` is the amount in 元 to offer when it was written in 万元."""

    def __init__(self, code: str, message: str, suggestion: Decimal | None = None):
        super().__init__(message)
        self.code, self.message, self.suggestion = code, message, suggestion


def parse_yuan(text: str, *, zero: bool = False, signed: bool = False) -> Decimal:
    """The amount in 元 with two places: ``1,000``, ``1，000.50``, ``¥１０００``, ``1000元``.

    Refuses 万元 with a suggestion, exponents, more than two places, and more than 1 亿元. ``zero`` lets 0 pass,
    ``signed`` lets negative amounts pass (corrections only).
    """
    typed = fold_digits(text).translate(_MINUS)
    if not typed:
        raise MoneyError("empty", EMPTY)
    sign, number = _split_sign(typed)
    number = _AFTER.sub("", number)
    unit = next((u for u in sorted(_MULTIPLES, key=len, reverse=True) if number.endswith(u)), "")
    digits = number.removesuffix(unit)
    if not _AMOUNT.fullmatch(digits):
        raise MoneyError("format", NOT_A_NUMBER)
    amount = sign * Decimal(digits.replace(",", "")) * _MULTIPLES.get(unit, Decimal(1))
    amount = check_yuan(amount, zero=zero, signed=signed)
    if unit:
        plain = f"{amount:f}".removesuffix(".00")
        sentence = IN_YUAN.format(typed=f"{'-' if sign < 0 else ''}{digits}", unit=unit, yuan=plain)
        raise MoneyError("unit", sentence, suggestion=amount)
    return amount


def check_yuan(amount: Decimal, *, zero: bool = False, signed: bool = False) -> Decimal:
    """The amount at two places, refused like a typed one when it is no amount of money."""
    if not amount.is_finite():
        raise MoneyError("format", NOT_A_NUMBER)
    if abs(amount) > LIMIT:
        raise MoneyError("limit", OVER_LIMIT)
    if amount != amount.quantize(CENT, ROUND_DOWN):
        raise MoneyError("places", TOO_PRECISE)
    if amount < 0 and not signed:
        raise MoneyError("positive", NOT_NEGATIVE if zero else NOT_POSITIVE)
    if amount == 0 and not zero:
        raise MoneyError("positive", NOT_POSITIVE)
    return abs(amount.quantize(CENT)) if amount == 0 else amount.quantize(CENT)


def yuan(amount: Decimal | int) -> str:
    """元 with two places: ``1,234.50``."""
    return f"{Decimal(amount).quantize(CENT, ROUND_HALF_UP):,.2f}"


def in_wan(amount: Decimal | int) -> Decimal:
    """万元 with two places, rounded once from the sum in 元."""
    return (Decimal(amount) / WAN).quantize(CENT, ROUND_HALF_UP)


def wan(amount: Decimal | int) -> str:
    """万元 as it is printed: ``15.24``."""
    return f"{in_wan(amount):,.2f}"


def about_wan(amount: Decimal | int) -> str:
    """As a press report says it: ``15余万元``, ``15万元``, ``12余亿元``; below one 万元 the whole 元, ``8600元``, ``8600余元``."""
    amount = Decimal(amount)
    unit, size = next(one for one in _SIZES if amount >= one[1] or one[1] == 1)
    whole = int(amount // size)
    return f"{whole}{'余' if amount > whole * size else ''}{unit}"


# --- Amounts in words (支付结算办法, annex 1) ------------------------------------------------------------------------

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")


def in_words(amount: Decimal | int) -> str:
    """大写: ``人民币壹万贰仟元整``. 整 follows 元 and 角, never 分; one 零 for each run of zeros inside."""
    amount = Decimal(amount).quantize(CENT, ROUND_HALF_UP)
    fen = int(abs(amount) * 100)
    whole, (jiao, fen) = fen // 100, divmod(fen % 100, 10)
    words = f"{_whole(whole)}元" if whole or not (jiao or fen) else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and whole:
        words += "零"
    words += f"{_DIGITS[fen]}分" if fen else "整"
    return f"人民币{'负' if amount < 0 else ''}{words}"


def _whole(number: int) -> str:
    if number == 0:
        return "零"
    words, after_gap = "", False
    for unit, group in (("亿", number // 10**8), ("万", number // 10**4 % 10**4), ("", number % 10**4)):
        if group == 0:
            after_gap = True
            continue
        if words and (after_gap or group < 1000):
            words += "零"
        words += (_whole(group) if group >= 10**4 else _group(group)) + unit
        after_gap = False
    return words


def _group(number: int) -> str:
    """A number below 10 000."""
    words, gap = "", False
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit == "0":
            gap = True
            continue
        words += ("零" if gap and words else "") + _DIGITS[int(digit)] + place
        gap = False
    return words


def _split_sign(typed: str) -> tuple[int, str]:
    """The sign and what follows it, with 人民币 or ¥ on either side of the sign."""
    number = _BEFORE.sub("", typed)
    if number.startswith("-"):
        return -1, _BEFORE.sub("", number[1:])
    return 1, number
