"""How organisations take part: their answers to meetings and appeals, and the sheet for a supervising unit."""

from django.conf import settings
from django.db.models import Count, Q

from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh

from .enums import Answer
from .facts import ORGANIZATIONS, Column
from .models import Mobilization, MobilizationInvitation, Organization

NOTE = (
    "按组织编号排列，不分先后；各项为该期间内已登记并确认的数，没有的记 0，不作为考核和排名的依据。"
    "捐款捐物按登记的组织统计，不计价的物资不计入。"
)

COLUMNS = (
    Column("邀请", "次", "动员会、倡议书（次）"),
    Column("答复", "次", "动员会、倡议书（次）"),
    Column("到会", "次", "动员会、倡议书（次）"),
)


def invitations(keys, *, since, until) -> dict:
    """Invited, answered, there: of meetings and appeals of those days, [since, until]."""
    rows = MobilizationInvitation.objects.filter(
        organization__in=keys,
        mobilization__in=Mobilization.objects.held(),
        mobilization__held_on__gte=since,
        mobilization__held_on__lte=until,
    )
    counted = (
        rows.order_by()
        .values("organization")
        .annotate(
            invited=Count("pk"),
            answered=Count("pk", filter=~Q(answer=Answer.NONE)),
            there=Count("pk", filter=Q(attended=True)),
        )
    )
    return {row["organization"]: (row["invited"], row["answered"], row["there"]) for row in counted}


def organizations_of(unit):
    """The organisations a unit supervises, by code."""
    return Organization.objects.taking_part().filter(supervising_unit=unit).order_by("code")


def sheet(unit, *, since, until) -> dict:
    """The facts of ``××单位所属社会组织参与情况``: organisations and counts, nobody of a household."""
    organizations = list(organizations_of(unit))
    told = ORGANIZATIONS.of([one.pk for one in organizations], since=since, until=until)
    columns = ORGANIZATIONS.columns
    rows = [
        [str(number), one.name, *_texts(columns, told[one.pk])]
        for number, one in enumerate(organizations, start=1)
    ]
    if rows:
        rows.append(
            ["", "合计", *_texts(columns, [sum(parts) for parts in zip(*told.values(), strict=True)])]
        )
    return {
        "title": f"{unit.name}所属社会组织参与情况",
        "period": f"{zh(since)}至{zh(until)}",
        "issuer": settings.BUREAU_NAME,
        "dated": zh(today()),
        "annex": {
            "columns": [
                {"label": "序号", "align": "center", "width": 2.6},
                {"label": "社会组织名称", "align": "left", "width": 14.5},
                *(_printed(column) for column in columns),
            ],
            "rows": rows,
        },
        "note": NOTE,
    }


def _printed(column) -> dict:
    """What has places behind the point stands to the right, counts in the middle of a narrow column."""
    widths = {"元": 5, "小时": 3.2}
    align = "right" if column.unit in widths else "center"
    return {
        "label": column.name,
        "group": column.group,
        "align": align,
        "width": widths.get(column.unit, 2.5),
    }


def _texts(columns, values) -> list[str]:
    return [column.text(value) for column, value in zip(columns, values, strict=True)]
