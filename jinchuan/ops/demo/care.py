"""Visits and contacts of the demo district, what was settled on them, the year's care plans, and the duties met by them."""

from datetime import date, timedelta

from cases.enums import HouseholdState, VisitChannel, VisitKind
from cases.management.commands.load_standards import STANDARDS
from cases.models import CarePlan, Household, Obligation, Pairing
from cases.services import obligations, plans, standards
from cases.services import visits as visiting
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month

from . import care_words as words
from .district import FOUNDED
from .timeline import workday

HOME, CONTACT = VisitKind.HOME_VISIT, VisitKind.CONTACT

# What an organisation does in which month: one half of them in the first, the other half in the second.
_YEAR = {
    (1, 2): HOME,  # before the Spring Festival
    (4, 3): CONTACT,
    (5, 6): CONTACT,
    (8, 7): CONTACT,
    (9, 10): HOME,  # Mid-Autumn
    (12, 11): HOME,  # before the cold
    (11, 12): CONTACT,
}
_DUTY_FROM = Month(2023, 7)
# How many of these were left out before this year.
_SELDOM = {HOME: 0.25, CONTACT: 0.6}
# Those that went late last autumn: what they sent in still waits, and so their duty is overdue.
LATE = ("金川区太极拳运动协会", "金川区书香阅读推广协会", "金川区启明职业技能培训学校")


def plan(district):
    on = district.timeline.on
    on(FOUNDED, _enter_standard, at="11:00")
    for month in Month.range(_DUTY_FROM, Month.of(district.until)):
        on(month.first, _plan_month, district, month, at="00:22")
        on(month.first, obligations.run_night, at="02:50")
    _plan_plans(district)
    autumn = date(district.until.year, 10, 11)
    if autumn < district.until:
        for place, name in enumerate(LATE):
            on(
                autumn + timedelta(days=place),
                visit,
                district,
                name,
                HOME,
                "late",
                at="17:40",
                afterwards=None,
            )
    on(date(2024, 3, 20), _waive, district, at="16:20")


def _enter_standard():
    with STANDARDS.open(encoding="utf-8") as source:
        standards.load_standards(source, effective_from=date(FOUNDED.year, 1, 1))


# Visits ------------------------------------------------------------------------------------------------------


def _plan_month(district, month):
    """Everybody who looks after somebody by now. This year one in ten does not get round to it; in the years before the
    standard was taken to heart far more, and of calls by telephone most."""
    helpers = Pairing.objects.active().order_by("organization").values_list("organization__name", flat=True)
    for name in helpers.distinct():
        half = district.rng(f"half:{name}").randrange(2)
        rng = district.rng(f"visits:{month}:{name}")
        for months, kind in _YEAR.items():
            seldom = _SELDOM[kind] if month.year < district.until.year else 0.1
            if month.month != months[half] or rng.random() < seldom or _is_late(district, name, month):
                continue
            day = month.first + timedelta(days=rng.randrange(month.last.day))
            at = f"{rng.randint(15, 20)}:{rng.randint(0, 59):02d}"
            district.timeline.on(day, visit, district, name, kind, str(month), at=at)


def _is_late(district, name, month) -> bool:
    autumn = date(district.until.year, 10, 11)
    return name in LATE and month.year == autumn.year and autumn < district.until and month.month in (9, 10)


def confirm_later(district, logged, rng):
    """Most are confirmed within days; now and then one comes back and is sent again."""
    on, day = district.timeline.on, workday(today() + timedelta(days=rng.choice((1, 1, 2, 3))))
    if rng.random() < 0.04:
        on(day, send_back, district, logged, rng.choice(words.RETURNS), at="11:40")
        on(workday(day + timedelta(days=2)), _send_again, district, logged, at="18:20")
    else:
        on(day, confirm, district, logged, at=f"{9 + day.day % 8:02d}:55")


def visit(district, name, kind, turn, *, visited_on=None, afterwards=confirm_later):
    """The organisation calls on its households, all of them at once or the one whose turn it is."""
    rng = district.rng(f"visit:{name}:{kind}:{turn}")
    day = visited_on or today()
    spells = Pairing.objects.active().open_on(day).filter(organization__name=name)
    pairings = list(spells.select_related("organization", "household").order_by("pk"))
    if not pairings:
        return None
    if len(pairings) > 1 and rng.random() < 0.2:
        pairings = [rng.choice(pairings)]
    reached = [pairing.household for pairing in pairings[:6]]
    by, visitors = _visitors(district, pairings[0], rng)
    logged = visiting.log_visit(
        by=by,
        organization=pairings[0].organization,
        households=reached,
        visited_on=day,
        visitors=visitors,
        **_found(kind, rng),
        matters=_settled(kind, reached, rng),
        next_on=visiting.next_visit_on(day),
    )
    if afterwards:
        afterwards(district, logged, rng)
    return logged


