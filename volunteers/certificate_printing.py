"""The frozen content of a certificate as its template prints it, and many certificates as one file."""

import io

from django.conf import settings
from django.urls import reverse
from pypdf import PdfWriter

from jinchuan.shared.codes import grouped

ON_FIRST_PAGE = 16  # lines of text in the table of activities; a longer one stands on the pages after
_CHARACTERS = {"name": 9, "place": 7, "content": 14}  # of one line, by column


def facts(content) -> dict:
    """What the template needs, from the frozen content alone."""
    page = f"{settings.SITE_URL}{reverse('certificates:check')}"
    lines = [line | {"order": order} for order, line in enumerate(content["lines"], start=1)]
    return content | {
        "lines": lines,
        "is_long": sum(map(_height, lines)) > ON_FIRST_PAGE,
        "count": len(lines),
        "shown_code": grouped(content["code"]),
        "check_page": page,
        "check_address": f"{page}#{content['code']}",
    }


def merged(files) -> bytes:
    """Several certificates behind one another, to be printed in one go."""
    writer = PdfWriter()
    for file in files:
        with file.open("rb") as opened:
            writer.append(io.BytesIO(opened.read()), import_outline=False)
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def _height(line) -> int:
    """How many lines of text one activity takes in its table, at the most."""
    return max(-(-len(line[name]) // most) for name, most in _CHARACTERS.items())
