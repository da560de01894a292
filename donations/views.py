"""Logging gifts, and finding them again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from cases.enums import HardshipCategory
from jinchuan.intake.models import Attachment
from jinchuan.intake.pages import DraftedPage
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.clock import today
from jinchuan.shared.money import MoneyError, in_words, parse_yuan, wan

from .enums import DonationState, DonorKind, LineKind, Restriction
from .filters import DonationFilter
from .forms import CashForm, GoodsForm, LapseForm, OwnDonor, PledgeForm, ReceiveForm
from .models import Donation, DonationLine, Lot
from .services import gifts

# How many households something reached is told from three on: below, a number could be a name.
HIDDEN_BELOW = 3
LAPSED = "认捐 {code} 已取消，原因已记下。"


class LogGift(DraftedPage):
    permission = "donations.add_donation"

    def fresh(self):
        """From a household's page, the gift is meant for that household."""
        household = self.request.GET.get("household", "")
        return {"restriction": [Restriction.HOUSEHOLD], "household": [household]} if household else {}

    def submit(self, form):
        gift = form.gift()
        if gift["donor"] is None:
            gift["donor"] = gifts.donor_for_organization(self.request.user.organization, by=self.request.user)
        return gifts.log_donation(by=self.request.user, **gift)

    def receipt(self, row):
        return reverse("donations:receipt", kwargs={"code": row.code})


class LogCash(LogGift):
    route = "donations:cash"
    title = "记捐款"
    submit_label = "提交捐款记录"
    form_class = CashForm
    form_template = "donations/cash_form.html"


class LogGoods(LogGift):
    route = "donations:goods"
    title = "记捐物"
    submit_label = "提交捐物记录"
    form_class = GoodsForm
    form_template = "donations/goods_form.html"


class LogPledge(LogGift):
    """What was promised and has not come yet (认捐)."""

    route = "donations:pledge"
    title = "记认捐"
    submit_label = "提交认捐记录"
    form_class = PledgeForm
    form_template = "donations/pledge_form.html"

    def submit(self, form):
        gift = form.gift()
        by = self.request.user
        if gift["donor"] is None:
            gift["donor"] = gifts.donor_for_organization(by.organization, by=by)
        return gifts.pledge_donation(by=by, **gift)


class CorrectGift(LogGift):
    """A returned gift, opened again as a form; submitted, it waits for confirmation once more."""

    permission = "donations.change_donation"
    route = "donations:correct"
    title = "修改后重新提交"
    submit_label = "重新提交"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.donation = None

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission):
            rows = Donation.objects.visible_to(request.user).for_list()
            self.donation = get_object_or_404(rows, code=kwargs["code"])
            self.is_goods = self.donation.lines.filter(kind=LineKind.GOODS).exists()
        return super().dispatch(request, *args, **kwargs)

    @property
    def form_class(self):
        return GoodsForm if self.is_goods else CashForm

    @property
    def form_template(self):
        return "donations/goods_form.html" if self.is_goods else "donations/cash_form.html"

    def form_kwargs(self):
        return {"correcting": self.donation}

    def get(self, request, draft=None, **kwargs):
        if draft is None or self.donation.state == DonationState.RETURNED:
            return super().get(request, draft=draft, **kwargs)
        return redirect("donations:donation", code=self.donation.code)

    @property
    def returned_because(self):
        return last_reason(list(self.donation.transitions.all()))

    def version_now(self):
        self.donation.refresh_from_db()
        return self.donation.version

    def fresh(self):
        return content_of(self.donation, self.request.user)

    def submit(self, form):
        gift = form.gift()
        by = self.request.user
        if gift["donor"] is None:
            gift["donor"] = gifts.donor_for_organization(by.organization, by=by)
        gift["lines"] = [*self.kept_lines(), *gift["lines"]]
        return gifts.correct_donation(self.donation, by=by, version=form.opened_version, **gift)

    def kept_lines(self):
        """Money that came with goods (from a sheet or a pledge): the form of goods does not show it, and does not lose it."""
        cash = self.donation.lines.filter(kind=LineKind.CASH) if self.is_goods else []
        return [gifts.Line(kind=LineKind.CASH, value=line.value) for line in cash]


class ReceivePledge(LogGift):
    """到账: a pledge opened as a form of what has come; submitted, it waits for confirmation like any other gift."""

    permission = "donations.change_donation"
    route = "donations:receive"
    title = "登记到账"
    submit_label = "提交到账"
    form_class = ReceiveForm
    form_template = "donations/receive_form.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission):
            rows = Donation.objects.visible_to(request.user).for_list()
            self.donation = get_object_or_404(rows, code=kwargs["code"])
        return super().dispatch(request, *args, **kwargs)

    def form_kwargs(self):
        return {"pledge": self.donation}

    def get(self, request, draft=None, **kwargs):
        if draft is None or self.donation.state == DonationState.PLEDGED:
            return super().get(request, draft=draft, **kwargs)
        return redirect("donations:donation", code=self.donation.code)

    def version_now(self):
        self.donation.refresh_from_db()
        return self.donation.version

    def fresh(self):
        return {"version": [str(self.donation.version)], **lines_as_typed(self.donation)}

    def submit(self, form):
        return gifts.receive_pledge(
            self.donation, by=self.request.user, version=form.opened_version, **form.received()
        )


