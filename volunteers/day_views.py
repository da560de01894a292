"""The day itself, the organisation's side: the code to scan, who is here, the papers; and hours put right afterwards."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from jinchuan.printing import PrintError, qr_svg
from jinchuan.shared import clock
from jinchuan.shared.access import Page

from . import day_papers
from .attendance import roll_of
from .enums import ActivityState
from .models import ServiceRecord, UnknownPerson, Volunteer
from .plan_forms import CameForm, DismissForm, RecordCorrectionForm, ResolveForm, correction_of
from .plan_views import OfPlan, chosen_row
from .services import checkins, records

CORRECTION_WAITS = "更正已提交，由另一位同事或民政局确认后生效。"
CORRECTION_DONE = "更正已确认，时长按新的计算。"
CORRECTION_DECLINED = "没有更正，原来的时长不变。"


@method_decorator(never_cache, name="dispatch")  # the code of the day stands on it
class CheckInDesk(OfPlan):
    """The organiser's page of the day: the code to scan, who is here, who is not known."""

    template_name = "volunteers/activity_check_in.html"

    def get(self, request, code):
        return self.page(self.find(code))

    def post(self, request, code):
        activity = self.find(code)
        intent = request.POST.get("intent", "")
        try:
            form = self._act(activity, intent)
        except ValidationError as refusal:
            form = CameForm({}, volunteers=self.roll(activity))
            form.quiet_about(refusal)
        if form is not None:
            return self.page(activity, form)
        return redirect("volunteers:check_in", code=code)

    def _act(self, activity, intent):
        """Do what the button says; a form comes back when it is not filled in well."""
        by = self.request.user
        if intent == "open":
            checkins.open_check_in(activity, by=by)
        elif intent == "close":
            checkins.close_check_in(activity, by=by)
        elif intent == "hand":
            form = CameForm(self.request.POST, volunteers=self.roll(activity))
            if not form.is_valid():
                return form
            checkins.check_by_hand(activity, by=by, volunteer=form.cleaned_data["volunteer"])
        elif intent.startswith("hand:"):
            volunteers = Volunteer.objects.visible_to(by)
            checkins.check_by_hand(activity, by=by, volunteer=chosen_row(volunteers, intent))
        else:
            raise Http404
        return None

    def page(self, activity, form=None):
        window = activity.check_in_windows.filter(closed_at__isnull=True, closes_at__gt=clock.now()).first()
        address = check_in_address(window) if window else ""
        return self.show(
            activity,
            form or CameForm(volunteers=self.roll(activity)),
            window=window,
            address=address,
            code=qr_svg(address, size=180, label="签到二维码") if window else "",
            roll=roll_of(activity),
            is_ahead=activity.state in ActivityState.ahead(),
        )


