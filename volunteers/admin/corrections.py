"""What volunteers say is wrong. The organisation that recorded it answers; the bureau, where nobody did."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Min

from jinchuan.shared import masking, site
from jinchuan.shared.admin import Cell, HouseFilterSet, OneFilter, Panel, ScopedAdmin, Verb, row_link
from jinchuan.shared.templatetags.house import hours, zh_date, zh_time
from organizations.filters import PlaceFilter

from ..correction_forms import AnswerForm
from ..enums import CorrectionState
from ..models import CorrectionRequest
from ..naming import span_words
from ..services import own_record

C = CorrectionState


class CorrectionFilter(HouseFilterSet):
    place = PlaceFilter(field_name="record__activity__organization__division")

    class Meta(HouseFilterSet.Meta):
        model = CorrectionRequest
        fields = []


class Overdue(OneFilter):
    title = "答复期限"
    parameter_name = "late"
    slices = {"late": (f"{settings.CORRECTION_ANSWER_DAYS} 天没有答复", lambda rows: rows.overdue())}


def _facts(row):
    return [
        ("登记的时间", f"{span_words(row.record)}，{hours(row.record.minutes)} 小时"),
        ("志愿者说应当是", row.text),
        ("提出时间", zh_date(row.asked_at)),
    ]


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(ScopedAdmin):
    tabs = False
    list_display = ["shown_activity", "shown_volunteer", "shown_organization", "asked_at", "badge_state"]
    list_filter = [Overdue, "state"]
    filterset_class = CorrectionFilter
    search_fields = ["record__activity__code", "record__activity__organization__name"]
    search_help_text = "按活动编号或组织单位查找。"
    empty_list = "志愿者没有提出过更正。"
    ordering = ["asked_at", "id"]
    clear_to_readers = ("text",)
    readonly_fields = ["shown_activity", "shown_volunteer", "shown_organization", "shown_record"]
    fieldsets = [
        (
            "申请",
            {
                "fields": [
                    "shown_activity",
                    "shown_volunteer",
                    "shown_organization",
                    "shown_record",
                    "text",
                    "asked_at",
                ]
            },
        ),
        ("答复", {"fields": ["answer", ("decided_by", "decided_at")]}),
    ]
    verbs = (
        Verb(
            "accept",
            "已更正，答复",
            "volunteers.change_correctionrequest",
            own_record.accept_correction,
            states=(C.OPEN,),
            form=AnswerForm,
            bulk=False,
            facts=_facts,
            explain="先在服务时长里更正这条记录，再答复。应当由登记的组织答复，组织没有答复或已注销的由民政局办理。",
        ),
        Verb(
            "decline",
            "不更正，答复",
            "volunteers.change_correctionrequest",
            own_record.decline_correction,
            states=(C.OPEN,),
            form=AnswerForm,
            bulk=False,
            facts=_facts,
            explain="记录不变，请向志愿者说明为什么。",
        ),
    )

    @admin.display(description="活动", ordering="record__activity__code")
    def shown_activity(self, row):
        return f"{row.record.activity.code}　{row.record.activity.title}"

    @admin.display(description="志愿者")
    def shown_volunteer(self, row):
        return masking.mask_name(row.record.volunteer.name)

    @admin.display(description="组织单位", ordering="record__activity__organization__code")
    def shown_organization(self, row):
        return row.record.activity.organization.name

    @admin.display(description="登记的时间")
    def shown_record(self, row):
        return f"{span_words(row.record)}，{hours(row.record.minutes)} 小时"

    def choice_label(self, row):
        return str(row)

    def act_label(self, row):
        return f"{row.record.activity.code}　{masking.mask_name(row.record.volunteer.name)}"

    def panels(self, request, row):
        record = row.record
        yield Panel(
            "服务记录",
            ("起止时间", "时长（小时）", "状态"),
            [(Cell(span_words(record), row_link(record)), hours(record.minutes), record.get_state_display())],
        )
        yield Panel(
            "办理经过",
            ("时间", "经办人", "答复"),
            [(zh_time(one.at), one.by.username, one.reason) for one in row.transitions.select_related("by")],
            empty="还没有答复。",
        )


@site.worklist
def corrections_unanswered(user):
    if user.has_perm("volunteers.change_correctionrequest"):
        late = CorrectionRequest.objects.visible_to(user).overdue()
        found = late.aggregate(count=Count("pk"), since=Min("asked_at"))
        yield site.Waiting(
            "组织没有答复的更正申请",
            found["count"],
            site.list_url("volunteers.correctionrequest", late="late"),
            act="去答复",
            since=f"最早 {zh_date(found['since'])}提出" if found["since"] else "",
            urgent=True,
        )
