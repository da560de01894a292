"""A workbook as an answer to the browser."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jinchuan.shared.clock import today

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_response(data: bytes, title: str) -> HttpResponse:
    """Always an attachment, never a page; the name is ours, and Chinese (RFC 6266)."""
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(
        True, f"{title}-{today():%Y%m%d}.xlsx"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
