"""Logging visits and contacts, and finding them again; what an organisation knows of the care for a household."""

from datetime import timedelta

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.intake.models import Attachment
from jinchuan.intake.pages import DraftedPage
from jinchuan.shared import clock
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.masking import mask_name
from jinchuan.shared.templatetags.house import short_date

from .care_filters import VisitFilter
from .enums import REMINDED_PAIRING_STATES, VisitState
from .models import CareNeed, Household, Obligation, Visit
from .services import visits as services
from .visit_forms import VisitForm, how_of

SHOWN_ON_DESK = 5
DUE_DAYS = 7
SHOWN_OF_HOUSEHOLD = 5


class LogVisit(DraftedPage):
    permission = "cases.add_visit"
    organization_only = True
    route = "care:log"
    title = "记走访联系"
    submit_label = "提交走访记录"
    form_class = VisitForm
    form_template = "care/visit_form.html"
    files_label = "现场照片"

    def fresh(self):
        """Today, oneself, and the household that the link named or the only one there is."""
        user, today = self.request.user, clock.today()
        shared = Household.objects.visible_to(user).order_by("pk")
        named = self.request.GET.get("household", "")
        if named.isascii() and named.isdigit():
            shared = shared.filter(pk=int(named[:12]))
        chosen = [str(household.pk) for household in shared[:2]]
        return {
            "households": chosen if len(chosen) == 1 else [],
            "day": [today.isoformat()],
            "visitors": [user.name],
            "next_on": [services.next_visit_on(today).isoformat()],
        }

    def submit(self, form):
        return services.log_visit(by=self.request.user, **form.visit())

    def receipt(self, row):
        return reverse("care:receipt", kwargs={"code": row.code})


