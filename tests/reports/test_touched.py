"""Who reads the month that runs looks only at what was written since the last closing, and is told what a look at everything
tells: whatever changed, in whatever table, by whatever door."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from jinchuan.shared.clock import SHANGHAI, travel
from jinchuan.shared.months import Month
from organizations.models import Organization, Program, SupervisingUnit
from reports import breakdowns, closing_checks, tasks
from reports.ledger import touched
from reports.models import Touched
from reports.periods import Period
from reports.reading import behind, read
from reports.services import closings
from tests import factories
from tests.reports import busy
from tests.reports.test_closing_years import no_guards  # noqa: F401

pytestmark = pytest.mark.django_db

AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
WAIVED = dict.fromkeys(closing_checks.NAMES, "测试中带着未办事项定稿")
ROUNDS, EDITS = 4, 60


@pytest.fixture(autouse=True)
def much_to_look_through(settings):
    settings.LEDGER_LOOKED_THROUGH = 0


def test_every_table_that_a_figure_reads_is_watched_and_within_reach():
    for source in touched._sources():
        reached = {way.model._meta.db_table for way in touched.ways(source)}
        assert reached <= {*touched.read_columns()}, source.code
        statements = (*touched.told_of(source, source.queryset()), *source.reads())
        named = {table for rows in statements for table, _ in touched._TABLE.findall(str(rows.query))}
        assert named <= reached, source.code


def test_what_is_read_is_what_a_look_at_everything_tells(officer, no_guards):  # noqa: F811
    """Random columns of random rows of every table that is read are given other values, past every service; rows are entered
    in both months, and hardships go."""
    chance, edited = random.Random(90713), Counter()
    street_a, street_b = factories.STREET_A, factories.STREET_B
    organizations = busy.months(factories.COMMUNITY_A1, factories.COMMUNITY_B1)
    units = [SupervisingUnit.objects.create(name=name) for name in ("金川区教育局", "金川区卫生健康局")]
    with travel(datetime(2026, 9, 1, 8, tzinfo=SHANGHAI)):
        closings.close_month(by=officer, month=AUGUST, reasons=WAIVED)
    scopes = [None, factories.home(), *map(factories.division, (street_a, street_b))]
    scopes += [*organizations, *units, Program.objects.first()]
    for day in (busy.AUGUST, busy.SEPTEMBER):
        factories.confirmed_donation(by=factories.admin_of(organizations[0]), received_on=day)
    assert _differing(None) == []
    for number in range(ROUNDS):
        for _ in range(EDITS):
            edited += _edit(chance)
        Organization.objects.filter(pk=chance.choice(organizations).pk).update(
            supervising_unit=chance.choice(units)
        )
        scope = chance.choice(scopes)
        assert _differing(scope) == [], (number, scope)
        assert _columns(breakdowns._booked, scope) == _columns(breakdowns._counted, scope)
    assert len(edited) >= 20, edited
    for code in ("donations_cash", "volunteers_active", "unallocated_total"):
        assert _behind(code) == _with_everything(_behind, code)

    Touched.objects.all().delete()
    assert _differing(None) != []


def test_what_a_closing_that_was_reopened_had_booked_is_looked_at_again(officer, reviewer, admin_a):
    gift = factories.confirmed_donation(by=admin_a, received_on=date(2026, 8, 2))
    closings.close_month(by=officer, month=AUGUST)
    factories.confirmed_donation(by=admin_a, received_on=date(2026, 9, 2))
    closed = closings.close_month(by=officer, month=SEPTEMBER)
    assert not Touched.objects.filter(table=gift._meta.db_table).exists()
    closings.reopen_month(
        closings.ask_reopening(closed, by=officer, reason="漏了一笔捐款要补进去"), by=reviewer
    )
    assert read(Period.of("month", SEPTEMBER))["donations_confirmed_count"].month == 1


def test_before_the_first_closing_nothing_is_kept(officer, admin_a):
    factories.confirmed_donation(by=admin_a, received_on=date(2026, 8, 2))
    tasks.tidy()
    assert not Touched.objects.exists()
    closings.close_month(by=officer, month=AUGUST)
    factories.confirmed_donation(by=admin_a, received_on=date(2026, 8, 2))
    tasks.tidy()
    assert Touched.objects.filter(table="donations_donation", is_new=True).count() == 1


def _edit(chance) -> Counter:
    """One column of one row gets the value of another, a day near by, or half of what it was; what the database refuses is
    left as it was."""
    table, columns = chance.choice(sorted(touched.read_columns().items()))
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    rows = model._base_manager.order_by("pk")
    fields = [
        field for field in model._meta.concrete_fields if field.column in columns and not field.primary_key
    ]
    if not fields or not rows.exists():
        return Counter()
    row, field = chance.choice(rows), chance.choice(fields)
    old, value = getattr(row, field.attname), getattr(chance.choice(rows), field.attname)
    if isinstance(field, models.DateField) and old:
        value = old + timedelta(days=chance.choice([-40, -3, 3, 20]))
    elif isinstance(old, int) and not field.is_relation:
        value = old // 2
    if isinstance(field, models.ForeignKey):
        value = chance.choice(field.related_model._base_manager.order_by("pk")).pk
    if value == old:
        return Counter()
    try:
        with transaction.atomic():
            if table == "cases_hardship" and chance.random() < 0.3:
                row.delete()
            else:
                rows.filter(pk=row.pk).update(**{field.attname: value})
    except IntegrityError:
        return Counter()
    return Counter([(table, field.name)])


def _differing(scope) -> list[str]:
    told = read(Period.of("month", SEPTEMBER), scope)
    everything = read(Period.of("month", SEPTEMBER), scope, everything=True)
    return [code for code, figure in everything.items() if told[code] != figure]


def _columns(told, scope) -> dict:
    """What of each organisation is not nothing."""
    return {
        (code, organization): total
        for code, totals in told(SEPTEMBER.last, scope).items()
        for organization, total in totals.items()
        if total and organization
    }


def _behind(code):
    return behind(code, Period.of("month", SEPTEMBER), as_of=SEPTEMBER.last)


def _with_everything(ask, *args):
    """As after a migration, when anything may differ."""
    Touched.objects.note_everything()
    try:
        return ask(*args)
    finally:
        Touched.objects.filter(table="").delete()
