"""What a personal value looks like to those who need not see it. Pure. Masks never grow longer than the value tells."""

import re

from jinchuan.shared.identity import IdentityError, Phone

_COMPOUND = """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台
    皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘
    子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐
    段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 第五 贺兰 达奚 纳兰 完颜
    耶律 呼衍 贺若
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())

_BUILDING = re.compile(r"[0-9０-９一二三四五六七八九十百零〇A-Za-z甲乙丙丁]+(?:号楼|#楼|栋|幢|座|楼)(?!道)")
_RANGE = re.compile(r"[0-9０-９]+(?=[-—－][0-9０-９])")
_HOUSE = re.compile(r"[0-9０-９一二三四五六七八九十百零〇]+(?:单元|室|号|户|门)")
_PLACE = re.compile(r".*?(?:社区|街道|[村镇乡里]|[组社](?!区))")
_NUMBER = re.compile(r"[0-9０-９]")


def surname_of(name: str) -> str:
    """The surname of a Chinese name: two characters when they are a compound surname of a longer name, else one."""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[:1]


def mask_name(name: str) -> str:
    """``张*``, ``王*兰``, ``欧阳**``, ``阿***·***``; a single character is hidden too."""
    if len(name) <= 1:
        return "*" * len(name)
    if "·" in name or " " in name:
        hidden = "".join(c if c in "· " else "*" for c in name)
        return name[0] + hidden[1:] if "*" in hidden[1:] else hidden
    surname = surname_of(name)
    if len(surname) == 1 and len(name) > 2:
        return f"{surname}{'*' * (len(name) - 2)}{name[-1]}"
    return surname + "*" * (len(name) - len(surname))


def mask_child_name(name: str) -> str:
    """A minor's name keeps the surname alone: ``张某某``."""
    return f"{surname_of(name)}某某" if name else ""


def mask_id(number: str) -> str:
    """An ID number shows its last two characters only: with the district known, more would tell the whole."""
    return f"{'*' * (len(number) - 2)}{number[-2:]}" if len(number) > 2 else "*" * len(number)


def mask_certificate(number: str) -> str:
    """A disability certificate shows category and grade (its 19th and 20th character) and nothing of the ID in it."""
    return f"{'*' * 18}{number[18:20]}" if len(number) >= 20 else "*" * len(number)


def mask_phone(digits: str) -> str:
    """``138****5678``, ``0935-8***123``."""
    try:
        phone = Phone.parse(digits)
    except IdentityError:
        return "*" * len(digits)
    number, area = phone.digits, phone.area_code
    if not area:
        return f"{number[:3]}****{number[-4:]}" if phone.is_mobile else f"{number[:3]}****{number[-3:]}"
    local = number.removeprefix(area)
    return f"{area}-{local[0]}{'*' * (len(local) - 4)}{local[-3:]}"


def mask_email(address: str) -> str:
    """``w***@example.cn``: enough to know one's own again."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}" if at and name else "*" * len(address)


def mask_address(text: str) -> str:
    """An address to the building; without one, to what comes before the house number; ``***`` stands for the rest."""
    kept = _up_to_building(text)
    return text if kept == text and not _NUMBER.search(text) else f"{kept}***" if text else ""


def _up_to_building(text: str) -> str:
    if match := _BUILDING.search(text) or _RANGE.search(text):
        return text[: match.end()]
    if match := _HOUSE.search(text) or _NUMBER.search(text):
        return text[: match.start()]
    places = [match.end() for match in _PLACE.finditer(text)]
    return text[: places[-1]] if places else ""
