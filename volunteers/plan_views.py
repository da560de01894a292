"""Sessions to come, the organisation's side: the plan, who signs up, the day itself, and the hours after it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.intake.pages import DraftedPage
from jinchuan.shared import clock
from jinchuan.shared.access import Page

from .attendance import roll_of
from .enums import ActivityState
from .models import Activity, SignUp, Volunteer
from .plan_forms import (
    CancelForm,
    HeldForm,
    PlanForm,
    VolunteersForm,
    filled_from,
)
from .services import activities, plans, signups
from .views import LogActivity, OfActivity, content_of

SIGNED_UP = "已报名 {signed} 人，候补 {waiting} 人。"
OPENED = "已开放报名。"
CANCELLED = "活动 {code} 已取消。请通知报了名的志愿者。"


class PlanActivity(DraftedPage):
    permission = "volunteers.add_activity"
    organization_only = True
    takes_files = False
    route = "volunteers:plan"
    title = "做活动计划"
    submit_label = "保存活动计划"
    what_follows = "保存后就可以开放报名，时间、地点和人数还能再改。办完以后登记时长，由民政局确认。"
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
    route = "volunteers:log_hours"
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
                signups.withdraw(chosen_row(rows, intent), by=request.user)
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
            form.quiet_about(refusal)
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


def chosen_row(rows, intent):
    """The row a button names behind the colon; 404 for what is none of them."""
    key = intent.partition(":")[2]
    if not (key.isascii() and key.isdecimal() and len(key) <= 18):
        raise Http404
    return get_object_or_404(rows, pk=int(key))
