"""The stock admin: "what a user would pick" in an afternoon, over tables of its own (``bench.models``) that hold the same
rows and have only Django's default indexes. It is the one of ``performance.md`` 1, neither weaker nor stronger:

- **Lists**: 100 rows a page; foreign keys among the columns, one of them looked up for every row (a household's head, a gift's
  organisation, which may be missing); ``list_filter`` with the organisation; ``date_hierarchy``; five ``search_fields``, one
  through a foreign key and one through a relation to many; newest first.
- **The page of a row**: every model that hangs on it is an inline as ``admin.site.register`` makes them, with three spare
  rows, and a foreign key is a ``<select>`` of all its rows, in every row of every inline. Only where such a table has 20,000 rows
  or more is its key typed (``raw_id_fields``): with selects of a million visits the page does not open.

Django's own templates. Who may see what is not asked. What ours shows of a row (categories of a person, duties, when a visit
was) it shows as well.
"""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path

from jinchuan.urls import handler400, handler500
from jinchuan.urls import urlpatterns as ours

from .measuring import PAGE
from .models import (
    PlainCareNeed,
    PlainCarePlan,
    PlainConsent,
    PlainDonation,
    PlainEligibilityReview,
    PlainHousehold,
    PlainMatter,
    PlainMember,
    PlainObligation,
    PlainPairing,
    PlainVisitHousehold,
)

__all__ = ["handler400", "handler500", "urlpatterns"]

site = admin.AdminSite("stock")


class _Open:
    """Everybody may do everything: no permission is asked of the database."""

    def _yes(self, request, obj=None):
        return True

    has_view_permission = has_add_permission = has_change_permission = has_delete_permission = _yes

    def has_module_permission(self, request):
        return True


class _Stock(_Open, admin.ModelAdmin):
    """With the templates of Django, not those of this house."""

    def changelist_view(self, request, extra_context=None):
        return self._plain(super().changelist_view(request, extra_context))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return self._plain(super().changeform_view(request, object_id, form_url, extra_context))

    def _plain(self, response):
        response.using = "stock"
        return response


class _Inline(_Open, admin.TabularInline):
    """As it comes."""


class MemberInline(_Inline):
    model = PlainMember
    readonly_fields = ["categories"]

    def categories(self, row):
        return "、".join(one.get_category_display() for one in row.hardships.all())


class ConsentInline(_Inline):
    model = PlainConsent
    raw_id_fields = ["member"]


class PairingInline(_Inline):
    model = PlainPairing
    raw_id_fields = ["previous"]


class ReviewInline(_Inline):
    model = PlainEligibilityReview


class VisitInline(_Inline):
    """Told by what hangs on the visit, or the page would show keys."""

    model = PlainVisitHousehold
    raw_id_fields = ["visit", "pairing"]
    readonly_fields = ["told"]

    def told(self, row):
        visit = row.visit
        return (
            f"{visit.visited_on} {visit.get_kind_display()} {visit.organization} {visit.get_state_display()}"
        )


class NeedInline(_Inline):
    model = PlainCareNeed
    raw_id_fields = ["member", "visit"]


class MatterInline(_Inline):
    model = PlainMatter
    raw_id_fields = ["visit", "need"]


class PlanInline(_Inline):
    model = PlainCarePlan


class GiftInline(_Inline):
    model = PlainDonation
    raw_id_fields = ["donor"]


@admin.register(PlainHousehold, site=site)
class HouseholdAdmin(_Stock):
    list_display = ["code", "head", "community", "need_level", "registered_on", "state"]
    list_filter = ["state", "need_level", "community", "pairings__organization"]
    date_hierarchy = "registered_on"
    search_fields = ["code", "members__name", "members__name_search", "members__id_hash", "community__name"]
    ordering = ["-registered_on"]
    readonly_fields = ["duties"]
    inlines = [
        MemberInline,
        ConsentInline,
        PairingInline,
        ReviewInline,
        VisitInline,
        NeedInline,
        MatterInline,
        PlanInline,
        GiftInline,
    ]

    def head(self, row):
        return row.members.get(relation="head").name

    def duties(self, row):
        """What hangs on a pairing cannot be an inline of the household."""
        return "；".join(
            f"{duty.rule} {duty.window_end} {duty.get_state_display()}"
            for pairing in row.pairings.all()
            for duty in pairing.obligations.all()
        )


@admin.register(PlainObligation, site=site)
class ObligationAdmin(_Stock):
    list_display = ["rule", "household", "organization", "window_end", "state"]
    list_filter = ["state", "rule", "window_end", "pairing__organization"]
    date_hierarchy = "window_end"
    search_fields = ["pairing__code", "pairing__household__code", "pairing__organization__name"]
    ordering = ["-window_end"]

    def household(self, row):
        return row.pairing.household.code

    def organization(self, row):
        return row.pairing.organization.name


@admin.register(PlainDonation, site=site)
class DonationAdmin(_Stock):
    """As `performance.md` 1 has it: 100 rows, two foreign keys shown of which one may be empty (the change list does not follow it by
    itself), a filter by organisation, ``date_hierarchy``, five ``search_fields`` with a chain and with a relation of many."""

    list_display = ["code", "received_on", "donor", "organization", "route", "cash", "state"]
    list_filter = ["state", "route", "restriction", "receipt_status", "organization"]
    date_hierarchy = "received_on"
    search_fields = ["code", "note", "donor__name", "donor__name_search", "lines__item"]
    ordering = ["-received_on"]

    def cash(self, row):
        return sum(line.value or 0 for line in row.lines.all())


@login_required
def empty(request):
    """A page that says nothing: what the session, the account and the way to any page cost."""
    return HttpResponse(request.user.division.path)


for register in admin.site._registry.values():
    register.list_per_page = PAGE

urlpatterns = [path("stock/empty/", empty), path("stock/", site.urls), *ours]
