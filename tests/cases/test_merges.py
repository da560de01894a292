"""Two households that are one: found, made one, with nothing lost and nothing counted twice (T39)."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import consistency, merging
from cases.enums import ExitReason, HouseholdState, Relation
from cases.models import CareNeed, CarePlan, Hardship, Household, Matter, Member, Pairing, VisitHousehold
from cases.services import households, merges, needs, pairings, visits
from cases.services.merges import merge_households, probable_duplicates
from donations.models import Donation
from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import change, create, verb
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from jinchuan.shared.masking import mask_name
from tests import factories, factories_cases

BORN = date(1950, 3, 4)


def person(name="王秀兰", **fields):
    """Somebody without an ID number, so that the same one can be entered twice."""
    fields = {"no_id_reason": "尚未办证", "birth_date": BORN, **fields}
    return factories.head(name=name, id_number="", **fields)


def twins(**fields):
    """The same person, registered twice."""
    first = factories.verified_household(members=[person()])
    return first, factories.verified_household(members=[person()], **fields)


def merge(kept, duplicate, **choices):
    return merge_households(kept, duplicate, by=factories.officer(), choices=choices)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def plan(household, year=2026, **fields):
    fields = {"goals": "安全过冬", "measures": "每月上门一次", **fields}

    @verb
    def draw(*, by):
        return create(CarePlan(household=household, year=year, drawn_on=today(), **fields), by=by)

    return draw(by=factories.officer())


# Found -------------------------------------------------------------------------------------------------------


def test_the_same_name_and_birth_date_is_a_reason(officer):
    first, second = twins()
    factories.verified_household(members=[person("李秀兰")])
    factories.verified_household(members=[person(birth_date=BORN + timedelta(days=1))])

    (found,) = probable_duplicates(by=officer)

    assert {found.household, found.other} == {first, second}
    who = mask_name(first.members.get().name)
    assert found.reasons == (merges.SAME_NAME.format(who=who),)
    assert probable_duplicates(by=officer, household=second) == [found]


def test_the_same_number_of_somebody_who_left_is_a_reason(officer):
    number = factories.citizen_id()
    first, second = factories.registered_household(), factories.registered_household()
    left = households.add_member(first, by=officer, name="李建国", relation="spouse", id_number=number)
    households.member_leaves(left, by=officer)
    households.add_member(second, by=officer, name="李建军", relation="spouse", id_number=number)

    (found,) = probable_duplicates(by=officer)

    assert found.reasons == (merges.SAME_NUMBER.format(who="李*国、李*军"),)


def test_different_numbers_are_different_people(officer):
    born = date(1961, 5, 6)
    for number in (factories.citizen_id(born), factories.citizen_id(born)):
        factories.registered_household(members=[factories.head(name="王秀兰", id_number=number)])

    births = set(Member.objects.values_list("birth_date", flat=True))
    assert len(births) == 1
    assert probable_duplicates(by=officer) == []


def test_what_is_merged_is_no_duplicate_any_more(officer):
    merge(*twins())

    assert probable_duplicates(by=officer) == []


# Made one ----------------------------------------------------------------------------------------------------


def test_the_duplicate_leaves_and_points_to_the_kept_one(db):
    kept, duplicate = twins()

    merge(kept, duplicate)

    duplicate = fresh(duplicate)
    assert (duplicate.state, duplicate.exit_reason, duplicate.merged_into) == ("exited", "merged", kept)
    assert duplicate.exited_on == today()
    assert merging.whole_life(kept) == [kept.pk, duplicate.pk]
    assert AuditEvent.objects.of(kept).get(action="merge").after["from"] == duplicate.code


def _rich(household, officer):
    """A household with one of everything."""
    pairing = factories.active_pairing(household)
    factories_cases.confirmed_visit(pairing)
    factories_cases.submitted_visit(pairing)
    needs.raise_need(by=officer, household=household, need="medical", member=household.members.first())
    visits.log_matter(
        by=officer, household=household, settled_on=today(), kind="deed_done", description="办证"
    )
    factories.submitted_donation(household=household)
    plan(household)
    return pairing


def test_all_of_its_history_follows(officer):
    kept, duplicate = twins()
    pairing = _rich(duplicate, officer)

    kept = merge(kept, duplicate)

    assert kept.state == HouseholdState.ACTIVE
    for model in (Matter, CareNeed, CarePlan, Donation, Pairing):
        assert model.objects.get().household == kept
    assert {row.household for row in VisitHousehold.objects.all()} == {kept}
    assert {row.pairing for row in VisitHousehold.objects.all()} == {pairing}
    assert kept.consents.count() == 1
    assert kept.reviews.count() == 2
    assert CareNeed.objects.get().member == kept.members.get()
    for check in consistency.CHECKS:
        assert list(check()) == []


def test_a_confirmed_gift_stays_as_it_was_fixed_and_is_found(officer):
    kept, duplicate = twins()
    gift = factories.confirmed_donation(household=duplicate)

    merge(kept, duplicate)

    assert fresh(gift).household == duplicate
    assert list(Donation.objects.filter(household__in=merging.whole_life(kept))) == [gift]


def test_one_person_is_one_person_afterwards(officer):
    kept, duplicate = twins(registered_on=date(2024, 1, 5))
    number = factories.citizen_id(BORN)
    other = duplicate.members.get()

    @verb
    def number_found(*, by):
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        change(kept.members.get(), by=by, birth_date=birth)
        return change(other, by=by, id_number=number, birth_date=birth)

    number_found(by=officer)
    kept = merge(kept, duplicate)

    (one,) = Member.objects.present().filter(household=kept)
    assert (one.id_number, one.joined_on, kept.registered_on) == (number, date(2024, 1, 5), date(2024, 1, 5))
    assert fresh(other).left_on == today()


def test_the_same_hardship_is_kept_once_from_its_first_day(officer):
    kept, duplicate = twins(registered_on=date(2024, 1, 5))
    households.add_hardship(
        duplicate.members.get(),
        by=officer,
        category="living_alone",
        basis="社区证明",
        started_on=date(2025, 1, 1),
    )

    kept = merge(kept, duplicate)

    held = Hardship.objects.in_force().filter(member__household=kept).order_by("category")
    assert [(row.category, row.started_on) for row in held] == [
        ("destitute_person", date(2024, 1, 5)),
        ("living_alone", date(2025, 1, 1)),
    ]


def test_others_of_the_household_move_over(officer):
    kept, duplicate = twins()
    child = households.add_member(
        duplicate,
        by=officer,
        name="王小明",
        relation="child",
        id_number=factories.citizen_id(date(1980, 2, 3)),
    )

    merge(kept, duplicate)

    assert fresh(child).household == kept
    assert Member.objects.present().filter(household=kept).count() == 2


def test_a_head_who_moves_needs_a_new_relation(db):
    kept, duplicate = factories.verified_household(), factories.verified_household()
    head = duplicate.members.get()

    with pytest.raises(Refused) as refusal:
        merge(kept, duplicate)
    merge(kept, duplicate, relations={str(head.pk): "spouse"})

    assert refusal.value.message_dict == {"relations": [merges.RELATION_NEEDED.format(household=duplicate)]}
    assert (fresh(head).household, fresh(head).relation) == (kept, Relation.SPOUSE)


def test_a_visit_to_both_was_a_visit_to_one(officer):
    kept, duplicate = twins()
    visit = visits.confirm_visit(
        visits.log_visit(
            by=officer,
            households=[kept, duplicate],
            visited_on=today(),
            kind="home_visit",
            visitors="社区",
            condition="good",
        ),
        by=factories.reviewer(),
    )

    merge(kept, duplicate)

    assert visit.visited.get().household == kept
    assert AuditEvent.objects.of(visit).filter(action="visit_once").exists()


def test_two_plans_of_a_year_become_one(db):
    kept, duplicate = twins()
    ours, theirs = plan(kept), plan(duplicate, goals="孩子按时上学")
    early = plan(duplicate, year=2025)

    merge(kept, duplicate)

    assert fresh(ours).goals == "安全过冬\n孩子按时上学"
    assert fresh(theirs).household == duplicate
    assert fresh(early).household == kept


def test_particulars_are_chosen_field_by_field(db):
    kept, duplicate = twins(address="新华里3栋1单元101室", summary="行动不便")
    Household.objects.filter(pk=kept.pk).update(summary="")

    merged = merge(kept, duplicate, address="duplicate", phone="kept")

    assert merged.address == "新华里3栋1单元101室"
    assert merged.phone == kept.phone
    assert merged.summary == "行动不便"


def test_a_chain_of_merges_ends_at_the_last(db):
    first, second = twins()
    third = factories.verified_household(members=[person()])
    merge(second, first)
    merge(third, second)

    assert {fresh(first).merged_into, fresh(second).merged_into} == {third}


def test_what_was_verified_once_is_verified(db):
    kept = factories.registered_household(members=[person()])

    assert merge(kept, factories.verified_household(members=[person()])).state == HouseholdState.VERIFIED


# Refused -----------------------------------------------------------------------------------------------------


def _both_paired(kept, duplicate):
    pairing = factories.active_pairing(kept)
    factories.active_pairing(duplicate, pairing.organization)
    return merges.PAIRED_TWICE.format(organization=pairing.organization)


def _two_leads(kept, duplicate):
    factories.lead_pairing(kept)
    factories.lead_pairing(duplicate)
    return merges.TWO_LEADS


def _kept_exited(kept, duplicate):
    households.exit_household(kept, by=factories.officer(), reason="moved_away")
    return merges.KEPT_EXITED.format(household=kept)


def _merged_before(kept, duplicate):
    other = factories.verified_household(members=[person()])
    merge(other, duplicate)
    return merges.MERGED_ALREADY.format(household=duplicate, kept=other)


@pytest.mark.parametrize("spoil", [_both_paired, _two_leads, _kept_exited, _merged_before])
def test_what_people_must_settle_first(db, spoil):
    kept, duplicate = twins()
    sentence = spoil(kept, duplicate)

    with pytest.raises(Refused) as refusal:
        merge(kept, duplicate)

    assert refusal.value.messages == [sentence]


def test_a_household_is_not_merged_with_itself(household_a):
    with pytest.raises(Refused) as refusal:
        merge(household_a, household_a)

    assert refusal.value.messages == [merges.NOT_ITSELF]


def test_only_the_chosen_particulars_are_chosen(db):
    with pytest.raises(Refused):
        merge(*twins(), state="duplicate")


def test_nobody_leaves_as_merged_by_hand(household_a, officer):
    with pytest.raises(Refused) as refusal:
        households.exit_household(household_a, by=officer, reason=ExitReason.MERGED)

    assert refusal.value.message_dict == {"reason": [households.MERGE_INSTEAD]}
    assert ExitReason.MERGED not in dict(ExitReason.offered())


# The promise -------------------------------------------------------------------------------------------------


def test_every_foreign_key_to_a_household_has_a_rule():
    """A new table that names a household or a person must say what becomes of its rows."""
    assert merging.without_rule() == []
    assert set(merging.rules()) == set(merging.places())


def test_without_a_rule_nothing_is_merged(db, monkeypatch):
    monkeypatch.delitem(merging._rules, "cases.Matter.household")

    with pytest.raises(merges.ImproperlyConfigured):
        merge(*twins())


def test_a_rule_that_forgets_its_rows_undoes_the_merge(officer, monkeypatch):
    kept, duplicate = twins()
    _rich(duplicate, officer)
    monkeypatch.setitem(
        merging._rules, "cases.Matter.household", merging.Rule("cases.Matter.household", lambda merge: None)
    )

    with pytest.raises(RuntimeError):
        merge(kept, duplicate)

    assert fresh(duplicate).state == HouseholdState.ACTIVE
    assert Matter.objects.get().household == duplicate


def test_a_rule_that_loses_a_row_undoes_the_merge(officer, monkeypatch):
    kept, duplicate = twins()
    factories.verified_household()
    _rich(duplicate, officer)
    monkeypatch.setitem(
        merging._rules,
        "cases.Matter.household",
        merging.Rule(
            "cases.Matter.household",
            lambda merge: Matter.objects.filter(household=merge.duplicate).update(household=_stranger(merge)),
        ),
    )

    with pytest.raises(RuntimeError):
        merge(kept, duplicate)

    assert Matter.objects.get().household == duplicate


def _stranger(merge):
    return Household.objects.exclude(pk__in=[merge.kept.pk, merge.duplicate.pk]).first()


def _totals(*rows):
    """What must be the same whichever of the two a row stands under."""
    ids = [row.pk for row in rows]
    return {
        "visits": VisitHousehold.objects.filter(household__in=ids).count(),
        "matters": Matter.objects.filter(household__in=ids).count(),
        "needs": CareNeed.objects.filter(household__in=ids).count(),
        "pairings": Pairing.objects.filter(household__in=ids).count(),
        "running": Pairing.objects.running().filter(household__in=ids).count(),
        "yuan": sum(
            line.value for gift in Donation.objects.filter(household__in=ids) for line in gift.lines.all()
        ),
    }


ACTS = {
    "visit": lambda row: factories_cases.submitted_visit(
        Pairing.objects.running().filter(household=row).first() or factories.active_pairing(row)
    ),
    "matter": lambda row: visits.log_matter(
        by=factories.officer(), household=row, settled_on=today(), kind="deed_done", description="办证"
    ),
    "need": lambda row: needs.raise_need(by=factories.officer(), household=row, need="medical"),
    "pair": lambda row: factories.active_pairing(row),
    "ended": lambda row: factories.ended_pairing(row),
    "gift": lambda row: factories.submitted_donation(household=row),
    "confirmed gift": lambda row: factories.confirmed_donation(household=row),
    "suspend": lambda row: [
        pairings.suspend_pairing(pairing, by=factories.officer(), reason="负责人外出")
        for pairing in Pairing.objects.active().filter(household=row)[:1]
    ],
}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.tuples(*[st.lists(st.sampled_from(sorted(ACTS)), max_size=4)] * 2))
def test_whatever_two_lives_were_merging_keeps_it_all(db, lives):
    kept, duplicate = twins()
    third = factories.verified_household()
    for row, acts in zip((kept, duplicate), lives, strict=True):
        for act in acts:
            ACTS[act](row)
    before = _totals(kept, duplicate)

    merge(kept, duplicate)

    assert _totals(kept, duplicate) == before
    assert fresh(third).state == HouseholdState.VERIFIED
    for check in consistency.CHECKS:
        assert list(check()) == []
