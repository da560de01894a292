"""What volunteers tells of programmes and of organisations that take part. Only confirmed activities count."""

from django.db.models import Count, F, Q, Sum

from jinchuan.shared import site
from jinchuan.shared.admin import Cell, Panel, row_link
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import hours
from organizations.facts import ORGANIZATIONS, PROGRAMS, Column
from organizations.models import Organization

from .models import Activity, ServiceRecord

SHOWN = 100


def service_of_programs(keys) -> dict:
    """Sessions, person-times, minutes, and who was served: 户次 and 人次 as the organisers wrote them."""
    return _service(Activity.objects.filter(program__in=keys), "program", with_served=True)


def service_of_organizations(keys, *, since, until) -> dict:
    rows = Activity.objects.filter(organization__in=keys, held_on__range=(since, until))
    return _service(rows, "organization")


def _service(activities, whose, *, with_served=False) -> dict:
    """Records are added up apart from activities, for a join would count an activity once for every record."""
    activities = activities.confirmed().order_by()
    held = {
        row.pop(whose): row
        for row in activities.values(whose).annotate(
            sessions=Count("pk"), households=Sum("beneficiary_households"), people=Sum("beneficiary_people")
        )
    }
    served = {
        row["whose"]: row
        for row in ServiceRecord.objects.confirmed()
        .filter(activity__in=activities.values("pk"))
        .order_by()
        .values(whose=F(f"activity__{whose}"))
        .annotate(times=Count("pk"), total=Sum("minutes"))
    }
    found = {}
    for key, row in held.items():
        of_people = served.get(key, {"times": 0, "total": 0})
        found[key] = (row["sessions"], of_people["times"], of_people["total"])
        if with_served:
            found[key] += (row["households"], row["people"])
    return found


def declare() -> None:
    group = "志愿服务"
    service = (Column("场次", "场", group), Column("人次", "人次", group), Column("时长", "小时", group))
    ORGANIZATIONS.register(30, service, service_of_organizations)
    PROGRAMS.register(
        20,
        (
            Column("志愿服务", "场"),
            Column("参加志愿者", "人次"),
            Column("服务时长", "小时"),
            Column("惠及住户", "户次"),
            Column("惠及群众", "人次"),
        ),
        service_of_programs,
    )


@site.panel("organizations.mobilization")
def service_after(request, mobilization):
    """Confirmed activities of the invited organisations in the days after, in the order of their codes."""
    if not request.user.has_perm("volunteers.view_activity"):
        return None
    within = (mobilization.held_on, mobilization.followed_until)
    rows = (
        Activity.objects.visible_to(request.user)
        .confirmed()
        .filter(
            organization__mobilization_invitations__mobilization=mobilization,
            held_on__range=within,
        )
        .for_list()
        .order_by("organization__code", "held_on", "id")
    )
    return Panel(
        "后续：志愿服务",
        ("社会组织", "活动", "名称", "日期", "人次", "时长"),
        [
            (
                one.organization.name,
                Cell(one.code, row_link(one)),
                one.title,
                zh(one.held_on),
                Cell(one.person_times, figure=True),
                Cell(hours(one.total_minutes or 0), figure=True),
            )
            for one in rows[:SHOWN]
        ],
        empty="这段时间受邀的组织没有已确认的志愿服务。",
        note=f"{zh(within[0])}至{zh(within[1])}，按组织编号排列，不分先后。",
    )


@site.panel("organizations.mobilization")
def volunteers_after(request, mobilization):
    """How many people joined the invited organisations in the days after; nobody is named."""
    if not request.user.has_perm("volunteers.view_volunteer"):
        return None
    within = (mobilization.held_on, mobilization.followed_until)
    rows = (
        Organization.objects.visible_to(request.user)
        .filter(mobilization_invitations__mobilization=mobilization)
        .annotate(joined=Count("enrollments", filter=Q(enrollments__joined_on__range=within)))
        .filter(joined__gt=0)
        .order_by("code")
    )
    return Panel(
        "后续：新加入的志愿者",
        ("编号", "社会组织", "新加入（人）"),
        [(Cell(one.code, row_link(one)), one.name, Cell(one.joined, figure=True)) for one in rows[:SHOWN]],
        empty="这段时间受邀的组织没有新加入的志愿者。",
        note=f"{zh(within[0])}至{zh(within[1])}，按组织编号排列，不分先后。",
    )
