from django.contrib import admin
from django.db.models import Count, Min, Q

from jinchuan.shared import masking, site
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    HouseFilterSet,
    OneFilter,
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

from ..attendance import roll_of
from ..enums import ActivityState
from ..models import Activity
from ..naming import span_words
from ..querysets import left_to_tell, left_untold
from ..services import activities

S = ActivityState


class ActivityFilter(HouseFilterSet):
    place = PlaceFilter(field_name="organization__division")
    held_from = DayFilter(field_name="held_on", lookup_expr="gte", label="活动日期从")
    held_to = DayFilter(field_name="held_on", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = Activity
        fields = []


class LeftByOrganization(OneFilter):
    title = "组织已注销"
    parameter_name = "left"
    slices = {
        "untold": ("没登记时长", lambda rows: rows.left_untold()),
        "tell": ("已取消，要通知报名的人", lambda rows: rows.left_to_tell()),
    }


def what_is_confirmed(activity) -> list[tuple[str, str]]:
    return [
        ("活动", activity.title),
        ("日期", zh(activity.held_on)),
        ("服务", f"{activity.person_times} 人次，{hours(activity.total_minutes)} 小时"),
        ("组织核对时长", "已由另一位同事核对" if activity.hours_confirmed_at else "没有第二个人核对"),
    ]


def what_is_left(activity) -> list[tuple[str, str]]:
    """What there is to ask by, before a session is ended without hours."""
    plan = getattr(activity, "plan", None)
    return [
        ("活动", activity.title),
        ("日期", zh(activity.held_on)),
        ("负责人", activity.responsible_person),
        ("报名", f"{activity.sign_ups.signed().count()} 人"),
        ("现场签到", f"{roll_of(activity).came} 人" if plan else "--"),
    ]


@admin.register(Activity)
class ActivityAdmin(ScopedAdmin):
    tabs = False
    sheet = "activities"
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
    list_filter = ["state", LeftByOrganization]
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
                    "hours_confirmed_by",
                    "hours_confirmed_at",
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
            explain="确认后活动和每个人的时长计入统计，时长不能再改，只能更正。登记人不能确认自己登记的活动。",
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
        Verb(
            "close_untold",
            "按时长无从查明办结",
            "volunteers.confirm_activity",
            activities.close_untold,
            states=(S.HELD,),
            form=ReasonForm,
            applies=lambda row: row.organization.is_deregistered,
            facts=what_is_left,
            bulk=False,
            explain="组织已经注销，问过负责人和报名的人，仍然没有人知道服务时长的，才这样办结。办结后不计人次和时长，也不能再登记；"
            "以后找到签到表的，另外登记一场活动。",
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
            ("志愿者", "起止时间", "休息（分钟）", "时长（小时）", "状态"),
            [
                (
                    Cell(
                        one.volunteer.name if in_clear else masking.mask_name(one.volunteer.name),
                        row_link(one.volunteer),
                    ),
                    span_words(one),
                    one.break_minutes,
                    Cell(hours(one.minutes), row_link(one)),
                    one.get_state_display(),
                )
                for one in row.records.select_related("volunteer")
            ],
            empty="还没有登记服务时长。",
            leads=True,
        )
        yield from _before_the_day(row, in_clear)
        yield Panel(
            "办理经过",
            ("时间", "经办人", "状态", "原因"),
            [
                (
                    zh_time(one.at),
                    one.by.username if one.by else "系统",
                    _step(one),
                    one.reason or "--",
                )
                for one in row.transitions.select_related("by")
            ],
            empty="提交以后还没有办理。",
        )


def _step(transition) -> str:
    words = [S(state).label for state in (transition.from_state, transition.to_state) if state]
    return " → ".join(words)


def _before_the_day(activity, in_clear):
    """The plan, who signed up, who checked in: only where there was one."""
    plan = getattr(activity, "plan", None)
    if plan is None:
        return

    def name_of(person):
        return person.name if in_clear else masking.mask_name(person.name)

    yield Panel(
        "活动计划",
        ("计划时间", "需要多少人", "剩余名额", "请带什么", "最低年龄", "需要的技能", "保险情况"),
        [
            (
                plan.when,
                plan.capacity or "不限",
                "--" if plan.places_left is None else plan.places_left,
                plan.to_bring or "--",
                plan.minimum_age or "--",
                plan.skills or "--",
                plan.insurance or "--",
            )
        ],
    )
    sign_ups = activity.sign_ups.select_related("volunteer").order_by("asked_at", "id")
    yield Panel(
        "报名",
        ("志愿者", "报名时间", "状态"),
        [
            (
                Cell(name_of(one.volunteer), row_link(one.volunteer)),
                zh_time(one.asked_at),
                one.get_state_display(),
            )
            for one in sign_ups
        ],
        empty="还没有人报名。",
    )
    roll = roll_of(activity)
    yield Panel(
        f"现场签到（{roll.came} 人）",
        ("姓名", "签到、签退", "说明"),
        [
            (name_of(one.person), one.words, "待组织核对" if one.is_unknown else "--")
            for one in (*roll.known, *roll.unknown)
        ],
        empty="还没有人签到。",
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
    rows = Activity.objects.visible_to(user).filter(state__in=[S.SUBMITTED, S.RETURNED, S.HELD, S.CANCELLED])
    submitted = Q(state=S.SUBMITTED)
    told = rows.aggregate(
        waiting=Count("pk", filter=submitted),
        since=Min("submitted_at", filter=submitted),
        returned=Count("pk", filter=Q(state=S.RETURNED)),
        untold=Count("pk", filter=left_untold()),
        to_tell=Count("pk", filter=left_to_tell()),
    )
    if user.has_perm("volunteers.confirm_activity"):
        yield site.Waiting(
            "待确认活动",
            told["waiting"],
            site.list_url("volunteers.activity", state__exact=S.SUBMITTED, o=OLDEST_FIRST),
            act="去确认",
            since=f"最早 {zh_date(told['since'])}提交" if told["since"] else "",
        )
    if user.has_perm("volunteers.add_activity"):
        yield site.Waiting(
            "退回未改的活动",
            told["returned"],
            site.list_url("volunteers.activity", state__exact=S.RETURNED),
            act="去查看",
        )
        yield site.Waiting(
            "没登记时长的活动（组织已注销）",
            told["untold"],
            site.list_url("volunteers.activity", left="untold"),
            act="去补登",
        )
        yield site.Waiting(
            "要通知报名人的活动（组织已注销）",
            told["to_tell"],
            site.list_url("volunteers.activity", left="tell"),
            act="去通知",
        )
