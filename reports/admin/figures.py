"""The bureau's figures on screen: the dashboard, and a page behind every figure down to its rows."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import ModelChoiceField
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from jinchuan.shared import site
from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.admin import Cell, Panel, row_link
from jinchuan.shared.admin.pieces import SearchSelect, could_be_key
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.forms import Form
from jinchuan.sheets.downloads import xlsx_response
from organizations.models import Organization

from .. import reading
from ..enums import ReportKind
from ..facts import words_of
from ..indicators import INDICATORS, shown
from ..looking import cards as card
from ..looking import parts as part
from ..looking import scopes, sheet
from ..looking.behind import behind
from ..looking.words import measured, sum_words
from ..models import ReportEdition
from ..periods import Period
from ..scopes import code_of, name_of

ROWS_PER_PAGE = 50


class LookForm(Form):
    """Of which organisation, if of one, and as of which day."""

    organization = ModelChoiceField(
        label="社会组织",
        queryset=Organization.objects.none(),
        required=False,
        widget=SearchSelect(ReportEdition._meta.get_field("organization"), admin.site),
    )
    on = DayFormField(label="数据截至", past=True, required=False)

    def __init__(self, data, *, user):
        super().__init__(data)
        self.fields["organization"].queryset = scopes.searched(user)
        if not user.has_perm("organizations.view_organization") or user.is_division_worker:
            del self.fields["organization"]


@dataclass(frozen=True)
class Look:
    """Whose figures, of which period, up to which day."""

    period: Period
    scope: object
    as_of: object

    @property
    def query(self) -> str:
        return urlencode({"period": self.period, "scope": code_of(self.scope), "on": self.as_of})


def figure_address(code, period, scope, as_of=None) -> str:
    """The page behind a figure, for whatever prints or shows it."""
    last = {"on": as_of} if as_of else {}
    return f"{reverse('admin:reports_figure', args=[code])}?{urlencode({'period': period, 'scope': code_of(scope)} | last)}"


@require_safe
def dashboard(request):
    """All figures of a scope as cards, as of a day; made to be printed on one page."""
    form, look = _looked_at(request)
    found = card.cards(look.period, look.scope, request.user, as_of=look.as_of)
    return _page(
        request,
        "dashboard",
        look,
        title=f"数据看板：{name_of(look.scope)}",
        form=form,
        scopes=scopes.choices(request.user),
        groups=card.grouped(found),
    )


@require_safe
def key_figures(request):
    """The few that stand on the first page."""
    _, look = _looked_at(request)
    found = card.cards(look.period, look.scope, request.user, as_of=look.as_of, codes=card.KEY)
    return _page(request, "_cards", look, cards=found.values())


@require_safe
def figure(request, code):
    """What a figure means, its line, what it is told by, and the rows it counts."""
    look, indicator = _figure_of(request, code)
    found = reading.read(look.period, look.scope, as_of=look.as_of, codes=[code])[code]
    hide = card.hides(request.user, code, look.scope)
    values = card.trends({code: found}, look.period, look.scope, as_of=look.as_of)[code]
    return _page(
        request,
        "figure",
        look,
        title=indicator.name,
        indicator=indicator,
        line=card.line(found, look.period, hide),
        change="" if hide else _change(found, look),
        chart=card.large_trend(indicator, values, card.trend_months(look.period), hide),
        parts=[_part_panel(words, told, indicator, look.period, hide) for words, told in part.told(found)],
        behind=[
            _rows_panel(request, number, one, look, hide)
            for number, one in enumerate(
                behind(code, look.period, look.scope, request.user, as_of=look.as_of)
            )
        ],
        rows_address=_rows_address(request, code, look),
        dashboard_address=f"{reverse('admin:reports_dashboard')}?{look.query}",
        periods=_neighbours(code, look),
    )


@require_POST
def rows_sheet(request, code):
    """All rows behind a figure that the person may see, as a sheet to work on."""
    look, indicator = _figure_of(request, code)
    try:
        data = sheet.rows_sheet(code, look.period, look.scope, by=request.user, as_of=look.as_of)
    except Refused as refusal:
        messages.warning(request, "".join(refusal.messages))
        return redirect(figure_address(code, look.period, look.scope, look.as_of))
    return xlsx_response(data, f"{indicator.name}明细")


site.page("reports/figures/", dashboard, "reports_dashboard")
site.page("reports/figures/key/", key_figures, "reports_key_figures")
site.page("reports/figures/<slug:code>/", figure, "reports_figure")
site.page("reports/figures/<slug:code>/rows.xlsx", rows_sheet, "reports_figure_rows")
site.shortcut("数据看板", "admin:reports_dashboard", scopes.PERMISSION)
site.section(
    "主要数据", scopes.PERMISSION, "admin:reports_key_figures", "admin:reports_dashboard", "打开数据看板"
)


# What was asked for ------------------------------------------------------------------------------------------


def _looked_at(request) -> tuple[LookForm, Look]:
    """The scope, the period and the day an address asks for; what it does not say is one's own, this month, today."""
    if not request.user.has_perm(scopes.PERMISSION):
        raise PermissionDenied(NOT_ALLOWED)
    scope = _scope(request)
    if scope is None:
        raise Http404
    organization = scope.pk if isinstance(scope, Organization) else ""
    form = LookForm(
        {"on": request.GET.get("on", "") or today().isoformat(), "organization": organization},
        user=request.user,
    )
    day = form.cleaned_data["on"] if form.is_valid() else today()
    period = _period(request.GET.get("period", ""), day)
    if period.first > today():
        raise Http404
    return form, Look(period, scope, min(max(day, period.first), period.last, today()))


