"""Meetings and appeals: prepared, held, closed; who answered, and what came of it."""

from django import forms
from django.contrib import admin
from django.urls import reverse

from jinchuan.intake import uploads
from jinchuan.intake.models import Attachment
from jinchuan.shared import site
from jinchuan.shared.admin import Cell, Panel, ReasonForm, ScopedAdmin, Verb, badge, row_link
from jinchuan.shared.dates import zh
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import zh_time

from ..enums import MobilizationState, OrganizationState
from ..models import Mobilization, MobilizationInvitation
from ..services import mobilizations
from .invitations import answered_words, attended_words

S = MobilizationState
INVITE_MANY = "在社会组织名册里按类别、业务主管单位、街道筛选，勾选以后用“邀请参加动员”，先看清楚再确认。"


class DocumentForm(Form):
    document = forms.FileField(
        label="文件",
        help_text="通知、议程、倡议书或会议照片，JPG、PNG 或 PDF，不超过 20 MB。受邀的组织可以看。",
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )

    def clean_document(self):
        document = self.cleaned_data["document"]
        uploads.read(document)
        document.seek(0)
        return document


@admin.register(Mobilization)
class MobilizationAdmin(ScopedAdmin):
    add_words = "登记动员会（倡议书）"
    list_display = ["code", "kind", "title", "shown_day", "shown_host", "shown_answers", "badge_state"]
    list_display_links = ["code", "title"]
    list_filter = ["state", "kind"]
    search_fields = ["code", "title"]
    search_help_text = "按编号或标题查找。"
    empty_list = "还没有动员会和倡议书。"
    fieldsets = [
        (
            "内容",
            {
                "fields": [
                    ("kind", "host"),
                    "title",
                    ("held_on", "starts_at"),
                    "place",
                    "outline",
                    "followed_until",
                ]
            },
        ),
        (
            "办理",
            {
                "fields": [
                    "code",
                    ("planned_by", "planned_at"),
                    ("held_by", "held_at"),
                    ("closed_by", "closed_at"),
                    ("cancelled_by", "cancelled_at"),
                    "cancel_reason",
                ]
            },
        ),
    ]
    add_fieldsets = fieldsets[:-1]
    verbs = (
        Verb(
            "hold",
            "登记已召开（发出）",
            "organizations.change_mobilization",
            mobilizations.hold_mobilization,
            states=(S.PLANNED,),
            explain="动员会登记召开以后不再收答复，可以登记到会；倡议书登记发出以后，受邀的组织才看得到、才能答复。",
            bulk=False,
        ),
        Verb(
            "close",
            "办结",
            "organizations.change_mobilization",
            mobilizations.close_mobilization,
            states=(S.HELD,),
            explain="不再收答复。后续情况仍在这一页看。",
            bulk=False,
        ),
        Verb(
            "cancel",
            "取消",
            "organizations.change_mobilization",
            mobilizations.cancel_mobilization,
            states=(S.PLANNED,),
            form=ReasonForm,
            explain="受邀的组织会看到取消的原因。",
            bulk=False,
            caution=True,
        ),
        Verb(
            "document",
            "附上文件",
            "organizations.change_mobilization",
            mobilizations.attach_document,
            form=DocumentForm,
            explain="受邀的组织可以打开。",
            bulk=False,
        ),
    )

    @admin.display(description="日期", ordering="held_on")
    def shown_day(self, row):
        return zh(row.held_on)

    @admin.display(description="主办")
    def shown_host(self, row):
        return row.host.name if row.host else "民政局"

    @admin.display(description="答复 / 邀请（家）")
    def shown_answers(self, row):
        return f"{row.answered_count} / {row.invited_count}"

    def choice_label(self, row):
        return f"{row.code} {row.title}"

    def service_create(self, request, form):
        return mobilizations.plan_mobilization(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return mobilizations.update_mobilization(row, by=by, version=version, **fields)

    def page_links(self, request, obj):
        if obj.state not in (S.PLANNED, S.HELD) or not request.user.has_perm(
            "organizations.add_mobilizationinvitation"
        ):
            return []
        return [
            (
                "成批邀请组织",
                site.list_url("organizations.organization", state__exact=OrganizationState.APPROVED),
            )
        ]

    def panels(self, request, row):
        invites = request.user.has_perm("organizations.add_mobilizationinvitation")
        invitations = MobilizationInvitation.objects.visible_to(request.user).filter(mobilization=row)
        rows = list(invitations.for_list())
        yield Panel(
            f"邀请与答复（{len(rows)}）",
            ("编号", "社会组织", "答复", "附言", "答复时间", "到会"),
            [
                (
                    Cell(one.organization.code, row_link(one)),
                    one.organization.name,
                    badge(one, "answer"),
                    one.words or "--",
                    answered_words(one),
                    attended_words(one),
                )
                for one in rows
            ],
            empty="还没有邀请组织。",
            note=INVITE_MANY if invites and row.state in (S.PLANNED, S.HELD) else "",
            add_url=f"{reverse('admin:organizations_mobilizationinvitation_add')}?mobilization={row.pk}"
            if invites and row.state in (S.PLANNED, S.HELD)
            else "",
            add_label="邀请一个组织",
            more_url=site.list_url("organizations.mobilizationinvitation", mobilization__id__exact=row.pk),
            more_label="在名册中办理",
        )
        yield Panel(
            "文件",
            ("文件", "上传时间"),
            [
                (Cell(one.name, reverse("intake:attachment", args=[one.pk])), zh_time(one.uploaded_at))
                for one in Attachment.objects.of(row).visible_to(request.user)
            ],
            empty="还没有附上文件。",
        )
