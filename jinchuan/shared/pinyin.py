"""Pinyin of names, to sort and search by. Surnames are read as surnames: 单 is shàn, 尉迟 is yù chí.

Text that is not Chinese stays as it is, in small letters. Results hold ``a–z``, digits and spaces only; ü is ``v``.
"""

from functools import lru_cache
from itertools import product

from pypinyin import Style, pinyin

from jinchuan.shared.masking import surname_of

LONGEST_PERSON = 4
LONG_NAME = 6
MOST_READINGS = 32

# Only what the dictionary reads otherwise when the character stands alone.
SURNAMES = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "盖": "ge", "缪": "miao",
    "翟": "zhai", "朴": "piao", "乐": "yue", "召": "shao", "秘": "bi", "繁": "po", "薄": "bo", "种": "chong",
    "重": "chong", "折": "she", "员": "yun", "贠": "yun", "黑": "he", "卜": "bu", "隗": "wei", "覃": "qin",
    "阚": "kan", "郇": "xun", "祭": "zhai", "藏": "zang", "洗": "xian", "句": "gou",
}  # fmt: skip
COMPOUNDS = {"乐正": "yue zheng", "子车": "zi ju"}


def pinyin_of(name: str) -> str:
    """Full pinyin, syllables apart: ``单小兰`` → ``shan xiao lan``. Up to four characters count as a person's name."""
    return " ".join(_readings(name))


def initials_of(name: str) -> str:
    """The first letters: ``单小兰`` → ``sxl``."""
    return "".join(syllable[0] for syllable in _readings(name))


def phrase_of(text: str) -> str:
    """Pinyin of a title, a place or an organisation, where the first character is no surname: ``华夏`` → ``hua xia``."""
    return " ".join(_syllables(text))


@lru_cache(maxsize=4096)
def search_key(name: str) -> str:
    """Everything somebody may type to find a name: full pinyin and initials of each reading, separated by spaces.

    ``吕`` is found by lv, lu and lü's ``lyu``. Long names (organisations) keep the usual reading, with every
    reading of the first character for the initials.
    """
    usual = _readings(name)
    if not usual:
        return ""
    words = {"".join(usual): None, "".join(s[0] for s in usual): None}
    for reading in _other_readings(name):
        for form in _umlaut_forms("".join(reading)):
            words[form] = None
        words["".join(syllable[0] for syllable in reading)] = None
    return " ".join(words)


def query_of(typed: str) -> str:
    """What somebody typed into a search box, in the letters ``search_key`` is written in: ``Lü Bu`` → ``lvbu``."""
    return "".join(typed.lower().replace("ü", "v").split())


def _other_readings(name):
    choices = _heteronyms(name)
    if len(choices) > LONG_NAME:
        choices = [choices[0], *([options[0]] for options in choices[1:])]
    usual = _readings(name)
    if len(choices) == len(usual):  # the reading as a surname is one of the readings of the first characters
        choices = [list(dict.fromkeys([own, *others])) for own, others in zip(usual, choices, strict=True)]
    for count, reading in enumerate(product(*choices)):
        if count == MOST_READINGS:
            break
        yield reading


def _umlaut_forms(word):
    yield word
    if "v" in word:
        yield word.replace("v", "u")
        yield word.replace("v", "yu")


def _readings(name):
    """The usual reading of a person's name: the surname by the table, the rest by the dictionary."""
    if len(name) > LONGEST_PERSON:
        return _syllables(name)
    surname = surname_of(name)
    written = SURNAMES.get(surname) or COMPOUNDS.get(surname)
    family = written.split() if written else _syllables(surname)
    return family + _syllables(name[len(surname) :])


def _syllables(text):
    return [
        word for options in pinyin(text, style=Style.NORMAL, errors=_plain) if (word := _letters(options[0]))
    ]


def _heteronyms(text):
    found = []
    for options in pinyin(text, style=Style.NORMAL, heteronym=True, errors=_plain):
        words = list(dict.fromkeys(word for option in options if (word := _letters(option))))
        if words:
            found.append(words)
    return found


def _plain(text):
    """What is not Chinese, word by word."""
    return text.split() or None


def _letters(word):
    return "".join(c for c in word.lower().replace("ü", "v") if c.isascii() and c.isalnum())
