"""The check code on a certificate: 28 characters, 140 random bits, printed as a QR code and in groups of four.

The database keeps a keyed hash of it to find the row, and the code itself only inside the sealed content that is printed.
"""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 of them, and none is taken for another
LENGTH = 28
PURPOSE = "certificate check code"


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code) -> str:
    """``7K3M-92QF-…``, to be read aloud and typed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalised(typed) -> str:
    """A code as it was typed or scanned. What cannot be a code becomes one that nobody has, so that it is looked up
    like any other."""
    text = re.sub(r"[\s\-—－]", "", str(typed)[:80]).upper()
    return text if len(text) == LENGTH and set(text) <= set(ALPHABET) else ""
