"""Tables on their way out as xlsx: who took them, when, and how many rows, at the top and in the log."""

import io
from types import SimpleNamespace

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from jinchuan.audit.services import record
from jinchuan.shared.clock import now
from jinchuan.shared.dates import zh
from jinchuan.shared.masking import mask_name
from jinchuan.shared.runs import pack

from . import exporting
from .cellwriting import head, put
from .importing import SubjectOfEvent

ABOUT = ("说明", ("项目", "内容"))


def write(name, title, pages, *, by, ids, reason="", about=(), key="") -> bytes:
    """``pages`` are (title, heads, rows); ``about`` are lines of a first page that says what the others hold; ``key`` tells what
    the event is about where one name stands for many tables. Call inside a verb: the event is part of the act."""
    count, when = sum(len(rows) for _, _, rows in pages), now()
    mark = exporting.WATERMARK.format(
        title=title,
        name=mask_name(by.name),
        account=by.get_username(),
        when=f"{zh(when.date())} {when:%H:%M}",
        count=count,
    )
    book = Workbook()
    book.remove(book.active)
    for caption, heads, rows in [*([(*ABOUT, about)] if about else []), *pages]:
        page = book.create_sheet(caption)
        put(page.cell(1, 1), mark)
        page.cell(1, 1).font = Font(color="FF999999", italic=True)
        for place, label in enumerate(heads, start=1):
            head(page.cell(2, place), label)
            page.column_dimensions[get_column_letter(place)].width = max(12, 2 * len(label) + 4)
        for number, row in enumerate(rows, start=3):
            for place, value in enumerate(row, start=1):
                put(page.cell(number, place), value)
        page.freeze_panes = "A3"
    after = {"title": title, "rows": str(count), "ids": pack(sorted(ids))}
    subject = SubjectOfEvent(SimpleNamespace(name=name, title=title), key or title)
    record("export", subject, by=by, after=after, reason=reason)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
