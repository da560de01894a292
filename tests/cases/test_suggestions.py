"""Who could help whom, and the words for it."""

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from cases import suggesting
from cases.services import needs, suggestions
from cases.services.suggestions import assign, suggest
from cases.suggesting import Asker, Helper
from organizations.enums import NeedCode, OrganizationKind
from organizations.services.organizations import update_organization
from tests import factories

HERE, STREET = "620302001001", "620302001000"
ELSEWHERE, OTHER_STREET = "620302002001", "620302002000"
NEEDS = frozenset({"daily_care", "medical"})
ASKER = Asker(needs=NEEDS, urgent=frozenset({"medical"}), community=HERE, street=STREET)


def helper(*strengths, community="", street="", capacity=4, free=4):
    return Helper(frozenset(strengths), community, street, capacity, free)


def score(asker, helper, **known) -> int:
    return sum(reason.points for reason in suggesting.reasons(asker, helper, **known))


@pytest.mark.parametrize(
    ("given", "known", "points"),
    [
        (helper(), {}, 4),
        (helper(free=1), {}, 1),
        (helper(capacity=5, free=1), {}, 0),
        (helper("daily_care"), {}, 14),
        (helper("medical"), {}, 19),
        (helper("daily_care", "medical", "legal"), {}, 29),
        (helper(community=HERE, street=STREET), {}, 12),
        (helper(community="620302001002", street=STREET), {}, 9),
        (helper(street=STREET), {}, 9),
        (helper(community=ELSEWHERE, street=OTHER_STREET), {}, 4),
        (helper(), {"helped_before": True}, 10),
        (helper(), {"agreed": True}, 7),
    ],
)
def test_points(given, known, points):
    assert score(ASKER, given, **known) == points


def test_an_organization_without_a_place_of_its_own_is_near_nobody():
    assert score(Asker(), helper()) == suggesting.ROOM


def test_reasons_are_read_most_important_first():
    found = suggesting.reasons(
        ASKER,
        helper("daily_care", "medical", community=HERE, street=STREET),
        helped_before=True,
        agreed=True,
        words=dict(NeedCode.choices),
    )

    assert [reason.text for reason in found] == [
        "这一户急需“就医”，正是该组织的专长",
        "这一户需要“生活照料”，是该组织的专长",
        "就在同一个社区（村）",
        "以前帮扶过这一户",
        "可结对 4 户，还可再结对 4 户",
        "这一户已同意向该组织提供信息",
    ]


# One household -----------------------------------------------------------------------------------------------


def with_need(code="medical", *, household=None, **fields):
    household = household or factories.verified_household()
    fields = {"public_words": "一位老人需要陪同就医", **fields}
    needs.raise_need(by=factories.officer(), household=household, need=code, **fields)
    return household


def _names(found):
    return [one.organization.name for one in found]


def test_who_can_do_what_is_needed_comes_first(officer):
    household = with_need()
    factories.approved_organization(name="甲协会", strengths=["legal"])
    factories.approved_organization(name="乙协会", strengths=["medical"])

    found = suggest(household, by=officer)

    assert _names(found) == ["乙协会", "甲协会"]
    assert found[0].texts[0] == "这一户需要“就医”，是该组织的专长"


def test_neighbours_and_old_helpers_come_before_strangers(officer):
    household = factories.verified_household()
    factories.approved_organization(name="外街协会", division=factories.division(factories.COMMUNITY_B1))
    factories.approved_organization(name="同街协会", division=factories.division(factories.COMMUNITY_A2))
    factories.approved_organization(name="同社区协会", division=factories.division(factories.COMMUNITY_A1))
    old = factories.approved_organization(name="老朋友协会")
    factories.ended_pairing(household, old)

    assert _names(suggest(household, by=officer)) == ["老朋友协会", "同社区协会", "同街协会", "外街协会"]


def test_only_who_may_pair_is_suggested(officer):
    household = factories.verified_household()
    factories.suspended_organization(name="已暂停协会")
    factories.public_body(name="机关")
    factories.approved_organization(
        name="企业", kind=OrganizationKind.ENTERPRISE, uscc=factories.credit_code("91")
    )
    factories.intention(household, factories.approved_organization(name="已有意向协会"))
    full = factories.approved_organization(name="满额协会", capacity=1)
    factories.active_pairing(None, full)
    factories.approved_organization(name="有空协会")

    assert _names(suggest(household, by=officer)) == ["有空协会"]


