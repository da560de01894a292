"""A list on its way out: what the person may see, masked as the list is, with who took it and when at the top."""

import io

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from jinchuan.audit.services import record, verb
from jinchuan.shared.clock import now
from jinchuan.shared.dates import zh
from jinchuan.shared.masking import mask_name
from jinchuan.shared.runs import pack

from .cellwriting import head, put
from .importing import subject
from .registers import Register

WATERMARK = "{title} · {name}（{account}）{when} 导出 · 共 {count} 条 · 内部资料，请勿外传"
_CHUNK = 1000


@verb
def export(register: Register, queryset, *, by) -> bytes:
    """An xlsx of ``queryset`` as ``by`` may see it: narrowed to the rows visible to them, whatever was passed.

    The event says how many rows left the house, which, and to whom.
    """
    model = register.model
    rows = queryset.filter(pk__in=model._default_manager.visible_to(by).values("pk"))
    book = Workbook()
    page = book.active
    page.title = register.title
    for place, (label, _) in enumerate(register.out, start=1):
        head(page.cell(2, place), label)
        page.column_dimensions[get_column_letter(place)].width = max(12, 2 * len(label) + 4)
    count, taken = 0, []
    for row in register.narrow(register.prepare(rows), by).iterator(chunk_size=_CHUNK):
        count += 1
        taken.append(row.pk)
        for place, (_, shown) in enumerate(register.out, start=1):
            put(page.cell(count + 2, place), shown(row))
    when = now()
    mark = WATERMARK.format(
        title=register.title,
        name=mask_name(by.name),
        account=by.get_username(),
        when=f"{zh(when.date())} {when:%H:%M}",
        count=count,
    )
    put(page.cell(1, 1), mark)
    page.cell(1, 1).font = Font(color="FF999999", italic=True)
    page.freeze_panes = "A3"
    page.auto_filter.ref = f"A2:{get_column_letter(len(register.out))}{count + 2}"
    record("export", subject(register, register.name), by=by, after={"rows": str(count), "ids": pack(taken)})
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
