"""Lists: filters that know who is asking, and django-filter where the admin's own filters do not serve."""

import re

import django_filters
from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.utils.functional import cached_property

from jinchuan.shared.fields.form import DayFormField, MoneyFormField
from jinchuan.shared.forms import FormBase
from jinchuan.shared.identity import CitizenId, IdentityError, Phone

from .rows import slices, table

_ID_SHAPED = re.compile(r"\d{15}|\d{17}[\dXx]")


def looks_personal(term) -> bool:
    """Is this an ID number or a telephone number? Such a thing never stands in an address."""
    plain = re.sub(r"[\s\-－—]", "", term)
    try:
        CitizenId.parse(plain)
    except IdentityError:
        if _ID_SHAPED.fullmatch(plain):
            return True
    else:
        return True
    try:
        return bool(plain.isdigit() and Phone.parse(plain) and len(plain) >= 10)
    except IdentityError:
        return False


class FilterForm(FormBase, forms.Form):
    """The form of a filter set. Every field may stay empty."""


class DayFilter(django_filters.Filter):
    """A day typed in any usual way."""

    field_class = DayFormField


class MoneyFilter(django_filters.Filter):
    """An amount in 元."""

    field_class = MoneyFormField


class HouseFilterSet(django_filters.FilterSet):
    """Ranges and places, above the list. Choices take their scope from ``request.user``."""

    class Meta:
        form = FilterForm


class HousePaginator(Paginator):
    """The pages of a register that may be long.

    With ``counted`` rows are counted only so far beyond the page one looks at, and ``capped`` says that there are more. What
    is searched for is found once, for the number and for the page. A page far down is fetched by its keys (from ``all_rows()``, which
    know nothing of the search), so that nothing is joined for the rows before it. A ``tally`` knows the number of rows, and where
    such a page begins, so that nothing before it is read.
    """

    FAR_DOWN = 1_000
    FOUND_AT_ONCE = 10_000

    def __init__(
        self, rows, per_page, *, all_rows, looked_at=1, counted=None, searched=False, tally=None, **kwargs
    ):
        super().__init__(rows, per_page, **kwargs)
        self._all_rows = all_rows
        self._grouped = rows.query.group_by is not None
        self._most = None if counted is None or self._grouped else looked_at * per_page + counted
        self._searched = searched and not self._grouped
        self._tally = tally
        self._looked_at = looked_at

    @cached_property
    def count(self):
        if self._tally is not None:
            far = (self._looked_at - 1) * self.per_page >= self.FAR_DOWN
            return sum(number for _, number in self._stretches) if far else self._tally.total()
        if self._found is not None:
            return len(self._found)
        if self._most is None:
            return super().count
        return min(self._counted, self._most)

    @property
    def capped(self) -> bool:
        if self._tally is not None or self._found is not None or self._most is None:
            return False
        return self._counted > self._most

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by().values("pk")[: self._most + 1].count()

    @cached_property
    def _stretches(self) -> list:
        return self._tally.stretches()

    @cached_property
    def _found(self):
        """The keys of what is searched for, in order; None where it is too many or all rows are shown."""
        if not self._searched:
            return None
        keys = list(self.object_list.values_list("pk", flat=True)[: self.FOUND_AT_ONCE + 1])
        return keys if len(keys) <= self.FOUND_AT_ONCE else None

    def page(self, number):
        page = super().page(number)
        first = (page.number - 1) * self.per_page
        if self._found is not None:
            keys = self._found[first : first + self.per_page]
        elif first >= self.FAR_DOWN and not self._grouped:
            keys = self._keys(first, first + self.per_page)
        else:
            return page
        order = self.object_list.query.order_by or self.object_list.model._meta.ordering
        page.object_list = self._all_rows().filter(pk__in=keys).order_by(*order)
        return page

    def _keys(self, first, stop) -> list:
        rows, before = self.object_list, first
        if self._tally is not None:
            where, before = self._tally.model.reach(self._stretches, first, stop)
            rows = rows.filter(where)
        return list(rows.values_list("pk", flat=True)[before : before + stop - first])


class HouseChangeList(ChangeList):
    """A list with an optional filter set; what its form does not understand it says next to the field and leaves out."""

    def __init__(self, request, *args):
        model_admin = next(one for one in args if isinstance(one, admin.ModelAdmin))
        kind = model_admin.filterset_class
        names = set(kind.base_filters) if kind else set()
        given = request.GET if names & set(request.GET) else None
        nothing = model_admin.model._default_manager.none()
        self.filterset = kind(given, queryset=nothing, request=request) if kind else None
        self.filterset_names = names
        super().__init__(request, *args)

    def get_filters_params(self, params=None):
        lookup_params = super().get_filters_params(params)
        return {name: value for name, value in lookup_params.items() if name not in self.filterset_names}

    def get_queryset(self, request, exclude_parameters=None):
        queryset = super().get_queryset(request, exclude_parameters)
        if self.filterset is None or not self.filterset.is_bound:
            return queryset
        self.filterset.queryset = queryset
        self.filterset.is_valid()
        return self.filterset.filter_queryset(queryset)

    def get_results(self, request):
        """A page that is all there is goes through the paginator, too: it may have found the rows already. What no line tells is
        not read."""
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list
        if self.model_admin.list_untold:
            self.result_list = self.result_list.defer(*self.model_admin.list_untold)

    @property
    def table(self):
        """Heads and rows, ready for the page."""
        return table(self)

    @property
    def slices(self):
        """The filters, ready for the page."""
        return slices(self)

    @property
    def other_params(self):
        """What the filter form must carry along."""
        mine = {*self.filterset_names, "p", "e"}
        return [(name, value) for name, value in self.params.items() if name not in mine]


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """Choose among the related rows one may see, called as their register calls them."""

    def field_choices(self, field, request, model_admin):
        related = model_admin.admin_site._registry.get(field.remote_field.model)
        rows = model_admin.related_rows(field, request)
        name = related.choice_label if related else str
        return [(row.pk, name(row)) for row in rows]


class OneFilter(admin.SimpleListFilter):
    """A named slice of a list: ``slices`` maps a value to (words, function of the queryset)."""

    slices = {}

    def lookups(self, request, model_admin):
        return [(value, words) for value, (words, _) in self.slices.items()]

    def queryset(self, request, queryset):
        chosen = self.slices.get(self.value())
        return chosen[1](queryset) if chosen else queryset
