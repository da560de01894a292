"""Visits, matters, needs and claims: what the verbs write, refuse and keep together."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cases.enums import CareNeedState, ClaimState, VisitState
from cases.models import (
    CareNeed,
    Claim,
    Household,
    Matter,
    ServiceStandard,
    StandardRule,
    Visit,
    VisitHousehold,
)
from cases.models.visits import VOID_OWN
from cases.services import households, needs, pairings, recent_help, visits
from jinchuan.audit.services import create, verb
from jinchuan.shared import clock
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Conflict, Refused
from organizations.services import organizations
from tests import factories
from tests import factories_cases as care

pytestmark = pytest.mark.django_db


def _day(days):
    return today() + timedelta(days=days)


# The pairing of a visit is the one open on its day: [started_on, ended_on) -----------------------------------


@pytest.fixture
def spell():
    """A pairing of ten days, ended ten days ago."""
    pairing = factories.active_pairing(intended_on=_day(-20), on=_day(-20))
    return pairings.end_pairing(pairing, by=factories.officer(), reason="adjusted", on=_day(-10))


@pytest.mark.parametrize("day", [-20, -19, -11])
def test_a_day_within_the_spell_has_its_pairing(spell, day):
    visit = care.submitted_visit(spell, visited_on=_day(day))
    assert visit.visited.get().pairing == spell


def test_a_day_before_the_spell_is_refused(spell):
    with pytest.raises(Refused) as refused:
        care.submitted_visit(spell, visited_on=_day(-21))
    sentence = visits.PAIRED_FROM.format(household=spell.household, day=zh(spell.started_on))
    assert refused.value.message_dict == {"visited_on": [sentence]}
    assert not Visit.objects.exists()


@pytest.mark.parametrize("day", [-10, -9, 0])
def test_the_day_of_the_end_belongs_to_it_no_more(spell, day):
    with pytest.raises(Refused) as refused:
        care.submitted_visit(spell, visited_on=_day(day))
    sentence = visits.PAIRED_UNTIL.format(household=spell.household, day=zh(spell.ended_on))
    assert refused.value.message_dict == {"visited_on": [sentence]}


def test_of_two_spells_the_day_finds_the_right_one(spell):
    second = factories.active_pairing(
        spell.household, spell.organization, intended_on=_day(-10), on=_day(-10), previous=spell
    )
    found = [
        care.submitted_visit(second, visited_on=_day(day)).visited.get().pairing for day in (-11, -10, -9)
    ]
    assert found == [spell, second, second]


def test_an_intention_is_no_pairing():
    with pytest.raises(Refused) as refused:
        care.submitted_visit(factories.ready_intention())
    assert refused.value.message_dict == {"households": [visits.NOT_YOURS]}


def test_one_stranger_among_the_households_refuses_the_whole_visit(pairing_a, household_b):
    with pytest.raises(Refused):
        care.submitted_visit(pairing_a, households=[pairing_a.household, household_b])
    assert not Visit.objects.exists()


def test_staff_log_for_their_division(worker_a, household_a, household_b):
    fields = {"kind": "contact", "channel": "phone", "visitors": "社区", "condition": "good"}
    visit = visits.log_visit(by=worker_a, households=[household_a], visited_on=today(), **fields)
    assert (visit.organization, visit.visited.get().pairing) == (None, None)
    with pytest.raises(Refused) as refused:
        visits.log_visit(by=worker_a, households=[household_b], visited_on=today(), **fields)
    assert refused.value.message_dict == {"households": [visits.NOT_YOURS]}


def test_a_visit_tomorrow_is_refused(pairing_a):
    with pytest.raises(ValidationError):
        care.submitted_visit(pairing_a, visited_on=_day(1))


def test_only_made_and_confirmed_visits_count_each_household(pairing_a, org_a):
    other = factories.active_pairing(organization=org_a)
    care.confirmed_visit(pairing_a, households=[pairing_a.household, other.household])
    care.confirmed_visit(pairing_a, was_made=False, condition="")
    care.submitted_visit(pairing_a)
    care.voided_visit(pairing_a)
    assert VisitHousehold.objects.counted().count() == 2


# What was settled goes the visit's way ------------------------------------------------------------------------


def _with_matter(pairing, make=care.submitted_visit, **fields):
    visit = make(pairing, matters=[care.settled(pairing.household, **fields)])
    return visit, visit.matters.get()


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (care.submitted_visit, VisitState.SUBMITTED),
        (care.confirmed_visit, VisitState.CONFIRMED),
        (care.returned_visit, VisitState.RETURNED),
        (care.voided_visit, VisitState.VOIDED),
    ],
)
def test_matters_are_where_their_visit_is(pairing_a, make, state):
    visit, matter = _with_matter(pairing_a, make)
    assert (visit.state, matter.state) == (state, state)
    assert (matter.settled_on, matter.organization) == (visit.visited_on, visit.organization)


@pytest.mark.parametrize("make", [care.submitted_visit, care.returned_visit])
def test_a_matter_of_a_waiting_visit_is_not_confirmed_alone(pairing_a, officer, make):
    visit, matter = _with_matter(pairing_a, make)
    for act in (
        lambda: visits.confirm_matter(matter, by=officer),
        lambda: visits.return_matter(matter, by=officer, reason=care.REASON),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.messages == [visits.WITH_ITS_VISIT.format(visit=visit)]


def test_one_matter_of_a_confirmed_visit_may_be_voided_alone(pairing_a, reviewer):
    visit, matter = _with_matter(pairing_a, care.confirmed_visit)
    visits.void_matter(matter, by=reviewer, reason=care.REASON)
    visit.refresh_from_db()
    assert visit.state == VisitState.CONFIRMED


@pytest.mark.parametrize(
    ("make", "void"),
    [(care.submitted_visit, visits.void_visit), (care.submitted_matter, visits.void_matter)],
)
def test_nobody_voids_what_they_confirmed(pairing_a, reviewer, make, void):
    confirm = visits.confirm_visit if make is care.submitted_visit else visits.confirm_matter
    row = make(pairing_a)
    confirmed = confirm(row, by=reviewer)
    for stale in (confirmed, row):
        with pytest.raises(ValidationError) as refused:
            void(stale, by=reviewer, reason=care.REASON)
        assert refused.value.messages == [VOID_OWN]
    other = factories.user("reviewer")
    voided = void(confirmed, by=other, reason=care.REASON)
    assert (voided.voided_by, voided.voided_at is not None) == (other, True)


def test_a_visit_is_not_voided_with_a_matter_that_one_confirmed_oneself(pairing_a, officer, reviewer):
    visit = care.confirmed_visit(pairing_a)
    matter = care.submitted_matter(pairing_a)
    Matter.objects.filter(pk=matter.pk).update(visit=visit)
    visits.confirm_matter(matter, by=reviewer)
    with pytest.raises(Refused):
        visits.void_visit(visit, by=reviewer, reason=care.REASON)
    visit.refresh_from_db()
    assert visit.state == VisitState.CONFIRMED


def test_a_corrected_visit_takes_up_its_matters_and_leaves_the_rest(pairing_a, admin_a):
    household = pairing_a.household
    visit = care.returned_visit(pairing_a, matters=[care.settled(household), care.settled(household)])
    kept, left = visit.matters.order_by("pk")
    visits.correct_visit(
        visit,
        by=admin_a,
        version=visit.version,
        households=[household],
        matters=[
            care.settled(household, code=kept.code, description="代缴了取暖费。"),
            care.settled(household, description="讲了政策。"),
        ],
    )
    states = list(visit.matters.order_by("pk").values_list("state", flat=True))
    assert states == [VisitState.SUBMITTED, VisitState.RETURNED, VisitState.SUBMITTED]
    kept.refresh_from_db()
    left.refresh_from_db()
    assert (kept.description, left.state) == ("代缴了取暖费。", VisitState.RETURNED)
    visits.confirm_visit(visit, by=factories.officer())
    assert Matter.objects.confirmed().count() == 2


def test_a_stale_correction_is_a_conflict(pairing_a, admin_a):
    visit = care.returned_visit(pairing_a)
    with pytest.raises(Conflict):
        visits.correct_visit(visit, by=admin_a, households=[pairing_a.household], version=visit.version - 1)
    matter = care.returned_matter(pairing_a)
    with pytest.raises(Conflict):
        visits.correct_matter(matter, by=admin_a, version=matter.version - 1)


def test_a_matter_is_of_a_household_that_was_visited(pairing_a, org_a):
    other = factories.active_pairing(organization=org_a).household
    with pytest.raises(Refused) as refused:
        care.submitted_visit(pairing_a, matters=[care.settled(other)])
    assert refused.value.messages == [visits.NOT_VISITED]
    with pytest.raises(Refused):
        care.submitted_visit(pairing_a, raised=[care.raised(other)])


def test_staff_settle_matters_in_their_division_only(worker_a, pairing_a, pairing_b):
    assert care.submitted_matter(pairing_a, by=worker_a).organization is None
    with pytest.raises(Refused):
        care.submitted_matter(pairing_b, by=worker_a)


# Needs met by what was settled --------------------------------------------------------------------------------


def test_a_confirmed_matter_meets_its_need_and_its_void_opens_it(pairing_a, officer, reviewer):
    need = care.open_need(pairing_a.household)
    visit, matter = _with_matter(pairing_a, need=need)
    need.refresh_from_db()
    assert need.state == CareNeedState.OPEN
    visits.confirm_visit(visit, by=officer)
    need.refresh_from_db()
    assert (need.state, need.met_by, need.met_on) == (CareNeedState.MET, matter.code, matter.settled_on)
    visits.void_visit(visit, by=reviewer, reason=care.REASON)
    need.refresh_from_db()
    assert (need.state, need.met_by, need.met_on) == (CareNeedState.OPEN, "", None)
    assert need.open_quantity == need.quantity


def test_a_claim_is_fulfilled_by_the_matter_of_its_organisation(pairing_a, org_a, org_b, officer, reviewer):
    need = care.open_need(pairing_a.household)
    ours, theirs = care.claim(need, org_a), care.claim(need, org_b)
    matter = care.confirmed_matter(pairing_a, need=need)
    for row in (need, ours, theirs):
        row.refresh_from_db()
    assert (need.state, ours.state, theirs.state) == (
        CareNeedState.CLAIMED,
        ClaimState.FULFILLED,
        ClaimState.LIVE,
    )
    needs.answer_need(need, by=officer, met_by="JF2026-0001", organization=org_b)
    need.refresh_from_db()
    assert (need.state, need.met_by) == (CareNeedState.MET, "JF2026-0001")
    visits.void_matter(matter, by=reviewer, reason=care.REASON)
    ours.refresh_from_db()
    assert ours.state == ClaimState.RELEASED


def test_a_voided_matter_gives_its_part_of_the_need_back(pairing_a, org_a, reviewer):
    need = care.open_need(pairing_a.household)
    care.claim(need, org_a, quantity=2)
    matter = care.confirmed_matter(pairing_a, need=need)
    need.refresh_from_db()
    assert (need.state, need.open_quantity) == (CareNeedState.MET, 0)
    visits.void_matter(matter, by=reviewer, reason=care.REASON)
    need.refresh_from_db()
    assert (need.state, need.open_quantity) == (CareNeedState.OPEN, 2)


def test_a_part_that_is_done_leaves_the_rest_open(pairing_a, org_a):
    need = care.open_need(pairing_a.household)
    care.claim(need, org_a)
    care.confirmed_matter(pairing_a, need=need)
    need.refresh_from_db()
    assert (need.state, need.open_quantity) == (CareNeedState.OPEN, 1)


def test_a_need_that_is_over_is_not_answered_again(pairing_a, officer):
    need = care.open_need(pairing_a.household)
    matter = care.submitted_matter(pairing_a, need=need)
    needs.withdraw_need(need, by=officer, reason=care.REASON)
    visits.confirm_matter(matter, by=officer)
    need.refresh_from_db()
    assert need.state == CareNeedState.WITHDRAWN


def test_a_matter_names_a_need_of_its_own_household(pairing_a, household_b, org_b):
    with pytest.raises(Refused) as refused:
        care.submitted_matter(pairing_a, need=care.open_need(household_b))
    assert refused.value.message_dict == {"need": [visits.NEED_OF_ANOTHER]}
    hidden = care.open_need(pairing_a.household, public_words="")
    with pytest.raises(Refused):
        care.submitted_matter(pairing_a, need=hidden)


def test_a_need_found_on_a_visit_waits_for_staff(pairing_a, admin_a, admin_b):
    visit = care.submitted_visit(pairing_a, raised=[care.raised(pairing_a.household)])
    need = visit.needs.get()
    assert (need.public_words, need.raised_by, need.raised_on) == ("", admin_a, visit.visited_on)
    assert CareNeed.objects.visible_to(admin_a).filter(pk=need.pk).exists()
    assert not CareNeed.objects.visible_to(admin_b).filter(pk=need.pk).exists()
    assert not CareNeed.objects.visible_to(admin_b).offered().exists()


# Claims ---------------------------------------------------------------------------------------------------------


def test_claims_take_what_is_left_and_no_more(org_a, org_b):
    need = care.open_need(quantity=Decimal(12))
    care.claim(need, org_a, quantity=2)
    with pytest.raises(Refused) as refused:
        care.claim(need, org_b, quantity=11)
    assert refused.value.message_dict == {
        "quantity": [needs.CLAIM_TOO_MUCH.format(left="10", unit=need.unit)]
    }
    care.claim(need, org_b, quantity=10)
    need.refresh_from_db()
    assert (need.state, need.open_quantity) == (CareNeedState.CLAIMED, 0)


def test_one_live_claim_for_each_organisation(org_a):
    need = care.open_need()
    care.claim(need, org_a)
    with pytest.raises(ValidationError, match="已经认领了这条需求"):
        care.claim(need, org_a)


def test_a_suspended_organisation_claims_nothing(org_a, admin_a, reviewer):
    organizations.suspend_organization(org_a, by=reviewer, reason="年检没有按时办理")
    admin_a.refresh_from_db()
    with pytest.raises(Refused) as refused:
        needs.claim_need(care.open_need(), by=admin_a, quantity=Decimal(1))
    assert refused.value.messages == [needs.ORGANIZATION_NOT_APPROVED]


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_claim_takes_something(org_a, quantity):
    with pytest.raises(ValidationError):
        care.claim(organization=org_a, quantity=quantity)


def test_a_released_claim_opens_the_need_again(org_a, admin_a):
    claim = care.claim(organization=org_a, quantity=2)
    needs.release_claim(claim, by=admin_a)
    need = claim.need
    need.refresh_from_db()
    assert (need.state, need.open_quantity) == (CareNeedState.OPEN, 2)
    with pytest.raises(Refused):
        needs.release_claim(claim, by=admin_a)
    need.refresh_from_db()
    assert need.open_quantity == 2


def test_claims_lapse_by_themselves_and_only_then(org_a):
    claim = care.claim(organization=org_a, quantity=2)
    assert needs.expire_claims(claim.hold_until) == 0
    assert needs.expire_claims(claim.hold_until + timedelta(days=1)) == 1
    assert needs.expire_claims(claim.hold_until + timedelta(days=1)) == 0
    claim.refresh_from_db()
    assert (claim.state, claim.need.state) == (ClaimState.EXPIRED, CareNeedState.OPEN)


@pytest.mark.parametrize(
    ("quantity", "state", "left"), [(1, CareNeedState.CLAIMED, 0), (3, CareNeedState.OPEN, 2)]
)
def test_a_new_quantity_keeps_the_claims(org_a, officer, quantity, state, left):
    claim = care.claim(organization=org_a)
    needs.update_need(claim.need, by=officer, quantity=Decimal(quantity))
    need = CareNeed.objects.get()
    assert (need.state, need.open_quantity) == (state, left)


def test_a_claimed_need_that_grows_is_open_again(org_a, officer):
    claim = care.claim(organization=org_a, quantity=2)
    needs.update_need(claim.need, by=officer, quantity=Decimal(5))
    need = CareNeed.objects.get()
    assert (need.state, need.open_quantity) == (CareNeedState.OPEN, 3)


def test_a_quantity_below_the_claims_is_refused(org_a, officer):
    need = care.open_need(quantity=Decimal(30))
    care.claim(need, org_a, quantity=20)
    with pytest.raises(Refused) as refused:
        needs.update_need(need, by=officer, quantity=Decimal(10))
    assert refused.value.message_dict == {
        "quantity": [needs.QUANTITY_BELOW_CLAIMS.format(claimed="20", unit=need.unit)]
    }


def test_the_words_for_organisations_name_nobody(household_a):
    for words in (household_a.members.get().name + "需要棉被", "请打 13909350001"):
        with pytest.raises(ValidationError):
            care.open_need(household_a, public_words=words)


def test_who_leaves_leaves_nothing_open(pairing_a, org_a, officer, reviewer):
    need = care.open_need(pairing_a.household)
    care.claim(need, org_a)
    households.exit_household(pairing_a.household, by=officer, reason="moved_away")
    need.refresh_from_db()
    assert (need.state, Claim.objects.get().state) == (CareNeedState.WITHDRAWN, ClaimState.RELEASED)


def test_an_organisation_that_goes_gives_its_claims_back(org_a, reviewer):
    claim = care.claim(organization=org_a, quantity=2)
    pairings.deregister_organization(org_a, by=reviewer, reason="会员大会决定解散")
    claim.refresh_from_db()
    assert (claim.state, claim.need.state) == (ClaimState.RELEASED, CareNeedState.OPEN)


# Who sees what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("officer", True),
        ("leader", True),
        ("worker_a", True),
        ("worker_b", False),
        ("admin_a", True),
        ("member_a", True),
        ("admin_b", False),
        ("outsider", False),
        ("clerk", False),
        ("auditor", False),
        ("administrator", False),
    ],
)
def test_who_sees_a_visit_and_its_matter(pairing_a, request, person, sees):
    visit, matter = _with_matter(pairing_a)
    user = request.getfixturevalue(person)
    assert Visit.objects.visible_to(user).filter(pk=visit.pk).exists() is sees
    assert Matter.objects.visible_to(user).filter(pk=matter.pk).exists() is sees


def test_a_second_helper_does_not_see_the_visits_of_the_first(pairing_a, org_b, admin_b):
    factories.active_pairing(pairing_a.household, org_b)
    visit, matter = _with_matter(pairing_a)
    assert Household.objects.visible_to(admin_b).filter(pk=pairing_a.household_id).exists()
    assert not Visit.objects.visible_to(admin_b).filter(pk=visit.pk).exists()
    assert not Matter.objects.visible_to(admin_b).filter(pk=matter.pk).exists()


@pytest.mark.parametrize("days", [0, 89, 90, 91])
def test_after_the_end_an_organisation_sees_what_it_wrote_and_nothing_else(pairing_a, admin_a, officer, days):
    visit, matter = _with_matter(pairing_a)
    factories.sharing_consent(pairing_a.household, pairing_a.organization)
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
    with clock.travel(clock.now() + timedelta(days=days)):
        assert list(Visit.objects.visible_to(admin_a)) == [visit]
        assert list(Matter.objects.visible_to(admin_a)) == [matter]
        assert not Household.objects.visible_to(admin_a).exists()


# Recent help and the next visit -------------------------------------------------------------------------------


def test_recent_help_knows_matters_of_that_kind(pairing_a):
    household = pairing_a.household
    matter = care.submitted_matter(pairing_a, need=care.open_need(household))
    assert [one.code for one in recent_help.recent_help(household, "winter_warmth")] == [matter.code]
    assert recent_help.recent_help(household, "medical") == []
    assert recent_help.recent_help(factories.verified_household(), "winter_warmth") == []


@pytest.mark.parametrize(("days", "found"), [(0, 1), (14, 1), (15, 0), (-1, 0)])
def test_recent_means_fourteen_days(pairing_a, days, found):
    care.confirmed_matter(pairing_a, kind="policy_delivered")
    helped = recent_help.recent_help(pairing_a.household, "policy", on=_day(days))
    assert len(helped) == found


def test_one_help_is_told_once(pairing_a):
    care.confirmed_matter(pairing_a, need=care.open_need(pairing_a.household))
    assert len(recent_help.recent_help(pairing_a.household, "winter_warmth")) == 1


def test_returned_and_voided_matters_are_no_help(pairing_a, reviewer):
    care.returned_matter(pairing_a, kind="policy_delivered")
    visits.void_matter(
        care.confirmed_matter(pairing_a, kind="policy_delivered"), by=reviewer, reason=care.REASON
    )
    assert recent_help.recent_help(pairing_a.household, "policy") == []


def test_apps_above_add_what_they_know(monkeypatch, household_a):
    monkeypatch.setattr(recent_help, "_sources", list(recent_help._sources))
    recent_help.register(
        lambda household, need, since, until: [recent_help.Help(until, "收到棉被 2 床", "FF2026-0001")]
    )
    assert [one.what for one in recent_help.recent_help(household_a, "winter_warmth")] == ["收到棉被 2 床"]


@verb
def _standard(*, by, effective_from, **rules):
    standard = create(ServiceStandard(name="标准", basis="方案", effective_from=effective_from), by=by)
    for kind, times in rules.items():
        StandardRule.objects.create(standard=standard, kind=kind, window="year", times=times)


def test_the_next_visit_follows_the_standard_in_force(officer):
    day = date(2026, 6, 1)
    assert visits.next_visit_on(day) == date(2026, 7, 1)
    _standard(by=officer, effective_from=date(2026, 1, 1), contact=4, home_visit=2)
    assert visits.next_visit_on(day) == day + timedelta(days=91)
    _standard(by=officer, effective_from=date(2026, 7, 1), contact=12)
    assert visits.next_visit_on(day) == day + timedelta(days=91)
    assert visits.next_visit_on(date(2026, 7, 1)) == date(2026, 7, 31)
