"""The forms by which a gift is logged: who gave, what, when, by which route, for what use."""

from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils.functional import cached_property

from cases.enums import HardshipCategory
from cases.models import Household
from jinchuan.intake.drafted import DraftedForm, Row, day_choices
from jinchuan.shared import clock, pinyin
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import (
    DayFormField,
    LineFormField,
    PhoneFormField,
)
from jinchuan.shared.masking import mask_name
from jinchuan.shared.text import TextError, clean, parse_name
from organizations.enums import DivisionLevel
from organizations.models import Division, Program

from ..enums import (
    PORTAL_ROUTES,
    DonorKind,
    Restriction,
    Route,
)
from ..models import DECLARATION_NEEDED, EXCEPTION_REASON_NEEDED, Donor
from ..naming import working_name
from ..services.gifts import Line
from .doubts import Doubts

DONORS_SHOWN = 50

DIRECT_NEEDS_HOUSEHOLD = "直接送到关爱户的，请在“用途指定”里选“指定关爱户”，并选择是哪一户。"
FUND_NEEDS_COMMUNITY = "交村（社区）公益金的，请在“用途指定”里选“指定社区（村）”，并选择是哪个社区（村）。"
DONOR_NOT_FOUND = "没有找到这样的捐赠方，可输入名称、拼音首字母，或选“新的捐赠方”。"
STRAIGHT_AWAY = "民政局确认时一并记下，不用另外登记。"
COMMUNITY_NEEDS_STREET = "请先选择街道（镇），点“列出社区”后再选社区（村）。"


class OwnDonor:
    """Words of the choice who gave."""

    OWN, KNOWN, NEW, ANONYMOUS = "own", "known", "new", "anonymous"
    LABELS = {OWN: "本组织", KNOWN: "以前登记过的捐赠方", NEW: "新的捐赠方", ANONYMOUS: "匿名"}


