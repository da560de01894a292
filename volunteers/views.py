"""Logging volunteer service, and finding it again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from cases.models import Household
from jinchuan.intake.models import Attachment
from jinchuan.intake.pages import DraftedPage
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.clock import today
from jinchuan.sheets import registers

from .day_papers import NAMES_OF_A_SHEET
from .enums import ActivityState
from .filters import ActivityFilter
from .forms import ActivityForm
from .models import Activity
from .plan_forms import line_content
from .services import activities, people

HOURS_CONFIRMED = "时长已核对，等民政局确认。"


class LogActivity(DraftedPage):
    permission = "volunteers.add_activity"
    organization_only = True
    route = "volunteers:log"
    title = "记志愿服务"
    submit_label = "提交服务记录"
    form_class = ActivityForm
    form_template = "volunteers/activity_form.html"

    def submit(self, form):
        by = self.request.user
        return activities.log_activity(
            by=by, organization=by.organization, services=self.served(form), **form.activity()
        )

    def served(self, form) -> list[activities.Service]:
        """What each volunteer served; who is new is entered with the activity."""
        return [
            line.service(
                form.cleaned_data["on"],
                line.cleaned_data["volunteer"]
                or people.register_volunteer(
                    by=self.request.user,
                    organization=self.request.user.organization,
                    name=line.cleaned_data["new_name"],
                    joined_on=form.cleaned_data["on"],
                ),
            )
            for line in form.lines
        ]

    def receipt(self, row):
        return reverse("volunteers:receipt", kwargs={"code": row.code})


class OfActivity:
    """A drafted page about one activity, open while the activity is in one of ``states``."""

    permission = "volunteers.change_activity"
    states: frozenset = frozenset()

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission):
            rows = Activity.objects.visible_to(request.user).for_list()
            self.activity = get_object_or_404(rows, code=kwargs["code"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, draft=None, **kwargs):
        if draft is None or self.activity.state in self.states:
            return super().get(request, draft=draft, **kwargs)
        return redirect("volunteers:activity", code=self.activity.code)

    def version_now(self):
        self.activity.refresh_from_db()
        return self.activity.version


class CorrectActivity(OfActivity, LogActivity):
    """A returned activity, opened again as a form."""

    route = "volunteers:correct"
    title = "修改后重新提交"
    submit_label = "重新提交"
    states = frozenset({ActivityState.RETURNED})

    def form_kwargs(self):
        return {"correcting": self.activity}

    @property
    def returned_because(self):
        return last_reason(list(self.activity.transitions.all()))

    def fresh(self):
        return content_of(self.activity)

    def submit(self, form):
        return activities.correct_activity(
            self.activity,
            by=self.request.user,
            services=self.served(form),
            version=form.opened_version,
            **form.activity(),
        )


def last_reason(transitions) -> str:
    return transitions[-1].reason if transitions else ""


def content_of(activity) -> dict[str, list[str]]:
    """A logged activity as if it had just been typed; ``version`` says which state of it was read."""
    content = {
        "version": str(activity.version),
        "title": activity.title,
        "day": activity.held_on.isoformat(),
        "responsible_person": activity.responsible_person,
        "program": str(activity.program_id or ""),
        "place": activity.place,
        "content": activity.content,
        "beneficiary_households": str(activity.beneficiary_households),
        "beneficiary_people": str(activity.beneficiary_people),
    }
    if activity.community:
        content |= {"street": str(activity.community.parent_id), "community": str(activity.community_id)}
    content = {name: [value] for name, value in content.items()}
    records = list(activity.records.select_related("volunteer").order_by("id"))
    content |= {
        "parties": list(activity.parties),
        "households": [str(pk) for pk in activity.served.values_list("household", flat=True)],
        "lines": [str(n) for n, _ in enumerate(records)],
    }
    for number, record in enumerate(records):
        content |= line_content(number, record)
    return content


class Activities(ListPage):
    """我的记录: volunteer service."""

    permission = "volunteers.view_activity"
    template_name = "volunteers/activities.html"

    def rows(self):
        self.filter = ActivityFilter(
            self.request.GET, queryset=Activity.objects.visible_to(self.request.user)
        )
        return self.filter.qs.for_list().order_by("-held_on", "-id")

    def context(self):
        chosen = self.filter
        return {
            "filter_form": chosen.form,
            "ignored": chosen.ignored,
            "filtered": chosen.used,
            "may_import_hours": self.request.user.organization_id
            and registers.named("service_records").may_import(self.request.user),
        }


class OneActivity(Page):
    permission = "volunteers.view_activity"
    template_name = "volunteers/activity.html"

    def get(self, request, code):
        activity = get_object_or_404(Activity.objects.visible_to(request.user).for_list(), code=code)
        transitions = list(activity.transitions.select_related("by"))
        user = request.user
        records = list(activity.records.select_related("volunteer").order_by("id"))
        signed = activity.sign_ups.live().count()
        context = {
            "activity": activity,
            "plan": getattr(activity, "plan", None),
            "records": [one for one in records if one.stands],
            "corrections": [one for one in records if not one.stands],
            "households": Household.objects.visible_to(user)
            .filter(activities__activity=activity)
            .for_list()
            .order_by("code"),
            "files": list(Attachment.objects.visible_to(user).of(activity)),
            "transitions": transitions,
            "reason": last_reason(transitions),
            "sign_ups": signed,
            "more_rolls": range(2, (signed - 1) // NAMES_OF_A_SHEET + 2),
            "has_come": activity.held_on <= today(),
            "may_confirm_hours": self._may_confirm_hours(user, activity, records),
        }
        return render(request, self.template_name, context)

    def post(self, request, code):
        """The second person of the organisation stands for the hours."""
        activity = get_object_or_404(Activity.objects.visible_to(request.user), code=code)
        try:
            activities.confirm_hours(activity, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, HOURS_CONFIRMED)
        return redirect("volunteers:activity", code=code)

    @staticmethod
    def _may_confirm_hours(user, activity, records):
        return (
            activity.state == ActivityState.SUBMITTED
            and not activity.hours_confirmed_at
            and user.has_perm("volunteers.confirm_servicerecord")
            and all(one.recorded_by_id != user.pk for one in records)
        )


class Receipt(OneActivity):
    template_name = "volunteers/receipt.html"