class CorrectVisit(LogVisit):
    """A returned visit, opened again as a form."""

    permission = "cases.change_visit"
    route = "care:correct"
    title = "修改后重新提交"
    submit_label = "重新提交"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_of_organization and request.user.has_perm(self.permission):
            rows = Visit.objects.visible_to(request.user).for_list()
            self.visit = get_object_or_404(rows, code=kwargs["code"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, draft=None, **kwargs):
        if self.visit.state == VisitState.RETURNED:
            return super().get(request, draft=draft, **kwargs)
        return redirect("care:visit", code=self.visit.code)

    def form_kwargs(self):
        return {"correcting": self.visit}

    def version_now(self):
        self.visit.refresh_from_db()
        return self.visit.version

    def fresh(self):
        return content_of(self.visit)

    def submit(self, form):
        return services.correct_visit(
            self.visit,
            by=self.request.user,
            version=int(form.version) if form.version.isdigit() else None,
            **form.visit(),
        )


def content_of(visit) -> dict[str, list[str]]:
    """A logged visit as if it had just been typed; ``version`` says which state of it was read."""
    content = {
        "version": str(visit.version),
        "day": visit.visited_on.isoformat(),
        "how": how_of(visit),
        "condition": visit.condition,
        "visitors": visit.visitors,
        "people_met": visit.people_met,
        "notes": visit.notes,
        "next_on": visit.next_on.isoformat() if visit.next_on else "",
    }
    content = {name: [value] for name, value in content.items()}
    content["households"] = [str(row.household_id) for row in visit.visited.all()]
    matters = list(visit.matters.returned().order_by("pk"))
    content["lines"] = [str(number) for number in range(len(matters) or 1)]
    for number, matter in enumerate(matters):
        values = {
            "kind": matter.kind,
            "description": matter.description,
            "whose": str(matter.household_id),
            "need": str(matter.need_id or ""),
            "code": matter.code,
        }
        content |= {f"line-{number}-{name}": [value] for name, value in values.items()}
    return content


class Visits(ListPage):
    """我的记录: visits and contacts."""

    permission = "cases.view_visit"
    organization_only = True
    template_name = "care/visits.html"

    def rows(self):
        self.filter = VisitFilter(self.request.GET, queryset=Visit.objects.visible_to(self.request.user))
        return self.filter.qs.for_list().order_by("-visited_on", "-id")

    def context(self):
        chosen = self.filter
        return {
            "filter_form": chosen.form,
            "ignored": chosen.ignored,
            "filtered": chosen.used,
            "shared": shared_with(self.request.user),
        }


class OneVisit(Page):
    permission = "cases.view_visit"
    organization_only = True
    template_name = "care/visit.html"

    def get(self, request, code):
        visit = get_object_or_404(Visit.objects.visible_to(request.user).for_list(), code=code)
        transitions = list(visit.transitions.select_related("by"))
        context = {
            "visit": visit,
            "shared": shared_with(request.user),
            "matters": list(visit.matters.visible_to(request.user).for_list().order_by("pk")),
            "needs": list(visit.needs.select_related("household").order_by("pk")),
            "files": list(Attachment.objects.visible_to(request.user).of(visit)),
            "transitions": transitions,
            "reason": transitions[-1].reason if transitions else "",
        }
        return render(request, self.template_name, context)


class Receipt(OneVisit):
    template_name = "care/receipt.html"


class HouseholdCare(Page):
    """走访和需求 of one household that is shared with the organisation."""

    permission = "cases.view_household"
    organization_only = True

    def get(self, request, code):
        household = get_object_or_404(Household.objects.visible_to(request.user).for_list(), code=code)
        context = {"household": household, **household_care(request.user, household)}
        return render(request, "care/household_care.html", context)


def household_care(user, household) -> dict:
    """For ``care/_household_care.html``: the last visits by the reader's organisation, and the needs it may know of."""
    visits = Visit.objects.visible_to(user).to(household).order_by("-visited_on", "-id")
    needs = CareNeed.objects.visible_to(user).unmet().filter(household=household)
    return {
        "care_visits": list(visits[:SHOWN_OF_HOUSEHOLD]),
        "care_needs": list(needs.order_by("-is_urgent", "due_on", "id")),
    }


def shared_with(user) -> set[int]:
    """The households whose names the reader may see today. Of others that it once visited it sees the code alone."""
    return set(Household.objects.visible_to(user).values_list("pk", flat=True))


# The desk ----------------------------------------------------------------------------------------------------


def duties_block(user):
    """What the organisation owes its households: overdue, or due within days. Each leads to the form."""
    day = clock.today()
    shared = {row.pk: row for row in Household.objects.visible_to(user).with_head()}
    duties = (
        Obligation.objects.visible_to(user)
        .open()
        .filter(
            window_end__lte=day + timedelta(days=DUE_DAYS),
            pairing__household__in=shared,
            pairing__state__in=REMINDED_PAIRING_STATES,
        )
    )
    owed = {}
    for duty in duties.for_list().order_by("window_end", "pk"):
        owed.setdefault((duty.pairing_id, duty.rule_id, duty.window_end), []).append(duty)
    tasks = [_duty(several, shared, day) for several in list(owed.values())[:SHOWN_ON_DESK]]
    return desk.Block("该走访联系了", tasks)


def _duty(several, shared, day) -> desk.Task:
    duty = several[0]
    household = shared[duty.pairing.household_id]
    last = duty.window_end - timedelta(days=1)
    late = (day - last).days
    when = f"逾期 {late} 天" if late > 0 else f"{short_date(last)}前"
    return desk.Task(
        f"{mask_name(household.head_name or '') or household.code}：{duty.rule.get_kind_display()}",
        f"{when}，还差 {len(several)} 次，{household.code}",
        f"{reverse('care:log_new')}?household={household.pk}",
        urgent=late > 0,
    )


def returned_block(user):
    rows = Visit.objects.visible_to(user).returned().order_by("visited_on", "id")
    return _block("退回修改的走访联系", rows, urgent=True, state=VisitState.RETURNED)


def waiting_block(user):
    rows = Visit.objects.visible_to(user).waiting().order_by("-visited_on", "-id")
    return _block("等民政局确认的走访联系", rows, urgent=False, state=VisitState.SUBMITTED)


def _block(title, rows, *, urgent, state):
    found = list(rows[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            f"{row.code}　{row.get_kind_display()}",
            f"{short_date(row.visited_on)}，{'请按退回意见修改' if urgent else row.get_state_display()}",
            reverse("care:visit", kwargs={"code": row.code}),
            urgent,
        )
        for row in found[:SHOWN_ON_DESK]
    ]
    more = f"{reverse('care:visits')}?state={state}" if len(found) > SHOWN_ON_DESK else ""
    return desk.Block(title, tasks, more=more)
