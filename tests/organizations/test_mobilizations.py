"""Meetings and appeals: what is refused and said, who sees what, and that nothing here is a duty."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from jinchuan.intake.models import Attachment
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from organizations.enums import Answer
from organizations.models import Mobilization, MobilizationInvitation
from organizations.services import mobilizations as services
from organizations.services import organizations as registry
from tests import factories
from tests import factories_mobilizing as moving

pytestmark = pytest.mark.django_db


def test_what_follows_is_looked_for_during_60_days_unless_told_otherwise(officer):
    meeting = moving.planned_meeting()
    assert meeting.code == f"DY{today().year}-0001"
    assert meeting.followed_until == today() + timedelta(days=60)

    meeting = services.update_mobilization(meeting, by=officer, held_on=today() + timedelta(days=7))

    assert meeting.followed_until == today() + timedelta(days=67)


def test_a_meeting_is_not_held_before_its_day(officer):
    meeting = moving.planned_meeting(held_on=today() + timedelta(days=1))

    with pytest.raises(Refused, match=services.NOT_YET):
        services.hold_mobilization(meeting, by=officer)


def test_the_day_of_a_held_meeting_stands(officer):
    with pytest.raises(Refused, match=services.HELD_ALREADY):
        services.update_mobilization(moving.held_meeting(), by=officer, held_on=moving.yesterday())


def test_only_approved_organisations_are_invited_and_each_once(officer):
    meeting = moving.planned_meeting()
    with pytest.raises(Refused, match="只邀请已批准的组织"):
        services.invite(factories.suspended_organization(), by=officer, mobilization=meeting)
    invitation = moving.invitation(meeting)
    with pytest.raises(Exception, match="这个组织已经邀请过了"):
        services.invite(invitation.organization, by=officer, mobilization=meeting)


def test_an_answer_may_be_changed_and_says_who_gave_it(officer, org_a, admin_a):
    invitation = moving.invitation(organization=org_a)
    told = services.record_answer(invitation, by=officer, answer=Answer.DECLINED, words="派不出人")
    assert told.was_told_to_staff

    own = moving.answered(told, by=admin_a, words="调整好了，两人参加")

    assert (own.answer, own.answered_by, own.was_told_to_staff) == (Answer.ATTENDING, admin_a, False)


@pytest.mark.parametrize(
    ("situation", "answer"),
    [
        (moving.planned_meeting, Answer.SUPPORTS),
        (moving.appeal, Answer.ATTENDING),
        (moving.appeal, Answer.NONE),
    ],
)
def test_a_meeting_is_attended_and_an_appeal_supported(situation, answer):
    with pytest.raises(Refused, match=services.CHOOSE_ANSWER):
        moving.answered(moving.invitation(situation()), answer=answer)


def test_an_organisation_knows_of_what_it_was_invited_to_and_of_an_appeal_once_it_is_out(admin_a, org_a):
    meeting, draft, gone = moving.planned_meeting(), moving.planned_appeal(), moving.planned_appeal()
    for one in (meeting, draft, gone):
        moving.invitation(one, org_a)
    moving.invitation(moving.planned_meeting())
    services.cancel_mobilization(gone, by=factories.officer(), reason=moving.REASON)
    assert list(Mobilization.objects.visible_to(admin_a)) == [meeting]

    services.hold_mobilization(draft, by=factories.officer())

    assert set(Mobilization.objects.visible_to(admin_a)) == {meeting, draft}
    assert {one.organization for one in MobilizationInvitation.objects.visible_to(admin_a)} == {org_a}


def test_a_document_is_read_by_those_invited_alone(officer, admin_a, admin_b, org_a):
    meeting = moving.planned_meeting()
    moving.invitation(meeting, org_a)
    minutes = SimpleUploadedFile("议程.pdf", _pdf(), content_type="application/pdf")
    services.attach_document(meeting, by=officer, document=minutes)

    assert Attachment.objects.visible_to(admin_a).exists()
    assert not Attachment.objects.visible_to(admin_b).exists()


def _pdf():
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


def test_waiting_are_those_that_can_still_answer():
    waiting = moving.invitation()
    moving.answered()
    moving.invitation(moving.planned_appeal())
    services.hold_mobilization(moving.invitation().mobilization, by=factories.officer())

    assert list(MobilizationInvitation.objects.waiting()) == [waiting]


def test_a_partner_takes_part_once_at_a_time(officer, org_a):
    program = factories.program()
    partner = registry.add_partner(program, by=officer, organization=org_a, started_on=moving.yesterday())
    with pytest.raises(Exception, match="已经在参与这个项目"):
        registry.add_partner(program, by=officer, organization=org_a)
    registry.end_partner(partner, by=officer)
    with pytest.raises(Refused, match=registry.PARTNER_LEFT):
        registry.end_partner(partner, by=officer)

    assert registry.add_partner(program, by=officer, organization=org_a).ended_on is None
