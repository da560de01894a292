"""Whom the bureau invited, and what they answered: by selection or by hand, by themselves or by telephone."""

from django import forms
from django.contrib import admin

from jinchuan.shared import site
from jinchuan.shared.admin import (
    AdminForm,
    HouseFilterSet,
    OneFilter,
    ScopedAdmin,
    ScopedRelatedFilter,
    Verb,
    badge,
)
from jinchuan.shared.fields.form import LineFormField, ParagraphFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import zh_time

from ..enums import Answer, MobilizationState, OrganizationState
from ..filters import PlaceFilter
from ..models import Mobilization, MobilizationInvitation
from ..services import mobilizations

S = MobilizationState


class InviteForm(Form):
    """To what the chosen organisations are invited."""

    mobilization = forms.ModelChoiceField(
        label="动员会（倡议书）", queryset=Mobilization.objects.none(), empty_label="请选择"
    )

    def narrow(self, user, rows):
        field = self.fields["mobilization"]
        field.queryset = Mobilization.objects.visible_to(user).inviting()
        field.label_from_instance = lambda one: f"{one.code} {one.title}"


class AnswerForm(Form):
    """An answer that came by telephone."""

    answer = forms.ChoiceField(label="答复", choices=[], widget=forms.RadioSelect)
    words = LineFormField(
        label="附言", max_chars=300, required=False, help_text="对方说打算做什么，或为什么不能参加。"
    )

    def narrow(self, user, rows):
        shared = [set(one.mobilization.answers) for one in rows]
        self.fields["answer"].choices = [
            (answer.value, answer.label) for answer in Answer if all(answer in answers for answers in shared)
        ]


class AttendanceForm(Form):
    attended = forms.TypedChoiceField(
        label="到会",
        choices=[("yes", "到会"), ("no", "没有到会")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )


class InvitationForm(AdminForm):
    """Whom to invite, one by hand."""

    note = ParagraphFormField(
        label="备注", max_chars=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def answered_words(invitation) -> str:
    if not invitation.answered_at:
        return "--"
    by_phone = "（电话）" if invitation.was_told_to_staff else ""
    return f"{zh_time(invitation.answered_at)}{by_phone}"


def attended_words(invitation) -> str:
    return {True: "到会", False: "没有到会", None: "--"}[invitation.attended]


class InvitationFilter(HouseFilterSet):
    place = PlaceFilter(field_name="organization__division")

    class Meta(HouseFilterSet.Meta):
        model = MobilizationInvitation
        fields = []


class WaitingInvitations(OneFilter):
    title = "答复情况"
    parameter_name = "waiting"
    slices = {
        "unanswered": ("可以答复、还没有答复", lambda rows: rows.waiting()),
        "answered": ("已答复", lambda rows: rows.answered()),
    }


@admin.register(MobilizationInvitation)
class MobilizationInvitationAdmin(ScopedAdmin):
    add_words = "邀请一个组织"
    form = InvitationForm
    list_display = [
        "shown_organization",
        "shown_mobilization",
        "badge_answer",
        "words",
        "shown_answered",
        "shown_attended",
    ]
    list_filter = [WaitingInvitations, ("mobilization", ScopedRelatedFilter), "answer"]
    filterset_class = InvitationFilter
    search_fields = [
        "organization__code",
        "organization__name",
        "organization__name_search",
        "mobilization__code",
    ]
    search_help_text = "按组织名称、拼音首字母，或动员会（倡议书）编号查找。"
    empty_list = "还没有邀请。先登记动员会或倡议书，再邀请组织。"
    autocomplete_fields = ["organization"]
    readonly_fields = ["shown_organization", "shown_mobilization", "shown_answered", "shown_attended"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "shown_organization",
                    "shown_mobilization",
                    ("answer", "shown_answered"),
                    "words",
                    "shown_attended",
                    ("invited_by", "invited_at"),
                    "note",
                ]
            },
        )
    ]
    add_fieldsets = [(None, {"fields": ["mobilization", "organization", "note"]})]
    verbs = (
        Verb(
            "answer",
            "登记电话答复",
            "organizations.change_mobilizationinvitation",
            mobilizations.record_answer,
            form=AnswerForm,
            applies=lambda row: row.mobilization.takes_answers,
            explain="对方打电话答复的，在这里记下；记的人会写在答复旁边。",
        ),
        Verb(
            "attendance",
            "登记到会",
            "organizations.change_mobilizationinvitation",
            mobilizations.note_attendance,
            form=AttendanceForm,
            applies=lambda row: row.mobilization.is_meeting and row.mobilization.state in (S.HELD, S.CLOSED),
            explain="动员会召开以后，按签到表登记。",
        ),
    )

    @admin.display(description="社会组织", ordering="organization__code")
    def shown_organization(self, row):
        return row.organization.name

    @admin.display(description="动员会（倡议书）", ordering="mobilization__held_on")
    def shown_mobilization(self, row):
        return f"{row.mobilization.code} {row.mobilization.title}"

    @admin.display(description="答复", ordering="answer")
    def badge_answer(self, row):
        return badge(row, "answer")

    @admin.display(description="答复时间", ordering="answered_at")
    def shown_answered(self, row):
        return answered_words(row)

    @admin.display(description="到会")
    def shown_attended(self, row):
        return attended_words(row)

    def choice_label(self, row):
        return f"{row.mobilization.code} {row.organization.name}"

    def choices_for(self, name, rows):
        if name == "organization":
            return rows.approved()
        return rows.inviting() if name == "mobilization" and rows.model is Mobilization else rows

    def get_changeform_initial_data(self, request):
        return {"mobilization": request.GET.get("mobilization", "")}

    def service_create(self, request, form):
        typed = self.typed(form)
        return mobilizations.invite(typed.pop("organization"), by=request.user, **typed)

    def service_update(self, row, *, by, version, **fields):
        return mobilizations.update_invitation(row, by=by, version=version, **fields)


site.add_verb(
    "organizations.organization",
    Verb(
        "invite",
        "邀请参加动员",
        "organizations.add_mobilizationinvitation",
        mobilizations.invite,
        states=(OrganizationState.APPROVED,),
        form=InviteForm,
        explain="选中的组织会在自己的待办里看到邀请。参加、响应都是自愿的。",
        previewed=True,
        says=lambda row, result: (f"邀请参加 {result.mobilization.code} {result.mobilization.title}",),
    ),
)


@site.worklist
def invitations_waiting(user):
    if not user.has_perm("organizations.change_mobilizationinvitation"):
        return
    waiting = MobilizationInvitation.objects.visible_to(user).waiting()
    yield site.Waiting(
        "动员邀请还没有答复",
        waiting.count(),
        site.list_url("organizations.mobilizationinvitation", waiting="unanswered"),
        act="打电话问一问",
    )
