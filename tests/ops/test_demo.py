"""The demo district: the published figures, nobody real, the same every time. Seeded short, once for this module."""

import json
import random
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum

from cases.enums import PairingRole, PairingState
from cases.models import (
    CareNeed,
    CarePlan,
    Claim,
    Household,
    Matter,
    Member,
    Obligation,
    Pairing,
    ServiceStandard,
    StudentAid,
    Visit,
    VisitHousehold,
)
from donations.enums import DistributionKind, LineKind, Route
from donations.models import Allocation, DistributionLine, Donation, DonationLine, Donor, Holding, Movement
from jinchuan.audit.models import AuditEvent
from jinchuan.ops import consistency, demo
from jinchuan.ops.demo.names import People, credit_code
from jinchuan.shared import clock
from jinchuan.shared.identity import CitizenId, CreditCode
from organizations.enums import SOCIAL_ORGANIZATION_KINDS, Role
from organizations.models import Mobilization, MobilizationInvitation, Organization, User
from volunteers.models import Activity, Certificate, ServiceRecord, Volunteer

PUBLISHED, MONTH_END = date(2023, 9, 13), date(2023, 9, 30)


def history():
    """The log up to the note that the demo was loaded, which alone carries today's date."""
    loaded = AuditEvent.objects.get(action="seed_demo")
    return AuditEvent.objects.filter(pk__lt=loaded.pk)


