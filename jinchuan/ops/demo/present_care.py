"""What the care side shows as of now: visits that wait or came back, a pairing paused, one wound up, one handed over."""

from datetime import timedelta

from cases.enums import VisitKind
from cases.models import Pairing
from cases.services import handover
from cases.services import pairings as bonds
from cases.services import visits as visiting
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month
from organizations.enums import NeedCode

from . import care, organizations, pairings
from .timeline import workday

_SHOWN = organizations.SHOWN
_HOME, _CONTACT = VisitKind.HOME_VISIT, VisitKind.CONTACT


def plan(district):
    month = Month.of(district.until)
    if month < Month(2024, 1):
        return
    on, before, first = district.timeline.on, month.previous.last, month.first
    on(workday(before - timedelta(days=40)), _hand_over, district, at="10:45")
    on(workday(before - timedelta(days=20)), _suspend, district, at="11:25")
    on(workday(before - timedelta(days=12)), _wind_up, district, at="14:35")
    for place, (name, kind) in enumerate(
        (
            (_SHOWN, _HOME),
            (_SHOWN, _CONTACT),
            ("金川区晚晴老年互助协会", _HOME),
            ("金川区春晖社会工作服务中心", _CONTACT),
            ("金川区星光残疾人托养中心", _HOME),
        )
    ):
        on(before, _wait, district, name, kind, place, at=f"20:{40 + place}")
    on(before - timedelta(days=2), _return, district, at="19:30")
    on(first, _confirmed, district, "金川区暖阳居家养老服务中心", _HOME, at="00:44")
    on(first, _confirmed, district, "金川区和风法律援助服务中心", _CONTACT, at="00:45")
    on(before, _found_on_visit, district, at="20:50")


def _wait(district, name, kind, place):
    care.visit(district, name, kind, f"present:{place}", afterwards=None)


def _return(district):
    logged = care.visit(district, _SHOWN, _HOME, "returned", afterwards=None)
    if logged:
        care.send_back(district, logged, "请写清楚见到了谁，并核对走访日期后重新提交。")


def _confirmed(district, name, kind):
    logged = care.visit(district, name, kind, "first", afterwards=None)
    if logged:
        care.confirm(district, logged)


def _found_on_visit(district):
    """A need that a visit found has no words for organisations yet."""
    pairing = Pairing.objects.active().filter(organization__name=_SHOWN).order_by("pk").first()
    if pairing is None:
        return
    by = district.speaker_of(pairing.organization)
    visiting.log_visit(
        by=by,
        households=[pairing.household],
        visited_on=today(),
        kind=_CONTACT,
        channel="phone",
        visitors=by.name,
        condition="fair",
        notes="电话里说夜里窗户漏风，盼着入冬前修好。",
        raised=[visiting.Raised(NeedCode.HOUSING, "北窗漏风，需要换密封条。", pairing.household)],
    )


# Pairings ----------------------------------------------------------------------------------------------------


def _running(district, place):
    """A pairing of an organisation that is not the shown one, as it is told by: its key and its row."""
    running = [
        (key, Pairing.objects.select_related("organization", "household").get(pk=pairing.pk))
        for key, pairing in sorted(district.pairings.items())
        if key[1] not in (_SHOWN, *care.LATE)
    ]
    running = [(key, pairing) for key, pairing in running if pairing.state == "active"]
    return running[place % len(running)]


def _hand_over(district):
    """From one organisation to the next on one day; the household signed for the new one before."""
    (number, name), pairing = _running(district, 17)
    successor = pairings.with_room(district, number, 5)
    organization = district.organizations[successor]
    pairings.share(district, pairing.household, organization)
    district.pairings[number, successor] = handover.transfer_pairing(
        pairing,
        by=district.staff["officer"],
        organization=organization,
        handover_note="老人耳背，敲门要重一些；常用药放在床头柜，社区有备用钥匙。",
        liaison_name=organization.responsible_person,
    )
    del district.pairings[number, name]


def _suspend(district):
    key, pairing = _running(district, 23)
    district.pairings[key] = bonds.suspend_pairing(
        pairing, by=district.staff["officer"], reason="关爱户住院治疗，出院后恢复上门。"
    )


def _wind_up(district):
    key, pairing = _running(district, 31)
    district.pairings[key] = bonds.begin_ending(
        pairing,
        by=district.staff["officer"],
        last_contact_on=today() - timedelta(days=5),
        goods_outstanding="两袋面粉待送达。",
        handover_note="孩子即将离家上大学，后续由社区继续关心。",
    )
