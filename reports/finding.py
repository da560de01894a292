"""What in a text would tell who somebody is, or how to reach them. Pure: it knows only what it is handed.

``find(text, known)`` reads folded text (full-width digits, spaces inside numbers and names), and tells kind and place in the
text as it was written. It would rather ask once too often: what is harmless is explained by whoever checks the story.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jinchuan.shared import masking

from .enums import FindingKind

K = FindingKind

_NAME_LENGTHS = range(2, 21)
_BESIDE = 14  # characters between a name and an age that belong together
_ADULT = 18

_DIGITS = str.maketrans(
    {
        **{chr(ord("０") + n): str(n) for n in range(10)},
        "Ｘ": "X",
        "ｘ": "x",
        "－": "-",
        "—": "-",
        "–": "-",
        "（": "(",
        "）": ")",
        "＃": "#",
        "•": "·",
        "・": "·",
        "\u3000": " ",
        "\u00a0": " ",
    }
)
_SPOKEN = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_SPOKEN_RUN = re.compile(r"[〇零一二三四五六七八九幺]{11,}")

_GAP = r"[ \-]?"
_DATE = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_LONG_NUMBER = re.compile(
    rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{13,19}}(?:{_GAP}[Xx×])?(?:{_GAP}[0-9]{{2}})?(?:B[1-9])?(?![0-9])"
)
_ID = re.compile(rf"[1-9]\d{{5}}{_DATE}\d{{3}}[\dXx×]")
_OLD_ID = re.compile(r"[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_CERTIFICATE = re.compile(rf"[1-9]\d{{5}}{_DATE}\d{{3}}[\dXx×][1-7][1-4](?:B[1-9])?")
_MOBILE = re.compile(rf"(?<![0-9])(?:\+?86{_GAP})?1[3-9][0-9](?:{_GAP}[0-9]){{8}}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])\(?0[1-9][0-9]{1,2}\)?[ \-]?[2-9][0-9]{2,3}[ \-]?[0-9]{4}(?![0-9])")
_LOCAL = re.compile(
    r"(?:电话|热线|拨打|联系方式|座机)(?:是|为|号码)?[：: ]{0,2}([2-9][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9])"
)

_N = r"[0-9一二三四五六七八九十百零〇]+"
_FULL_ADDRESS = re.compile(
    rf"{_N}(?:栋|幢|号楼|#楼|座|楼) ?(?:{_N}单元 ?)?(?:{_N}(?:层|楼) ?)?(?:[0-9]{{2,4}}|{_N})(?:室|号|户|门)?(?![年月日元人个名次场件])"
    rf"|{_N}单元 ?(?:[0-9]{{2,4}}|{_N})(?:室|号|户|门)?(?![年月日元人个名次场件])"
    rf"|[\u4e00-\u9fa5]{{1,6}}(?:里|路|街|巷|弄|胡同|大道|小区|新村|花园|家园|苑|社区|村|组|社) ?{_N}号(?!线|楼下|馆|公告|文件|服务)"
    rf"(?:院|楼)?(?: ?{_N}(?:单元|室|户|号))*"
    rf"|(?<![0-9\-])[0-9]{{1,3}}-[0-9]{{1,2}}-[0-9]{{3,4}}(?![0-9\-])"
)
_DAY_IN_WORDS = (
    r"(?:19|20)[0-9]{2}(?:年|[.\-/])(?:1[0-2]|0?[1-9])(?:月|[.\-/])(?:[12][0-9]|3[01]|0?[1-9])(?:日|号)?"
)
_BIRTH = re.compile(
    rf"{_DAY_IN_WORDS}(?= ?(?:出生|生人|生日|生于|生，|生。))"
    rf"|(?:出生日期|出生于|生于|生日)(?:是|为)?[：: ]{{0,2}}{_DAY_IN_WORDS}"
)
_AGE = re.compile(
    r"(?<![0-9一二三四五六七八九十百多几])([0-9]{1,2}|[一二三四五六七八九十两]{1,3})(?:周)?岁(?!以|多|上下|左右|以上|以下)"
)
_MONTHS_OLD = re.compile(r"(?<![0-9])(?:[0-9]{1,2}|[一二三四五六七八九十两]{1,2})个月大")
_SOMEBODY = re.compile(r"[\u4e00-\u9fa5]某某?(?![\u4e00-\u9fa5]{0,2}(?:街道|社区|小区|公司))")
_SCHOOL = re.compile(
    r"([\u4e00-\u9fa50-9]{2,12}?)(小学|中学|幼儿园|高中|初中|职业学校|职业技术学校|特殊教育学校|学校|大学|学院)(?![生里习们])"
)
_SHORT_SCHOOL = re.compile(
    r"(?:金川|金昌|龙门|总校|公司)[总]?(?:[市区]|学校)?第?[一二三四五六七八九十][中小](?![学年月个岁])"
    r"|[市区县]第?[一二三四五六七八九十]中(?![队心国午年学])"
)
_BEFORE_SCHOOL = re.compile(
    r".*(?:考上了?|考入了?|就读于|就读|毕业于|转到|送到|走进|来到|前往|她在|他在|[在到从上读于的是了和与进入念去向被让，、])"
)
_NO_SCHOOL = re.compile(
    r"(?:圆梦|老年|开放|一所|这所|那所|所有|附近|重点|普通|义务|各|全区|全市|我区|我市|家门口|理想|心仪|梦想|几所|多所|本地|外地|农村|城区|寄宿制|民办|公办|其他|母|特殊教育|职业|社区|家长|党)*[0-9]*"
)


@dataclass(frozen=True)
class Known:
    """What the house knows: names of people; addresses of the households concerned; communities that must not be told."""

    names: Iterable[str] = ()
    addresses: Iterable[str] = ()
    communities: Iterable[str] = ()


@dataclass(frozen=True)
class Found:
    """One thing in the text: its kind, where it stands [start, end), and what stands there."""

    kind: FindingKind
    start: int
    end: int
    words: str

    @property
    def sample(self) -> str:
        """As it may be shown to whoever looks: enough to find the place, no more."""
        return _MASKS.get(self.kind, _first_alone)(self.words)

    @property
    def mark(self) -> str:
        """The same for the same thing, however it is spaced."""
        return f"{self.kind}:{''.join(self.words.translate(_DIGITS).split()).upper()}"


def find(text: str, known: Known = Known()) -> list[Found]:
    """Everything in ``text`` that tells who somebody is, in the order of the text; of two that overlap the graver one."""
    folded = text.translate(_DIGITS)
    folded = _SPOKEN_RUN.sub(lambda run: run[0].translate(_SPOKEN), folded)
    names = _names(folded, known.names)
    taken = _Taken(text)
    taken.add_all(_numbers(folded))
    taken.add_all(_phones(folded))
    taken.add_all((K.ADDRESS, *place) for place in _known(folded, known.addresses, least=4))
    taken.add_all((K.ADDRESS, *one.span()) for one in _FULL_ADDRESS.finditer(folded))
    taken.add_all((K.BIRTH_DATE, *one.span()) for one in _BIRTH.finditer(folded))
    taken.add_all((K.NAME, *place) for place in names)
    taken.add_all((K.COMMUNITY, *place) for place in _known(folded, known.communities, least=3))
    taken.add_all((K.SCHOOL, *place) for place in _schools(folded))
    taken.add_all((K.MINOR, *place) for place in _minors(folded, names))
    return sorted(taken.found, key=lambda one: (one.start, one.end))


class _Taken:
    """What was found so far; a later, lesser thing does not stand inside an earlier one."""

    def __init__(self, text):
        self.text, self.found, self.places = text, [], set()

    def add_all(self, things):
        for kind, start, end in list(things):
            if self.places.isdisjoint(range(start, end)):
                self.places.update(range(start, end))
                self.found.append(Found(kind, start, end, self.text[start:end]))


def _numbers(folded):
    """Long numbers: certificates, ID numbers, bank cards."""
    for one in _LONG_NUMBER.finditer(folded):
        digits = re.sub(r"[ \-]", "", one[0])
        if _CERTIFICATE.fullmatch(digits):
            yield (K.CERTIFICATE, *one.span())
        elif _ID.fullmatch(digits) or _OLD_ID.fullmatch(digits):
            yield (K.ID_NUMBER, *one.span())
        elif digits.isdecimal() and 16 <= len(digits) <= 19 and digits[0] in "3456" and _luhn(digits):
            yield (K.BANK_CARD, *one.span())
        elif len(digits) >= 18 and (inner := _ID.search(digits)) and inner.start() == 0:
            yield (K.ID_NUMBER, *one.span())


def _luhn(digits) -> bool:
    doubled = (int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _phones(folded):
    for pattern, group in ((_MOBILE, 0), (_LANDLINE, 0), (_LOCAL, 1)):
        for one in pattern.finditer(folded):
            yield (K.PHONE, *one.span(group))


def _names(folded, names) -> list[tuple[int, int]]:
    """Where known names stand, the longest first: a set of the text's pieces by length makes each name one look-up."""
    letters = [(place, c) for place, c in enumerate(folded) if c not in " \u200b"]
    squeezed = "".join(c for _, c in letters)
    pieces = {
        length: {squeezed[n : n + length] for n in range(len(squeezed) - length + 1)}
        for length in _NAME_LENGTHS
    }
    present = {name for name in names if name in pieces.get(len(name), ())}
    found, taken = [], set()
    for name in sorted(present, key=len, reverse=True):
        for one in re.finditer(re.escape(name), squeezed):
            start, end = letters[one.start()][0], letters[one.end() - 1][0] + 1
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                found.append((start, end))
    return sorted(found)


