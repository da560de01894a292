"""抽查回访: the drawn lines to call about, and what the households said."""

from django import forms
from django.contrib import admin
from django.urls import reverse

from jinchuan.shared import site
from jinchuan.shared.admin import OneFilter, ScopedAdmin, Verb, link_to
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField, LineFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import zh_date

from ..enums import VerificationResult
from ..measures import measured
from ..models import Verification
from ..services import verifications

TELL_TROUBLE = "没有收到或有问题的，请写明情况"
TROUBLE = (VerificationResult.WITH_ISSUES, VerificationResult.NOT_RECEIVED)


class CallForm(Form):
    """What the household said."""

    result = forms.ChoiceField(label="回访结果", widget=forms.RadioSelect, choices=VerificationResult)
    called_on = DayFormField(label="回访日期", past=True)
    note = LineFormField(label="说明", max_chars=200, required=False, help_text="有问题或没有收到的必填。")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("result") in TROUBLE and not cleaned.get("note"):
            self.add_error("note", TELL_TROUBLE)
        return cleaned


class WaitingCalls(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {
        "call": ("待回访", lambda rows: rows.waiting()),
        "not_received": ("说没有收到，待查实", lambda rows: rows.not_received()),
    }


@admin.register(Verification)
class VerificationAdmin(ScopedAdmin):
    tabs = False
    list_display = [
        "shown_line",
        "shown_household",
        "shown_gift",
        "shown_delivered",
        "shown_result",
        "shown_called",
    ]
    list_filter = [WaitingCalls, "result"]
    search_fields = ["line__distribution__code", "line__household__code"]
    search_help_text = "按发放编号或户编号查找。"
    empty_list = "还没有回访名单。发放结束后，在发放的页面上抽取。"
    fieldsets = [
        (
            "回访",
            {
                "fields": [
                    "shown_line_link",
                    "shown_household",
                    "shown_gift",
                    "shown_delivered",
                    "shown_result",
                    "shown_called",
                    "called_by",
                    "note",
                ]
            },
        )
    ]
    readonly_fields = [
        "shown_line_link",
        "shown_household",
        "shown_gift",
        "shown_delivered",
        "shown_result",
        "shown_called",
        "called_by",
    ]
    verbs = (
        Verb(
            "call",
            "登记回访结果",
            "donations.change_verification",
            verifications.note_call,
            applies=lambda row: row.result in ("", VerificationResult.UNREACHABLE),
            form=CallForm,
            initial=lambda row: {"called_on": today()},
            facts=lambda row: [
                ("户", household_words(row.line)),
                ("款物", gift_words(row.line)),
                ("签收日期", zh_date(row.line.delivered_on)),
            ],
            explain="由登记签收以外的人打电话核实。说没有收到的，会列入待办，直到查实。",
            bulk=False,
        ),
    )

    @admin.display(description="发放明细")
    def shown_line(self, row):
        return str(row.line)

    @admin.display(description="发放明细")
    def shown_line_link(self, row):
        return link_to(row.line)

    @admin.display(description="户", ordering="line__household__code")
    def shown_household(self, row):
        return household_words(row.line)

    @admin.display(description="款物")
    def shown_gift(self, row):
        return gift_words(row.line)

    @admin.display(description="签收日期", ordering="line__delivered_on")
    def shown_delivered(self, row):
        return zh_date(row.line.delivered_on)

    @admin.display(description="回访结果", ordering="result")
    def shown_result(self, row):
        return row.get_result_display() or "待回访"

    @admin.display(description="回访日期", ordering="called_on")
    def shown_called(self, row):
        return zh(row.called_on) if row.called_on else "--"

    def choice_label(self, row):
        return str(row)

    def page_links(self, request, row):
        """The phone of the household, one at a time, with a reason, in the log."""
        if not row.line.household_id or not request.user.has_perm("cases.reveal_household"):
            return []
        return [("查看电话", reverse("admin:cases_household_reveal", args=[row.line.household_id, "phone"]))]


def household_words(line) -> str:
    return (
        f"{line.household.code}　{line.household.community.short_name}" if line.household else line.recipient
    )


def gift_words(line) -> str:
    lot = line.allocation.holding.lot
    return f"{lot.item} {measured(line.amount, lot)}"


@site.worklist
def calls_waiting(user):
    if not user.has_perm("donations.change_verification"):
        return
    seen = Verification.objects.visible_to(user)
    yield site.Waiting(
        "回访说没有收到的",
        seen.not_received().count(),
        site.list_url("donations.verification", waiting="not_received"),
        act="去查实",
        urgent=True,
    )
    yield site.Waiting(
        "待回访的明细",
        seen.waiting().count(),
        site.list_url("donations.verification", waiting="call"),
        act="去回访",
    )