class GiftForm(Doubts, DraftedForm):
    """What money and goods have in common."""

    donor_choice = forms.ChoiceField(label="捐赠方", widget=forms.RadioSelect)
    donor_search = LineFormField(
        label="查找捐赠方", max_chars=100, required=False, help_text="可输入名称的任意几个字，或拼音首字母。"
    )
    donor = forms.ModelChoiceField(
        label="登记过的捐赠方", queryset=Donor.objects.none(), empty_label="请选择"
    )
    donor_kind = forms.ChoiceField(
        label="捐赠方类别",
        widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in DonorKind if kind != DonorKind.ANONYMOUS],
    )
    donor_name = LineFormField(label="名称或姓名", max_chars=80)
    donor_phone = PhoneFormField(label="联系电话", required=False)
    donor_agrees = forms.BooleanField(
        label="捐赠方同意公开名称",
        required=False,
        help_text="不勾选的，公开时只写“爱心企业”“爱心人士”。",
    )
    day = forms.ChoiceField(label="收到日期", widget=forms.RadioSelect)
    received_on = DayFormField(label="具体日期", past=True)
    route = forms.ChoiceField(label="捐赠去向", widget=forms.RadioSelect)
    decision_reference = LineFormField(
        label="议事决定",
        max_chars=120,
        required=False,
        help_text="村（社区）决定接收的会议和编号，例如：2026年9月1日居民议事会第3号。",
    )
    exception_reason = LineFormField(
        label="法定例外理由",
        max_chars=200,
        error_messages={"required": EXCEPTION_REASON_NEEDED},
        help_text="政府代收只限法定情形，例如：发生自然灾害，捐赠人明确要求政府接收。",
    )
    restriction = forms.ChoiceField(label="用途指定", widget=forms.RadioSelect)
    household = forms.ModelChoiceField(
        label="指定的关爱户", queryset=Household.objects.none(), empty_label="请选择"
    )
    category = forms.ChoiceField(label="指定的困难类别", choices=[("", "请选择"), *HardshipCategory.choices])
    program = forms.ModelChoiceField(
        label="指定的项目", queryset=Program.objects.none(), empty_label="请选择"
    )
    street = forms.ModelChoiceField(
        label="街道（镇）", queryset=Division.objects.none(), empty_label="请选择", required=False
    )
    community = forms.ModelChoiceField(
        label="指定的社区（村）", queryset=Division.objects.none(), empty_label="请选择"
    )
    declares_no_interest = forms.BooleanField(
        label="捐赠人声明：指定的受益人不是自己的利害关系人",
        help_text="慈善法第四十条要求。",
        error_messages={"required": DECLARATION_NEEDED},
    )
    note = LineFormField(label="备注", max_chars=300, required=False)

    # A field that counts only when another one has one of these values; otherwise it is neither asked nor judged.
    WHEN = {
        "donor_search": ("donor_choice", {OwnDonor.KNOWN}),
        "donor": ("donor_choice", {OwnDonor.KNOWN}),
        "donor_kind": ("donor_choice", {OwnDonor.NEW}),
        "donor_name": ("donor_choice", {OwnDonor.NEW}),
        "donor_phone": ("donor_choice", {OwnDonor.NEW}),
        "donor_agrees": ("donor_choice", {OwnDonor.NEW}),
        "received_on": ("day", {"other"}),
        "decision_reference": ("route", {Route.COMMUNITY_FUND}),
        "exception_reason": ("route", {Route.GOVERNMENT_EXCEPTION}),
        "household": ("restriction", {Restriction.HOUSEHOLD}),
        "category": ("restriction", {Restriction.CATEGORY}),
        "program": ("restriction", {Restriction.PROGRAM}),
        "street": ("restriction", {Restriction.COMMUNITY}),
        "community": ("restriction", {Restriction.COMMUNITY}),
        "declares_no_interest": ("restriction", {Restriction.HOUSEHOLD, Restriction.CATEGORY}),
    }

    def __init__(self, content, *, user, correcting=None, **kwargs):
        self.correcting = correcting
        super().__init__(content, user=user, **kwargs)
        self._offer_donors()
        self.fields["day"].choices = day_choices(self.data.get("day", ""))
        self._offer_uses()

    # What is offered -------------------------------------------------------------------------------------

    def _offer_donors(self):
        choices = dict(OwnDonor.LABELS)
        if not self.user.organization_id:
            del choices[OwnDonor.OWN]
        self.fields["donor_choice"].choices = list(choices.items())
        self.fields["donor"].label_from_instance = working_name
        self.donor_asked = clean(self.data.get("donor_search", ""))[:100]
        self._offer_rows("donor", self._known_donors, shown=lambda: self._donors[:DONORS_SHOWN])

    def _known_donors(self):
        known = Donor.objects.visible_to(self.user).exclude(kind=DonorKind.ANONYMOUS).distinct()
        if self.user.organization_id:
            known = known.exclude(organization=self.user.organization_id)
        if not self.donor_asked:
            return known
        found = Q(name__icontains=self.donor_asked)
        if letters := pinyin.query_of(self.donor_asked):
            found |= Q(name_search__icontains=letters)
        chosen = self.data.get("donor", "")
        if chosen.isascii() and chosen.isdigit():
            found |= Q(pk=int(chosen[:12]))
        return known.filter(found)

    @cached_property
    def _donors(self):
        return list(self._known_donors()[: DONORS_SHOWN + 1])

    @property
    def donors_found(self) -> int:
        return min(len(self._donors), DONORS_SHOWN)

    @property
    def more_donors(self) -> bool:
        return len(self._donors) > DONORS_SHOWN

    def _offer_uses(self):
        self.fields["household"].label_from_instance = household_label
        self._offer_rows("household", self._open_households, shown=lambda: self._households)
        if self.user.organization_id:
            del self.fields["exception_reason"]
        open_to = PORTAL_ROUTES if self.user.organization_id else Route
        self._offer_words("route", open_to, but_for=Route.DIRECT_TO_HOUSEHOLD)
        self._offer_words("restriction", Restriction, but_for=Restriction.HOUSEHOLD)
        self._offer_rows("program", lambda: Program.objects.visible_to(self.user).running_on(clock.today()))
        levels = [DivisionLevel.SUBDISTRICT, DivisionLevel.TOWN]
        self._offer_rows("street", lambda: self._places().filter(level__in=levels))
        street = self.data.get("street", "")
        self.street_chosen = street.isascii() and street.isdigit()
        if self.street_chosen:
            self._offer_rows("community", lambda: self._places().grassroots().filter(parent=int(street[:12])))

    def _open_households(self):
        return Household.objects.visible_to(self.user).with_head().select_related("community")

    @cached_property
    def _households(self):
        return list(self._open_households())

    def _places(self):
        return Division.objects.visible_to(self.user).active()

    def _offer_rows(self, name, rows, shown=None):
        """Rows are looked up where they are shown (``shown()``, or all of them), and asked of one where a choice is judged: on
        the way from the check page to the record nothing is shown and most fields do not count."""
        field = self.fields[name]
        if self.counts(name):
            field.queryset = rows()
        field.choices = lambda: [
            ("", "请选择"),
            *((row.pk, field.label_from_instance(row)) for row in (shown or rows)()),
        ]

    def _offer_words(self, name, words, *, but_for):
        """Who sees no household is not offered what needs one, unless it was chosen already."""
        field = self.fields[name]
        field.choices = [(word.value, word.label) for word in words]
        kept = self.data.get("route") == Route.DIRECT_TO_HOUSEHOLD
        field.widget.choices = lambda: [
            (value, label) for value, label in field.choices if value != but_for or kept or self._households
        ]

    def edit(self, intent):
        if intent == "find":
            return "id_donor_field"
        if intent == "street":
            return "id_community_field"
        return super().edit(intent)

    # What is judged --------------------------------------------------------------------------------------

    def counts(self, name) -> bool:
        if name not in self.WHEN:
            return True
        other, values = self.WHEN[name]
        return self.data.get(other) in values

    def clean(self):
        cleaned = super().clean()
        for name in self.WHEN:
            if not self.counts(name):
                self._errors.pop(name, None)
                cleaned[name] = None
        if cleaned.get("donor_kind") == DonorKind.INDIVIDUAL and cleaned.get("donor_name"):
            try:
                cleaned["donor_name"] = parse_name(cleaned["donor_name"])
            except TextError as error:
                self.add_error("donor_name", error.message)
        if (
            cleaned.get("route") == Route.DIRECT_TO_HOUSEHOLD
            and cleaned.get("restriction", Restriction.HOUSEHOLD) != Restriction.HOUSEHOLD
        ):
            self.add_error("restriction", DIRECT_NEEDS_HOUSEHOLD)
        if cleaned.get("route") == Route.COMMUNITY_FUND and cleaned.get("restriction") not in (
            None,
            Restriction.COMMUNITY,
            Restriction.HOUSEHOLD,
        ):
            self.add_error("restriction", FUND_NEEDS_COMMUNITY)
        if self.counts("community") and not self.street_chosen:
            self._errors.pop("community", None)
            self.add_error("street", COMMUNITY_NEEDS_STREET)
        if self.counts("donor") and self.donor_asked and not self.donors_found:
            self._errors.pop("donor", None)
            self.add_error("donor_search", DONOR_NOT_FOUND)
        day = cleaned.get("day")
        cleaned["on"] = cleaned.get("received_on") if day == "other" else day and DayFormField().clean(day)
        return cleaned

    # What it says ----------------------------------------------------------------------------------------

    def gift(self) -> dict:
        """For ``log_donation`` and ``correct_donation``; ``donor`` is None when the organisation itself gave."""
        cleaned = self.cleaned_data
        return {
            "donor": self._donor(),
            "received_on": cleaned["on"],
            "route": cleaned["route"],
            "decision_reference": cleaned["decision_reference"] or "",
            "exception_reason": cleaned["exception_reason"] or "",
            "restriction": cleaned["restriction"],
            "household": cleaned["household"],
            "category": cleaned["category"] or "",
            "program": cleaned["program"],
            "community": cleaned["community"],
            "declares_no_interest": bool(cleaned["declares_no_interest"]),
            "note": cleaned["note"],
            "lines": self.gift_lines(),
        }

    def _donor(self):
        cleaned = self.cleaned_data
        match cleaned["donor_choice"]:
            case OwnDonor.OWN:
                return None
            case OwnDonor.KNOWN:
                return cleaned["donor"]
            case OwnDonor.NEW:
                return {
                    "kind": cleaned["donor_kind"],
                    "name": cleaned["donor_name"],
                    "phone": cleaned["donor_phone"] or "",
                    "agrees_to_be_named": bool(cleaned["donor_agrees"]),
                }
            case _:
                return {"kind": DonorKind.ANONYMOUS}

    def gift_lines(self) -> list[Line]:
        raise TypeError(f"{type(self).__name__} does not say what is given")

    @property
    def total(self) -> Decimal | None:
        values = [line.value for line in self.gift_lines() if line.value is not None]
        return sum(values) if values else None

    def rows(self):
        cleaned = self.cleaned_data
        return [
            Row("捐赠方", self._donor_words(), "id_donor_choice_field"),
            *self.what_rows(),
            *self.day_rows(),
            Row("捐赠去向", Route(cleaned["route"]).label, "id_route_field"),
            *self.route_rows(),
            Row("用途指定", self._use_words(), "id_restriction_field"),
            Row("备注", cleaned["note"], "id_note"),
        ]

    def what_rows(self) -> list[Row]:
        return []

    def day_rows(self) -> list[Row]:
        return [Row("收到日期", zh(self.cleaned_data["on"]), "id_day_field")]

    def route_rows(self) -> list[Row]:
        """What belongs to the route alone, and what follows from it."""
        cleaned = self.cleaned_data
        match cleaned["route"]:
            case Route.COMMUNITY_FUND:
                return [Row("议事决定", cleaned["decision_reference"], "id_decision_reference")]
            case Route.GOVERNMENT_EXCEPTION:
                return [Row("法定例外理由", cleaned["exception_reason"], "id_exception_reason")]
            case Route.DIRECT_TO_HOUSEHOLD:
                return [Row("分配和送达", STRAIGHT_AWAY)]
        return []

    def _donor_words(self):
        donor = self._donor()
        if donor is None:
            return f"本组织（{self.user.organization.name}）"
        if isinstance(donor, Donor):
            return working_name(donor)
        if donor["kind"] == DonorKind.ANONYMOUS:
            return "匿名"
        agreed = "同意公开名称" if donor["agrees_to_be_named"] else "不公开名称"
        return f"{donor['name']}（新登记，{DonorKind(donor['kind']).label}，{agreed}）"

    def _use_words(self):
        cleaned = self.cleaned_data
        label = Restriction(cleaned["restriction"]).label
        match cleaned["restriction"]:
            case Restriction.HOUSEHOLD:
                return f"{label}：{household_label(cleaned['household'])}"
            case Restriction.CATEGORY:
                return f"{label}：{HardshipCategory(cleaned['category']).label}"
            case Restriction.PROGRAM:
                return f"{label}：{cleaned['program'].name}"
            case Restriction.COMMUNITY:
                return f"{label}：{cleaned['community'].short_name}"
        return label


def household_label(household) -> str:
    """Name masked: a list is no place for it."""
    return f"{mask_name(household.head_name or '')}（{household.community.short_name}，{household.code}）"
