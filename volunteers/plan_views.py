"""Sessions to come, the organisation's side: the plan, who signs up, the day itself, and the hours after it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from jinchuan.intake.pages import DraftedPage
from jinchuan.printing import qr_svg
from jinchuan.shared import clock
from jinchuan.shared.access import Page

from . import day_papers
from .attendance import roll_of
from .enums import ActivityState
from .models import Activity, ServiceRecord, SignUp, UnknownPerson, Volunteer
from .plan_forms import (
    CameForm,
    CancelForm,
    DismissForm,
    HeldForm,
    PlanForm,
    RecordCorrectionForm,
    ResolveForm,
    VolunteersForm,
    correction_of,
    filled_from,
)
from .services import activities, checkins, plans, records, signups
from .views import LogActivity, OfActivity, content_of

SIGNED_UP = "已报名 {signed} 人，候补 {waiting} 人。"
OPENED = "已开放报名。"
CANCELLED = "活动 {code} 已取消。请通知报了名的志愿者。"
CORRECTION_WAITS = "更正已提交，由另一位同事或民政局确认后生效。"
CORRECTION_DONE = "更正已确认，时长按新的计算。"
CORRECTION_DECLINED = "没有更正，原来的时长不变。"


class PlanActivity(DraftedPage):
    permission = "volunteers.add_activity"
    organization_only = True
    takes_files = False
    route = "volunteers:plan"
    title = "做活动计划"
    submit_label = "保存活动计划"
    form_class = PlanForm
    form_template = "volunteers/plan_form.html"

    def submit(self, form):
        by = self.request.user
        return plans.plan_activity(by=by, organization=by.organization, **form.plan())

    def receipt(self, row):
        return reverse("volunteers:activity", kwargs={"code": row.code})


class ChangePlan(OfActivity, PlanActivity):
    permission = "volunteers.change_activity"
    route = "volunteers:replan"
    title = "修改活动计划"
    states = frozenset(ActivityState.ahead())

    def form_kwargs(self):
        return {"changing": self.activity}

    def fresh(self):
        return plan_content_of(self.activity)

    def submit(self, form):
        return plans.change_plan(
            self.activity, by=self.request.user, version=form.opened_version, **form.plan()
        )


class LogHours(OfActivity, LogActivity):
    """After the day: the log of what was planned, filled from the check-ins."""

    permission = "volunteers.change_activity"
    route = "volunteers:hours"
    title = "登记服务时长"
    form_class = HeldForm
    states = frozenset({*ActivityState.ahead(), ActivityState.HELD})

    def dispatch(self, request, *args, **kwargs):
        answer = super().dispatch
        if request.user.has_perm(self.permission):
            activity = get_object_or_404(
                Activity.objects.visible_to(request.user).select_related("plan"), code=kwargs["code"]
            )
            if getattr(activity, "plan", None) is None or activity.held_on > clock.today():
                return redirect("volunteers:activity", code=activity.code)
        return answer(request, *args, **kwargs)

    def form_kwargs(self):
        return {"held": self.activity}

    def fresh(self):
        blank = {"beneficiary_households": [""], "beneficiary_people": [""], "lines": []}
        filled = filled_from(roll_of(self.activity), until=self.activity.plan.ends_at)
        return content_of(self.activity) | blank | filled

    def submit(self, form):
        return activities.submit_activity(
            self.activity,
            by=self.request.user,
            services=[*self.served(form), *form.taken],
            version=form.opened_version,
            **form.activity(),
        )


def plan_content_of(activity) -> dict[str, list[str]]:
    """A plan as if it had just been typed."""
    plan = activity.plan
    start, end = (one.astimezone(clock.SHANGHAI) for one in (plan.starts_at, plan.ends_at))
    content = content_of(activity)
    content |= {
        "day": [start.date().isoformat()],
        "starts": [f"{start:%H:%M}"],
        "ends": [f"{end:%H:%M}"],
        "phone": [plan.phone],
        "capacity": [str(plan.capacity or "")],
        "to_bring": [plan.to_bring],
        "minimum_age": [str(plan.minimum_age or "")],
        "skills": [plan.skills],
        "insurance": [plan.insurance],
    }
    if end.date() != start.date():
        content["next_day"] = ["on"]
    if plan.is_risky:
        content["is_risky"] = ["on"]
    return content


class OfPlan(Page):
    """A page about one planned activity of the organisation."""

    permission = "volunteers.change_activity"
    organization_only = True
    template_name = ""

    def find(self, code):
        rows = Activity.objects.visible_to(self.request.user).select_related(
            "plan", "organization", "community"
        )
        activity = get_object_or_404(rows, code=code)
        if getattr(activity, "plan", None) is None:
            raise Http404
        return activity

    def roll(self, activity):
        """Whom the organisation may choose from, by name."""
        day = min(activity.held_on, clock.today())
        on_roll = Volunteer.objects.visible_to(self.request.user).on_roll_of(activity.organization, day)
        return list(on_roll.order_by("name_pinyin", "id"))

    def show(self, activity, form=None, **context):
        summary = form.summary if form is not None and form.is_bound else []
        context |= {
            "activity": activity,
            "plan": activity.plan,
            "form": form,
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(self.request, self.template_name, context)


class SignUps(OfPlan):
    """Who comes: tick names, take them back; those over the number wait in turn."""

    template_name = "volunteers/activity_sign_ups.html"

    def get(self, request, code):
        activity = self.find(code)
        return self.page(activity, VolunteersForm(volunteers=self.free(activity)))

    def post(self, request, code):
        activity = self.find(code)
        intent = request.POST.get("intent", "")
        form = VolunteersForm(request.POST, volunteers=self.free(activity))
        try:
            if intent == "open":
                plans.open_sign_up(activity, by=request.user)
                messages.success(request, OPENED)
            elif intent.startswith("withdraw:"):
                rows = SignUp.objects.visible_to(request.user).filter(activity=activity)
                signups.withdraw(_chosen(rows, intent), by=request.user)
            elif form.is_valid():
                signups.sign_up(activity, by=request.user, volunteers=form.cleaned_data["volunteers"])
                live = activity.sign_ups.live()
                messages.success(
                    request,
                    SIGNED_UP.format(signed=live.signed().count(), waiting=live.waiting().count()),
                )
            else:
                return self.page(activity, form)
        except ValidationError as refusal:
            form.is_valid()
            form.refuse(ValidationError(refusal.messages))
            return self.page(activity, form)
        return redirect("volunteers:sign_ups", code=code)

    def free(self, activity):
        """On the roll and not signed up yet."""
        taken = set(activity.sign_ups.live().values_list("volunteer", flat=True))
        return [one for one in self.roll(activity) if one.pk not in taken]

    def page(self, activity, form):
        live = list(activity.sign_ups.live().select_related("volunteer").order_by("asked_at", "id"))
        return self.show(
            activity,
            form,
            signed=[one for one in live if one.state == "signed"],
            waiting=[one for one in live if one.state == "waiting"],
            has_free=bool(form.fields["volunteers"].choices),
        )


class CancelActivity(OfPlan):
    template_name = "volunteers/activity_cancel.html"

    def get(self, request, code):
        return self.page(self.find(code), CancelForm())

    def post(self, request, code):
        activity = self.find(code)
        form = CancelForm(request.POST)
        if form.is_valid():
            try:
                plans.cancel_activity(activity, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, CANCELLED.format(code=code))
                return redirect("volunteers:activity", code=code)
        return self.page(activity, form)

    def page(self, activity, form):
        if activity.state not in ActivityState.ahead():
            return redirect("volunteers:activity", code=activity.code)
        return self.show(activity, form, sign_ups=activity.sign_ups.live().count())


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
            form = CameForm(request.POST, volunteers=self.roll(activity))
            form._errors = None
            form.is_valid()
            form._errors.clear()
            form.refuse(ValidationError(refusal.messages))
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
            checkins.check_by_hand(activity, by=by, volunteer=_chosen(volunteers, intent))
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


class Poster(OfPlan):
    """The code of the day, large, to hang up at the door."""

    def get(self, request, code):
        activity = self.find(code)
        window = activity.check_in_windows.filter(closed_at__isnull=True, closes_at__gt=clock.now()).first()
        if window is None:
            return redirect("volunteers:check_in", code=code)
        return _pdf(day_papers.poster(activity, window, check_in_address(window)), f"{code} 签到码.pdf")


class SigningRoll(OfPlan):
    """签到表: the organisation's own list to sign by hand, where there are no phones."""

    def get(self, request, code):
        activity = self.find(code)
        return _pdf(day_papers.signing_roll(activity, by=request.user), f"{code} 签到表.pdf")


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


def _chosen(rows, intent):
    """The row a button names behind the colon; 404 for what is none of them."""
    key = intent.partition(":")[2]
    if not (key.isascii() and key.isdecimal() and len(key) <= 18):
        raise Http404
    return get_object_or_404(rows, pk=int(key))


def _pdf(paper, name) -> HttpResponse:
    answer = HttpResponse(paper, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name.split()[0]}.pdf"'
    return answer
