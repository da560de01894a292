"""What is printed for the day, while one waits (docs/adr/0022): the poster with the code, and the sheet that is signed by hand."""

from django.conf import settings

from jinchuan.audit.services import record, verb
from jinchuan.printing import render_now
from jinchuan.shared.access import require
from jinchuan.shared.clock import SHANGHAI, day_of, now
from jinchuan.shared.dates import zh

BLANK_LINES = 12
NAMES_OF_A_SHEET = 100


def site_address(path) -> str:
    return f"{settings.SITE_URL}{path}"


def poster(activity, window, address) -> bytes:
    facts = _facts(activity) | {
        "address": address,
        "closes": f"{zh(day_of(window.closes_at))} {window.closes_at.astimezone(SHANGHAI):%H:%M}",
    }
    title = f"{activity.code} 签到码"
    return render_now(
        "print/volunteers/poster.html", {"facts": facts}, rows=1, title=title, created=now()
    ).pdf


@verb
def signing_roll(activity, *, by, sheet=1) -> bytes:
    """The names of those signed up, in full as it is they who sign, no number of a person, and blank lines. Of more
    than a hundred the ``sheet`` says which."""
    require(by, "volunteers.change_activity", activity)
    signed = activity.sign_ups.signed().select_related("volunteer").order_by("volunteer__name_pinyin", "id")
    before = (sheet - 1) * NAMES_OF_A_SHEET
    names = list(enumerate((one.volunteer.name for one in signed), start=1))[before:][:NAMES_OF_A_SHEET]
    last = before + len(names)
    facts = _facts(activity) | {"names": names, "blank": range(last + 1, last + BLANK_LINES + 1)}
    record("print", activity, by=by, after={"names": str(len(names))})
    title = f"{activity.code} 签到表"
    rows = len(names) + BLANK_LINES
    return render_now(
        "print/volunteers/roll.html", {"facts": facts}, rows=rows, title=title, created=now()
    ).pdf


def _facts(activity) -> dict:
    return {
        "code": activity.code,
        "title": activity.title,
        "organization": activity.organization.name,
        "when": activity.plan.when,
        "place": activity.place,
        "responsible_person": activity.responsible_person,
        "printed": zh(now().date()),
        "no_receipt": "本单只用于核对服务时间，不作为志愿服务证明。",
    }
