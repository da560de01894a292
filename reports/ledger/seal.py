"""The seal on a closed month: one hash over every line it booked and every figure it kept.

Lines are put in the order of their own text, so that neither the database nor the order of its rows matters.
"""

import hashlib
import json

from ..models import Closing, Entry
from .counted import DIMENSIONS


def seal(closing: Closing) -> str:
    """SHA-256 in hex, of what stands in the database now."""
    digest = hashlib.sha256(f"{closing.month}\n{closing.number}\n".encode())
    codes = (
        Entry.objects.filter(closing=closing)
        .order_by("indicator")
        .values_list("indicator", flat=True)
        .distinct()
    )
    for code in list(codes):
        rows = Entry.objects.filter(closing=closing, indicator=code).order_by()
        found = rows.values_list("indicator", *DIMENSIONS, "amount", "kind").iterator(chunk_size=5000)
        for line in sorted("\t".join("" if value is None else str(value) for value in row) for row in found):
            digest.update(f"{line}\n".encode())
    figures = closing.figures.order_by().values_list("scope", "whole", "parts", "organizations")
    told = ([value for value in row if value is not None] for row in figures.iterator(chunk_size=200))
    for line in sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in told):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()
