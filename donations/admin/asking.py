"""What is asked of a part of the book: for whom, where to, what was wrong, what left without reaching anybody."""

from decimal import Decimal

from django import forms
from django.contrib import admin

from cases.models import CareNeed, Household
from jinchuan.shared.clock import today
from jinchuan.shared.fields.form import DayFormField, LineFormField, MoneyFormField, QuantityFormField
from jinchuan.shared.forms import Form
from organizations.models import Program

from ..enums import DisposalKind, Restriction, TargetKind
from ..models import Allocation, Fund, Place
from ..services import purposes
from .pieces import measured, reason_field, searched, when

TARGET_NEEDED = "请选择分配给哪一个{what}"
MOVED_MEANWHILE = "您打开这一页之后，这批款物又有变动，现在未分配 {free}。请核对后再办理。"


class BookForm(Form):
    """About a part of the book as its page showed it. ``seen`` stands for what was shown: pressed twice, or after others
    took something, the form comes back with what is there now."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def narrow(self, user, rows):
        self.holding = rows[0]
        self.fields["seen"].initial = self.initial["seen"] = shown_state(self.holding)

    def clean(self):
        cleaned = super().clean()
        now = shown_state(self.holding)
        if cleaned.pop("seen", "") not in ("", now):
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = now
            free = measured(self.holding.free, self.holding.lot)
            self.add_error(None, MOVED_MEANWHILE.format(free=free))
        return cleaned


def shown_state(holding) -> str:
    """Stands for everything booked or asked for of a holding."""
    last = holding.movements.order_by("-pk").values_list("pk", flat=True).first() or 0
    return f"{last}-{holding.adjustments.count()}-{holding.disposals.count()}"


class AmountField(QuantityFormField):
    """An amount in the lot's measure, typed with the unit or without; money also as ``¥1,000``."""

    def measure(self, lot):
        self.unit = lot.unit
        self.label = "金额（元）" if lot.is_cash else f"数量（{lot.unit}）"

    def read(self, typed):
        for sign in "¥￥":
            typed = typed.replace(sign, "")
        return super().read(typed)


class SignedField(AmountField):
    """More or less: ``-5``, ``+5``; 0 is left to the rule of the row."""

    def read(self, typed):
        return super().read(typed.replace("＋", "").replace("+", "").replace("－", "-").replace("−", "-"))

    def within(self, amount):
        return super().within(abs(amount)) * (1 if amount > 0 else -1) if amount else Decimal(0)


class AllocateForm(BookForm):
    """To whom, and how much. What belongs to another kind of target is neither asked nor judged."""

    target = forms.ChoiceField(label="分配给", widget=forms.RadioSelect, choices=TargetKind)
    household = when(
        forms.ModelChoiceField(
            label="关爱户",
            queryset=Household.objects.none(),
            required=False,
            help_text="按户编号、户主姓名或拼音首字母查找。",
        ),
        "target=household",
    )
    need = when(
        forms.ModelChoiceField(
            label="需求",
            queryset=CareNeed.objects.none(),
            required=False,
            help_text="按需求编号、户编号或户主姓名查找；送到以后，这条需求记为已解决。",
        ),
        "target=need",
    )
    fund = when(
        forms.ModelChoiceField(label="转入基金", queryset=Fund.objects.none(), required=False), "target=fund"
    )
    program = when(
        forms.ModelChoiceField(label="项目", queryset=Program.objects.none(), required=False),
        "target=program",
    )
    amount = AmountField(label="数量")
    authority_document = LineFormField(
        label="依据",
        max_chars=120,
        required=False,
        help_text="会议纪要、协议或村（社区）议事决定的名称和编号；动用公益金必填。",
    )
    note = LineFormField(label="说明", max_chars=200, required=False)

    def narrow(self, user, rows):
        super().narrow(user, rows)
        lot = self.holding.lot
        self.fields["amount"].measure(lot)
        self.fields["amount"].help_text = f"最多 {measured(self.holding.free, lot)}。"
        offered = {
            "household": Household.objects.visible_to(user).present().for_list(),
            "need": CareNeed.objects.visible_to(user).unmet().for_list(),
            "fund": Fund.objects.visible_to(user).in_use().exclude(pk=self.holding.fund_id).for_list(),
            "program": Program.objects.visible_to(user).running_on(today()).for_list(),
        }
        for name, queryset in offered.items():
            field = self.fields[name]
            field.queryset = queryset
            if name in ("household", "need"):
                attrs = field.widget.attrs
                field.widget = searched(Allocation, name)
                field.widget.attrs |= attrs
                field.widget.choices = field.choices
                field.label_from_instance = admin.site._registry[queryset.model].choice_label
            field.empty_label = "请选择"
        targets = dict(TargetKind.choices)
        if not user.has_perm("cases.view_household"):
            for name in (TargetKind.HOUSEHOLD, TargetKind.NEED):
                del targets[name]
                del self.fields[name]
        if not lot.is_cash:
            del targets[TargetKind.FUND]
            del self.fields["fund"]
        self.fields["target"].choices = list(targets.items())

    def clean(self):
        cleaned = super().clean()
        target = cleaned.pop("target", None)
        for name in ("household", "need", "fund", "program"):
            if name == target:
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, TARGET_NEEDED.format(what=TargetKind(target).label))
            else:
                self._errors.pop(name, None)
                cleaned[name] = None
        return cleaned


