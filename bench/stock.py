"""The stock admin over the same tables, as one would set it up in an afternoon: options only, nothing of ours but the models."""

from django.contrib import admin
from django.urls import path

from cases.models import Consent, EligibilityReview, Household, Member, Obligation, Pairing, VisitHousehold
from jinchuan.urls import handler400, handler500
from jinchuan.urls import urlpatterns as ours

__all__ = ["handler400", "handler500", "urlpatterns"]

site = admin.AdminSite("stock")


class _Inline(admin.TabularInline):
    extra = 0


class MemberInline(_Inline):
    model = Member


class ConsentInline(_Inline):
    model = Consent
    raw_id_fields = ["member"]


class PairingInline(_Inline):
    model = Pairing
    raw_id_fields = ["previous"]


class ReviewInline(_Inline):
    model = EligibilityReview


class VisitInline(_Inline):
    model = VisitHousehold
    raw_id_fields = ["visit", "pairing"]


@admin.register(Household, site=site)
class HouseholdAdmin(admin.ModelAdmin):
    list_display = ["code", "head", "community", "need_level", "registered_on", "state"]
    list_filter = ["state", "need_level", "community"]
    date_hierarchy = "registered_on"
    search_fields = ["code", "members__name", "members__name_search", "members__id_hash", "community__name"]
    list_per_page = 50
    inlines = [MemberInline, ConsentInline, PairingInline, ReviewInline, VisitInline]

    def head(self, row):
        return row.members.get(relation="head").name


@admin.register(Obligation, site=site)
class ObligationAdmin(admin.ModelAdmin):
    list_display = ["rule", "household", "organization", "window_end", "state"]
    list_filter = ["state", "rule", "window_end"]
    date_hierarchy = "window_end"
    search_fields = ["pairing__code", "pairing__household__code", "pairing__organization__name"]
    list_per_page = 50

    def household(self, row):
        return row.pairing.household.code

    def organization(self, row):
        return row.pairing.organization.name


urlpatterns = [path("stock/", site.urls), *ours]
