"""Codes that stand on paper: random, read aloud, typed by hand, scanned. Pure."""

import re
import secrets

# Without 0 O 1 I L: each of them is taken for another.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_GAPS = re.compile(r"[\s\-—－]")


def new_code(length: int) -> str:
    """Random signs; each adds 4.95 bits, so that 26 of them are 128 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def grouped(code: str) -> str:
    """``7K3M-92QF-X4TD``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalised(typed: str, length: int) -> str:
    """A code as it was typed or scanned, or "" when it cannot be one."""
    text = _GAPS.sub("", str(typed)[:200]).upper()
    return text if len(text) == length and set(text) <= set(ALPHABET) else ""