def _figure_of(request, code) -> tuple:
    """The look, and the indicator of that code, as far as it tells of the scope."""
    _, look = _looked_at(request)
    indicator = INDICATORS.get(code)
    if indicator is None or not indicator.tells(look.scope):
        raise Http404
    return look, indicator


def _scope(request):
    """What was chosen, or the organisation that was searched for; None for what one may not look at."""
    key = request.GET.get("organization", "")
    if key:
        return scopes.searched(request.user).filter(pk=key).first() if could_be_key(key) else None
    return scopes.chosen(request.user, request.GET.get("scope", ""))


def _period(text, day) -> Period:
    """The period of that name, or the month of the day."""
    if not text:
        return card.month_of(day)
    try:
        return Period.read(text)
    except ValueError as unknown:
        raise Http404 from unknown


def _page(request, name, look, **context):
    request.current_app = admin.site.name
    return TemplateResponse(
        request,
        f"admin/reports/figures/{name}.html",
        {
            **admin.site.each_context(request),
            "subtitle": None,
            "look": look,
            "scope_code": code_of(look.scope),
            "scope_name": name_of(look.scope),
            "as_of": zh(look.as_of),
            "state": card.state(look.period, look.as_of),
            "today": zh(today()),
            **context,
        },
    )


def _rows_address(request, code, look) -> str:
    """Where the rows are taken as a sheet, for those who may take sheets."""
    if not request.user.has_perm("sheets.export_sheet"):
        return ""
    return f"{reverse('admin:reports_figure_rows', args=[code])}?{look.query}"


def _neighbours(code, look) -> list[tuple[str, str]]:
    """The periods before and after, as far as they have begun."""
    found = [(look.period.previous.label, figure_address(code, look.period.previous, look.scope))]
    if look.period.next.first <= today():
        found.append((look.period.next.label, figure_address(code, look.period.next, look.scope)))
    return found


# What is shown -----------------------------------------------------------------------------------------------


def _change(found, look) -> str:
    """What the period added and how that stands to the one before, in the words for months."""
    told = [card.month_words(found), card.change_words(found, look.as_of >= look.period.last)]
    words = "，".join(text for text in told if text)
    if look.period.kind == ReportKind.MONTH:
        return words
    return words.replace("上月", look.period.last_one).replace("本月", look.period.this)


def _part_panel(words, told, indicator, period, hide) -> Panel:
    heads = {name: words for name, words in words_of(period).items() if name != "late"}
    if not any(one.correction for _, one in told):
        del heads["correction"]
    rows = []
    for name, one in told:
        values = shown(one)
        cells = [card.exact(values[key], indicator.unit, hide) for key in heads]
        rows.append((name, *(Cell(text, figure=True) for text in cells)))
    note = "同一对象可能属于几项，各项之和可能大于总数。" if indicator.key or indicator.hardships else ""
    return Panel(f"按{words}分", (words, *heads.values()), rows, note=note)


def _rows_panel(request, number, one, look, hide) -> dict:
    """One table of rows, a page at a time, and in words what they come to."""
    mark = f"p{number}" if number else "p"
    page = Paginator(one.rows, ROWS_PER_PAGE).get_page(request.GET.get(mark))
    panel = Panel(
        f"{look.period.label}的{one.title}"
        if one.title == "更正"
        else f"{look.period.label}计入的{one.title}",
        sheet.heads(one),
        [_row(request.user, one, row) for row in page],
        empty="没有您可以查看的记录。" if one.unseen else "这一时期没有记录。",
        note=sum_words(one, hide) if one.total else "",
    )
    return {"panel": panel, "page": page, "turns": _turns(request, mark, page)}


def _turns(request, mark, page) -> list[tuple[str, str]]:
    """(words, address) of the page before and the page after."""
    numbers = []
    if page.has_previous():
        numbers.append(("上一页", page.previous_page_number()))
    if page.has_next():
        numbers.append(("下一页", page.next_page_number()))
    asked = request.GET.dict()
    return [(words, f"?{urlencode(asked | {mark: number})}") for words, number in numbers]


def _row(user, one, row) -> list:
    first, *others = one.source.cells(row)
    cells = [*sheet.lead(one, row), Cell(first, _admin_page(user, one.source.row(row))), *others]
    if one.is_measured:
        cells.append(Cell(measured(one.amount_of(row), one.indicator.unit), figure=True))
    return cells


def _admin_page(user, row) -> str:
    meta = row._meta
    if not user.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
        return ""
    try:
        return row_link(row)
    except NoReverseMatch:
        return ""