def what_it_is_for(holding):
    """The purpose proposes its own target."""
    purpose = purposes.purpose_of(holding.lot.line.donation)
    match purpose.restriction:
        case Restriction.PROGRAM:
            return {"target": TargetKind.PROGRAM, "program": purpose.program}
        case Restriction.HOUSEHOLD:
            return {"target": TargetKind.HOUSEHOLD, "household": purpose.household}
    return {"target": TargetKind.HOUSEHOLD}


class TransferForm(BookForm):
    place = forms.ModelChoiceField(label="转到存放点", queryset=Place.objects.none(), empty_label="请选择")
    amount = AmountField(label="数量")
    on = DayFormField(label="日期", past=True, initial=today)

    def narrow(self, user, rows):
        super().narrow(user, rows)
        self.fields["amount"].measure(self.holding.lot)
        self.fields["amount"].initial = self.initial["amount"] = self.holding.free
        self.fields["place"].queryset = (
            Place.objects.visible_to(user).in_use().exclude(pk=self.holding.place_id).for_list()
        )


class AdjustForm(BookForm):
    amount = SignedField(
        label="数量增减", required=False, help_text="登记多了写负数，例如 -5；登记少了写正数；不变不填。"
    )
    value = SignedField(label="折价增减（元）", required=False, help_text="只更正折价时填写；不变不填。")
    adjusted_on = DayFormField(label="更正日期", past=True, initial=today)
    reason = reason_field()

    def narrow(self, user, rows):
        super().narrow(user, rows)
        lot = self.holding.lot
        self.fields["amount"].unit = lot.unit
        self.fields["amount"].label = "金额增减（元）" if lot.is_cash else f"数量增减（{lot.unit}）"
        self.fields["value"].unit = "元"
        if lot.is_cash or lot.value is None:
            del self.fields["value"]

    def clean(self):
        cleaned = super().clean()
        for name in ("amount", "value"):
            if name in cleaned and cleaned[name] is None:
                del cleaned[name]
        return cleaned


class DisposeForm(BookForm):
    kind = forms.ChoiceField(label="处置方式", widget=forms.RadioSelect, choices=DisposalKind)
    amount = AmountField(label="数量")
    proceeds = when(
        MoneyFormField(
            label="变卖所得（元）", required=False, help_text="变卖的填写，记入同一基金，用途不变。"
        ),
        "kind=sold",
    )
    disposed_on = DayFormField(label="处置日期", past=True, initial=today)
    reason = reason_field()

    def narrow(self, user, rows):
        super().narrow(user, rows)
        lot = self.holding.lot
        self.fields["amount"].measure(lot)
        self.fields["amount"].help_text = f"最多 {measured(self.holding.free, lot)}。"
        if lot.is_cash:
            self.fields["kind"].choices = [(DisposalKind.RETURNED.value, DisposalKind.RETURNED.label)]
            del self.fields["proceeds"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") != DisposalKind.SOLD and "proceeds" in self.fields:
            self._errors.pop("proceeds", None)
            cleaned["proceeds"] = None
        return cleaned
