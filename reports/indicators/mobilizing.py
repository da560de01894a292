"""Meetings held, organisations that took part in anything at all, brands under which something happened."""

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Min, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Least

from cases.models import Pairing
from donations.models import DistributionLine, Donation
from organizations.enums import SOCIAL_ORGANIZATION_KINDS
from organizations.models import Mobilization, Organization, Program
from volunteers.models import Activity

from .definition import Indicator

NEVER = date(9999, 12, 31)


@dataclass(frozen=True)
class FirstEvent(Indicator):
    """Things that count from their first event on, whichever table it stands in. ``rows(scope)`` looks for the events of the
    scope alone, by the same places as the figures of those tables, so a thing may begin later in a street than in the
    district. ``events`` are those tables, one by one."""

    events: tuple = ()

    is_distinct = True

    @property
    def sources(self):
        return self.events

    def queryset(self, scope=None):
        return self.rows(scope)


def _inside(rows, scope, place):
    return rows if scope is None else rows.filter(**{f"{place}__path__startswith": scope.path})


def _first(rows, whose, on):
    """The first day of the rows that belong to the outer row; a day that never comes where there is none."""
    found = rows.filter(**{whose: OuterRef("pk")}).order_by().values(whose)
    return Coalesce(Subquery(found.annotate(first=Min(on)).values("first")), Value(NEVER, DateField()))


def _engaged(scope):
    intentions = _inside(Pairing.objects.auxiliary().reached(), scope, "household__community")
    gifts = _inside(Donation.objects.confirmed(), scope, "division")
    service = _inside(Activity.objects.confirmed(), scope, "organization__division")
    first = Least(
        _first(intentions, "organization", "intended_on"),
        _first(gifts, "organization", "received_on"),
        _first(gifts, "donor__organization", "received_on"),
        _first(service, "organization", "held_on"),
    )
    return Organization.objects.social().annotate(engaged_on=first).filter(engaged_on__lt=NEVER)


def _active_programs(scope):
    service = _inside(Activity.objects.confirmed(), scope, "organization__division")
    spent = _inside(
        DistributionLine.objects.delivered(), scope, "allocation__holding__lot__line__donation__division"
    )
    first = Least(
        _first(service, "program", "held_on"),
        _first(spent, "allocation__program", "delivered_on"),
    )
    return Program.objects.annotate(active_on=first).filter(active_on__lt=NEVER)


def _events(thing, *tables):
    """(name, rows, date, place, way from a row to the thing, what the thing is told by)"""
    return tuple(
        Indicator(name, "", "", "", rows, on, place, key=way, splits=_of_thing(way, thing))
        for name, rows, on, place, way in tables
    )


def _of_thing(way, columns):
    return {name: f"{way}__{column}" for name, column in columns.items()}


def _social(rows, way):
    return lambda: rows().filter(**{f"{way}__kind__in": SOCIAL_ORGANIZATION_KINDS})


_ENGAGING = _events(
    {"kind": "kind"},
    (
        "intentions",
        _social(lambda: Pairing.objects.auxiliary().reached(), "organization"),
        "intended_on",
        "household__community",
        "organization",
    ),
    ("gifts", _social(Donation.objects.confirmed, "organization"), "received_on", "division", "organization"),
    (
        "own_gifts",
        _social(Donation.objects.confirmed, "donor__organization"),
        "received_on",
        "division",
        "donor__organization",
    ),
    (
        "service",
        _social(lambda: Activity.objects.confirmed(), "organization"),
        "held_on",
        "organization__division",
        "organization",
    ),
)
_UNDER_PROGRAMS = _events(
    {"program": "code", "kind": "kind"},
    (
        "service",
        lambda: Activity.objects.confirmed().filter(program__isnull=False),
        "held_on",
        "organization__division",
        "program",
    ),
    (
        "spending",
        lambda: DistributionLine.objects.delivered().filter(allocation__program__isnull=False),
        "delivered_on",
        "allocation__holding__lot__line__donation__division",
        "allocation__program",
    ),
)

MOBILIZING = (
    Indicator(
        "mobilization_meetings",
        "动员会",
        "场",
        "民政局和业务主管单位已经召开的动员会，一次会议计一场，按召开日期计；倡议书和取消的会议不计。",
        lambda: Mobilization.objects.held().meetings(),
        "held_on",
        "planned_by__division",
    ),
    FirstEvent(
        "organizations_engaged",
        "参与社会组织",
        "家",
        "达成过关爱意向（含结对）、登记或捐赠过已确认款物、或开展过已确认志愿服务的社会组织，按家去重，计入最早一次的月份；"
        "爱心企业、机关事业单位和村（居）民委员会不计，只参加动员会的不计。",
        _engaged,
        "engaged_on",
        "division",
        splits={"kind": "kind"},
        events=_ENGAGING,
    ),
    FirstEvent(
        "programs_active",
        "开展的服务品牌和项目",
        "个",
        "有过已确认志愿服务活动或已交付款物的服务品牌和项目，按个去重，计入最早一次的月份。",
        _active_programs,
        "active_on",
        "lead_organization__division",
        splits={"program": "code", "kind": "kind"},
        events=_UNDER_PROGRAMS,
    ),
)
