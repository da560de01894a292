"""The table of a register says what the stock admin's says, and nothing in it is markup that should be text."""

from datetime import date

import pytest
from django.contrib import admin
from django.template import Context, Template
from django.test import RequestFactory
from django.test.html import parse_html

from cases.models import Household, Member
from jinchuan.shared.admin import ScopedAdmin
from jinchuan.shared.admin.changelist import HouseChangeList
from organizations.models import Division
from tests import factories, factories_cases

pytestmark = pytest.mark.django_db

STOCK = Template("{% load admin_list %}{% result_list cl %}")
HOSTILE = "<script>\"'&</script>"


def stock(cl) -> str:
    cl.formset = None
    return STOCK.render(Context({"cl": cl, "opts": cl.opts}))


def lists(request, user, typed=None):
    """A list of every register this user may open."""
    asked = RequestFactory().get("/", typed or {})
    asked.user = request.getfixturevalue(user)
    for register in admin.site._registry.values():
        if register.has_view_permission(asked):
            yield register.get_changelist_instance(asked)


@pytest.fixture
def something_everywhere():
    pairing = factories.active_pairing()
    factories_cases.submitted_visit(pairing)
    factories_cases.submitted_matter(pairing)
    factories_cases.open_need(pairing.household)
    factories_cases.care_plan(pairing.household)
    factories.submitted_donation()
    factories.submitted_activity()
    factories.submitted_organization()


@pytest.mark.parametrize("user", ["officer", "reviewer", "auditor", "administrator"])
@pytest.mark.parametrize("typed", [{}, {"o": "-1.2"}, {"o": "2"}])
def test_every_register_reads_as_the_stock_admin_reads_it(request, something_everywhere, user, typed):
    seen = 0
    for cl in lists(request, user, typed):
        assert parse_html(cl.table) == parse_html(stock(cl)), cl.model
        seen += cl.result_count
    assert seen


class Strange(ScopedAdmin):
    """Columns of every kind there is."""

    list_display = [
        "action_checkbox",
        "name",
        "household",
        "relation",
        "birth_date",
        "left_on",
        "version",
        "said",
        "marked",
        "number",
        "day",
        "truth",
        "nothing",
        "missing",
        "shown_no_id_reason",
        "household__code",
        "__str__",
        lambda row: row.name,
    ]
    list_display_links = ["name", "said"]

    def said(self, row):
        return row.name

    def marked(self, row):
        return admin.utils.format_html("<b>{}</b>", row.name)

    def number(self, row):
        return 1234

    def day(self, row):
        return date(2026, 11, 3)

    @admin.display(boolean=True)
    def truth(self, row):
        return None

    @admin.display(empty_value="<i>")
    def nothing(self, row):
        return "  "

    def missing(self, row):
        raise Household.DoesNotExist


@pytest.fixture
def strange(officer, monkeypatch):
    """A list of one hostile person."""
    monkeypatch.setattr(Member, "shown_no_id_reason", property(lambda row: row.name), raising=False)
    factories.registered_household()
    Member.objects.update(name=HOSTILE)
    Household.objects.update(code=HOSTILE)

    def opened(**typed):
        asked = RequestFactory().get("/", typed)
        asked.user = officer
        return Strange(Member, admin.site).get_changelist_instance(asked)

    return opened


def test_hostile_values_are_text(strange):
    cl = strange()
    assert parse_html(cl.table) == parse_html(stock(cl))
    assert "<script" not in cl.table
    assert cl.table.count("&lt;script&gt;&quot;&#x27;&amp;&lt;/script&gt;") == stock(cl).count(
        "&lt;script&gt;&quot;&#x27;&amp;&lt;/script&gt;"
    )


@pytest.mark.parametrize("typed", [{"q": HOSTILE}, {"o": "2"}, {"_popup": "1"}, {"_to_field": "id"}])
def test_links_lead_back_to_the_same_list(strange, typed):
    cl = strange(**typed)
    assert parse_html(cl.table) == parse_html(stock(cl))


def test_without_links_no_cell_is_a_head(strange, monkeypatch):
    monkeypatch.setattr(Strange, "list_display_links", None)
    cl = strange()
    assert "<th class" not in cl.table
    assert parse_html(cl.table) == parse_html(stock(cl))


def test_the_first_column_leads_when_none_is_named(strange, monkeypatch):
    monkeypatch.setattr(Strange, "list_display_links", ())
    monkeypatch.setattr(Strange, "list_display", ["household", "name"])
    cl = strange()
    assert parse_html(cl.table) == parse_html(stock(cl))


def test_an_empty_list_has_no_table(officer):
    asked = RequestFactory().get("/")
    asked.user = officer
    cl = admin.site._registry[Member].get_changelist_instance(asked)
    assert isinstance(cl, HouseChangeList)
    assert cl.table == "" == stock(cl).strip()


def test_division_rows_say_yes_and_no_as_icons(officer):
    class Places(ScopedAdmin):
        list_display = ["code", "is_active", "parent"]

    asked = RequestFactory().get("/")
    asked.user = officer
    cl = Places(Division, admin.site).get_changelist_instance(asked)
    assert parse_html(cl.table) == parse_html(stock(cl))
