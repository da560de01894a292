"""What an organisation is invited to, and its answer: two taps on a phone."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.intake.models import Attachment
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.fields.form import ParagraphFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import short_date

from .enums import Answer
from .models import MobilizationInvitation
from .services import mobilizations as services

ANSWERED = "已答复“{answer}”。在{until}前可以改。"
SHOWN_ON_DESK = 3


class AnswerForm(Form):
    """The answer, and, for whoever likes, a word on what the organisation intends or why it cannot come."""

    answer = forms.ChoiceField(
        label="答复", widget=forms.RadioSelect, error_messages={"required": services.CHOOSE_ANSWER}
    )
    words = ParagraphFormField(
        label="附言",
        max_chars=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="打算做什么，或为什么不能参加。不写也可以。",
    )

    def __init__(self, *args, mobilization, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [(answer.value, answer.label) for answer in mobilization.answers]


class Invitations(ListPage):
    permission = "organizations.view_mobilizationinvitation"
    organization_only = True
    template_name = "organizations/invitations.html"

    def rows(self):
        rows = MobilizationInvitation.objects.visible_to(self.request.user).for_list()
        return rows.order_by("-mobilization__held_on", "-id")


class OneInvitation(Page):
    """A meeting or an appeal as it was sent to the organisation, with its answer."""

    permission = "organizations.view_mobilizationinvitation"
    organization_only = True

    def get(self, request, code):
        invitation = self.find(request, code)
        initial = {"words": invitation.words}
        if invitation.answer != Answer.NONE:
            initial["answer"] = invitation.answer
        return self.show(
            request, invitation, AnswerForm(initial=initial, mobilization=invitation.mobilization)
        )

    def post(self, request, code):
        invitation = self.find(request, code)
        form = AnswerForm(request.POST, mobilization=invitation.mobilization)
        if form.is_valid():
            try:
                row = services.answer_invitation(invitation, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, self.said(invitation.mobilization, row))
                return redirect("organizations:invitation", code=code)
        return self.show(request, invitation, form)

    @staticmethod
    def said(mobilization, row) -> str:
        until = "开会" if mobilization.is_meeting else "办结"
        return ANSWERED.format(answer=row.get_answer_display(), until=until)

    @staticmethod
    def find(request, code):
        rows = MobilizationInvitation.objects.visible_to(request.user).for_list()
        return get_object_or_404(rows, mobilization__code=code)

    @staticmethod
    def show(request, invitation, form):
        mobilization = invitation.mobilization
        summary = form.summary if form.is_bound else []
        may_answer = mobilization.takes_answers and request.user.has_perm(
            "organizations.answer_mobilizationinvitation"
        )
        context = {
            "invitation": invitation,
            "mobilization": mobilization,
            "files": list(Attachment.objects.of(mobilization).visible_to(request.user)),
            "form": form if may_answer else None,
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(request, "organizations/invitation.html", context)


def invitations_block(user):
    """For the desk: what an answer may still be given to, the nearest day first. Nothing is overdue here."""
    rows = MobilizationInvitation.objects.visible_to(user).waiting().select_related("mobilization")
    found = list(rows.order_by("mobilization__held_on", "id")[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            f"{one.mobilization.get_kind_display()}：{one.mobilization.title}",
            f"{short_date(one.mobilization.held_on)}，参加不参加请点开答复"
            if one.mobilization.is_meeting
            else f"{short_date(one.mobilization.held_on)}发出，愿意响应的请点开答复",
            reverse("organizations:invitation", kwargs={"code": one.mobilization.code}),
        )
        for one in found[:SHOWN_ON_DESK]
    ]
    more = reverse("organizations:invitations") if len(found) > SHOWN_ON_DESK else ""
    return desk.Block("动员会和倡议书", tasks, more=more)
