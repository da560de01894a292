"""Training, commendation, evaluation; the volunteer's code; requests to put a record right."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jinchuan.shared import clock
from jinchuan.shared.codes import ALPHABET, grouped
from jinchuan.shared.errors import Refused
from tests import factories
from volunteers import querycodes, slips
from volunteers.enums import CorrectionState
from volunteers.models import Evaluation, QueryCode, Training
from volunteers.models.own_record import ASKED_ALREADY
from volunteers.models.people import NOT_IN_ORGANIZATION
from volunteers.services import growth, own_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(org_a, admin_a):
    return factories.volunteer(org_a, by=admin_a)


def test_a_row_is_put_right_within_a_day_and_voided_after(person, org_a, member_a):
    row = factories.training(person, org_a, by=member_a)
    row = growth.correct_growth(row, by=member_a, class_hours=Decimal("2.5"))
    assert row.class_hours == Decimal("2.5")

    with clock.travel(clock.now() + timedelta(hours=25)):
        with pytest.raises(Refused) as refusal:
            growth.correct_growth(row, by=member_a, class_hours=Decimal(3))
        assert refusal.value.messages == [growth.TOO_LATE]
        voided = growth.void_growth(row, by=member_a, reason="培训没有举办")
    assert (voided.void_reason, list(Training.objects.standing())) == ("培训没有举办", [])
    for act in (
        lambda: growth.void_growth(row, by=member_a, reason="培训没有举办"),
        lambda: growth.correct_growth(row, by=member_a, place="社区"),
    ):
        with pytest.raises(Refused) as over:
            act()
        assert over.value.messages == [growth.VOIDED]


def test_only_of_people_on_the_own_roll(person, org_a, org_b, admin_b, member_b):
    fields = {"quality": "good", "evaluated_by": "社区", "evaluated_on": date(2026, 9, 1)}
    with pytest.raises(PermissionDenied):
        growth.record_growth(Evaluation, person, by=admin_b, organization=org_b, **fields)
    with pytest.raises(Refused) as refusal:
        growth.record_growth(Evaluation, person, by=factories.officer(), organization=org_b, **fields)
    assert refusal.value.messages == [NOT_IN_ORGANIZATION]
    growth.record_growth(Evaluation, person, by=factories.officer(), organization=org_a, **fields)
    factories.enrolled(person, org_b)
    assert not Evaluation.objects.visible_to(member_b).exists()


def test_a_code_is_long_kept_as_a_hash_and_dies_when_renewed(person, org_b, member_a, member_b, officer):
    factories.enrolled(person, org_b)
    first, other, whole = (own_record.issue_code(person, by=by) for by in (member_a, member_b, officer))
    assert len(ALPHABET) ** len(first) >= 2**128
    assert len({first, other, whole}) == 3
    assert not QueryCode.objects.filter(code_hash__contains=first).exists()

    second = own_record.issue_code(person, by=member_a)

    assert querycodes.find(first) is None
    typed = grouped(second).lower()
    assert querycodes.find(f" {typed} ").organization == member_a.organization
    assert querycodes.find(other) is not None
    assert querycodes.find(whole).organization is None


def test_a_request_is_answered_once(member_a, admin_b):
    record = factories.confirmed_activity(by=member_a).records.get()
    request = own_record.ask_correction(record, by=None, text="少记了一小时", contact="13909350001")
    with pytest.raises(ValidationError) as again:
        own_record.ask_correction(record, by=None, text="少记了两小时")
    assert again.value.messages == [ASKED_ALREADY]
    with pytest.raises(PermissionDenied):
        own_record.decline_correction(request, by=admin_b, answer="已经核对")
    with pytest.raises(Refused) as silent:
        own_record.accept_correction(request, by=member_a, answer=" ")
    assert silent.value.message_dict == {"answer": [own_record.ANSWER_NEEDED]}

    answered = own_record.accept_correction(request, by=member_a, answer="已改为三小时")

    assert (answered.state, answered.decided_by) == (CorrectionState.ACCEPTED, member_a)
    assert own_record.ask_correction(record, by=None, text="还是不对").state == CorrectionState.OPEN


def test_a_slip_that_cannot_be_printed_leaves_the_old_one_good(db):
    organization = factories.approved_organization(name="金川区\U0002b8ff面协会")
    by = factories.admin_of(organization)
    person = factories.volunteer(organization, by=by)
    code = own_record.issue_code(person, by=by)
    with pytest.raises(Refused, match="没有字形"):
        slips.slip(person, by=by)
    assert querycodes.find(code) is not None
