"""Numbers that identify: credit codes, citizen IDs, disability certificates, telephones. Pure.

Each is a frozen dataclass made by ``.parse(text)``, which normalises first (full-width, spaces, hyphens, case) and
raises ``IdentityError`` with the sentence to show. What is odd but possible is in ``.warnings``, never refused.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from jinchuan.shared.text import fold_digits

CREDIT_CODE_EMPTY = "请填写统一社会信用代码"
CREDIT_CODE_LENGTH = "统一社会信用代码应为 18 位，现在是 {count} 位"
CREDIT_CODE_CHARACTERS = "统一社会信用代码只用数字和大写字母，不含 I、O、S、V、Z，请对照证书再看一遍"
CREDIT_CODE_CHECK = "统一社会信用代码最后一位对不上，请对照证书再看一遍"
CREDIT_CODE_INNER_CHECK = "统一社会信用代码第 17 位对不上，较早的代码可能如此，请核对"
CREDIT_CODE_FOUNDATION = "基金会由省级或国家登记，这个代码写的是市县，请核对"

CITIZEN_ID_EMPTY = "请填写身份证号"
CITIZEN_ID_OLD = "这是旧的 15 位号码，请填 18 位"
CITIZEN_ID_LENGTH = "身份证号应为 18 位，现在是 {count} 位"
CITIZEN_ID_CHARACTERS = "身份证号只能是数字，最后一位可以是 X"
CITIZEN_ID_PROVINCE = "身份证号前两位 {province} 不是省份代码，请对照证件再看一遍"
CITIZEN_ID_BIRTH_DATE = "身份证号里的出生日期 {day} 不存在"
CITIZEN_ID_TOO_EARLY = "身份证号里的出生日期 {day} 太早，请对照证件再看一遍"
CITIZEN_ID_FUTURE = "出生日期不能晚于今天"
CITIZEN_ID_CHECK = "身份证号最后一位对不上，请对照证件再看一遍"
CITIZEN_ID_AGE = "年龄超过 120 岁，请核对"

CERTIFICATE_EMPTY = "请填写残疾人证号"
CERTIFICATE_LENGTH = "残疾人证号应为 20 位，现在是 {count} 位"
CERTIFICATE_CATEGORY = "残疾人证号第 19 位是残疾类别，应为 1 到 7，现在是 {category}"
CERTIFICATE_GRADE = "残疾人证号第 20 位是残疾等级，应为 1 到 4，现在是 {grade}"

PHONE_EMPTY = "请填写电话号码"
PHONE_MOBILE_LENGTH = "手机号应为 11 位，现在是 {count} 位"
PHONE_AREA_CODE = "座机请带上区号，例如 0935-8212345"
PHONE_FORM = "请填写 11 位手机号，或带区号的座机，例如 0935-8212345"

_CROSSES = str.maketrans(dict.fromkeys("×✕✖╳хХχΧ", "X"))
_HYPHENS = str.maketrans(dict.fromkeys("-‐‑‒–—―−_·.", None))


class IdentityError(ValueError):
    """A number that cannot be right; ``code`` for programs, ``message`` for people."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code, self.message = code, message


def normalise_code(text: str) -> str:
    """A code in capitals and half-width, without spaces, hyphens and what cannot be seen; a typed ``×`` is an X."""
    return fold_digits(text).translate(_HYPHENS).translate(_CROSSES).upper()


# --- Unified social credit code, GB 32100-2015 ---------------------------------------------------------------------

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, power, 31) for power in range(17))
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_FORM = re.compile(f"[{_CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[{_CREDIT_ALPHABET}]{{10}}")
_DEPARTMENTS = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监管",
    "A": "军队",
    "N": "农业农村",
    "Y": "其他",
}
_CATEGORIES = {
    "11": "机关",
    "12": "事业单位",
    "13": "群众团体",
    "31": "律师执业机构",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "54": "村民委员会",
    "55": "居民委员会",
    "71": "宗教活动场所",
    "81": "基层工会",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "N1": "组级集体经济组织",
    "N2": "村级集体经济组织",
    "N3": "乡镇级集体经济组织",
}


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A unified social credit code. ``department`` registered it, ``category`` says what it is, ``region`` where."""

    value: str
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, text: str, *, today: date | None = None) -> "CreditCode":
        """Read a code; a wrong last character is refused, a wrong inner organisation code is a warning."""
        value = normalise_code(text)
        if not value:
            raise IdentityError("empty", CREDIT_CODE_EMPTY)
        if len(value) != 18:
            raise IdentityError("format", CREDIT_CODE_LENGTH.format(count=len(value)))
        if _CREDIT_FORM.fullmatch(value) is None:
            raise IdentityError("format", CREDIT_CODE_CHARACTERS)
        if value[17] != _credit_check(value):
            raise IdentityError("checksum", CREDIT_CODE_CHECK)
        warnings = []
        if value[16] != _organisation_check(value):
            warnings.append(CREDIT_CODE_INNER_CHECK)
        if value.startswith("53") and value[4:8] != "0000":
            warnings.append(CREDIT_CODE_FOUNDATION)
        return cls(value, tuple(warnings))

    @property
    def department(self) -> str:
        """The registering department, in Chinese; empty when the standard does not name it."""
        return _DEPARTMENTS.get(self.value[0], "")

    @property
    def category(self) -> str:
        """What is registered, in Chinese; ``其他`` when the standard does not name it."""
        return _CATEGORIES.get(self.value[:2], "其他")

    @property
    def region(self) -> str:
        """The six digits of the registering authority's division."""
        return self.value[2:8]

    def __str__(self) -> str:
        return self.value


