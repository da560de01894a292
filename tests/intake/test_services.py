"""Drafts, one-use submissions and running numbers."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from donations.models import Donation
from jinchuan.intake import services
from jinchuan.intake.models import Draft, Submission
from jinchuan.intake.services import ALREADY_SENT, SENT_BY_ANOTHER, Repeated, once
from jinchuan.shared.clock import now, travel
from jinchuan.shared.errors import Refused
from organizations.enums import Role
from tests import factories

FORM = "donations.cash"


def _send(token, by, payload=None):
    return once(
        token,
        by=by,
        form=FORM,
        payload=payload or {"value": "1000.00"},
        create=lambda: factories.submitted_donation(by=by),
    )


def test_sent_twice_is_one_row(member_a):
    token = uuid.uuid4()

    assert _send(token, member_a) == _send(token, member_a)
    assert (Donation.objects.count(), Submission.objects.count()) == (1, 1)


def test_sent_again_with_other_content_is_refused_with_the_first_row(member_a):
    token = uuid.uuid4()
    first = _send(token, member_a)

    with pytest.raises(Repeated) as refusal:
        _send(token, member_a, {"value": "2000.00"})

    assert refusal.value.messages == [ALREADY_SENT]
    assert refusal.value.target == first
    assert Donation.objects.count() == 1


def test_a_refused_form_may_be_sent_again(member_a):
    token = uuid.uuid4()

    def refuse():
        raise Refused("金额必须大于 0。")

    with pytest.raises(Refused):
        once(token, by=member_a, form=FORM, payload={}, create=refuse)

    assert not Submission.objects.exists()
    assert _send(token, member_a).pk


def test_anothers_token_opens_nothing(member_a, member_b):
    token = uuid.uuid4()
    _send(token, member_a)

    with pytest.raises(Refused) as refusal:
        _send(token, member_b)

    assert refusal.value.messages == [SENT_BY_ANOTHER]
    assert services.submitted(token, by=member_b) is None
    assert Donation.objects.count() == 1


def test_a_row_the_database_refuses_is_not_taken_for_a_repetition(member_a, org_a):
    """Only the token's own uniqueness means “sent before”."""
    token = uuid.uuid4()

    def clash():
        return factories.user(Role.ORG_MEMBER, username="member_a", organization=org_a)

    with pytest.raises(Exception) as refusal:
        once(token, by=member_a, form=FORM, payload={}, create=clash)

    assert not isinstance(refusal.value, Repeated)
    assert not Submission.objects.exists()


def test_a_draft_is_its_owners(member_a, admin_a):
    token = uuid.uuid4()
    services.save_draft(token, by=member_a, form=FORM, content={"note": "两袋面"}, title="两袋面")

    assert services.draft_content(token, by=member_a, form=FORM) == {"note": "两袋面"}
    assert services.draft_content(token, by=admin_a, form=FORM) is None
    assert services.save_draft(token, by=admin_a, form=FORM, content={"note": "改了"}) is None
    assert services.draft_content(token, by=member_a, form=FORM) == {"note": "两袋面"}


def test_a_drafts_content_is_not_readable_in_the_database(member_a):
    services.save_draft(uuid.uuid4(), by=member_a, form=FORM, content={"note": "王秀兰 13909350001"})

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM intake_draft")
        stored = cursor.fetchone()[0]

    assert "王秀兰" not in stored and "13909350001" not in stored


def _send_draft(token, by, payload="shown", create=None):
    return services.submit_draft(
        token,
        by=by,
        form=FORM,
        payload=payload,
        create=create or (lambda content: factories.submitted_donation(by=by, note=content["note"])),
    )


def test_sending_takes_the_draft_away(member_a):
    token = uuid.uuid4()
    services.save_draft(token, by=member_a, form=FORM, content={"note": "两袋面"})

    donation = _send_draft(token, member_a)

    assert donation.note == "两袋面"
    assert not Draft.objects.exists()
    assert services.save_draft(token, by=member_a, form=FORM, content={"note": "1"}) is None
    assert _send_draft(token, member_a) == services.submitted(token, by=member_a) == donation


def test_a_refused_draft_stays(member_a):
    token = uuid.uuid4()
    services.save_draft(token, by=member_a, form=FORM, content={"note": "两袋面"})

    def refuse(content):
        raise Refused("金额必须大于 0。")

    with pytest.raises(Refused):
        _send_draft(token, member_a, create=refuse)

    assert services.draft_content(token, by=member_a, form=FORM) == {"note": "两袋面"}
    assert not Submission.objects.exists()


def test_a_draft_kept_again_after_it_was_sent_makes_no_second_row(member_a):
    """As an autosave does that was on its way when the button was pressed."""
    token = uuid.uuid4()
    services.save_draft(token, by=member_a, form=FORM, content={"note": "两袋面"})
    first = _send_draft(token, member_a)
    Draft.objects.create(pk=token, owner=member_a, form=FORM, content='{"note": "三袋面"}', saved_at=now())

    assert _send_draft(token, member_a) == first
    with pytest.raises(Repeated):
        _send_draft(token, member_a, payload="other")

    assert Donation.objects.get() == first


def test_a_draft_that_is_not_there_becomes_nothing(member_a, admin_a):
    token = uuid.uuid4()
    services.save_draft(token, by=member_a, form=FORM, content={"note": "两袋面"})

    assert _send_draft(token, admin_a) is None
    assert _send_draft(uuid.uuid4(), member_a) is None
    assert not Donation.objects.exists()


def test_forgotten_drafts_go_away(member_a, settings):
    services.save_draft(uuid.uuid4(), by=member_a, form=FORM, content={})
    with travel(now() + timedelta(days=settings.DRAFT_DAYS - 1)):
        services.save_draft(uuid.uuid4(), by=member_a, form=FORM, content={})
        assert services.purge_drafts() == 0

    with travel(now() + timedelta(days=settings.DRAFT_DAYS + 1)):
        assert services.purge_drafts() == 1

    assert Draft.objects.count() == 1


def test_numbers_run_by_themselves(db):
    assert [services.next_code("JZ", 2026) for _ in range(3)] == ["JZ2026-0001", "JZ2026-0002", "JZ2026-0003"]
    assert services.next_code("JZ", 2025) == "JZ2025-0001"
    assert services.next_code("HJ") == "HJ-0001"


def test_a_file_is_attached_to_what_one_sees(member_a, member_b):
    donation = factories.submitted_donation(by=member_a)
    photo = SimpleUploadedFile("slip.pdf", b"%PDF-1.4")
    with pytest.raises(PermissionDenied):
        services.attach(donation._meta.label, donation.pk, photo, by=member_b)
    with pytest.raises(PermissionDenied):
        services.attach("organizations.User", member_a.pk, photo, by=member_a)
