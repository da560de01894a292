"""What an organisation sees of the households it is paired with, and its word on an intention."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.audit.reading import opened
from jinchuan.intake import desk
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import ParagraphFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.masking import mask_name
from jinchuan.shared.templatetags.house import short_date

from .enums import PairingState, Relation
from .models import Household, Matter, Pairing, Visit
from .services import pairings as services

CONFIRMED = "已记下贵组织的确认。关爱户同意并签同意书后，由民政局办理结对。"
DECLINED = "已记下贵组织的答复。"
SHOWN_ON_DESK = 5
SHOWN_WHEN_OVER = 50


class Households(ListPage):
    """我的结对对象: names masked, no address."""

    permission = "cases.view_household"
    organization_only = True
    template_name = "cases/households.html"

    def rows(self):
        return Household.objects.visible_to(self.request.user).for_cards()

    def context(self):
        waiting = Pairing.objects.visible_to(self.request.user).filter(state=PairingState.INTENTION)
        return {"intentions": waiting.count()}


class OneHousehold(Page):
    """Name, address and telephone, while the pairing goes on and the household agrees; an ID number never. For some days
    after the end only what the organisation wrote itself, under the code."""

    permission = "cases.view_household"
    organization_only = True

    def get(self, request, code):
        rows = Household.objects.visible_to(request.user).for_cards()
        household = rows.filter(code=code).first()
        if household is None:
            return self.over(request, code)
        members = list(household.members.present().order_by("id"))
        pairing = (
            Pairing.objects.visible_to(request.user)
            .active()
            .filter(household=household)
            .select_related("household")
            .first()
        )
        people = [
            (m.get_relation_display(), m.age_on(today())) for m in members if m.relation != Relation.HEAD
        ]
        head = next((m for m in members if m.relation == Relation.HEAD), None)
        context = {"household": household, "head": head, "people": people, "pairing": pairing}
        context["head_age"] = head.age_on(today()) if head else None
        opened(household, by=request.user)
        return render(request, "cases/household.html", context)

    @staticmethod
    def over(request, code):
        user = request.user
        remembered = Household.objects.remembered_by(user.organization_id)
        household = get_object_or_404(remembered.only("code"), code=code)
        pairing = (
            Pairing.objects.visible_to(user).in_grace().filter(household=household).latest("ended_on", "id")
        )
        visits = Visit.objects.visible_to(user).to(household).order_by("-visited_on", "-id")
        matters = Matter.objects.visible_to(user).filter(household=household).order_by("-settled_on", "-id")
        context = {
            "household": household,
            "pairing": pairing,
            "until": last_day_of_grace(pairing),
            "visits": list(visits[:SHOWN_WHEN_OVER]),
            "matters": list(matters[:SHOWN_WHEN_OVER]),
        }
        return render(request, "cases/household_over.html", context)


def last_day_of_grace(pairing):
    return pairing.ended_on + timedelta(days=settings.GRACE_AFTER_END_DAYS - 1)


class Pairings(ListPage):
    """Intentions and pairings of the organisation; of a household that has not agreed, the code alone."""

    permission = "cases.view_pairing"
    organization_only = True
    template_name = "cases/pairings.html"

    def rows(self):
        return Pairing.objects.visible_to(self.request.user).for_list().order_by("-intended_on", "-id")

    def context(self):
        agreed = Household.objects.visible_to(self.request.user).values_list("pk", flat=True)
        return {"agreed": set(agreed)}


class DeclineForm(Form):
    reason = ParagraphFormField(
        label="不能结对的原因", max_chars=300, help_text="至少 5 个字，民政局会看到。"
    )


class OnePairing(Page):
    """An intention and the organisation's answer to it."""

    permission = "cases.view_pairing"
    organization_only = True

    def get(self, request, code):
        return self.show(request, self.find(request, code), DeclineForm())

    def post(self, request, code):
        pairing = self.find(request, code)
        answer = request.POST.get("intent")
        form = DeclineForm(request.POST) if answer == "decline" else DeclineForm()
        try:
            if answer == "confirm":
                services.confirm_for_organization(pairing, by=request.user)
                messages.success(request, CONFIRMED)
                return redirect("cases:pairing", code=code)
            if answer == "decline" and form.is_valid():
                services.decline_intention(pairing, by=request.user, reason=form.cleaned_data["reason"])
                messages.success(request, DECLINED)
                return redirect("cases:pairing", code=code)
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("cases:pairing", code=code)
        return self.show(request, pairing, form)

    @staticmethod
    def find(request, code):
        return get_object_or_404(Pairing.objects.visible_to(request.user).for_list(), code=code)

    @staticmethod
    def show(request, pairing, form):
        summary = form.summary if form.is_bound else []
        user, ours = request.user, Household.objects.filter(pk=pairing.household_id)
        agreed = ours.visible_to(user).exists()
        remembered = not agreed and ours.remembered_by(user.organization_id).exists()
        context = {
            "pairing": pairing,
            "agreed": agreed,
            "remembered": remembered,
            "until": last_day_of_grace(pairing) if remembered and pairing.ended_on else None,
            "form": form,
            "summary": summary,
            "page_has_errors": bool(summary),
            "may_answer": request.user.has_perm("cases.answer_pairing")
            and pairing.state == PairingState.INTENTION,
        }
        return render(request, "cases/pairing.html", context)


# The desk ----------------------------------------------------------------------------------------------------


def intentions_block(user):
    """Intentions that wait for the organisation's word, for whoever may give it."""
    if not user.has_perm("cases.answer_pairing"):
        return None
    rows = Pairing.objects.visible_to(user).filter(
        state=PairingState.INTENTION, organization_confirmed_at__isnull=True
    )
    found = list(rows.order_by("hold_until", "id")[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            f"结对意向 {row.code}",
            f"请在{short_date(row.hold_until)}前答复，过期自动失效",
            reverse("cases:pairing", kwargs={"code": row.code}),
            urgent=True,
        )
        for row in found[:SHOWN_ON_DESK]
    ]
    return desk.Block(
        "等您答复的结对意向", tasks, more=reverse("cases:pairings") if len(found) > SHOWN_ON_DESK else ""
    )


def households_block(user):
    rows = Household.objects.visible_to(user).for_cards()
    found = list(rows[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            mask_name(row.head_name or ""),
            f"{row.community.short_name}，{row.code}",
            reverse("cases:household", kwargs={"code": row.code}),
        )
        for row in found[:SHOWN_ON_DESK]
    ]
    more = reverse("cases:households") if len(found) > SHOWN_ON_DESK else ""
    return desk.Block("结对的关爱户", tasks, more=more)