def _credit_check(value: str) -> str:
    total = sum(
        weight * _CREDIT_ALPHABET.index(character)
        for weight, character in zip(_CREDIT_WEIGHTS, value, strict=False)
    )
    return _CREDIT_ALPHABET[-total % 31]


def _organisation_check(value: str) -> str:
    """The check character of the GB 11714 organisation code in positions 9–17."""
    body = value[8:16]
    total = sum(weight * int(c, 36) for weight, c in zip(_ORGANISATION_WEIGHTS, body, strict=True))
    return "0123456789X"[-total % 11]


# --- Citizen identification number, GB 11643-1999 ------------------------------------------------------------------

_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_FORM = re.compile(r"[0-9]{17}[0-9X]")
_PROVINCES = frozenset(
    map(str, [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)])
) | {"71", "81", "82", "83"}


@dataclass(frozen=True, slots=True)
class CitizenId:
    """An 18-digit number: citizen, resident of Hong Kong, Macao or Taiwan (81–83), or foreign resident (9…).

    The region is the one of first registration; most have been renamed since, so only the province is checked.
    """

    value: str
    warnings: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, text: str, *, today: date | None = None) -> "CitizenId":
        """Read a number. ``today`` (default: the day in Shanghai) decides what lies in the future."""
        value = normalise_code(text)
        _check_citizen_form(value)
        if value[0] != "9" and value[:2] not in _PROVINCES:
            raise IdentityError("province", CITIZEN_ID_PROVINCE.format(province=value[:2]))
        written = f"{value[6:10]}-{value[10:12]}-{value[12:14]}"
        try:
            born = date.fromisoformat(written)
        except ValueError as error:
            raise IdentityError("birth_date", CITIZEN_ID_BIRTH_DATE.format(day=written)) from error
        if born.year < 1900:
            raise IdentityError("birth_date_too_old", CITIZEN_ID_TOO_EARLY.format(day=written))
        today = today or datetime.now(ZoneInfo("Asia/Shanghai")).date()
        if born > today:
            raise IdentityError("birth_date_future", CITIZEN_ID_FUTURE)
        if value[17] != _citizen_check(value):
            raise IdentityError("checksum", CITIZEN_ID_CHECK)
        number = cls(value)
        return cls(value, (CITIZEN_ID_AGE,)) if number.age_on(today) > 120 else number

    @property
    def birth_date(self) -> date:
        return date(int(self.value[6:10]), int(self.value[10:12]), int(self.value[12:14]))

    @property
    def sex(self) -> str:
        """``"male"`` or ``"female"``."""
        return "male" if int(self.value[16]) % 2 else "female"

    @property
    def region(self) -> str:
        """The six digits of the division of first registration (for a foreign resident: 9, province, country)."""
        return self.value[:6]

    def age_on(self, day: date) -> int:
        """Full years on a day."""
        return age_on(self.birth_date, day)

    def __repr__(self) -> str:
        return f"CitizenId({'*' * 16}{self.value[-2:]})"

    __str__ = __repr__


def age_on(birth_date: date, day: date) -> int:
    """Full years on a day. Born on 29 February, a person turns a year older on 1 March of common years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _check_citizen_form(value: str) -> None:
    if not value:
        raise IdentityError("empty", CITIZEN_ID_EMPTY)
    if len(value) == 15 and value.isdecimal():
        raise IdentityError("format", CITIZEN_ID_OLD)
    if len(value) != 18:
        raise IdentityError("format", CITIZEN_ID_LENGTH.format(count=len(value)))
    if _CITIZEN_FORM.fullmatch(value) is None:
        raise IdentityError("format", CITIZEN_ID_CHARACTERS)


def _citizen_check(value: str) -> str:
    """The ISO 7064 MOD 11-2 check character of the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_CITIZEN_WEIGHTS, value, strict=False))
    return "10X98765432"[total % 11]


# --- Disability certificate ----------------------------------------------------------------------------------------

_CERTIFICATE_FORM = re.compile(r"(?P<citizen>.{18})(?P<category>.)(?P<grade>.)(?P<reissue>B[0-9])?")
DISABILITY_CATEGORIES = {1: "视力", 2: "听力", 3: "言语", 4: "肢体", 5: "智力", 6: "精神", 7: "多重"}
DISABILITY_GRADES = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


