"""Whole months by situation, lived through the services and closed: what a paper may have to tell of.

Everything that is printed has a name of its own, so that the same month always reads the same.
"""

from datetime import date, timedelta
from types import SimpleNamespace

from donations.services import gifts
from organizations.models import Organization
from reports import closing_checks
from reports.periods import Period
from reports.services import closings
from tests import factories
from tests import factories_duties as duties
from tests.situations import judged_by_the_database
from volunteers.services import activities

AUGUST, SEPTEMBER = Period.read("2026-08"), Period.read("2026-09")
WAIVED = dict.fromkeys(closing_checks.NAMES, "测试里不用办理")
LONG_NAME = "金川区困难重度残疾人家庭与事实无人抚养儿童关爱帮扶社会工作综合服务中心"
RARE_NAMES = ("金川区䶮垚助老服务队", "金川区翀喆芃爱心协会", "金川区𬱖㛃读书会")
TEN_DIGITS = "1234567890.12"


def empty():
    """Nothing has happened yet, and nobody takes part."""
    factories.home()
    _close(SEPTEMBER)


def first():
    """The first month in which anything happened: one of each."""
    factories.home()
    _month(date(2026, 9, 8), ["金川区甲爱心协会"], gift="300.00")
    _close(SEPTEMBER)


def normal():
    """More than in the month before; a gift came late, and a session was logged twice."""
    names = ["金川区甲爱心协会", "金川区乙志愿服务队"]
    before = _month(date(2026, 8, 6), names, gift="36000.00")
    _close(AUGUST)
    with duties.at(date(2026, 9, 3)):
        donor = factories.individual_donor()
        factories.confirmed_donation(donor=donor, received_on=date(2026, 8, 30), lines=[factories.goods()])
        activities.void_activity(before.sessions[0], by=factories.reviewer(), reason="与另一场重复登记")
    _month(date(2026, 9, 8), [*names, "金川区丙读书会"], gift="52380.50")
    _close(SEPTEMBER)


def falling():
    """Less of everything than in the month before, and a gift of it turned out to be none."""
    names = ["金川区甲爱心协会", "金川区乙志愿服务队", "金川区丙读书会"]
    before = _month(date(2026, 8, 6), names, gift="52380.50")
    _close(AUGUST)
    with duties.at(date(2026, 9, 3)):
        gifts.void_donation(before.donations[0], by=factories.user("reviewer"), reason="与另一笔捐赠重复登记")
    _month(date(2026, 9, 8), names[:1], gift="800.00", served=1)
    _close(SEPTEMBER)


def huge():
    """Hundreds of organisations, one with a very long name, some with rare characters, sums of ten digits, and twenty gifts each that
    came late and that were put right."""
    _many_organizations(240)
    _month(date(2026, 8, 6), [LONG_NAME], gift=TEN_DIGITS)
    with duties.at(date(2026, 8, 20)):
        wrong = [_gift(None, f"{1000 + n}.10", date(2026, 8, 20)) for n in range(20)]
    _close(AUGUST)
    with duties.at(date(2026, 9, 4)):
        second = factories.user("reviewer")
        for donation in wrong:
            gifts.void_donation(donation, by=second, reason="与另一笔捐赠重复登记")
        for n in range(20):
            _gift(None, f"{98765 + n}.43", date(2026, 8, 25))
    _month(date(2026, 9, 8), RARE_NAMES, gift="987654321.98")
    _close(SEPTEMBER)


def _month(day, names, *, gift, served=2):
    """On one day each of the organisations finds a household, gives, and serves."""
    made = SimpleNamespace(donations=[], sessions=[])
    with duties.at(day):
        for name in names:
            organization = Organization.objects.filter(name=name).first()
            organization = organization or factories.approved_organization(name=name)
            factories.active_pairing(organization=organization)
            by = factories.admin_of(organization)
            made.donations.append(_gift(by, gift, day))
            made.sessions.append(_session(by, organization, day, served))
    for organization in Organization.objects.filter(name__in=names).order_by("code"):
        pairing = organization.pairings.order_by("pk").last()
        duties.confirmed_visit(pairing, day + timedelta(days=2))
        duties.confirmed_visit(pairing, day + timedelta(days=3), "home_visit")
    return made


def _gift(by, value, day):
    return factories.confirmed_donation(by=by, received_on=day, lines=[factories.cash(value)])


def _session(by, organization, day, served):
    services = [factories.service(factories.volunteer(organization, by=by)) for _ in range(served)]
    return factories.confirmed_activity(organization, by=by, held_on=day, services=services)


def _many_organizations(count):
    """Rows of a table and nothing more: through the services each would be an account, a state and ten lines of the log."""
    home = factories.home()
    with duties.at(date(2026, 8, 1)):
        model = factories.approved_organization(name="金川区第001号爱心协会")
    columns = {
        column.attname: getattr(model, column.attname)
        for column in Organization._meta.concrete_fields
        if column.attname not in ("id", "code", "name", "uscc", "division_id")
    }
    Organization.objects.bulk_create(
        Organization(
            **columns,
            code=f"{model.code[:-4]}{number + 4000}",
            name=f"金川区第{number:03}号爱心协会",
            uscc=factories.credit_code(),
            division=home,
        )
        for number in range(2, count + 1)
    )


def _close(period):
    with duties.at(period.end):
        closings.close_month(by=factories.officer(), month=period.closing, reasons=WAIVED)


judged_by_the_database(globals())
