"""An organisation's own figures, on a phone: what the bureau counts of it, and the rows it counts."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from jinchuan.shared.access import Page
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

from . import reading
from .enums import EntryKind, ReportKind
from .indicators import INDICATORS
from .looking import cards, scopes
from .looking.behind import behind
from .looking.words import measured, sum_words
from .periods import Period

ROWS_PER_PAGE = 20


class OwnFigures(Page):
    permission = scopes.PERMISSION
    organization_only = True

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.period = _month(request.GET.get("period", ""))
        self.as_of = min(self.period.last, today())

    def context(self) -> dict:
        months = [self.period.previous]
        if self.period.next.first <= today():
            months.append(self.period.next)
        return {
            "period": self.period,
            "as_of": self.as_of,
            "state": cards.state(self.period, self.as_of),
            "months": months,
        }


class Figures(OwnFigures):
    """The month's figures and the cumulative ones, by what they are about."""

    def get(self, request):
        organization = request.user.organization
        found = cards.cards(self.period, organization, request.user, as_of=self.as_of, drawn=False)
        return render(request, "figures/figures.html", {**self.context(), "groups": cards.grouped(found)})


class OneFigure(OwnFigures):
    """What a figure means, its line, and the organisation's own rows behind it."""

    def get(self, request, code):
        organization = request.user.organization
        if code not in INDICATORS or not INDICATORS[code].tells(organization):
            raise Http404
        figure = reading.read(self.period, organization, as_of=self.as_of, codes=[code], parts=False)[code]
        hide = cards.hides(request.user, code, organization)
        one, *corrections = behind(code, self.period, organization, request.user, as_of=self.as_of)
        page = Paginator(one.rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "indicator": INDICATORS[code],
            "line": cards.line(figure, self.period, hide),
            "page": page,
            "rows": [_shown(one, row) for row in page],
            "said": sum_words(one, hide),
            "unseen": one.unseen,
            "corrections": [
                (sum_words(more, hide), [_shown(more, row) for row in more.rows]) for more in corrections
            ],
        }
        return render(request, "figures/figure.html", {**self.context(), **context})


def _month(text) -> Period:
    """The month of an address; without one the current one."""
    if not text:
        return cards.month_of(today())
    try:
        period = Period(ReportKind.MONTH, Month.parse(text))
    except ValueError as unknown:
        raise Http404 from unknown
    if period.first > today():
        raise Http404
    return period


def _shown(one, row) -> dict:
    name, *rest = one.source.cells_outside(row)
    page = one.source.page(row)
    return {
        "name": name,
        "url": reverse(page[0], args=[page[1]]) if page else "",
        "on": row.told_on if one.is_dated else None,
        "kind": row.told_kind if one.is_booked and row.told_kind != EntryKind.NEW.label else "",
        "rest": [cell for cell in rest if cell != "--"],
        "amount": measured(one.amount_of(row), one.indicator.unit, named=True) if one.is_measured else "",
    }