def _known(folded, phrases, *, least):
    for phrase in phrases:
        plain = (phrase or "").translate(_DIGITS).strip()
        if len(plain) >= least:
            for one in re.finditer(re.escape(plain), folded):
                yield one.span()


def _schools(folded):
    for one in _SHORT_SCHOOL.finditer(folded):
        yield one.span()
    for one in _SCHOOL.finditer(folded):
        before = _BEFORE_SCHOOL.match(one[1])
        own = one[1][before.end() :] if before else one[1]
        if len(own) >= 2 and not _NO_SCHOOL.fullmatch(own):
            yield one.end(1) - len(own), one.end(2)


def _minors(folded, names):
    """An age under 18 close to somebody's name, or to what stands for one (张某某)."""
    people = [*names, *(one.span() for one in _SOMEBODY.finditer(folded))]
    ages = [one for one in _AGE.finditer(folded) if _years(one[1]) < _ADULT]
    for one in (*ages, *_MONTHS_OLD.finditer(folded)):
        if any(start - _BESIDE <= one.end() and one.start() <= end + _BESIDE for start, end in people):
            yield one.span()


def _years(words) -> int:
    if words.isdecimal():
        return int(words)
    tens, ten, units = words.rpartition("十") if "十" in words else ("", "", words)
    value = {"": 0} | {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2}
    if not ten:
        return value.get(units, 99)
    return (value.get(tens, 9) or 1) * 10 + value.get(units, 0)


def _first_alone(words) -> str:
    return f"{words[:1]}{'*' * (len(words) - 1)}"


_MASKS = {
    K.NAME: lambda words: masking.mask_name("".join(words.split())),
    K.ID_NUMBER: lambda words: masking.mask_id("".join(words.split())),
    K.CERTIFICATE: lambda words: "*" * len(words),
    K.BANK_CARD: lambda words: f"{'*' * (len(words) - 2)}{words[-2:]}",
    K.PHONE: lambda words: f"{words[:3]}{'*' * (len(words) - 5)}{words[-2:]}",
    K.ADDRESS: lambda words: f"{words[:1]}***",
    K.BIRTH_DATE: lambda words: f"{words[:4]}***",
    K.MINOR: lambda words: words,
    K.SCHOOL: lambda words: f"{words[:1]}***{words[-2:]}",
    K.COMMUNITY: lambda words: words,
}
