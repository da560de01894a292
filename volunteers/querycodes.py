"""The code on a volunteer's slip: 26 signs, 128 bits. Of it, only a keyed hash is stored."""

from jinchuan.shared.codes import normalised
from jinchuan.shared.crypto import keyed_hash

from .models import QueryCode

LENGTH = 26
PURPOSE = "volunteer_query_code"


def find(typed) -> QueryCode | None:
    """The code in use that was typed. Every answer takes the same one hash and one query."""
    digest = keyed_hash(normalised(typed, LENGTH), purpose=PURPOSE)
    return (
        QueryCode.objects.in_use()
        .filter(code_hash=digest)
        .select_related("volunteer", "organization")
        .first()
    )
