"""Logging volunteer service, and finding it again."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.intake.models import Attachment
from jinchuan.intake.pages import DraftedPage
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.templatetags.house import short_date

from .enums import ActivityState
from .filters import ActivityFilter
from .forms import ActivityForm
from .models import Activity
from .services import activities, people

SHOWN_ON_DESK = 5


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
            activities.Service(
                volunteer=line.cleaned_data["volunteer"]
                or people.register_volunteer(
                    by=self.request.user,
                    organization=self.request.user.organization,
                    name=line.cleaned_data["new_name"],
                    joined_on=form.cleaned_data["on"],
                ),
                started_at=line.cleaned_data["started_at"],
                ended_at=line.cleaned_data["ended_at"],
                break_minutes=line.cleaned_data["break_minutes"] or 0,
                crosses_midnight=line.cleaned_data["crosses_midnight"],
            )
            for line in form.lines
        ]

    def receipt(self, row):
        return reverse("volunteers:receipt", kwargs={"code": row.code})


class CorrectActivity(LogActivity):
    """A returned activity, opened again as a form."""

    permission = "volunteers.change_activity"
    route = "volunteers:correct"
    title = "修改后重新提交"
    submit_label = "重新提交"

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission):
            rows = Activity.objects.visible_to(request.user).for_list()
            self.activity = get_object_or_404(rows, code=kwargs["code"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, draft=None, **kwargs):
        if draft is None or self.activity.state == ActivityState.RETURNED:
            return super().get(request, draft=draft, **kwargs)
        return redirect("volunteers:activity", code=self.activity.code)

    def form_kwargs(self):
        return {"correcting": self.activity}

    @property
    def returned_because(self):
        return last_reason(list(self.activity.transitions.all()))

    def version_now(self):
        self.activity.refresh_from_db()
        return self.activity.version

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
    records = list(activity.records.order_by("id"))
    content |= {"parties": list(activity.parties), "lines": [str(n) for n, _ in enumerate(records)]}
    for number, record in enumerate(records):
        values = {
            "volunteer": str(record.volunteer_id),
            "started_at": f"{record.started_at:%H:%M}",
            "ended_at": f"{record.ended_at:%H:%M}",
            "break_minutes": str(record.break_minutes or ""),
            **({"crosses_midnight": "on"} if record.crosses_midnight else {}),
        }
        content |= {f"line-{number}-{name}": [value] for name, value in values.items()}
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
        return {"filter_form": chosen.form, "ignored": chosen.ignored, "filtered": chosen.used}


class OneActivity(Page):
    permission = "volunteers.view_activity"
    template_name = "volunteers/activity.html"

    def get(self, request, code):
        activity = get_object_or_404(Activity.objects.visible_to(request.user).for_list(), code=code)
        transitions = list(activity.transitions.select_related("by"))
        context = {
            "activity": activity,
            "records": list(activity.records.select_related("volunteer").order_by("id")),
            "files": list(Attachment.objects.visible_to(request.user).of(activity)),
            "transitions": transitions,
            "reason": last_reason(transitions),
        }
        return render(request, self.template_name, context)


class Receipt(OneActivity):
    template_name = "volunteers/receipt.html"


# The desk ----------------------------------------------------------------------------------------------------


def returned_block(user):
    rows = Activity.objects.visible_to(user).returned().order_by("held_on", "id")
    return _block("退回修改的志愿服务", rows, urgent=True, state=ActivityState.RETURNED)


def waiting_block(user):
    rows = Activity.objects.visible_to(user).waiting().order_by("-held_on", "-id")
    return _block("等民政局确认的志愿服务", rows, urgent=False, state=ActivityState.SUBMITTED)


def _block(title, rows, *, urgent, state):
    found = list(rows[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            f"{row.code}　{row.title}",
            f"{short_date(row.held_on)}，{'请按退回意见修改' if urgent else row.get_state_display()}",
            reverse("volunteers:activity", kwargs={"code": row.code}),
            urgent,
        )
        for row in found[:SHOWN_ON_DESK]
    ]
    more = f"{reverse('volunteers:activities')}?state={state}" if len(found) > SHOWN_ON_DESK else ""
    return desk.Block(title, tasks, more=more)
