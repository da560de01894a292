"""What volunteers say is wrong, as the organisation that recorded it answers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.templatetags.house import short_date

from .correction_forms import AnswerForm
from .enums import CorrectionState
from .models import CorrectionRequest
from .services import own_record

ANSWERED = "已答复。志愿者用查询码可以看到。"
SHOWN_ON_DESK = 5


class Corrections(ListPage):
    permission = "volunteers.view_correctionrequest"
    organization_only = True
    template_name = "volunteers/corrections.html"

    def rows(self):
        rows = CorrectionRequest.objects.visible_to(self.request.user).for_list()
        return rows.order_by("-state", "-asked_at", "-id")


class OneCorrection(Page):
    """One request with its record. The record itself is put right on its activity's page; here it is answered."""

    permission = "volunteers.view_correctionrequest"
    organization_only = True

    def get(self, request, pk):
        return self.show(request, self.find(request, pk), AnswerForm())

    def post(self, request, pk):
        row, form = self.find(request, pk), AnswerForm(request.POST)
        if form.is_valid():
            decide = (
                own_record.accept_correction
                if request.POST.get("decision") == CorrectionState.ACCEPTED
                else own_record.decline_correction
            )
            try:
                decide(row, by=request.user, answer=form.cleaned_data["answer"])
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, ANSWERED)
                return redirect("volunteers:correction", pk=pk)
        return self.show(request, row, form)

    @staticmethod
    def find(request, pk):
        return get_object_or_404(CorrectionRequest.objects.visible_to(request.user).for_list(), pk=pk)

    @staticmethod
    def show(request, row, form):
        summary = form.summary if form.is_bound else []
        context = {
            "request_row": row,
            "record": row.record,
            "form": form,
            "may_answer": row.state == CorrectionState.OPEN
            and request.user.has_perm("volunteers.change_correctionrequest"),
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(request, "volunteers/correction.html", context)


def corrections_block(user):
    """For the desk: volunteers who wait for an answer, the longest first."""
    rows = CorrectionRequest.objects.visible_to(user).open().select_related("record__activity")
    found = list(rows.order_by("asked_at", "id")[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            f"{one.record.activity.code}　{one.record.activity.title}",
            f"{short_date(one.asked_at)}提出，请核对后答复",
            reverse("volunteers:correction", kwargs={"pk": one.pk}),
            True,
        )
        for one in found[:SHOWN_ON_DESK]
    ]
    more = reverse("volunteers:corrections") if len(found) > SHOWN_ON_DESK else ""
    return desk.Block("志愿者认为记录有误", tasks, more=more)
