from django.contrib import admin
from django.db.models import Count, Min

from jinchuan.shared import masking, site
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    HouseFilterSet,
    Panel,
    ReasonForm,
    ScopedAdmin,
    Verb,
    badge,
    row_link,
)
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import hours, zh_date, zh_time
from organizations.filters import PlaceFilter

from ..enums import ActivityState
from ..models import Activity
from ..services import activities

S = ActivityState


class ActivityFilter(HouseFilterSet):
    place = PlaceFilter(field_name="organization__division")
    held_from = DayFilter(field_name="held_on", lookup_expr="gte", label="活动日期从")
    held_to = DayFilter(field_name="held_on", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = Activity
        fields = []


def what_is_confirmed(activity) -> list[tuple[str, str]]:
    return [
        ("活动", activity.title),
        ("日期", zh(activity.held_on)),
        ("服务", f"{activity.person_times} 人次，{hours(activity.total_minutes)} 小时"),
    ]


@admin.register(Activity)
class ActivityAdmin(ScopedAdmin):
    tabs = False
    list_display = [
        "code",
        "shown_held",
        "title",
        "shown_organization",
        "program",
        "shown_times",
        "shown_hours",
        "badge_state",
    ]
    list_display_links = ["code", "title"]
    list_filter = ["state"]
    filterset_class = ActivityFilter
    search_fields = ["code", "title", "organization__name", "organization__name_search"]
    search_help_text = "按活动编号、名称或组织单位查找。"
    empty_list = "还没有志愿服务活动。"
    readonly_fields = ["shown_held", "shown_organization", "shown_parties", "shown_times", "shown_hours"]
    fieldsets = [
        (
            "活动",
            {
                "fields": [
                    "title",
                    "shown_held",
                    "shown_organization",
                    "program",
                    "responsible_person",
                    "community",
                    "place",
                    "content",
                    ("beneficiary_households", "beneficiary_people"),
                    "shown_parties",
                    ("shown_times", "shown_hours"),
                ]
            },
        ),
        (
            "办理",
            {
                "fields": [
                    "submitted_by",
                    "submitted_at",
                    "confirmed_by",
                    "confirmed_at",
                    "voided_by",
                    "voided_at",
                ]
            },
        ),
    ]
    verbs = (
        Verb(
            "confirm",
            "确认",
            "volunteers.confirm_activity",
            activities.confirm_activity,
            states=(S.SUBMITTED,),
            facts=what_is_confirmed,
            explain="确认后计入统计。登记人不能确认自己登记的活动。",
        ),
        Verb(
            "return",
            "退回",
            "volunteers.confirm_activity",
            activities.return_activity,
            states=(S.SUBMITTED,),
            form=ReasonForm,
            facts=what_is_confirmed,
            explain="退回给登记人修改，修改后再提交。",
        ),
        Verb(
            "void",
            "作废",
            "volunteers.void_activity",
            activities.void_activity,
            states=(S.CONFIRMED,),
            form=ReasonForm,
            facts=what_is_confirmed,
            explain="作废后不再计入统计，记录保留。由确认人以外的另一位审核人员办理。",
            caution=True,
        ),
    )

    @admin.display(description="日期", ordering="held_on")
    def shown_held(self, row):
        return zh(row.held_on)

    @admin.display(description="组织单位", ordering="organization__code")
    def shown_organization(self, row):
        return row.organization.name

    @admin.display(description="五社参与")
    def shown_parties(self, row):
        return "、".join(row.party_labels) or "--"

    @admin.display(description="人次", ordering="person_times")
    def shown_times(self, row):
        return row.person_times

    @admin.display(description="时长（小时）", ordering="total_minutes")
    def shown_hours(self, row):
        return hours(row.total_minutes)

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        return f"{row.code}　{row.title}　{zh(row.held_on)}　{row.person_times} 人次 {hours(row.total_minutes)} 小时"

    def panels(self, request, row):
        in_clear = request.user.has_perm("volunteers.change_volunteer")
        yield Panel(
            "服务记录",
            ("志愿者", "开始", "结束", "休息（分钟）", "时长（小时）"),
            [
                (
                    Cell(
                        one.volunteer.name if in_clear else masking.mask_name(one.volunteer.name),
                        row_link(one.volunteer),
                    ),
                    f"{one.started_at:%H:%M}",
                    f"{'次日 ' if one.crosses_midnight else ''}{one.ended_at:%H:%M}",
                    one.break_minutes,
                    hours(one.minutes),
                )
                for one in row.records.select_related("volunteer")
            ],
            leads=True,
        )
        yield Panel(
            "办理经过",
            ("时间", "经办人", "状态", "原因"),
            [
                (
                    zh_time(one.at),
                    one.by.username if one.by else "系统",
                    f"{S(one.from_state).label} → {S(one.to_state).label}",
                    one.reason or "--",
                )
                for one in row.transitions.select_related("by")
            ],
            empty="提交以后还没有办理。",
        )


@site.panel("organizations.organization")
def activities_of_organization(request, organization):
    if not request.user.has_perm("volunteers.view_activity"):
        return None
    rows = Activity.objects.visible_to(request.user).filter(organization=organization).for_list()[:20]
    return Panel(
        "服务",
        ("活动编号", "日期", "名称", "人次", "小时", "状态"),
        [
            (
                Cell(one.code, row_link(one)),
                zh(one.held_on),
                one.title,
                one.person_times,
                hours(one.total_minutes),
                badge(one),
            )
            for one in rows
        ],
        empty="还没有志愿服务活动。",
        more_url=site.list_url("volunteers.activity", q=organization.name),
    )


OLDEST_FIRST = ActivityAdmin.list_display.index("shown_held") + 1


@site.worklist
def activities_waiting(user):
    seen = Activity.objects.visible_to(user)
    if user.has_perm("volunteers.confirm_activity"):
        waiting = seen.waiting().aggregate(count=Count("pk"), since=Min("submitted_at"))
        yield site.Waiting(
            "待确认活动",
            waiting["count"],
            site.list_url("volunteers.activity", state__exact=S.SUBMITTED, o=OLDEST_FIRST),
            act="去确认",
            since=f"最早 {zh_date(waiting['since'])}提交" if waiting["since"] else "",
        )
    if user.has_perm("volunteers.add_activity"):
        yield site.Waiting(
            "退回未改的活动",
            seen.returned().count(),
            site.list_url("volunteers.activity", state__exact=S.RETURNED),
            act="去查看",
        )
