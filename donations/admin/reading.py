"""Pages that only read the book: the balance sheet, the public list, a bank statement against the gifts."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode

from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.admin import Cell, Panel, row_link
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.forms import Form
from jinchuan.sheets import reading
from jinchuan.sheets.downloads import xlsx_response

from .. import tables, tasks
from ..balances import balance_sheet
from ..disclosing import Span, visible_disclosure
from ..models import Fund
from ..reconciling import DAYS_APART, reconcile
from ..services import papers

BALANCE, DISCLOSURE, RECONCILE = "收支结余表", "捐赠公示", "银行流水对账"
SHOWN_MOST = 200
ORDER = "结束日期不能早于开始日期。"


class PeriodForm(Form):
    since = DayFormField(label="从", past=True)
    until = DayFormField(label="到", past=True)

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", ORDER)


class BalanceForm(PeriodForm):
    fund = forms.ModelChoiceField(
        Fund.objects.none(), label="基金（账户）", required=False, empty_label="全部基金（账户）"
    )

    def __init__(self, *args, funds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = funds


class StatementForm(Form):
    file = forms.FileField(
        label="银行流水",
        help_text="从网上银行导出的 .xlsx 或 .csv 文件，要有日期、金额，最好有对方户名、摘要、流水号；不超过 10 MB。",
        error_messages={"empty": "文件是空的，请重新选择。"},
    )


class ReadingMixin:
    """The three pages beside the register of funds."""

    def get_urls(self):
        def address(name):
            view = self.admin_site.admin_view(getattr(self, f"{name}_view"))
            return path(f"{name}/", view, name=self._address(name))

        return [*(address(name) for name in ("balance", "disclosure", "reconcile")), *super().get_urls()]

    def list_links(self, request):
        links = [*super().list_links(request)]
        for label, name, permission in (
            (BALANCE, "balance", "donations.view_holding"),
            (DISCLOSURE, "disclosure", "donations.view_donation"),
            (RECONCILE, "reconcile", "donations.confirm_donation"),
        ):
            if request.user.has_perm(permission):
                links.append((label, reverse(f"admin:{self._address(name)}")))
        return links

    def balance_view(self, request):
        _require(request, "donations.view_holding")
        funds = Fund.objects.visible_to(request.user)
        form = BalanceForm(*_asked(request), funds=funds, initial=_this_year())
        made = None
        if form.is_bound and form.is_valid():
            given = form.cleaned_data
            chosen = funds.filter(pk=given["fund"].pk) if given["fund"] else funds
            sheet = balance_sheet(chosen, since=given["since"], until=given["until"])
            made = tables.of_balance(sheet)
        explain = "按账目变动逐笔计算；作废的捐赠不在其中。期末余额是已收到、还没有交付或处置的款物价值。"
        return self._reading(request, form, made, BALANCE, explain)

    def disclosure_view(self, request):
        _require(request, "donations.view_donation")
        form = PeriodForm(*_asked(request), initial=_this_year())
        made = None
        if form.is_bound and form.is_valid():
            span = Span(**form.cleaned_data)
            if request.method == "POST":
                paper = papers.request_disclosure(span, by=request.user)
                tasks.print_paper.delay_on_commit(paper.pk)
                return HttpResponseRedirect(row_link(paper))
            made = tables.of_disclosure(visible_disclosure(request.user, span))
        explain = "只有同意公开名称的捐赠者列出名称；不列受助户。发布前请核对。"
        return self._reading(request, form, made, DISCLOSURE, explain, paper=True)

    def reconcile_view(self, request):
        _require(request, "donations.confirm_donation")
        sent = request.method == "POST"
        form = StatementForm(request.POST, request.FILES) if sent else StatementForm()
        made, notices = None, []
        if form.is_bound and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                if file.size > reading.BYTES_MOST:
                    raise Refused(reading.TOO_BIG)
                result = reconcile(file.read(), file.name[:120], by=request.user)
            except Refused as refusal:
                form.add_error("file", refusal)
            else:
                made = tables.of_reconciliation(result)
                notices = [
                    f"流水从{zh(result.since)}到{zh(result.until)}，支出 {result.spending} 行不参加对账。"
                ]
        if made and "xlsx" in request.POST:
            return xlsx_response(tables.workbook(made, by=request.user, title=RECONCILE), RECONCILE)
        explain = (
            f"按金额、日期（前后 {DAYS_APART} 天）和户名，与交区慈善协会的捐款逐笔对照；一行流水只对一笔捐赠。"
            "文件用完就丢弃，不保存。"
        )
        return self._page(request, form, made, RECONCILE, explain, notices=notices, upload=True)

    def _reading(self, request, form, made, title, explain, *, paper=False):
        if made is not None and request.GET.get("as") == "xlsx":
            return xlsx_response(tables.workbook(made, by=request.user, title=title), title)
        may_print = paper and request.user.has_perm("donations.view_paper")
        return self._page(request, form, made, title, explain, paper=may_print)

    def _page(self, request, form, made, title, explain, **more):
        request.current_app = self.admin_site.name
        query = {name: request.GET[name] for name in ("since", "until", "fund") if name in request.GET}
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "opts": self.opts,
            "form": form,
            "explain": explain,
            "panels": [_panel(table) for table in made or ()],
            "may_export": made is not None and request.user.has_perm("sheets.export_sheet"),
            "query": urlencode(query),
            "back": self._list_address(),
            **more,
        }
        return TemplateResponse(request, "admin/donations/reading.html", context)


def _require(request, permission):
    if request.user.organization_id or not request.user.has_perm(permission):
        raise PermissionDenied(NOT_ALLOWED)


def _asked(request):
    """The form's data, where something was asked for; the button that prints sends it again."""
    asked = request.POST if request.method == "POST" else request.GET
    return (asked,) if "since" in asked else (None,)


def _this_year() -> dict:
    day = today()
    return {"since": day.replace(month=1, day=1).isoformat(), "until": day.isoformat()}


def _panel(table) -> Panel:
    rows = [
        tuple(Cell(tables.said(value), figure=hasattr(value, "as_tuple")) for value in row)
        for row in table.rows[:SHOWN_MOST]
    ]
    left = len(table.rows) - SHOWN_MOST
    note = f"这里只列前 {SHOWN_MOST} 行，还有 {left} 行，请导出表格查看。" if left > 0 else table.note
    return Panel(table.title, table.heads, rows, empty=table.empty, note=note)