class LapsePledge(Page):
    """A pledge that will not come any more, with the reason."""

    permission = "donations.change_donation"

    def get(self, request, code):
        return self.show(request, self.find(request, code), LapseForm())

    def post(self, request, code):
        donation = self.find(request, code)
        form = LapseForm(request.POST)
        if form.is_valid():
            try:
                gifts.lapse_pledge(donation, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, LAPSED.format(code=donation.code))
                return redirect("donations:donation", code=donation.code)
        return self.show(request, donation, form)

    @staticmethod
    def find(request, code):
        return get_object_or_404(Donation.objects.visible_to(request.user).for_list(), code=code)

    @staticmethod
    def show(request, donation, form):
        if donation.state != DonationState.PLEDGED:
            return redirect("donations:donation", code=donation.code)
        summary = form.summary if form.is_bound else []
        context = {"donation": donation, "form": form, "summary": summary, "page_has_errors": bool(summary)}
        return render(request, "donations/lapse.html", context)


def content_of(donation, user) -> dict[str, list[str]]:
    """A logged gift as if it had just been typed; ``version`` says which state of it was read."""
    content = {"version": str(donation.version)}
    if donation.donor.kind == DonorKind.ANONYMOUS:
        content["donor_choice"] = OwnDonor.ANONYMOUS
    elif user.organization_id and donation.donor.organization_id == user.organization_id:
        content["donor_choice"] = OwnDonor.OWN
    else:
        content |= {"donor_choice": OwnDonor.KNOWN, "donor": str(donation.donor_id)}
    content |= {
        "day": donation.received_on.isoformat(),
        "route": donation.route,
        "decision_reference": donation.decision_reference,
        "exception_reason": donation.exception_reason,
        "restriction": donation.restriction,
        "household": str(donation.household_id or ""),
        "category": donation.category,
        "program": str(donation.program_id or ""),
        "note": donation.note,
    }
    if donation.restriction == Restriction.COMMUNITY:
        content |= {"street": str(donation.community.parent_id), "community": str(donation.community_id)}
    if donation.declares_no_interest:
        content["declares_no_interest"] = "on"
    return {**{name: [value] for name, value in content.items()}, **lines_as_typed(donation)}


def lines_as_typed(donation) -> dict[str, list[str]]:
    """What was given, as if it had just been typed."""
    lines = list(donation.lines.order_by("id"))
    cash = [line for line in lines if line.kind == LineKind.CASH]
    goods = [line for line in lines if line.kind == LineKind.GOODS]
    content = {"amount": [f"{sum(line.value for line in cash):.2f}"]} if cash else {}
    if goods:
        content["lines"] = [str(number) for number, _ in enumerate(goods)]
    for number, line in enumerate(goods):
        values = {
            "item": line.item,
            "category": line.category,
            "quantity": short_number(line.quantity),
            "unit": line.unit,
            "valuation_basis": line.valuation_basis,
            "value": "" if line.value is None else f"{line.value:.2f}",
            "expires_on": line.expires_on.isoformat() if line.expires_on else "",
        }
        content |= {f"line-{number}-{name}": [value] for name, value in values.items()}
    return content


def short_number(amount) -> str:
    return f"{amount:f}".rstrip("0").rstrip(".") if amount is not None else ""


class Donations(ListPage):
    """我的记录: gifts."""

    permission = "donations.view_donation"
    template_name = "donations/donations.html"

    def rows(self):
        self.filter = DonationFilter(
            self.request.GET,
            queryset=Donation.objects.visible_to(self.request.user),
        )
        goods = DonationLine.objects.filter(donation=OuterRef("pk"), kind=LineKind.GOODS)
        newest_first = F("received_on").desc(nulls_first=True)  # pledges on top
        return self.filter.qs.for_list().annotate(is_goods=Exists(goods)).order_by(newest_first, "-id")

    def context(self):
        chosen = self.filter
        return {"filter_form": chosen.form, "ignored": chosen.ignored, "filtered": chosen.used}


class Pledges(ListPage):
    """认捐: what was promised and has not come, the one that is due first on top."""

    permission = "donations.view_donation"
    template_name = "donations/pledges.html"

    def rows(self):
        goods = DonationLine.objects.filter(donation=OuterRef("pk"), kind=LineKind.GOODS)
        rows = Donation.objects.visible_to(self.request.user).pledged().for_list()
        return rows.annotate(is_goods=Exists(goods)).order_by(F("expected_on").asc(nulls_last=True), "id")

    def context(self):
        return {"today": today()}


class OneDonation(Page):
    """A gift with its history."""

    permission = "donations.view_donation"
    template_name = "donations/donation.html"

    def get(self, request, code):
        rows = Donation.objects.visible_to(request.user).for_list()
        donation = get_object_or_404(
            rows.select_related("household__community", "program", "community", "submitted_by"), code=code
        )
        transitions = list(donation.transitions.select_related("by"))
        lines = list(donation.lines.order_by("id"))
        context = {
            "donation": donation,
            "lines": lines,
            "is_goods": any(line.kind == LineKind.GOODS for line in lines),
            "category_label": dict(HardshipCategory.choices).get(donation.category, ""),
            "lots": list(Lot.objects.visible_to(request.user).filter(line__donation=donation).with_fate()),
            "hidden_below": HIDDEN_BELOW,
            "files": list(Attachment.objects.visible_to(request.user).of(donation)),
            "transitions": transitions,
            "reason": last_reason(transitions),
        }
        return render(request, self.template_name, context)


class Receipt(OneDonation):
    """What one may write down or print after logging; it is no official receipt and says so."""

    template_name = "donations/receipt.html"


def last_reason(transitions) -> str:
    return transitions[-1].reason if transitions else ""


class InWords(Page):
    """大写 of an amount being typed, as a fragment; empty while it is no amount."""

    permission = "donations.add_donation"

    def get(self, request):
        try:
            amount = parse_yuan(request.GET.get("amount", "")[:40])
        except MoneyError:
            return HttpResponse("")
        echo = f" · {wan(amount)} 万元" if amount >= 10_000 else ""
        return HttpResponse(in_words(amount) + echo)