def _visitors(district, pairing, rng):
    """Somebody of the organisation with volunteers; for a lead its cadre, written down by the bureau."""
    name = pairing.organization.name
    users = district.organization_users.get(name)
    if not users:
        return district.staff["officer"], pairing.liaison_name
    team = district.volunteers[name]
    return rng.choice(users), "、".join(person.name for person in rng.sample(team, min(2, len(team))))


def _found(kind, rng) -> dict:
    """What was seen or heard; once in twenty nobody was there."""
    home = kind == HOME
    channel = VisitChannel.IN_PERSON if home else rng.choice(words.CHANNELS)
    facts = {"kind": kind, "channel": channel}
    if rng.random() < 0.05:
        return facts | {
            "was_made": False,
            "notes": rng.choice(words.MISSED_AT_HOME if home else words.MISSED_ON_PHONE),
        }
    if home:
        condition, met, notes = rng.choice(words.SEEN)
        return facts | {"condition": condition, "people_met": met, "notes": notes}
    condition, notes = rng.choice(words.HEARD)
    return facts | {"condition": condition, "notes": notes}


def _settled(kind, households, rng) -> list:
    """Something is settled on every third visit, seldom on the telephone."""
    if rng.random() > (0.4 if kind == HOME else 0.06):
        return []
    matter, description = rng.choice(words.SETTLED)
    return [visiting.Settled(kind=matter, description=description, household=rng.choice(households))]


def confirm(district, logged):
    visiting.confirm_visit(logged, by=confirmer_of(district, logged))


def send_back(district, logged, reason):
    visiting.return_visit(logged, by=confirmer_of(district, logged), reason=reason)


def confirmer_of(district, logged):
    """The officer; the reviewer for what the officer wrote down."""
    officer = district.staff["officer"]
    return district.staff["reviewer"] if logged.submitted_by == officer else officer


def _send_again(district, logged):
    reached = [row.household for row in logged.visited.select_related("household")]
    matters = [
        visiting.Settled(one.kind, one.description, one.household, code=one.code)
        for one in logged.matters.returned().select_related("household")
    ]
    again = visiting.correct_visit(
        logged,
        by=logged.submitted_by,
        households=reached,
        matters=matters,
        notes=f"{logged.notes}已按要求补充核实。",
    )
    district.timeline.on(workday(today() + timedelta(days=1)), confirm, district, again, at="09:20")


def _waive(district):
    """One duty of last year is let off: its household was away."""
    missed = Obligation.objects.filter(state="missed").order_by("pk").first()
    if missed:
        obligations.waive_obligation(
            missed, by=district.staff["reviewer"], reason="关爱户去外地子女家过冬，三个月不在家。"
        )


# Plans -------------------------------------------------------------------------------------------------------


def _plan_plans(district):
    """Four of five paired households have a plan for this year, every third of them was looked at in July."""
    year = district.until.year
    for number in range(130):
        if number % 5 == 3:
            continue
        day = workday(date(year, 1, 8) + timedelta(days=number // 2))
        district.timeline.on(day, _draw_up, district, number, year, at=f"{14 + number % 3}:10")
        if number % 3 == 0:
            day = workday(date(year, 7, 6) + timedelta(days=number // 6))
            district.timeline.on(day, _look_at, district, number, year, at="10:40")


def _draw_up(district, number, year):
    household = district.households.get(number)
    if household is None:
        return
    household = Household.objects.select_related("community__parent").get(pk=household.pk)
    if household.state == HouseholdState.ACTIVE:
        plans.draw_plan(
            by=district.worker_of(household.community),
            household=household,
            year=year,
            goals=words.GOALS[number % len(words.GOALS)],
            measures=words.MEASURES[number % len(words.MEASURES)],
            drawn_on=today(),
        )


def _look_at(district, number, year):
    household = district.households.get(number)
    plan = household and CarePlan.objects.filter(household=household, year=year).first()
    if plan:
        plans.update_plan(
            plan,
            by=district.staff["officer"],
            reviewed_on=today(),
            review=words.REVIEWS[number % len(words.REVIEWS)],
        )
