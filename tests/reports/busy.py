"""A September in which something happened under every indicator, after an August in which something had."""

from datetime import date

from cases.services import needs
from donations.enums import DonorKind, Signing
from donations.services import corrections, distributions
from organizations.enums import OrganizationKind
from tests import factories, factories_book
from tests import factories_duties as duties
from tests import factories_mobilizing as moving
from tests import factories_stories as telling

JUNE, AUGUST, SEPTEMBER = date(2026, 6, 2), date(2026, 8, 5), date(2026, 9, 12)


def months(street_a, street_b):
    """Two streets; in each an organisation that helps a household of it. Gives the two organisations."""
    found = [_side(factories.division(code)) for code in (street_a, street_b)]
    _duties(found[0])
    with duties.at(SEPTEMBER):
        factories.active_pairing()  # an organisation that takes part for the first time
        moving.held_meeting()
        enterprise = factories.approved_organization(kind=OrganizationKind.ENTERPRISE)
        factories.confirmed_donation(by=factories.admin_of(enterprise), received_on=SEPTEMBER)
        telling.published(organization=found[0], happened_on=AUGUST)
    return found


def _side(community):
    with duties.at(JUNE):
        organization = factories.approved_organization(division=community.parent)
    by = factories.admin_of(organization)
    for day in (AUGUST, SEPTEMBER):
        with duties.at(date(day.year, day.month, 1)):
            household = factories.verified_household(community=community)
        with duties.at(day):
            pairing = factories.active_pairing(household, organization)
            source = factories_book.holding("1000", by=by, received_on=day)
            program = factories.program(lead_organization=organization)
            factories.confirmed_activity(
                organization, by=by, held_on=day, program=program, parties=["social_org", "volunteer"]
            )
            donor = factories.individual_donor(by=by, kind=DonorKind.INDIVIDUAL)
            factories.confirmed_donation(
                by=by, donor=donor, household=household, lines=[factories.goods()], received_on=day
            )
            factories_book.pledged_donation(by=by, pledged_on=day)
        for kind in ("contact", "home_visit"):
            duties.confirmed_visit(pairing, day, kind)
        for kind in ("policy_delivered", "difficulty_solved", "deed_done"):
            duties.confirmed_matter(household, day, kind)
        need = duties.need(household, day)
        with duties.at(day, hour=16):
            needs.meet_need(need, by=factories.officer(), met_by="SX-2026-0001")
    with duties.at(SEPTEMBER):
        _use(source, household, program, SEPTEMBER)
        row = factories_book.adjustment(source, amount="-50", adjusted_on=SEPTEMBER)
        corrections.decide_adjustment(row, by=factories_book.second_reviewer(), approve=True)
    return organization


def _use(source, household, program, day):
    row = factories_book.approved(source, "200", household=household)
    line = factories_book.sent_out(row).lines.get()
    factories_book.delivered(line, delivered_on=day)
    distributions.hand_over(
        factories_book.approved(source, "100", program=program),
        by=factories.officer(),
        delivered_on=day,
        signing=Signing.PROXY,
        venue="学校",
        people="李芳",
        recipient="30 名学生",
    )


def _duties(organization):
    """Two calls were due in August and only one was made, so one is missed in September; another is met in time."""
    duties.standard(duties.rule("home_visit", times=2, season=((8, 1), (8, 31))), effective_from=JUNE)
    duties.standard(duties.rule("home_visit", season=((9, 1), (9, 30))), effective_from=date(2026, 9, 1))
    pairing = duties.pairing(JUNE, organization=organization)
    duties.confirmed_visit(pairing, date(2026, 8, 20), "home_visit")
    duties.night(date(2026, 9, 16))
    duties.confirmed_visit(pairing, date(2026, 9, 20), "home_visit")
    duties.night(date(2026, 9, 21))