class Resolve(Page):
    """Who was it that nobody knows? One of the roll, a new volunteer, or nobody who served."""

    permission = "volunteers.change_activity"
    organization_only = True

    def get(self, request, person_id):
        return self.show(*self._forms(self.find(person_id)))

    def post(self, request, person_id):
        person = self.find(person_id)
        resolve, dismiss = self._forms(person, request.POST)
        chosen = dismiss if request.POST.get("intent") == "dismiss" else resolve
        if chosen.is_valid():
            try:
                self._say(person, chosen)
            except ValidationError as refusal:
                chosen.refuse(refusal)
            else:
                return redirect("volunteers:check_in", code=person.activity.code)
        return self.show(resolve, dismiss, chosen.summary)

    def _say(self, person, form):
        by = self.request.user
        if isinstance(form, DismissForm):
            checkins.dismiss_unknown(person, by=by, **form.cleaned_data)
            return
        volunteer = form.cleaned_data["volunteer"]
        if volunteer:
            checkins.resolve_unknown(person, by=by, volunteer=volunteer)
        else:
            checkins.register_unknown(person, by=by)

    def find(self, person_id):
        rows = UnknownPerson.objects.visible_to(self.request.user).select_related("activity__organization")
        self.person = get_object_or_404(rows, pk=person_id)
        return self.person

    def _forms(self, person, data=None):
        activity = person.activity
        on_roll = Volunteer.objects.visible_to(self.request.user).on_roll_of(
            activity.organization, activity.held_on
        )
        dismissing = data is not None and data.get("intent") == "dismiss"
        return (
            ResolveForm(None if dismissing else data, volunteers=list(on_roll.order_by("name_pinyin", "id"))),
            DismissForm(data if dismissing else None),
        )

    def show(self, resolve, dismiss, summary=()):
        if self.person.resolved_at:
            return redirect("volunteers:check_in", code=self.person.activity.code)
        context = {
            "person": self.person,
            "activity": self.person.activity,
            "resolve": resolve,
            "dismiss": dismiss,
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(self.request, "volunteers/activity_unknown.html", context)


class PaperOfPlan(OfPlan):
    """A sheet that is printed while one waits; what cannot be printed is told on the page of the session."""

    def print(self, code, make):
        try:
            return _pdf(make(), code)
        except PrintError as error:
            messages.error(self.request, str(error))
            return redirect("volunteers:activity", code=code)


class Poster(PaperOfPlan):
    """The code of the day, large, to hang up at the door."""

    def get(self, request, code):
        activity = self.find(code)
        window = activity.check_in_windows.filter(closed_at__isnull=True, closes_at__gt=clock.now()).first()
        if window is None:
            return redirect("volunteers:check_in", code=code)
        return self.print(code, lambda: day_papers.poster(activity, window, check_in_address(window)))


class SigningRoll(PaperOfPlan):
    """签到表: the organisation's own list to sign by hand, where there are no phones."""

    def get(self, request, code):
        activity, sheet = self.find(code), request.GET.get("sheet", "1")
        if not (sheet.isascii() and sheet.isdigit() and 0 < int(sheet[:3]) < 100):
            raise Http404
        return self.print(
            code, lambda: day_papers.signing_roll(activity, by=request.user, sheet=int(sheet[:3]))
        )


class OneRecord(Page):
    """Hours of one person: asked to be put right, and decided on by a second person."""

    permission = "volunteers.view_servicerecord"
    organization_only = True

    def get(self, request, record_id):
        record = self.find(record_id)
        return self.show(record, RecordCorrectionForm(initial=RecordCorrectionForm.as_recorded(record)))

    def post(self, request, record_id):
        record = self.find(record_id)
        intent = request.POST.get("intent", "")
        form = DismissForm(request.POST) if intent == "decline" else RecordCorrectionForm(request.POST)
        if intent != "confirm" and not form.is_valid():
            return self.show(record, form)
        try:
            if intent == "confirm":
                records.confirm_correction(record, by=request.user)
                messages.success(request, CORRECTION_DONE)
            elif intent == "decline":
                records.decline_correction(record, by=request.user, **form.cleaned_data)
                messages.success(request, CORRECTION_DECLINED)
            else:
                records.correct_record(record, by=request.user, **correction_of(form.cleaned_data))
                messages.success(request, CORRECTION_WAITS)
        except ValidationError as refusal:
            form.is_valid()
            form.refuse(refusal)
            return self.show(record, form)
        return redirect("volunteers:activity", code=record.activity.code)

    def find(self, record_id):
        rows = ServiceRecord.objects.visible_to(self.request.user)
        rows = rows.select_related("activity", "volunteer", "supersedes", "recorded_by")
        return get_object_or_404(rows, pk=record_id)

    def show(self, record, form):
        user = self.request.user
        waits = record.state == "recorded" and record.supersedes_id is not None
        context = {
            "record": record,
            "activity": record.activity,
            "waits": waits,
            "may_decide": waits
            and user.has_perm("volunteers.confirm_servicerecord")
            and record.recorded_by_id != user.pk,
            "may_correct": record.state == "confirmed"
            and record.activity.state == ActivityState.CONFIRMED
            and user.has_perm("volunteers.correct_servicerecord")
            and not record.corrections.filter(state="recorded").exists(),
            "form": form if isinstance(form, RecordCorrectionForm) else None,
            "dismiss": form if isinstance(form, DismissForm) else DismissForm(),
            "transitions": list(record.transitions.select_related("by")),
            "summary": form.summary if form.is_bound else [],
        }
        context["dismiss"].fields["reason"].label = "不更正的原因"
        context["page_has_errors"] = bool(context["summary"])
        return render(self.request, "volunteers/activity_record.html", context)


def check_in_address(window) -> str:
    return day_papers.site_address(reverse("checkin:desk", args=[window.code]))


def _pdf(paper, code) -> HttpResponse:
    answer = HttpResponse(paper, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{code}.pdf"'
    return answer
