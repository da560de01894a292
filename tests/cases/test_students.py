"""Student aid: proposed by one and decided by another, with consent; and the little an organisation may read of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import merging
from cases.enums import ConsentGiver, ConsentPurpose, StudentAidState
from cases.models import StudentAid
from cases.models.students import APPROVE_OWN
from cases.services import households, students
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from tests import factories
from tests import factories_mobilizing as moving
from tests.attempts import BUREAU, Act, attempted, expected
from tests.pages import act, listing, page, shown

pytestmark = pytest.mark.django_db

SITUATIONS = {
    "proposed": moving.proposed_aid,
    "approved": moving.approved_aid,
    "completed": moving.completed_aid,
    "withdrawn": moving.withdrawn_aid,
    "declined": moving.declined_aid,
}
PROPOSERS = BUREAU | {"worker_a"}
ACTS = {
    "update": Act(lambda row, by: students.update_aid(row, by=by, stage="college"), PROPOSERS, {"proposed"}),
    "approve": Act(students.approve_aid, BUREAU, {"proposed"}, "approved", own={"officer"}),
    "decline": Act(
        lambda row, by: students.decline_aid(row, by=by, reason=moving.REASON),
        BUREAU,
        {"proposed"},
        "declined",
        own={"officer"},
    ),
    "complete": Act(students.complete_aid, BUREAU, {"approved"}, "completed"),
    "withdraw": Act(
        lambda row, by: students.withdraw_aid(row, by=by, reason=moving.REASON),
        PROPOSERS,
        {"proposed", "approved"},
        "withdrawn",
    ),
}


@pytest.mark.parametrize("state", SITUATIONS)
def test_who_may_do_what(state, request):
    assert set(SITUATIONS) == set(StudentAidState)
    assert attempted(ACTS, SITUATIONS[state](), request.getfixturevalue) == expected(ACTS, state)


def test_the_community_of_the_household_recommends(worker_a, divisions):
    member = moving.student(household=factories.verified_household(community=divisions.a2))
    aid = moving.proposed_aid(member, by=worker_a)
    assert (aid.community, aid.street) == (divisions.a2, divisions.street_a)


def test_only_a_programme_of_student_aid_that_runs(officer):
    with pytest.raises(Refused, match=students.NOT_STUDENT_AID):
        moving.proposed_aid(program=factories.program())
    with pytest.raises(Refused, match=students.PROGRAM_NOT_RUNNING):
        moving.proposed_aid(program=moving.student_program(started_on=today() + timedelta(days=1)))


def test_only_who_lives_there_now(officer):
    member = moving.student()
    households.member_leaves(member, by=officer)
    with pytest.raises(Refused, match=students.NOT_A_MEMBER_NOW):
        moving.proposed_aid(member)


def test_nobody_without_a_consent_to_be_on_record(officer):
    with pytest.raises(Refused, match=students.RECORD_CONSENT_NEEDED):
        moving.proposed_aid(moving.student(agrees=False))
    aid = moving.proposed_aid()
    consent = aid.member.household.consents.get(purpose=ConsentPurpose.RECORD)
    households.withdraw_consent(consent, by=officer)
    with pytest.raises(Refused, match=students.RECORD_CONSENT_NEEDED):
        students.approve_aid(aid, by=factories.reviewer())


def test_for_a_child_the_guardian_agrees(officer):
    child = moving.student(born=today().replace(year=today().year - 13))
    with pytest.raises(Refused, match=students.GUARDIAN_CONSENT_NEEDED):
        moving.proposed_aid(child)
    households.record_consent(
        by=officer,
        household=child.household,
        member=child,
        purpose=ConsentPurpose.RECORD,
        given_by=ConsentGiver.GUARDIAN,
        guardian_name=child.guardian_name,
        evidence="签字同意书",
    )
    assert moving.proposed_aid(child).state == StudentAidState.PROPOSED


def test_nobody_approves_the_own_proposal(officer):
    with pytest.raises(Refused, match=APPROVE_OWN):
        students.approve_aid(moving.proposed_aid(), by=officer)


# What the lead organisation reads ----------------------------------------------------------------------------


def shown_aid(organization, *, share=True, **fields):
    member = moving.student(**fields)
    program = moving.student_program(lead_organization=organization)
    aid = moving.approved_aid(member, program)
    if share:
        factories.sharing_consent(member.household, organization)
    return aid


def test_the_lead_organisation_reads_code_stage_and_street(client_for, admin_a, org_a):
    aid = shown_aid(org_a)
    text = shown(client_for(admin_a).get(reverse("cases:students", args=[aid.program.code])))
    for word in (aid.code, "高中", aid.street.short_name):
        assert word in text
    household = aid.member.household
    for word in (aid.member.name, household.code, aid.community.short_name, aid.get_hardship_display()):
        assert word not in text


def test_no_other_organisation_finds_the_page(client_for, admin_b, org_a):
    aid = shown_aid(org_a)
    factories.sharing_consent(aid.member.household, admin_b.organization)
    assert client_for(admin_b).get(reverse("cases:students", args=[aid.program.code])).status_code == 404
    assert not StudentAid.objects.visible_to(admin_b).exists()


def test_without_or_after_the_consent_there_is_nothing_to_read(admin_a, org_a, officer):
    assert not StudentAid.objects.visible_to(admin_a).filter(pk=shown_aid(org_a, share=False).pk).exists()
    aid = shown_aid(org_a)
    assert StudentAid.objects.visible_to(admin_a).filter(pk=aid.pk).exists()
    households.withdraw_consent(aid.member.household.consents.sharing().get(), by=officer)
    assert not StudentAid.objects.visible_to(admin_a).filter(pk=aid.pk).exists()


@pytest.mark.parametrize(("days", "seen"), [(0, True), (1, False)])
def test_a_child_under_14_is_never_shown(admin_a, org_a, officer, days, seen):
    born = today().replace(year=today().year - 14) + timedelta(days=days)
    member = moving.student()
    type(member).objects.filter(pk=member.pk).update(birth_date=born)
    program = moving.student_program(lead_organization=org_a)
    aid = StudentAid.objects.get(pk=moving.proposed_aid(moving.student(), program).pk)
    StudentAid.objects.filter(pk=aid.pk).update(
        member=member,
        state=StudentAidState.APPROVED,
        decided_at=aid.proposed_at,
        decided_by=factories.reviewer(),
    )
    factories.sharing_consent(member.household, org_a)
    assert StudentAid.objects.visible_to(admin_a).exists() is seen


def test_a_proposal_that_nobody_decided_on_is_not_shown(admin_a, org_a):
    member = moving.student()
    factories.sharing_consent(member.household, org_a)
    moving.proposed_aid(member, moving.student_program(lead_organization=org_a))
    assert not StudentAid.objects.visible_to(admin_a).exists()


# Pages of the bureau, merges ---------------------------------------------------------------------------------


def test_a_worker_proposes_and_the_officer_approves_on_their_pages(client_for, worker_a, officer, divisions):
    member = moving.student(household=factories.verified_household(community=divisions.a1))
    typed = {
        "program": moving.student_program().pk,
        "member": member.pk,
        "school_year": "2026",
        "stage": "bachelor",
        "hardship": "severe",
        "evidence": "认定表存社区",
    }
    assert client_for(worker_a).post(listing(StudentAid, "add"), typed).status_code == 302
    aid = StudentAid.objects.get()
    client = client_for(officer)
    assert member.name not in shown(client.get(page(aid)))
    assert client.post(act(aid, "approve")).status_code == 302
    aid.refresh_from_db()
    assert (aid.state, aid.decided_by) == (StudentAidState.APPROVED, officer)
    assert aid.code in shown(client.get(page(member.household)))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same(client_for, officer, django_assert_num_queries, rows):
    for _ in range(rows):
        moving.approved_aid()
    client = client_for(officer)
    client.get(listing(StudentAid))
    with django_assert_num_queries(7):
        client.get(listing(StudentAid))


def test_aid_of_one_person_registered_twice_follows_to_the_kept_one(officer):
    kept, twice = moving.student(), moving.student()
    program = moving.student_program()
    both, only = moving.approved_aid(kept, program), moving.approved_aid(twice, program)
    earlier = moving.approved_aid(twice, program, school_year=2025)
    merge = merging.Merge(kept.household, twice.household, by=officer, on=today(), people={twice.pk: kept})

    merging.rules()["cases.StudentAid.member"].move(merge)

    assert set(kept.student_aids.all()) == {both, earlier}
    assert list(twice.student_aids.all()) == [only]
    assert merge.left == {"cases.StudentAid.member": 1}
