"""Two years of months closed one after the other, against a plain model fed by SQL; and a closed month under 200 later edits."""

import random
from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from django.db import connection
from django.db.models import F

from donations.models import Donation, Holding
from donations.services import corrections, gifts
from jinchuan.shared import guards
from jinchuan.shared.clock import SHANGHAI, now, today, travel
from jinchuan.shared.months import Month
from jinchuan.shared.tallies import Tallies
from organizations.enums import Role
from organizations.models import Organization, SupervisingUnit
from reports import closing_checks
from reports.breakdowns import by_organization
from reports.enums import ClosingState, EntryKind
from reports.indicators import Cuts, read_all, shown
from reports.ledger import columns, snapshots
from reports.ledger.seal import seal
from reports.ledger.totals import Line
from reports.ledger.touched import Watch
from reports.models import ClosedFigures, Closing, Entry
from reports.periods import Period
from reports.reading import behind, read
from reports.scopes import key_of
from reports.services import closings
from tests import factories
from volunteers.models import Activity, ServiceRecord
from volunteers.services import activities

pytestmark = pytest.mark.django_db

MONTHS = list(Month.range(Month(2023, 1), Month(2024, 12)))
GIFTS, SESSIONS = 14, 4
"""What begins in a month."""
WAIVED = dict.fromkeys(closing_checks.NAMES, "测试中带着未办事项定稿")


class Row(NamedTuple):
    """What counts, as plain SQL finds it. ``amount`` in the smallest unit; of a set ``pk`` is the thing."""

    source: str
    pk: int
    on: date
    amount: int
    path: str
    organization: int | None
    unit: int | None
    program: int | None


_WHOSE = "v.path, d.organization_id, o.supervising_unit_id, d.program_id"
_GIFTS = (
    "FROM donations_donation d JOIN organizations_division v ON v.id = d.division_id "
    "LEFT JOIN organizations_organization o ON o.id = d.organization_id"
)
_LINES = f"{_GIFTS} JOIN donations_donationline l ON l.donation_id = d.id"
_SERVICE = (
    "FROM volunteers_activity d JOIN organizations_organization o ON o.id = d.organization_id "
    "JOIN organizations_division v ON v.id = o.division_id"
)
_RECORDS = f"{_SERVICE} JOIN volunteers_servicerecord r ON r.activity_id = d.id AND r.state = 'confirmed'"


def _given(kinds):
    return (
        f"SELECT 'given', l.id, d.received_on, ROUND(l.value * 100), {_WHOSE} {_LINES} "
        f"WHERE d.state = 'confirmed' AND l.kind IN ({kinds}) AND l.value IS NOT NULL AND d.received_on < %s "
        f"UNION ALL SELECT 'corrected', a.id, a.adjusted_on, a.value, {_WHOSE} {_LINES} "
        "JOIN donations_lot t ON t.line_id = l.id JOIN donations_holding h ON h.lot_id = t.id "
        "JOIN donations_adjustment a ON a.holding_id = h.id WHERE a.state = 'approved' "
        f"AND d.state = 'confirmed' AND l.kind IN ({kinds}) AND a.adjusted_on < %s"
    )


_CONFIRMED_GIFTS = "WHERE d.state = 'confirmed' AND d.received_on < %s"
_HELD = "WHERE d.state = 'confirmed' AND d.held_on < %s"
SUMS = {
    "donations_cash": _given("'cash'"),
    "donations_goods": _given("'goods'"),
    "donations_total": _given("'cash', 'goods'"),
    "donations_confirmed_count": f"SELECT 'gift', d.id, d.received_on, 1, {_WHOSE} {_GIFTS} {_CONFIRMED_GIFTS}",
    "service_sessions": f"SELECT 'held', d.id, d.held_on, 1, {_WHOSE} {_SERVICE} {_HELD}",
    "service_person_times": f"SELECT 'served', r.id, d.held_on, 1, {_WHOSE} {_RECORDS} {_HELD}",
    "service_hours": f"SELECT 'served', r.id, d.held_on, r.minutes, {_WHOSE} {_RECORDS} {_HELD}",
}
SETS = {
    "donor_individuals": (
        f"SELECT '', d.donor_id, d.received_on, 1, {_WHOSE} {_GIFTS} "
        f"JOIN donations_donor g ON g.id = d.donor_id AND g.kind = 'individual' {_CONFIRMED_GIFTS}"
    ),
    "volunteers_active": f"SELECT '', r.volunteer_id, d.held_on, 1, {_WHOSE} {_RECORDS} {_HELD}",
}


