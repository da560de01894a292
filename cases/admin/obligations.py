"""The duties of pairings: who is due, overdue, or missed one; a duty may be waived with a reason."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Q

from jinchuan.shared import site
from jinchuan.shared.admin import (
    Cell,
    HouseFilterSet,
    OneFilter,
    Panel,
    ReasonForm,
    ScopedAdmin,
    Verb,
    badge,
    link_to,
    row_link,
)
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_date, zh_time
from organizations.filters import PlaceFilter

from ..enums import Outcome
from ..models import Obligation
from ..services import obligations
from ..services.notices import remind_of, told_of
from ..windows import Window
from .care import counted_panel, ids_of_households_called, is_file, steps_panel


class ObligationFilter(HouseFilterSet):
    place = PlaceFilter(field_name="pairing__household__community")

    class Meta(HouseFilterSet.Meta):
        model = Obligation
        fields = []


class WaitingObligations(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {
        "due": ("30 天内到期", lambda rows: rows.due(days=30)),
        "overdue": ("逾期", lambda rows: rows.overdue()),
        "missed": ("未完成", lambda rows: rows.filter(state=Outcome.MISSED)),
    }


def what_words(duty) -> str:
    """``2026年第四季度 联系交流 第2次``."""
    times = f" 第{duty.ordinal}次" if duty.rule.times > 1 else ""
    return f"{Window(duty.window_start, duty.window_end).label} {duty.rule.get_kind_display()}{times}"


@admin.register(Obligation)
class ObligationAdmin(ScopedAdmin):
    list_display = ["shown_what", "shown_household", "shown_organization", "shown_last", "badge_state"]
    list_filter = [WaitingObligations, "state", "rule__kind"]
    filterset_class = ObligationFilter
    list_counted = 10_000
    search_fields = [
        "pairing__code",
        "pairing__household__code",
        "pairing__organization__name",
        "pairing__organization__name_search",
    ]
    search_help_text = "按户编号、户主姓名、结对编号、组织名称或拼音首字母查找。"
    empty_list = "还没有走访联系任务。任务每天夜里按走访联系标准生成。"
    readonly_fields = ["shown_what", "linked_household", "shown_pairing", "shown_organization", "shown_last"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "shown_what",
                    "linked_household",
                    ("shown_pairing", "shown_organization"),
                    "shown_last",
                    "shown_grace",
                    "shown_met",
                    ("judged_on", "waived_at", "waived_by"),
                ]
            },
        )
    ]
    verbs = (
        Verb(
            "remind",
            "发提醒",
            "cases.remind_obligation",
            remind_of,
            states=(Outcome.OPEN,),
            explain="给结对组织里能看到这一户的人发一条提醒，显示在他们的待办里。同一项任务一天最多提醒一次。",
            says=lambda row, told: [f"提醒{row.pairing.organization.name}的 {len(told)} 个账号。"],
            previewed=True,
        ),
        Verb(
            "waive",
            "免除",
            "cases.waive_obligation",
            obligations.waive_obligation,
            states=(Outcome.OPEN, Outcome.MISSED),
            form=ReasonForm,
            explain="确实办不了的（住院、道路不通等）免除这一次，不计为未完成。免除不能撤回。",
            caution=True,
            previewed=True,
        ),
    )

    def get_ordering(self, request):
        """What waits, the oldest first; everything, the newest first."""
        waits = request.GET.get(WaitingObligations.parameter_name) in ("due", "overdue")
        return ["window_end", "pairing_id", "ordinal"] if waits else ["-window_end", "pk"]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "shown_grace", "shown_met"]

    @admin.display(description="任务", ordering="window_start")
    def shown_what(self, row):
        return what_words(row)

    @admin.display(description="关爱户", ordering="pairing__household__code")
    def shown_household(self, row):
        return row.pairing.household.code

    @admin.display(description="关爱户")
    def linked_household(self, row):
        return link_to(row.pairing.household)

    @admin.display(description="结对")
    def shown_pairing(self, row):
        return link_to(row.pairing)

    @admin.display(description="组织", ordering="pairing__organization__code")
    def shown_organization(self, row):
        return row.pairing.organization.name

    @admin.display(description="最后一天", ordering="window_end")
    def shown_last(self, row):
        last = zh(row.window_end - timedelta(days=1))
        late = (today() - row.window_end).days + 1
        return f"{last}（逾期 {late} 天）" if row.state == Outcome.OPEN and late > 0 else last

    @admin.display(description="宽限到")
    def shown_grace(self, row):
        return zh(row.grace_until - timedelta(days=1))

    @admin.display(description="完成的走访")
    def shown_met(self, row):
        return link_to(row.met_by) if row.met_by else "--"

    def choice_label(self, row):
        return f"{row.pairing.household.code} {what_words(row)}"

    def search_for(self, word):
        return super().search_for(word) | Q(pairing__household__in=ids_of_households_called(word))

    def act_label(self, row):
        return f"{self.choice_label(row)}　{row.pairing.organization.name}"

    def panels(self, request, row) -> list[Panel]:
        yield steps_panel(row)
        yield Panel(
            "发过的提醒",
            ("时间", "收到的账号", "内容", "阅读时间"),
            [
                (zh_time(one.created_at), one.user.username, one.title, zh_time(one.read_at))
                for one in told_of(row).select_related("user")
            ],
            empty="还没有发过提醒。到期前和逾期时系统自动提醒，也可以在上面发提醒。",
        )


@site.panel("cases.household")
def obligations_of_household(request, household):
    if not request.user.has_perm("cases.view_obligation"):
        return None
    rows = Obligation.objects.visible_to(request.user).filter(pairing__household=household)
    title = "任务"
    if is_file(request):
        title, rows = "近一年的任务", rows.filter(window_end__gt=today() - timedelta(days=365))
    return counted_panel(
        request,
        title,
        ("任务", "组织", "最后一天", "判定日期", "结果"),
        rows.select_related("pairing__organization", "rule")
        .only(
            *("ordinal", "window_start", "window_end", "judged_on", "state"),
            *("rule__kind", "rule__times", "pairing__organization__name"),
        )
        .order_by("-window_end", "-pk"),
        lambda one: (
            Cell(what_words(one), row_link(one)),
            one.pairing.organization.name,
            zh(one.window_end - timedelta(days=1)),
            zh_date(one.judged_on),
            badge(one),
        ),
        empty="还没有走访联系任务。结对以后每天夜里按标准生成。",
        more_url=site.list_url("cases.obligation", q=household.code),
    )


@site.worklist
def obligations_waiting(user):
    if user.has_perm("cases.waive_obligation"):
        yield site.Waiting(
            "逾期任务",
            Obligation.objects.visible_to(user).overdue().count(),
            site.list_url("cases.obligation", waiting="overdue"),
            act="去督促",
            urgent=True,
        )
