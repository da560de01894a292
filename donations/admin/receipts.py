"""The official receipt of a gift: what was issued, voided and issued again in the finance department's own system."""

from django import forms

from jinchuan.shared.admin import Panel, Verb
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField, LineFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import zh_date

from ..enums import DonationState, ReceiptStatus
from ..models import Receipt
from ..services import receipts

S = DonationState
ISSUED = ReceiptStatus.ISSUED
CONFIRM = "donations.confirm_donation"


class IssuedForm(Form):
    """Code and number as they stand on the receipt."""

    code = LineFormField(label="票据代码", max_chars=20, required=False)
    number = LineFormField(label="票据号码", max_chars=20)
    issued_on = DayFormField(label="开具日期", past=True, initial=today)


class VoidedForm(Form):
    voided_on = DayFormField(label="作废日期", past=True, initial=today)
    reason = LineFormField(
        label="作废原因", max_chars=200, help_text="至少 5 个字，例如：抬头写错，作废重开。"
    )


class WithoutForm(Form):
    """Why there is none (yet)."""

    status = forms.ChoiceField(
        label="捐赠票据",
        widget=forms.RadioSelect,
        choices=[(value, label) for value, label in ReceiptStatus.choices if value != ISSUED],
    )


RECEIPT_VERBS = (
    Verb(
        "receipt",
        "登记票据",
        CONFIRM,
        receipts.note_issued,
        states=(S.CONFIRMED,),
        applies=lambda row: row.receipt_status != ISSUED,
        form=IssuedForm,
        explain="捐赠票据在财政票据系统开具，收到并确认之后才能开；这里只记代码和号码。",
        bulk=False,
    ),
    Verb(
        "void_receipt",
        "登记票据作废",
        CONFIRM,
        receipts.note_voided,
        states=(S.CONFIRMED, S.VOIDED),
        applies=lambda row: row.receipt_status == ISSUED,
        form=VoidedForm,
        facts=lambda row: [("现在的票据", f"{row.receipt_code} {row.receipt_number}".strip())],
        explain="票据在财政票据系统作废以后登记在这里；需要重开的，作废后再“登记票据”。",
        bulk=False,
    ),
    Verb(
        "no_receipt",
        "登记不开票据",
        CONFIRM,
        receipts.note_receipt,
        states=(S.SUBMITTED, S.CONFIRMED),
        applies=lambda row: row.receipt_status != ISSUED,
        form=WithoutForm,
        initial=lambda row: {"status": row.receipt_status},
        explain="每笔捐赠都要说明票据的情况：待开具、捐赠人放弃、匿名，或直接捐赠不适用。",
        bulk=False,
    ),
)


def receipts_panel(user, donation) -> Panel:
    """Every receipt there was, voided ones too."""
    return Panel(
        "捐赠票据",
        ("票据代码", "票据号码", "开具日期", "作废日期", "作废原因"),
        [
            (
                one.code or "--",
                one.number,
                zh(one.issued_on),
                zh_date(one.voided_on),
                one.void_reason or "--",
            )
            for one in Receipt.objects.visible_to(user).filter(donation=donation).order_by("pk")
        ],
        empty=f"没有登记票据：{donation.get_receipt_status_display()}。",
    )
