"""What cases tells of organisations that take part, and of programmes: intentions, pairings, students."""

from django.db.models import Count, Q

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, Panel, badge, row_link
from jinchuan.shared.dates import zh
from organizations.facts import ORGANIZATIONS, PROGRAMS, Column

from .models import Pairing, StudentAid

SHOWN = 100


def pairings_of_organizations(keys, *, since, until) -> dict:
    """Households with which an intention was reached, and with which a pairing began, within the days."""
    within = (since, until)
    rows = Pairing.objects.auxiliary().filter(organization__in=keys).order_by().values("organization")
    counted = rows.annotate(
        intended=Count(
            "household",
            distinct=True,
            filter=Q(pk__in=Pairing.objects.reached().values("pk"), intended_on__range=within),
        ),
        paired=Count(
            "household",
            distinct=True,
            filter=Q(pk__in=Pairing.objects.started().values("pk"), started_on__range=within),
        ),
    )
    return {row["organization"]: (row["intended"], row["paired"]) for row in counted}


def students_of_programs(keys) -> dict:
    """Students whose aid was approved, each once however many years it was."""
    rows = StudentAid.objects.counted().filter(program__in=keys).order_by().values("program")
    return {
        row["program"]: (row["students"],) for row in rows.annotate(students=Count("member", distinct=True))
    }


def declare() -> None:
    ORGANIZATIONS.register(
        20,
        (Column("意向", "户", "结对（户）"), Column("结对", "户", "结对（户）")),
        pairings_of_organizations,
    )
    PROGRAMS.register(40, (Column("资助学生", "人"),), students_of_programs)


@site.panel("organizations.mobilization")
def intentions_after(request, mobilization):
    """Intentions of the invited organisations in the days after: facts by organisation, in the order of their codes."""
    if not request.user.has_perm("cases.view_pairing"):
        return None
    rows = (
        Pairing.objects.visible_to(request.user)
        .auxiliary()
        .reached()
        .filter(
            organization__mobilization_invitations__mobilization=mobilization,
            intended_on__range=(mobilization.held_on, mobilization.followed_until),
        )
        .select_related("organization", "household__community")
        .order_by("organization__code", "intended_on", "id")
    )
    return Panel(
        "后续：结对意向",
        ("社会组织", "意向", "社区（村）", "日期", "现在"),
        [
            (
                one.organization.name,
                Cell(one.code, row_link(one)),
                one.household.community.short_name,
                zh(one.intended_on),
                badge(one),
            )
            for one in rows[:SHOWN]
        ],
        empty="这段时间受邀的组织没有新的意向。",
        note=f"{zh(mobilization.held_on)}至{zh(mobilization.followed_until)}，按组织编号排列，不分先后。",
    )