def _asked(sql, end) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [end.isoformat()] * sql.count("%s"))
        return [
            Row(source, pk, date.fromisoformat(str(on)), int(amount), *whose)
            for source, pk, on, amount, *whose in cursor.fetchall()
        ]


def _is_of(scope, row) -> bool:
    match key_of(scope).partition(":")[0]:
        case "":
            return True
        case "division":
            return row.path.startswith(scope.path)
        case whose:
            return getattr(row, whose) == scope.pk


class Model:
    """The ledger as one would keep it by hand: what was booked of each row, and what each line of each scope came to."""

    def __init__(self, scopes):
        self.scopes, self.lines = scopes, defaultdict(lambda: [0] * 4)
        self.booked, self.known = defaultdict(dict), set()
        self.sets = defaultdict(set)
        self.seen = Counter()

    def close(self, month, *, is_opening) -> dict:
        """(scope, code) → previous, month, late, correction, cumulative, in the smallest unit."""
        for line in self.lines.values():
            line[:] = [line[0] + line[1] + line[3], 0, 0, 0]
        self.first, self.is_opening = month.first, is_opening
        for code, sql in SUMS.items():
            self._sums(code, {row[:2]: row for row in _asked(sql, month.end)})
        for code, sql in SETS.items():
            self._sets(code, _asked(sql, month.end))
        return {
            (key_of(scope), code): [*line, line[0] + line[1] + line[3]]
            for scope in self.scopes
            for code in (*SUMS, *SETS)
            for line in [self.lines[key_of(scope), code]]
        }

    def _kind(self, on, known) -> str:
        if on >= self.first:
            return EntryKind.NEW
        if self.is_opening:
            return EntryKind.OPENING
        return EntryKind.CORRECTION if known else EntryKind.LATE

    def _add(self, scope, code, kind, amount):
        previous, month, late, correction = self.lines[key_of(scope), code]
        self.lines[key_of(scope), code][:] = {
            EntryKind.OPENING: [previous + amount, month, late, correction],
            EntryKind.NEW: [previous, month + amount, late, correction],
            EntryKind.LATE: [previous, month + amount, late + amount, correction],
            EntryKind.CORRECTION: [previous, month, late, correction + amount],
        }[kind]
        self.seen[kind] += 1

    def _sums(self, code, rows):
        booked = self.booked[code]
        for key in rows.keys() | booked.keys():
            old, new = booked.get(key), rows.get(key)
            changes = [] if old == new else [(old, -1, True), (new, 1, (code, key) in self.known)]
            for row, sign, known in changes:
                for scope in self.scopes if row else ():
                    if _is_of(scope, row):
                        self._add(scope, code, self._kind(row.on, known), sign * row.amount)
        self.known |= {(code, key) for key in rows}
        self.booked[code] = rows

    def _sets(self, code, rows):
        for scope in self.scopes:
            first_days = _first_days((row.pk, row.on) for row in rows if _is_of(scope, row))
            was, now = self.sets[key_of(scope), code], set(first_days)
            for _ in was - now:
                self._add(scope, code, EntryKind.CORRECTION, -1)
            for thing in now - was:
                on = first_days[thing]
                self._add(scope, code, self._kind(on, (code, thing, on) in self.known), 1)
            self.sets[key_of(scope), code] = now
        self.known |= {
            (code, thing, on) for (thing, *_), on in _first_days(((r.pk, *r[4:]), r.on) for r in rows).items()
        }


def _first_days(days) -> dict:
    found = {}
    for what, on in days:
        found[what] = min(on, found.get(what, on))
    return found


