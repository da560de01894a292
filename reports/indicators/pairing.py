"""Intentions and pairings of social organisations. Leads and public bodies are not counted among those that take part
(``model.md``, Pairing)."""

from django.db.models import F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from cases.models import Member, Pairing
from organizations.enums import SOCIAL_ORGANIZATION_KINDS

from .definition import Indicator

_HOUSEHOLD = "household__community"


def _intentions():
    return Pairing.objects.auxiliary().reached().filter(organization__kind__in=SOCIAL_ORGANIZATION_KINDS)


def _pairings():
    return Pairing.objects.auxiliary().started().filter(organization__kind__in=SOCIAL_ORGANIZATION_KINDS)


def _paired_people():
    """Members who lived in a household when it was first paired, or joined it while it was in the programme."""
    first = (
        _pairings()
        .filter(household=OuterRef("household"))
        .order_by()
        .values("household")
        .annotate(day=Min("started_on"))
        .values("day")
    )
    people = Member.objects.annotate(paired_on=Subquery(first)).filter(paired_on__isnull=False)
    return people.annotate(counted_on=Greatest("paired_on", "joined_on")).filter(
        Q(left_on__isnull=True) | Q(left_on__gt=F("counted_on"))
    )


PAIRING = (
    Indicator(
        "intention_organizations",
        "达成关爱意向的社会组织",
        "家",
        "与至少一户关爱对象达成辅助结对意向（含已结对、已结束的）的社会组织，按家去重，计入首次达成意向的月份；谢绝、过期、撤销的意向不计。",
        _intentions,
        "intended_on",
        _HOUSEHOLD,
        key="organization",
        organization="organization",
    ),
    Indicator(
        "intention_households",
        "达成关爱意向的关爱对象",
        "户",
        "与至少一家社会组织达成辅助结对意向的关爱户，按户去重，计入首次达成意向的月份；谢绝、过期、撤销的意向不计。",
        _intentions,
        "intended_on",
        _HOUSEHOLD,
        key="household",
        organization="organization",
    ),
    Indicator(
        "paired_organizations",
        "参与结对的社会组织",
        "家",
        "意向经双方确认并正式结对（含已结束的）的社会组织，按家去重，计入首次结对的月份；机关事业单位的结对帮扶不计。",
        _pairings,
        "started_on",
        _HOUSEHOLD,
        key="organization",
        organization="organization",
    ),
    Indicator(
        "paired_households",
        "结对的关爱对象",
        "户",
        "与社会组织正式结对（含已结束的）的关爱户，按户去重，计入首次结对的月份。",
        _pairings,
        "started_on",
        _HOUSEHOLD,
        key="household",
        organization="organization",
    ),
    Indicator(
        "paired_people",
        "结对户家庭成员",
        "人",
        "结对户中共同生活的家庭成员，按人计；计入该户首次结对的月份，之后加入的计入加入的月份。",
        _paired_people,
        "counted_on",
        _HOUSEHOLD,
        leans=("household__pairings__organization",),
    ),
)
