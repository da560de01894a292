"""志愿服务记录查询单: one page with the code and its QR, printed while one waits (docs/adr/0022): the code is in the paper and
nowhere else, so no worker could be told of it."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from jinchuan.audit.services import verb
from jinchuan.printing import PrintError, render_now
from jinchuan.shared import masking
from jinchuan.shared.clock import now
from jinchuan.shared.codes import grouped
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused

from .services.own_record import issue_code

TITLE = "志愿服务记录查询单"


@verb
def slip(volunteer, *, by) -> HttpResponse:
    """Issue a new code and print it; the slip printed before opens nothing from now on. What cannot be printed is refused,
    and the old slip stays good."""
    code = issue_code(volunteer, by=by)
    office = by.organization.name if by.organization else settings.BUREAU_NAME
    address = f"{settings.SITE_URL}{reverse('volunteers:my_service')}"
    facts = {
        "title": TITLE,
        "name": masking.mask_name(volunteer.name),
        "national_number": volunteer.national_number,
        "office": office,
        "scope": f"{by.organization.name}登记的服务" if by.organization else "全部服务",
        "printed": zh(now().date()),
        "code": grouped(code),
        "address": address,
        # Behind the #, a browser keeps the code to itself: it stands in no log on the way.
        "qr": f"{address}#{code}",
    }
    try:
        made = render_now(
            "print/volunteers/slip.html", {"facts": facts}, rows=1, title=TITLE, created=now(), author=office
        )
    except PrintError as error:
        raise Refused(str(error)) from error
    response = HttpResponse(made.pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{TITLE}.pdf")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