def test_an_urgent_need_weighs_more_and_a_met_one_nothing(officer):
    household = with_need("legal")
    with_need("medical", household=household, is_urgent=True)
    factories.approved_organization(name="维权协会", strengths=["legal"])
    factories.approved_organization(name="就医协会", strengths=["medical"])

    assert _names(suggest(household, by=officer)) == ["就医协会", "维权协会"]
    needs.meet_need(household.needs.get(need="medical"), by=officer, met_by="SX2026-0001")
    assert _names(suggest(household, by=officer)) == ["维权协会", "就医协会"]


def test_a_suggestion_takes_a_fixed_number_of_queries(officer, django_assert_num_queries):
    household = with_need()
    for _ in range(6):
        factories.approved_organization(strengths=["medical"])

    with django_assert_num_queries(7):
        suggest(household, by=officer)


# Many households ---------------------------------------------------------------------------------------------


def test_together_they_do_better_than_one_after_the_other(officer):
    """The first household would take the only place of the one who can help the second."""
    both = factories.approved_organization(name="全能协会", strengths=["medical", "daily_care"], capacity=1)
    one = factories.approved_organization(name="就医协会", strengths=["medical"], capacity=1)
    first = with_need("medical")
    second = with_need("daily_care")

    pairs, alone = assign([first, second], by=officer)

    assert {(pair.household.pk, pair.organization.pk) for pair in pairs} == {
        (first.pk, one.pk),
        (second.pk, both.pk),
    }
    assert alone == []


def test_nobody_gets_more_than_it_has_room_for(officer):
    organization = factories.approved_organization(capacity=3)
    factories.active_pairing(None, organization)
    rows = [factories.verified_household() for _ in range(4)]

    pairs, alone = assign(rows, by=officer)

    assert (len(pairs), len(alone)) == (2, 2)
    assert {pair.household.pk for pair in pairs} | {row.pk for row in alone} == {row.pk for row in rows}


def test_two_that_are_paired_are_not_assigned_to_each_other(officer):
    organization = factories.approved_organization()
    pairing = factories.intention(None, organization)

    assert assign([pairing.household], by=officer) == ([], [pairing.household])


def test_without_any_organization_all_stay_alone(officer):
    household = factories.verified_household()

    assert assign([household], by=officer) == ([], [household])


def test_who_may_not_see_a_household_assigns_nobody(worker_b, household_a, org_b):
    assert assign([household_a], by=worker_b) == ([], [])


def _world(officer):
    """Households and organisations with a bit of everything."""
    rows = [
        with_need("medical", is_urgent=True),
        with_need(
            "daily_care",
            household=factories.verified_household(community=factories.division(factories.COMMUNITY_B1)),
        ),
        factories.verified_household(community=factories.division(factories.COMMUNITY_A2)),
    ]
    with_need("legal", household=rows[0])
    organizations = [
        factories.approved_organization(strengths=["medical", "legal"], capacity=7),
        factories.approved_organization(
            strengths=["daily_care"], division=factories.division(factories.COMMUNITY_B1)
        ),
        factories.approved_organization(division=factories.division(factories.STREET_A), capacity=1),
    ]
    factories.ended_pairing(rows[1], organizations[0])
    factories.sharing_consent(rows[2], organizations[1])
    factories.active_pairing(rows[2], organizations[0])
    update_organization(organizations[0], by=officer, capacity=9)
    return rows


def test_the_matrix_counts_the_same_points_as_the_words(officer):
    rows = _world(officer)
    known = suggestions._Known.of(rows, by=officer)
    matrix = known.matrix()

    for row, household in enumerate(rows):
        for column, organization in enumerate(known.organizations):
            points = known.suggestion(household, organization).points
            expected = points if known.may(household, organization) else suggestions._NEVER
            assert matrix[row, column] == expected


@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=1, max_size=4))
def test_the_library_finds_the_best_assignment(points):
    """Against every way there is to give three places to up to four households."""
    from itertools import permutations

    table = numpy.array(points)
    rows, columns = linear_sum_assignment(table, maximize=True)
    size = min(table.shape)
    ways = (
        sum(table[row, column] for row, column in zip(chosen, places, strict=True))
        for chosen in permutations(range(len(table)), size)
        for places in permutations(range(3), size)
    )

    assert table[rows, columns].sum() == max(ways)