class Town:
    """The bureau, two organisations and a programme. What begins in a month has its fate drawn at once."""

    def __init__(self, chance, organizations, program):
        self.chance, self.organizations, self.program = chance, organizations, program
        self.second = factories.user(Role.REVIEWER)
        self.donors = [factories.individual_donor() for _ in range(60)]
        self.volunteers = {
            one: [factories.volunteer(one, joined_on=date(2022, 1, 1)) for _ in range(8)]
            for one in organizations
        }
        self.places = [factories.home(), *map(factories.division, (factories.STREET_A, factories.STREET_B))]
        self.waiting, self.fates = [], Counter()

    def live(self, month):
        """Everything up to the moment at which the next month begins, in the order of the clock."""
        self.month = month
        starts = [(self._instant(), begin) for begin in [self.gift] * GIFTS + [self.session] * SESSIONS]
        if month == Month(2024, 2):
            leap_day = datetime(2024, 2, 29, 12, tzinfo=SHANGHAI)
            starts += [(leap_day, lambda: self.gift(today())), (leap_day, lambda: self.session(today()))]
        for at, begin in starts:
            self.waiting.append((at, len(self.waiting), begin))
        ends = datetime.combine(month.end, time(), SHANGHAI)
        while due := [one for one in self.waiting if one[0] <= ends]:
            first = min(due, key=lambda one: one[:2])
            self.waiting.remove(first)
            with travel(first[0]):
                first[2]()

    def _instant(self):
        """Some time of the month; one in three its last second, or the instant at which the next begins."""
        ends = datetime.combine(self.month.end, time(), SHANGHAI)
        some = datetime.combine(self.month.first, time(8), SHANGHAI) + timedelta(
            hours=self.chance.randrange(600)
        )
        return self.chance.choice([ends, ends - timedelta(seconds=1), some, some, some, some])

    def _later(self, days, name, act):
        """So many days on, at this very time of day; what lies after the two years never happens."""
        self.fates[name] += 1
        if days:
            self.waiting.append((now() + timedelta(days=days), 10**6 + self.fates.total(), act))
        else:
            act()

    def _happened(self):
        """Today, or a day of the last five months."""
        return today() - timedelta(days=self.chance.randrange(self.chance.choice([1, 1, 1, 30, 150])))

    def _has_fate(self, confirm, *fates):
        def confirmed():
            confirm()
            fate = self.chance.choice([None, *fates])
            if fate:
                self._later(self.chance.randrange(120), fate.__name__, fate)

        waits = self.chance.choice([0, 0, 0, 20, 70])
        self._later(waits, "confirmed_late" if waits else "confirmed", confirmed)

    def gift(self, on=None):
        chance, organization = self.chance, self.chance.choice([None, *self.organizations])
        by = factories.admin_of(organization) if organization else factories.officer()
        value = str(Decimal(chance.randrange(200, 10**7)) / 100)
        told = {} if organization else {"donor": chance.choice(self.donors)}
        if chance.random() < 0.2:
            told |= {"restriction": "program", "program": self.program}
        lines = [[factories.cash(value)]] * 2 + [[factories.goods(value=value)]]
        row = factories.submitted_donation(
            by=by, received_on=on or self._happened(), lines=chance.choice(lines), **told
        )
        confirmer = factories.officer() if organization else factories.reviewer()
        rows = Donation.objects.filter(pk=row.pk)

        def void():
            gifts.void_donation(rows.get(), by=self.second, reason="与另一笔重复登记")

        def adjust():
            source = Holding.objects.select_related("lot").get(lot__line__donation=row)
            less = Decimal(-chance.randrange(1, 100)) / 100
            one = corrections.propose_adjustment(
                source,
                by=factories.officer(),
                reason="录入时多写了",
                adjusted_on=self._happened(),
                **{"amount" if source.lot.is_cash else "value": less},
            )
            corrections.decide_adjustment(one, by=self.second, approve=True)

        def move_in_date():
            rows.update(received_on=self._happened())

        def move_in_place():
            rows.update(division=chance.choice(self.places))

        self._has_fate(
            lambda: gifts.confirm_donation(row, by=confirmer), void, adjust, move_in_date, move_in_place
        )

    def session(self, on=None):
        organization = self.chance.choice(self.organizations)
        people = self.chance.sample(self.volunteers[organization], self.chance.randrange(1, 4))
        row = factories.submitted_activity(
            organization,
            held_on=on or self._happened(),
            services=[factories.service(one, time(1), time(1, 30)) for one in people],
            program=self.chance.choice([None, self.program]),
        )
        rows = Activity.objects.filter(pk=row.pk)

        def void():
            activities.void_activity(rows.get(), by=self.second, reason="这一场没有举办")

        def adjust():
            ServiceRecord.objects.filter(activity=row).update(minutes=self.chance.randrange(1, 30))

        def move_in_date():
            rows.update(held_on=self._happened())

        self._has_fate(
            lambda: activities.confirm_activity(row, by=factories.officer()), void, adjust, move_in_date
        )