@dataclass(frozen=True, slots=True)
class DisabilityCertificate:
    """A disability certificate: the holder's ID number, a category 1–7 and a grade 1 (most severe) to 4."""

    value: str
    citizen_id: CitizenId
    category: int
    grade: int

    @classmethod
    def parse(cls, text: str, *, today: date | None = None) -> "DisabilityCertificate":
        """Read a number; the ID number in it is checked as an ID number. A re-issue mark (B1, B2 …) may follow."""
        value = normalise_code(text)
        if not value:
            raise IdentityError("empty", CERTIFICATE_EMPTY)
        match = _CERTIFICATE_FORM.fullmatch(value)
        if match is None:
            raise IdentityError("format", CERTIFICATE_LENGTH.format(count=len(value)))
        citizen_id = CitizenId.parse(match["citizen"], today=today)
        if match["category"] not in "1234567":
            raise IdentityError("category", CERTIFICATE_CATEGORY.format(category=match["category"]))
        if match["grade"] not in "1234":
            raise IdentityError("grade", CERTIFICATE_GRADE.format(grade=match["grade"]))
        return cls(value, citizen_id, int(match["category"]), int(match["grade"]))

    @property
    def is_severe(self) -> bool:
        """重度残疾: grade 1 or 2."""
        return self.grade <= 2

    @property
    def label(self) -> str:
        """``肢体残疾二级``."""
        return f"{DISABILITY_CATEGORIES[self.category]}残疾{DISABILITY_GRADES[self.grade]}"

    def __repr__(self) -> str:
        return f"DisabilityCertificate({self.label})"

    __str__ = __repr__


# --- Telephone -----------------------------------------------------------------------------------------------------

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?P<area>010|02[0-9]|0[3-9][0-9]{2})(?P<local>[2-9][0-9]{6,7})")
_SERVICE_LINE = re.compile(r"[48]00[0-9]{7}")
_PHONE_DECORATION = re.compile(r"[-‐‑‒–—―−()（）./]")


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number of the mainland: 11-digit mobile, landline with area code, or a 400/800 line."""

    digits: str

    @classmethod
    def parse(cls, text: str, *, today: date | None = None) -> "Phone":
        """Read a number with or without +86, spaces, hyphens and brackets."""
        typed = _PHONE_DECORATION.sub("", fold_digits(text))
        if not typed:
            raise IdentityError("empty", PHONE_EMPTY)
        digits = _without_country_code(typed)
        for form in (_MOBILE, _LANDLINE, _SERVICE_LINE):
            if form.fullmatch(digits):
                return cls(digits)
        raise IdentityError("format", _what_is_wrong_with_phone(digits))

    @property
    def is_mobile(self) -> bool:
        return _MOBILE.fullmatch(self.digits) is not None

    @property
    def area_code(self) -> str:
        """The area code of a landline, else empty."""
        match = _LANDLINE.fullmatch(self.digits)
        return match["area"] if match else ""

    @property
    def display(self) -> str:
        """``138 0000 0000``, ``0935-8212345`` or ``400-123-4567``."""
        number = self.digits
        if self.is_mobile:
            return f"{number[:3]} {number[3:7]} {number[7:]}"
        if self.area_code:
            return f"{self.area_code}-{number[len(self.area_code) :]}"
        return f"{number[:3]}-{number[3:6]}-{number[6:]}"

    def __str__(self) -> str:
        return self.display


def _without_country_code(typed: str) -> str:
    for prefix in ("+86", "0086"):
        if typed.startswith(prefix):
            national = typed.removeprefix(prefix)
            return national if national[:1] in {"0", "1"} else f"0{national}"
    return typed[2:] if len(typed) == 13 and typed.startswith("861") else typed


def _what_is_wrong_with_phone(digits: str) -> str:
    if not (digits.isascii() and digits.isdigit()):
        return PHONE_FORM
    if digits.startswith("1") and len(digits) != 11:
        return PHONE_MOBILE_LENGTH.format(count=len(digits))
    if digits[0] in "23456789" and len(digits) in (7, 8):
        return PHONE_AREA_CODE
    return PHONE_FORM


# --- Personal numbers inside free text -----------------------------------------------------------------------------

_ID_IN_TEXT = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx×](?![0-9])")
_MOBILE_IN_TEXT = re.compile(r"(?<![0-9])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])")


def personal_numbers_in(text: str) -> tuple[str, ...]:
    """The kinds of personal number a free text seems to hold: ``身份证号``, ``手机号``. For a warning, not a refusal."""
    folded = text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    found = []
    if _ID_IN_TEXT.search(folded):
        found.append("身份证号")
    if _MOBILE_IN_TEXT.search(folded):
        found.append("手机号")
    return tuple(found)