def everything() -> list:
    """What a reader could tell apart; ciphertexts and password hashes differ each time, and mean the same."""
    rows = [
        Organization.objects.values_list(
            "code", "name", "uscc", "responsible_person", "state", "approved_at"
        ),
        Household.objects.values_list(
            "code", "community__code", "address", "phone", "state", "registered_on"
        ),
        Member.objects.values_list("household__code", "name", "id_number", "birth_date"),
        Pairing.objects.values_list("code", "household__code", "organization__code", "state", "started_on"),
        Donor.objects.values_list("name", "kind", "agrees_to_be_named"),
        Donation.objects.values_list("code", "donor__name", "route", "received_on", "state", "note"),
        DonationLine.objects.values_list("donation__code", "kind", "item", "quantity", "value"),
        Allocation.objects.values_list("code", "holding__lot__code", "household__code", "amount", "state"),
        DistributionLine.objects.values_list("distribution__code", "number", "amount", "value", "state"),
        Movement.objects.values_list("holding__lot__code", "kind", "amount", "on", "cause"),
        Volunteer.objects.values_list("name", "phone", "document_number", "national_number", "skills"),
        Activity.objects.values_list("code", "title", "organization__code", "held_on", "state"),
        ServiceRecord.objects.values_list("activity__code", "volunteer__name", "started_at", "minutes"),
        Certificate.objects.values_list("number", "issuer__code", "volunteer__name", "minutes", "state"),
        Visit.objects.values_list("code", "organization__code", "kind", "visited_on", "notes", "state"),
        VisitHousehold.objects.values_list("visit__code", "household__code", "pairing__code"),
        Matter.objects.values_list("code", "household__code", "kind", "description", "state"),
        CareNeed.objects.values_list("code", "household__code", "public_words", "open_quantity", "state"),
        Claim.objects.values_list("code", "organization__code", "quantity", "hold_until", "state"),
        CarePlan.objects.values_list("household__code", "year", "goals"),
        Obligation.objects.values_list("pairing__code", "window_start", "ordinal", "state", "met_by__code"),
        Mobilization.objects.values_list("code", "kind", "title", "held_on", "state"),
        MobilizationInvitation.objects.values_list(
            "mobilization__code", "organization__code", "answer", "words", "answered_at", "attended"
        ),
        StudentAid.objects.values_list("code", "member__name", "school_year", "stage", "state"),
        history().values_list("at", "action", "actor", "target_type", "reason"),
    ]
    return [sorted(map(repr, query.order_by("pk"))) for query in rows]


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The district up to the end of September 2023, twice: what the first time gave, and the second to look at."""
    with django_db_blocker.unblock(), transaction.atomic():
        with transaction.atomic():
            demo.seed(MONTH_END)
            first = everything()
            transaction.set_rollback(True)
        demo.seed(MONTH_END)
        yield first
        transaction.set_rollback(True)


def reached(day):
    return Pairing.objects.auxiliary().reached().filter(intended_on__lte=day)


def given(day, **which):
    lines = DonationLine.objects.confirmed().filter(donation__received_on__lte=day, **which)
    return lines.aggregate(total=Sum("value"))["total"]


# The published figures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [PUBLISHED, MONTH_END])
def test_46_organizations_and_55_households(seeded, day):
    assert reached(day).values("organization").distinct().count() == 46
    assert reached(day).values("household").distinct().count() == 55
    kinds = set(reached(day).values_list("organization__kind", flat=True))
    assert kinds <= set(SOCIAL_ORGANIZATION_KINDS)


@pytest.mark.parametrize("day", [PUBLISHED, MONTH_END])
def test_money_and_goods_of_150000_odd_yuan(seeded, day):
    assert Decimal(150_000) < given(day) < Decimal(160_000)
    for kind in LineKind.values:
        assert given(day, kind=kind) > 0
    for route in (Route.ASSOCIATION, Route.DIRECT_TO_HOUSEHOLD):
        assert given(day, donation__route=route) > 0


def test_no_new_intention_after_the_report(seeded):
    assert not Pairing.objects.filter(intended_on__gt=PUBLISHED).exists()


def test_the_command_prints_them(seeded, capsys):
    call_command("figures", "--as-of", str(PUBLISHED), "--json")
    figures = json.loads(capsys.readouterr().out)
    figures = figures.get("figures", figures)
    assert int(figures["intention_organizations"]["cumulative"]) == 46
    assert int(figures["intention_households"]["cumulative"]) == 55
    assert Decimal(figures["donations_total"]["cumulative"]) == given(PUBLISHED)


def test_leads_stand_beside_and_do_not_count(seeded):
    assert Pairing.objects.filter(role=PairingRole.LEAD, state=PairingState.ACTIVE).exists()


# Nobody real -------------------------------------------------------------------------------------------------


def test_identity_numbers_of_nobody(seeded):
    for number in Member.objects.exclude(id_number="").values_list("id_number", flat=True):
        assert CitizenId.parse(number).region == "620301"
    shown = Volunteer.objects.filter(document_kind="citizen_id").values_list("document_number", flat=True)
    assert len(shown) >= 20
    assert {CitizenId.parse(number).region for number in shown} == {"620301"}


def test_telephones_of_nobody(seeded):
    phones = [
        *Household.objects.values_list("phone", flat=True),
        *Volunteer.objects.values_list("phone", flat=True),
        *Organization.objects.values_list("contact_phone", flat=True),
        *Member.objects.values_list("guardian_phone", flat=True),
    ]
    assert {phone[:7] for phone in phones if phone} == {"1380000"}


def test_credit_codes_without_a_doubt(seeded):
    for code in Organization.objects.exclude(uscc=None).values_list("uscc", flat=True):
        assert CreditCode.parse(code).warnings == ()
        assert CreditCode.parse(code).region == "620302"


def test_names_that_a_form_must_bear(seeded):
    names = set(Member.objects.values_list("name", flat=True))
    assert any("·" in name for name in names)


def test_people_are_the_same_for_the_same_seed():
    def some():
        people = People(random.Random(1))
        return [
            (people.name("female"), people.id_number(date(1950, 2, 3), "female"), people.phone())
            for _ in range(50)
        ]

    assert some() == some()
    assert len({number for _, number, _ in some()}) == 50


def test_a_credit_code_for_every_number():
    codes = {credit_code(("51", "MJ"), number) for number in range(1, 80)}
    assert len(codes) == 79


# Accounts ----------------------------------------------------------------------------------------------------


def test_one_account_for_each_role_and_its_password_works(seeded):
    rows = demo.accounts()
    assert sorted(role for role, _, _ in rows) == sorted(Role.labels)
    for _, username, password in rows:
        user = User.objects.get(username=username)
        assert user.check_password(password)
        validate_password(password, user)


def test_nobody_else_can_sign_in(seeded):
    shown = [username for _, username, _ in demo.accounts()]
    for user in User.objects.exclude(username__in=shown):
        assert not user.has_usable_password()
        assert authenticate(username=user.username, password=demo.PASSWORD) is None


def test_the_shown_organization_has_something_to_show(seeded):
    member = User.objects.get(username="org_member")
    assert Household.objects.visible_to(member).exists() or Pairing.objects.visible_to(member).exists()
    assert Volunteer.objects.visible_to(member).count() >= 5


# History -----------------------------------------------------------------------------------------------------


def test_the_same_every_time(seeded):
    assert everything() == seeded


@pytest.mark.parametrize("day", [2, 15, 30])
def test_whichever_day_of_the_month(day):
    with clock.travel(datetime(2026, 11, day, 9, tzinfo=clock.SHANGHAI)):
        assert demo.end_of_history() == date(2026, 11, 1)


def test_events_carry_their_own_dates(seeded):
    days = [clock.day_of(at) for at in history().order_by("pk").values_list("at", flat=True)]
    assert days[0] == date(2023, 6, 5)
    assert days == sorted(days)
    assert days[-1] <= MONTH_END
    assert {clock.day_of(at) for at in User.objects.values_list("created_at", flat=True)} <= set(days)


def test_a_care_history(seeded):
    """The standard of the first day, visits confirmed and waiting, duties judged, needs that name nobody."""
    assert ServiceStandard.objects.get().entered_on == date(2023, 6, 5)
    assert Visit.objects.confirmed().filter(organization__isnull=False).exists()
    assert VisitHousehold.objects.counted().exists()
    assert Obligation.objects.filter(met_by__isnull=False).exists()
    offered = CareNeed.objects.exclude(public_words="")
    assert offered.exists()
    for need in offered:
        need.clean()


def test_a_meeting_and_an_appeal_moved_the_district(seeded):
    """July 2023; most answered, some did not, and the shown organisation has one to answer still."""
    opened = Mobilization.objects.filter(held_on__lt=date(2023, 8, 1)).order_by("held_on")
    assert list(opened.values_list("kind", "state")) == [("meeting", "closed"), ("appeal", "closed")]
    answers = set(MobilizationInvitation.objects.values_list("answer", flat=True))
    assert answers == {"none", "attending", "supports", "declined"}
    member = User.objects.get(username="org_member")
    assert MobilizationInvitation.objects.visible_to(member).waiting().count() == 1


def test_students_are_helped_in_august(seeded):
    aids = StudentAid.objects.counted()
    assert aids.exists()
    assert set(aids.values_list("program__name", flat=True)) == {"圆梦大学·成就梦想"}


def test_what_the_association_holds_is_used(seeded):
    """Handed out with a sheet to sign, spent on programmes; and a part is left."""
    lines = DistributionLine.objects.delivered().exclude(
        allocation__holding__lot__line__donation__route=Route.DIRECT_TO_HOUSEHOLD
    )
    assert lines.filter(distribution__kind=DistributionKind.BATCH, household__isnull=False).exists()
    assert lines.filter(household__isnull=True).exclude(recipient="").exists()
    assert Holding.objects.free().filter(place__isnull=False).exists()


def test_everything_holds(seeded):
    assert list(consistency.findings()) == []


# Loading -----------------------------------------------------------------------------------------------------


def test_never_over_data(seeded):
    before = Household.objects.count()
    with pytest.raises(CommandError, match="holds data already"):
        call_command("seed_demo")
    call_command("seed_demo", "--if-empty")
    assert Household.objects.count() == before


def test_never_with_the_production_settings(seeded, settings):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="production"):
        call_command("seed_demo", "--if-empty")


@pytest.mark.django_db  # and so the run makes a database even when this file runs alone
@pytest.mark.parametrize("day", ["2023-06-01", "soon"])
def test_a_history_that_cannot_be(day):
    with pytest.raises(CommandError, match="--until"):
        call_command("seed_demo", "--until", day)