@pytest.fixture
def no_guards(db):
    """Whoever edits past the services, and past what the database refuses: the ledger must bear it all the same."""
    for guard in guards.registered():
        if not isinstance(guard, Watch | Tallies):
            guard.remove(connection)
    yield
    guards.install(guards.registered())


def kept_lines(month, scopes) -> dict:
    """What was kept at the closing, as the model tells it; a line that is zero throughout is left out there."""
    rows = ClosedFigures.objects.filter(closing__month=str(month))
    found = {row.scope: snapshots.lines_of(row) for row in rows}
    lines = {}
    for scope in scopes:
        for code in (*SUMS, *SETS):
            line = found.get(key_of(scope), {}).get(code, {}).get("", Line())
            lines[key_of(scope), code] = [
                line.previous,
                line.month,
                line.late,
                line.correction,
                line.cumulative,
            ]
    return lines


def test_every_line_of_two_years_is_what_a_plain_model_says(officer, reviewer, org_a, org_b, no_guards):
    """Some 450 gifts and sessions, of the first instant and the last second of months, of a leap day, confirmed late, voided,
    adjusted, moved in date and place; an organisation moves, and its supervising unit changes."""
    chance = random.Random(20240229)
    units = [SupervisingUnit.objects.create(name=name) for name in ("金川区教育局", "金川区卫生健康局")]
    program = factories.program()
    town = Town(chance, [org_a, org_b], program)
    scopes = [None, *town.places, org_a, org_b, *units, program]
    model, compared = Model(scopes), 0
    for number, month in enumerate(MONTHS):
        town.live(month)
        if number in (3, 9, 15):
            Organization.objects.filter(pk=org_a.pk).update(supervising_unit=units[number // 3 % 2])
        if number == 12:
            Organization.objects.filter(pk=org_b.pk).update(division=town.places[1])
        scope = chance.choice(scopes)
        with travel(datetime.combine(month.end, time(), SHANGHAI)):
            running = read(Period.of("month", month), scope)
            closings.close_month(by=officer, month=month, reasons=WAIVED)
        expected = model.close(month, is_opening=number == 0)
        assert kept_lines(month, scopes) == expected, month
        compared += len(expected)
        closed = read(Period.of("month", month), scope)
        if number:
            assert closed == running, (month, scope)
        assert _recounted(month, scope) == [], (month, scope)
        lines, _ = behind("donations_cash", Period.of("month", month), as_of=month.last)
        _, new, _, correction, _ = expected["", "donations_cash"]
        assert sum(line.amount for line in lines) == new + correction
    assert town.fates["confirmed"] + town.fates["confirmed_late"] >= 400
    assert compared == len(MONTHS) * len(scopes) * len(SUMS | SETS)
    assert Donation.objects.filter(received_on=date(2024, 2, 29)).exists()
    for fate in ("confirmed_late", "void", "adjust", "move_in_date", "move_in_place"):
        assert town.fates[fate] >= 15, fate
    for kind in EntryKind:
        assert model.seen[kind] >= 15, kind
    for scope in (None, *town.places, *units):
        assert _columns(scope) == _columns_by_hand(scope), scope
    _the_comparison_can_fail(expected, scopes)


def _columns(scope) -> dict:
    """The table of organisations at the end of the two years: what of each is not nothing."""
    return {
        (organization.pk, code): value * 100 if "donations" in code else value
        for organization, totals in by_organization(MONTHS[-1].last, scope)
        for code, value in totals.items()
        if value and code in SUMS
    }


def _columns_by_hand(scope) -> dict:
    found = Counter()
    for code in SUMS.keys() & set(columns.CODES):
        for row in _asked(SUMS[code], MONTHS[-1].end):
            if row.organization and _is_of(scope, row):
                found[row.organization, code] += row.amount
    return dict(found)


def _recounted(month, scope) -> list[str]:
    """Figures, and parts of figures, that do not end where a recount by the ORM ends."""
    period = Period.of("month", month)
    told, counted = read(period, scope), read_all(Cuts.of(period, period.last), scope)
    differing = []
    for code, figure in counted.items():
        pairs = [("", told[code], figure)]
        pairs += [(name, told[code].by_category[name], part) for name, part in figure.by_category.items()]
        for split, parts in figure.by.items():
            nothing = [
                part for part, one in told[code].by[split].items() if one.cumulative and part not in parts
            ]
            differing += [f"{code} {split}:{part} told alone" for part in nothing]
            pairs += [(f"{split}:{part}", told[code].by[split].get(part), one) for part, one in parts.items()]
        differing += [
            f"{code} {part}: {one} counted {other.cumulative}"
            for part, one, other in pairs
            if (one.cumulative if one else 0) != other.cumulative
        ]
    return differing


def _the_comparison_can_fail(expected, scopes):
    """The last month added up anew from its lines is the same; with a single line in the wrong column it is not."""
    closing, before = Closing.objects.order_by("-month")[:2]
    assert seal(closing) == closing.sha256
    Closing.objects.filter(pk=closing.pk).update(
        state=ClosingState.CLOSING, closed_at=None, closed_by=None, sha256=""
    )
    for wrong in (False, True):
        if wrong:
            late = Entry.objects.filter(closing=closing, kind=EntryKind.LATE, indicator="donations_cash")
            late.filter(pk=late.first().pk).update(kind=EntryKind.CORRECTION)
        closing.figures.all().delete()
        snapshots.take(closing, before)
        assert (kept_lines(MONTHS[-1], scopes) == expected) is not wrong
        assert (seal(closing) == closing.sha256) is not wrong


def test_a_closed_month_stands_under_two_hundred_edits(officer, reviewer, admin_a, no_guards):
    """Whatever is written to the rows behind it; the next month tells what differs, and a recount agrees with it."""
    chance = random.Random(37)
    for day in range(1, 21):
        factories.confirmed_donation(
            by=admin_a, received_on=date(2026, 9, day), lines=[factories.cash(str(day * 100))]
        )
    closed = closings.close_month(by=officer, month=Month(2026, 9))
    before = _cash_of(closed.period)
    places = [factories.home(), *map(factories.division, (factories.STREET_A, factories.STREET_B))]
    keys = list(Donation.objects.values_list("pk", flat=True))
    moved = Counter()
    for _ in range(200):
        edit = chance.choice(
            [
                {"division": chance.choice(places)},
                {"received_on": date(2026, chance.choice([7, 8, 9, 10]), chance.randrange(1, 29))},
            ]
        )
        moved[next(iter(edit))] += Donation.objects.filter(pk=chance.choice(keys)).update(**edit)
    assert min(moved["division"], moved["received_on"]) > 50
    assert seal(closed) == closed.sha256
    assert _cash_of(closed.period) == before
    for scope in (None, *places):
        assert _adds_up(Month(2026, 10), scope)
    closings.close_month(by=officer, month=Month(2026, 10), reasons=WAIVED)
    for scope in (None, *places):
        assert _adds_up(Month(2026, 10), scope)
    assert seal(closed) == closed.sha256
    closed.entries.filter(pk=closed.entries.first().pk).update(amount=F("amount") + 1)
    assert seal(closed) != closed.sha256


def _cash_of(month):
    return shown(read(Period.of("month", month))["donations_cash"])


def _adds_up(month, scope) -> bool:
    """The month begins where the one before ended, and ends where a recount ends."""
    period = Period.of("month", month)
    now, then = read(period, scope), read(period.previous, scope)
    return _recounted(month, scope) == [] and all(
        figure.previous == then[code].cumulative
        and figure.previous + figure.month + figure.correction == figure.cumulative
        for code, figure in now.items()
    )
