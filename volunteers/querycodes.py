"""The code on a volunteer's slip: 26 characters of 32, that is 130 bits, without I, L, O and U."""

import re

from jinchuan.shared.crypto import keyed_hash

from .models import QueryCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
PURPOSE = "volunteer_query_code"


def normalised(typed) -> str:
    """A code as typed or scanned; what cannot be one stays as long as a code, so that the answer takes as long."""
    text = re.sub(r"[\s\-—－]", "", str(typed)[:80]).upper()
    return text.translate(str.maketrans("OIL", "011"))


def grouped(code) -> str:
    """Four groups of five and one of six, to be read aloud and typed."""
    return "-".join([*(code[start : start + 5] for start in range(0, 20, 5)), code[20:]])


def find(typed) -> QueryCode | None:
    """The code in use that was typed. Every answer takes the same one hash and one query."""
    digest = keyed_hash(normalised(typed), purpose=PURPOSE)
    return (
        QueryCode.objects.in_use()
        .filter(code_hash=digest)
        .select_related("volunteer", "organization")
        .first()
    )
