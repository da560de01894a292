"""How figures, days, names and states look on every page."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from jinchuan.shared import clock, dates, masking, money
from jinchuan.shared.middleware import current_request_id

register = template.Library()

NONE = "--"

# A state is told by its words; the tone only helps the eye. An unknown state is a fault of ours and must be seen.
TONES = {
    "draft": "calm",
    "submitted": "waiting",
    "returned": "urgent",
    "confirmed": "done",
    "checked": "calm",
    "consented": "calm",
    "published": "done",
    "voided": "over",
    "intention": "waiting",
    "active": "done",
    "ended": "over",
    "accepted": "done",
    "declined": "over",
    "expired": "over",
    "cancelled": "over",
    "untold": "over",
    "registered": "waiting",
    "verified": "calm",
    "exited": "over",
    "approved": "done",
    "suspended": "urgent",
    "deregistered": "over",
    "queued": "waiting",
    "building": "waiting",
    "ready": "calm",
    "issued": "done",
    "failed": "urgent",
    "ending": "waiting",
    "open": "waiting",
    "claimed": "calm",
    "met": "done",
    "withdrawn": "over",
    "live": "waiting",
    "fulfilled": "done",
    "released": "over",
    "applied": "waiting",
    "noticed": "calm",
    "revoked": "over",
    "replaced": "over",
    "late": "calm",
    "missed": "urgent",
    "waived": "over",
    "lapsed": "over",
    "pledged": "waiting",
    "proposed": "waiting",
    "refused": "over",
    "settled": "done",
    "planned": "calm",
    "out": "waiting",
    "closed": "done",
    "delivered": "done",
    "undeliverable": "urgent",
    "taken_back": "over",
    "dropped": "over",
    "held": "waiting",
    "completed": "done",
    "none": "waiting",
    "attending": "done",
    "supports": "done",
    "recorded": "waiting",
    "corrected": "over",
    "signed": "done",
    "waiting": "waiting",
}


@register.filter
def yuan(amount):
    """``1,234.50``; ``--`` where there is none."""
    return NONE if amount is None else money.yuan(amount)


@register.filter
def wan(amount):
    """元 → 万元, ``15.24``."""
    return NONE if amount is None else money.wan(amount)


@register.filter
def in_words(amount):
    """大写: ``人民币壹万贰仟元整``."""
    return "" if amount is None else money.in_words(amount)


@register.filter
def zh_date(day):
    """``2026年11月3日``."""
    if day is None:
        return NONE
    return dates.zh(clock.day_of(day) if isinstance(day, datetime) else day)


@register.filter
def short_date(day):
    """``11月3日`` this year, ``2025年11月3日`` before: for lists."""
    if day is None:
        return NONE
    day = clock.day_of(day) if isinstance(day, datetime) else day
    return f"{day.month}月{day.day}日" if day.year == clock.today().year else dates.zh(day)


@register.filter
def zh_time(instant):
    """``2026年11月3日 14:03``."""
    if instant is None:
        return NONE
    local = instant.astimezone(clock.SHANGHAI)
    return f"{dates.zh(local.date())} {local:%H:%M}"


@register.filter
def quantity(amount):
    """``50``, ``2.5``: no zeros that say nothing."""
    if amount is None:
        return NONE
    plain = f"{amount:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


@register.filter
def hours(minutes):
    """Minutes as hours to one place, rounded down: ``2.5``."""
    return f"{(minutes or 0) * 10 // 60 / 10:.1f}"


@register.filter
def mask_name(name):
    return masking.mask_name(name or "")


@register.filter
def mask_phone(digits):
    return masking.mask_phone(digits or "")


@register.filter
def mask_address(text):
    return masking.mask_address(text or "")


@register.filter
def phone(digits):
    """``138 0000 0000``."""
    from jinchuan.shared.identity import IdentityError, Phone

    try:
        return Phone.parse(digits or "").display
    except IdentityError:
        return digits


@register.filter
def age(birth_date):
    """Full years today; ``--`` when the birth date is not known."""
    if not isinstance(birth_date, date):
        return NONE
    today = clock.today()
    before = (today.month, today.day) < (birth_date.month, birth_date.day)
    return today.year - birth_date.year - before


@register.simple_tag
def badge(row):
    """The state of a row, in its own words."""
    return format_html('<span class="badge badge-{}">{}</span>', TONES[row.state], row.get_state_display())


@register.simple_tag
def registers(apps, path):
    """The menu beside every page of the bureau, app by app; put together once for each register one may stand in."""
    open_app = next((app["app_url"] for app in apps if app["app_url"] in path), "")
    addresses = (model["admin_url"] or "" for app in apps for model in app["models"])
    return _registers(apps, open_app, next((url for url in addresses if url and url in path), ""))


_APP = '<div class="app-{} module{}"><table><caption>{}</caption><tbody>{}</tbody></table></div>'
_REGISTER = '<tr class="model-{name}{current}"><th scope="row" id="{app}-{name}"><a href="{url}"{page}>{words}</a></th></tr>'


@lru_cache(maxsize=512)
def _registers(apps, open_app, open_register):
    return format_html_join(
        "",
        _APP,
        (
            (
                app["app_label"],
                " current-app" if app["app_url"] == open_app else "",
                app["name"],
                format_html_join(
                    "", "{}", ((_register(app, model, open_register),) for model in app["models"])
                ),
            )
            for app in apps
        ),
    )


def _register(app, model, open_register):
    url = model["admin_url"] or ""
    here = bool(url) and url == open_register
    return format_html(
        _REGISTER,
        name=model["object_name"].lower(),
        current=" current-model" if here else "",
        app=app["app_label"],
        url=url,
        page=mark_safe(' aria-current="page"') if here else "",
        words=model["name"],
    )


@register.simple_tag
def help_phone():
    return settings.HELP_PHONE


@register.simple_tag
def bureau_name():
    return settings.BUREAU_NAME


@register.simple_tag
def incident():
    """The number of this request, to be told on the telephone."""
    return current_request_id()


@register.simple_tag(takes_context=True)
def here(context, *names):
    """``page`` for ``aria-current`` when the request is for one of these views, else an empty text."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    return "page" if match and match.view_name in names else ""


BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("HuaweiBrowser", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("Firefox", "火狐浏览器"),
    ("Chrome", "Chrome 内核的浏览器"),
    ("Safari", "Safari 浏览器"),
)
SYSTEMS = (
    ("HarmonyOS", "鸿蒙手机或平板"),
    ("Android", "安卓手机或平板"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


@register.filter
def device(user_agent):
    """``安卓手机或平板，微信``: what a browser says of itself, in words."""
    words = [next((word for sign, word in names if sign in user_agent), "") for names in (SYSTEMS, BROWSERS)]
    return "，".join(filter(None, words)) or "认不出的设备"


@register.filter
def is_tick(bound):
    """A single checkbox, whose label stands behind it."""
    return getattr(bound.field.widget, "input_type", "") == "checkbox" and not bound.use_fieldset


@register.simple_tag
def state_words(row, state):
    """The words of one of the row's states, for its history."""
    return dict(row._meta.get_field("state").flatchoices)[state]
