"""Text as people paste it: what is invisible goes, what is odd is folded, what they wrote stays. Pure.

Nothing here complains about characters people cannot see; a name alone is refused when it holds markup.
"""

import re
import unicodedata

NAME_LIMIT = 50

NAME_EMPTY = "请填写姓名"
NAME_LETTERS = "姓名只能用汉字、字母和·"
NAME_TOO_LONG = f"姓名不能超过{NAME_LIMIT}个字"
EMAIL_FORM = "电子邮箱请写成 name@example.cn 的样子"
EMAIL_LIMIT = 254

_LINE_END = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
_SPACES = re.compile(r"[^\S\n]+")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
_EMAIL = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
_JOINER = "\u200d"
_MIDDLE_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･᛫●.．﹒", "·"))
_DROPPED = {"Cc", "Cf", "Cs"}


class TextError(ValueError):
    """A text that cannot be taken; ``code`` for programs, ``message`` for people."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code, self.message = code, message


def clean(text: str) -> str:
    """One line: controls, bidi overrides and zero-width characters go, every run of spaces becomes one space."""
    return " ".join(strip_invisible(_LINE_END.sub(" ", text)).split())


def clean_lines(text: str) -> str:
    """A paragraph: like ``clean``, but lines stay lines; at most one blank line in a row."""
    visible = strip_invisible(_LINE_END.sub("\n", text))
    lines = (_SPACES.sub(" ", line).strip() for line in visible.split("\n"))
    return _MANY_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_name(text: str) -> str:
    """A name in its stored form: no spaces between Chinese characters, one kind of middle dot, plain letters."""
    name = unicodedata.normalize("NFC", _fold_width(clean(text))).translate(_MIDDLE_DOTS)
    name = "".join(c for c in name if not _is_variation_selector(c))
    name = re.sub(r"\s*·\s*", "·", name)
    return re.sub(r"(?<![A-Za-zÀ-ɏ]) | (?![A-Za-zÀ-ɏ])", "", name)


def parse_name(text: str) -> str:
    """A person's name, cleaned. Refuses anything but letters of any script and ``·`` between them."""
    name = clean_name(text)
    if not name:
        raise TextError("empty", NAME_EMPTY)
    if not all(_belongs_in_name(c) for c in name) or name[0] in "· " or name[-1] in "· ":
        raise TextError("letters", NAME_LETTERS)
    if length(name) > NAME_LIMIT:
        raise TextError("too_long", NAME_TOO_LONG)
    return name


def parse_email(text: str) -> str:
    """An e-mail address, full-width characters and spaces folded; the part after the @ in small letters."""
    address = fold_digits(text)
    if len(address) > EMAIL_LIMIT or not _EMAIL.fullmatch(address) or ".." in address:
        raise TextError("email", EMAIL_FORM)
    name, _, host = address.partition("@")
    return f"{name}@{host.lower()}"


def length(text: str) -> int:
    """How many characters a person would say the text has: code points, with marks and joiners not counted."""
    return sum(1 for c in text if c != _JOINER and unicodedata.category(c) not in {"Mn", "Me"})


def fold_digits(text: str) -> str:
    """NFKC without invisible characters and without any space: the form numbers and codes are read in."""
    return "".join(unicodedata.normalize("NFKC", strip_invisible(text)).split())


def strip_invisible(text: str) -> str:
    """Drop what cannot be seen or stored: controls but tab and newline, format characters, lone surrogates.

    A zero-width joiner stays where it joins two emoji.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = []
    for index, character in enumerate(text):
        if character in "\n\t":
            kept.append(character)
        elif character == _JOINER:
            if kept and index + 1 < len(text) and _is_emoji(kept[-1]) and _is_emoji(text[index + 1]):
                kept.append(character)
        elif unicodedata.category(character) not in _DROPPED and ord(character) & 0xFFFE != 0xFFFE:
            kept.append(character)
    return "".join(kept)


def _fold_width(text: str) -> str:
    """Full-width letters and digits to plain ones; unlike NFKC it leaves compatibility ideographs alone."""
    return "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Sk"} or character == "\ufe0f"


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _belongs_in_name(character: str) -> bool:
    return character in "·〇 " or unicodedata.category(character)[0] in "LM"
