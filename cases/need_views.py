"""The board of needs: what is open, in public words; claiming a part of it; one's claims."""

import uuid
from contextlib import suppress

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.intake.services import once
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.fields.form import LineFormField, QuantityFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import quantity, short_date
from organizations.enums import OrganizationState

from .care_filters import NeedFilter
from .enums import CareNeedState, ClaimState
from .models import CareNeed, Claim, Household
from .services import needs as services
from .services.recent_help import recent_help

CLAIMED = "已认领。请在{day}前办理，过期自动失效；怎么送到由社区与您联系。"
RELEASED = "已放弃认领，这条需求重新开放给其他组织。"
SHOWN_ON_DESK = 5


class ClaimForm(Form):
    quantity = QuantityFormField(label="认领数量")


class ReleaseForm(Form):
    reason = LineFormField(label="放弃的原因", max_chars=100, required=False)


class Board(ListPage):
    """需求: category, public words, street, how much is left. Never who it is."""

    permission = "cases.view_careneed"
    organization_only = True
    template_name = "care/needs.html"

    def rows(self):
        offered = CareNeed.objects.visible_to(self.request.user).offered()
        self.filter = NeedFilter(self.request.GET, queryset=offered)
        return self.filter.qs.for_list().order_by("-is_urgent", "-raised_on", "-id")

    def context(self):
        chosen = self.filter
        return {
            "filter_form": chosen.form,
            "ignored": chosen.ignored,
            "filtered": chosen.used,
            "claims": Claim.objects.visible_to(self.request.user).live().count(),
        }


class OneNeed(Page):
    permission = "cases.view_careneed"
    organization_only = True

    def get(self, request, code):
        need = self.find(request, code)
        return self.show(request, need, ClaimForm(initial={"quantity": need.open_quantity}))

    def post(self, request, code):
        need = self.find(request, code)
        form = ClaimForm(request.POST)
        if form.is_valid():
            try:
                claim = self.claim(request, need, form.cleaned_data["quantity"])
            except ValidationError as refusal:
                need = self.find(request, code)
                form.refuse(refusal)
            else:
                messages.success(request, CLAIMED.format(day=short_date(claim.hold_until)))
                return redirect("care:claim", code=claim.code)
        return self.show(request, need, form)

    @staticmethod
    def claim(request, need, amount):
        """Once for each opened page, however often the button is pressed."""

        def create():
            return services.claim_need(need, by=request.user, quantity=amount)

        return once(
            _token(request),
            by=request.user,
            form="care:need",
            payload={"need": need.code, "quantity": f"{amount:.2f}"},
            create=create,
        )

    @staticmethod
    def find(request, code):
        return get_object_or_404(CareNeed.objects.visible_to(request.user).for_list(), code=code)

    @staticmethod
    def show(request, need, form):
        user = request.user
        mine = Claim.objects.visible_to(user).live().filter(need=need).first()
        may_claim = user.has_perm("cases.claim_careneed") and need.state == CareNeedState.OPEN
        approved = user.organization.state == OrganizationState.APPROVED
        summary = form.summary if form.is_bound else []
        context = {
            "need": need,
            "mine": mine,
            "may_claim": bool(may_claim and approved and not mine and need.public_words),
            "not_approved": not approved,
            "form": form,
            "token": uuid.uuid4(),
            "hold_days": settings.CLAIM_HOLD_DAYS,
            "helped": recent_help(need.household, need.need)[:1],
            "shared": Household.objects.visible_to(user).filter(pk=need.household_id).exists(),
            "found_by_us": bool(need.visit_id and need.visit.organization_id == user.organization_id),
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(request, "care/need.html", context)


def _token(request) -> uuid.UUID:
    with suppress(ValueError):
        return uuid.UUID(request.POST.get("token", ""))
    return uuid.uuid4()


class Claims(ListPage):
    """我的认领."""

    permission = "cases.view_claim"
    organization_only = True
    template_name = "care/claims.html"

    def rows(self):
        return Claim.objects.visible_to(self.request.user).for_list().order_by("-claimed_on", "-id")


class OneClaim(Page):
    """A claim, and the way back from it."""

    permission = "cases.view_claim"
    organization_only = True

    def get(self, request, code):
        return self.show(request, self.find(request, code), ReleaseForm())

    def post(self, request, code):
        claim = self.find(request, code)
        form = ReleaseForm(request.POST)
        if form.is_valid():
            try:
                services.release_claim(claim, by=request.user, reason=form.cleaned_data["reason"])
            except ValidationError as refusal:
                messages.error(request, " ".join(refusal.messages))
            else:
                messages.success(request, RELEASED)
            return redirect("care:claim", code=code)
        return self.show(request, claim, form)

    @staticmethod
    def find(request, code):
        return get_object_or_404(Claim.objects.visible_to(request.user).for_list(), code=code)

    @staticmethod
    def show(request, claim, form):
        summary = form.summary if form.is_bound else []
        household = claim.need.household_id
        context = {
            "claim": claim,
            "need": claim.need,
            "form": form,
            "may_release": claim.state == ClaimState.LIVE and request.user.has_perm("cases.claim_careneed"),
            "shared": Household.objects.visible_to(request.user).filter(pk=household).exists(),
            "transitions": list(claim.transitions.select_related("by")),
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(request, "care/claim.html", context)


def claims_block(user):
    """For the desk: what the organisation has taken on and not done yet, the first to lapse first."""
    rows = Claim.objects.visible_to(user).live().select_related("need").order_by("hold_until", "id")
    found = list(rows[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            f"{claim.need.get_need_display()}　{quantity(claim.quantity)}{claim.need.unit}",
            f"请在{short_date(claim.hold_until)}前办理，过期自动失效",
            reverse("care:claim", kwargs={"code": claim.code}),
        )
        for claim in found[:SHOWN_ON_DESK]
    ]
    return desk.Block("认领的需求", tasks, more=reverse("care:claims") if len(found) > SHOWN_ON_DESK else "")
