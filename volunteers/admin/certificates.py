"""The bureau reads certificates and may remind the issuer to look into one. It issues none and takes none back."""

from django.contrib import admin

from jinchuan.shared import masking
from jinchuan.shared.admin import HouseFilterSet, Panel, ReasonForm, ScopedAdmin, Verb
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import hours, zh_date, zh_time
from organizations.filters import PlaceFilter

from ..certificate_enums import CertificateState
from ..models import Certificate
from ..services import certificates as services


class CertificateFilter(HouseFilterSet):
    place = PlaceFilter(field_name="issuer__division")

    class Meta(HouseFilterSet.Meta):
        model = Certificate
        fields = []


@admin.register(Certificate)
class CertificateAdmin(ScopedAdmin):
    list_display = [
        "shown_number",
        "shown_volunteer",
        "shown_issuer",
        "shown_period",
        "shown_hours",
        "shown_issued",
        "badge_state",
    ]
    list_filter = ["state"]
    filterset_class = CertificateFilter
    search_fields = ["code", "number", "issuer__name", "issuer__name_search"]
    search_help_text = "按证明编号、申请编号或开具单位查找。"
    empty_list = "还没有志愿服务记录证明。"
    readonly_fields = [
        "shown_number",
        "shown_volunteer",
        "shown_issuer",
        "shown_period",
        "shown_hours",
        "shown_issued",
        "shown_notice",
        "shown_supersedes",
    ]
    fieldsets = [
        (
            "证明",
            {
                "fields": [
                    "shown_number",
                    "code",
                    "shown_volunteer",
                    "shown_issuer",
                    "shown_period",
                    "shown_hours",
                    "shown_supersedes",
                ]
            },
        ),
        (
            "办理",
            {
                "fields": [
                    "applied_by",
                    "applied_at",
                    "shown_notice",
                    "issued_by",
                    "shown_issued",
                    "revoked_by",
                    "revoked_at",
                ]
            },
        ),
    ]
    verbs = (
        Verb(
            "remark",
            "提醒开具单位核对",
            "volunteers.remark_certificate",
            services.remark_certificate,
            states=(CertificateState.ISSUED,),
            form=ReasonForm,
            bulk=False,
            explain="证明由记录服务的组织开具，撤销和替换也由它办理。提醒会出现在该组织的待办里。",
        ),
    )

    def has_add_permission(self, request):
        return False

    @admin.display(description="证明编号", ordering="number")
    def shown_number(self, row):
        return row.number or f"{row.code}（还没有开具）"

    @admin.display(description="志愿者", ordering="volunteer__name_pinyin")
    def shown_volunteer(self, row):
        return masking.mask_name(row.volunteer.name)

    @admin.display(description="开具单位", ordering="issuer__code")
    def shown_issuer(self, row):
        return row.issuer.name

    @admin.display(description="服务时间", ordering="period_from")
    def shown_period(self, row):
        return f"{zh(row.period_from)}至{zh(row.period_to)}"

    @admin.display(description="时长（小时）", ordering="minutes")
    def shown_hours(self, row):
        return hours(row.minutes) if row.minutes else "--"

    @admin.display(description="开具日期", ordering="issued_on")
    def shown_issued(self, row):
        return zh_date(row.issued_on)

    @admin.display(description="公示")
    def shown_notice(self, row):
        if row.waiver_rule:
            return f"不经公示，依据：{row.waiver_rule}；原因：{row.waiver_reason}"
        return f"至{zh(row.notice_until)}" if row.notice_until else "--"

    @admin.display(description="替换哪一份")
    def shown_supersedes(self, row):
        return f"{row.supersedes}，{row.replacement_reason}" if row.supersedes else "--"

    def choice_label(self, row):
        return str(row)

    def panels(self, request, row):
        yield Panel(
            "提醒和答复",
            ("提醒时间", "提醒", "答复时间", "答复"),
            [
                (zh_time(one.made_at), one.text, zh_time(one.answered_at), one.answer or "--")
                for one in row.remarks.all()
            ],
            empty="没有提醒过。",
        )
        steps = row.transitions.select_related("by")
        yield Panel(
            "办理经过",
            ("时间", "步骤", "原因"),
            [(zh_time(one.at), CertificateState(one.to_state).label, one.reason or "--") for one in steps],
            empty="还没有办理。",
        )
