"""What should be done before a month is closed: the check list. What is left there may be closed over, with a reason each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, islice

from django.conf import settings

from cases import consistency as cases
from cases.enums import VisitState
from cases.models import Matter, Visit
from donations import consistency as donations
from donations.enums import DeliveryState, DonationState, ValuationBasis
from donations.models import DistributionLine, Donation, DonationLine
from jinchuan.intake.models import Draft
from jinchuan.shared.months import Month
from jinchuan.shared.site import list_url
from organizations import consistency as organizations
from volunteers import consistency as volunteers
from volunteers.enums import ActivityState
from volunteers.models import Activity

MOST_FINDINGS = 20


@dataclass(frozen=True)
class Check:
    """Something left undone: how many, and where one sees them."""

    name: str
    label: str
    count: int
    address: str = ""
    findings: tuple[str, ...] = ()


def check_list(month: Month) -> list[Check]:
    """Every check, those with nothing left as well."""
    return [check(month) for check in _CHECKS]


def left_undone(month: Month) -> list[Check]:
    return [check for check in check_list(month) if check.count]


def _waiting(name, label, rows, register, **filters) -> Check:
    return Check(name, label, rows.count(), list_url(register, **filters))


def _drafts(month):
    limit = month.end - timedelta(days=settings.CONFIRM_WITHIN_DAYS)
    count = Draft.objects.filter(saved_at__date__lt=limit).count()
    return Check("drafts", f"搁置超过 {settings.CONFIRM_WITHIN_DAYS} 天、还没有提交的草稿", count)


def _donations(month):
    rows = Donation.objects.filter(state=DonationState.SUBMITTED, received_on__lt=month.end)
    return _waiting(
        "donations", "待确认的捐赠", rows, "donations.donation", state__exact=DonationState.SUBMITTED
    )


def _visits(month):
    rows = Visit.objects.filter(state=VisitState.SUBMITTED, visited_on__lt=month.end)
    return _waiting("visits", "待确认的走访和联系", rows, "cases.visit", state__exact=VisitState.SUBMITTED)


def _matters(month):
    rows = Matter.objects.filter(state=VisitState.SUBMITTED, settled_on__lt=month.end)
    return _waiting("matters", "待确认的办理事项", rows, "cases.matter", state__exact=VisitState.SUBMITTED)


def _activities(month):
    rows = Activity.objects.filter(state=ActivityState.SUBMITTED, held_on__lt=month.end)
    return _waiting(
        "activities",
        "待确认的志愿服务",
        rows,
        "volunteers.activity",
        state__exact=ActivityState.SUBMITTED,
    )


def _deliveries(month):
    rows = DistributionLine.objects.filter(state=DeliveryState.OUT, distribution__held_on__lt=month.end)
    return _waiting(
        "deliveries",
        "发出后还没有签收的款物",
        rows,
        "donations.distributionline",
        state__exact=DeliveryState.OUT,
    )


def _valuations(month):
    rows = DonationLine.objects.confirmed().filter(
        valuation_basis=ValuationBasis.UNVALUED,
        donation__received_on__gte=month.first,
        donation__received_on__lt=month.end,
    )
    return _waiting("valuations", "本月收到、还没有计价依据的物资", rows, "donations.donation")


def _consistency(month):
    """Of the registers that are counted. The log and the files are looked through every night by themselves."""
    rooms = (organizations, cases, donations, volunteers)
    checks: list[Callable] = [check for room in rooms for check in room.CHECKS]
    found = tuple(islice(chain.from_iterable(check() for check in checks), MOST_FINDINGS))
    return Check("consistency", "数据检查发现的问题", len(found), findings=found)


_CHECKS = (
    _drafts,
    _donations,
    _visits,
    _matters,
    _activities,
    _deliveries,
    _valuations,
    _consistency,
)

NAMES = tuple(check.__name__.removeprefix("_") for check in _CHECKS)
