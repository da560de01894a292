"""What is printed for the day: the poster with the code, and the sheet that is signed by hand."""

from django.conf import settings

from jinchuan.audit.services import record, verb
from jinchuan.printing import render_pdf
from jinchuan.shared.access import require
from jinchuan.shared.clock import SHANGHAI, day_of, now
from jinchuan.shared.dates import zh

BLANK_LINES = 12


def site_address(path) -> str:
    return f"{settings.SITE_URL}{path}"


def poster(activity, window, address) -> bytes:
    facts = _facts(activity) | {
        "address": address,
        "closes": f"{zh(day_of(window.closes_at))} {window.closes_at.astimezone(SHANGHAI):%H:%M}",
    }
    title = f"{activity.code} 签到码"
    return render_pdf("print/volunteers/poster.html", {"facts": facts}, title=title, created=now()).pdf


@verb
def signing_roll(activity, *, by) -> bytes:
    """The names of those signed up, in full as it is they who sign, no number of a person, and blank lines."""
    require(by, "volunteers.change_activity", activity)
    signed = activity.sign_ups.signed().select_related("volunteer").order_by("volunteer__name_pinyin", "id")
    names = [one.volunteer.name for one in signed]
    facts = _facts(activity) | {"names": names, "blank": range(len(names) + 1, len(names) + BLANK_LINES + 1)}
    record("print", activity, by=by, after={"names": str(len(names))})
    title = f"{activity.code} 签到表"
    return render_pdf("print/volunteers/roll.html", {"facts": facts}, title=title, created=now()).pdf


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
