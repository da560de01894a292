"""The register of hours: what counts, and what was asked to be put right."""

from django.contrib import admin

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
    row_link,
)
from jinchuan.shared.templatetags.house import hours, zh_time
from organizations.filters import PlaceFilter

from ..enums import ActivityState, RecordState
from ..models import ServiceRecord
from ..naming import span_words
from ..plan_forms import RecordCorrectionForm, correction_of
from ..services import records


class ServiceRecordFilter(HouseFilterSet):
    place = PlaceFilter(field_name="activity__organization__division")
    held_from = DayFilter(field_name="activity__held_on", lookup_expr="gte", label="活动日期从")
    held_to = DayFilter(field_name="activity__held_on", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = ServiceRecord
        fields = []


class Undecided(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {"decide": ("待确认的更正", lambda rows: rows.corrections())}


def _correct(row, *, by, **typed):
    return records.correct_record(row, by=by, **correction_of(typed))


def _facts(row):
    facts = [("原来的时间", span_words(row)), ("时长", f"{hours(row.minutes)} 小时")]
    if row.supersedes:
        facts = [
            ("原来的时间", span_words(row.supersedes)),
            ("更正为", span_words(row)),
            ("时长", f"{hours(row.supersedes.minutes)} → {hours(row.minutes)} 小时"),
            ("更正原因", row.reason),
        ]
    return facts


def _is_correction(row) -> bool:
    return row.supersedes_id is not None


@admin.register(ServiceRecord)
class ServiceRecordAdmin(ScopedAdmin):
    tabs = False
    sheet = "service_records"
    list_display = [
        "shown_activity",
        "shown_volunteer",
        "shown_span",
        "break_minutes",
        "shown_hours",
        "badge_state",
    ]
    list_filter = [Undecided, "state"]
    filterset_class = ServiceRecordFilter
    search_fields = ["activity__code", "activity__title"]
    search_help_text = "按活动编号或名称查找。"
    empty_list = "还没有服务记录。"
    ordering = ["-id"]
    readonly_fields = ["shown_activity", "shown_volunteer", "shown_span", "shown_hours", "shown_old"]
    fieldsets = [
        (
            "服务",
            {
                "fields": [
                    "shown_activity",
                    "shown_volunteer",
                    "shown_span",
                    ("break_minutes", "shown_hours"),
                    "shown_old",
                    "reason",
                ]
            },
        ),
        ("办理", {"fields": [("recorded_by", "recorded_at"), ("confirmed_by", "confirmed_at")]}),
    ]
    verbs = (
        Verb(
            "correct",
            "更正",
            "volunteers.correct_servicerecord",
            _correct,
            states=(RecordState.CONFIRMED,),
            form=RecordCorrectionForm,
            bulk=False,
            applies=lambda row: row.activity.state == ActivityState.CONFIRMED,
            facts=_facts,
            initial=RecordCorrectionForm.as_recorded,
            explain="志愿者本人提出有误的，在这里更正。原来的记录保留，由另一个人确认后按新的计算。",
        ),
        Verb(
            "confirm",
            "确认更正",
            "volunteers.confirm_servicerecord",
            records.confirm_correction,
            states=(RecordState.RECORDED,),
            applies=_is_correction,
            facts=_facts,
            explain="确认后按新的时长计算，原来的不再计入。提出更正的人不能自己确认。",
        ),
        Verb(
            "decline",
            "不予更正",
            "volunteers.confirm_servicerecord",
            records.decline_correction,
            states=(RecordState.RECORDED,),
            form=ReasonForm,
            applies=_is_correction,
            facts=_facts,
            explain="原来的时长不变，请写明原因。",
        ),
    )

    @admin.display(description="活动", ordering="activity__code")
    def shown_activity(self, row):
        return f"{row.activity.code}　{row.activity.title}"

    @admin.display(description="志愿者")
    def shown_volunteer(self, row):
        return masking.mask_name(row.volunteer.name)

    @admin.display(description="起止时间", ordering="started_at")
    def shown_span(self, row):
        return span_words(row)

    @admin.display(description="时长（小时）", ordering="minutes")
    def shown_hours(self, row):
        return hours(row.minutes)

    @admin.display(description="更正的是")
    def shown_old(self, row):
        return (
            f"{span_words(row.supersedes)}，{hours(row.supersedes.minutes)} 小时" if row.supersedes else "--"
        )

    def choice_label(self, row):
        return str(row)

    def act_label(self, row):
        return f"{row.activity.code}　{masking.mask_name(row.volunteer.name)}　{span_words(row)}"

    def panels(self, request, row):
        yield Panel(
            "更正",
            ("起止时间", "时长（小时）", "原因", "状态"),
            [
                (
                    Cell(span_words(one), row_link(one)),
                    hours(one.minutes),
                    one.reason,
                    one.get_state_display(),
                )
                for one in row.corrections.order_by("id")
            ],
            empty="没有更正过。",
        )
        yield Panel(
            "办理经过",
            ("时间", "经办人", "状态", "原因"),
            [
                (
                    zh_time(one.at),
                    one.by.username if one.by else "系统",
                    f"{RecordState(one.from_state).label} → {RecordState(one.to_state).label}",
                    one.reason or "--",
                )
                for one in row.transitions.select_related("by")
            ],
            empty="随活动一起确认，没有另外办理。",
        )


@site.worklist
def corrections_waiting(user):
    if user.has_perm("volunteers.confirm_servicerecord"):
        yield site.Waiting(
            "待确认的时长更正",
            ServiceRecord.objects.visible_to(user).corrections().count(),
            site.list_url("volunteers.servicerecord", waiting="decide"),
            act="去确认",
        )
