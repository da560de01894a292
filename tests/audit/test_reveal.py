"""A masked value is shown for a reason, one at a time, and written down first."""

import pytest
from django.core.exceptions import PermissionDenied

from jinchuan.audit.models import AuditEvent
from jinchuan.audit.reveal import REASON_NEEDED, reveal
from jinchuan.shared.errors import Refused
from tests import factories


def _reveals():
    return AuditEvent.objects.filter(action="reveal")


def test_fifty_reveals_are_fifty_events(officer):
    member = factories.registered_household().members.get()

    for number in range(50):
        assert reveal(member, "id_number", by=officer, reason=f"核对第 {number} 次") == member.id_number

    assert sorted(_reveals().values_list("reason", flat=True)) == sorted(
        f"核对第 {number} 次" for number in range(50)
    )
    assert {event.after["field"] for event in _reveals()} == {"id_number"}
    assert member.id_number not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("reason", ["", "   ", None])
def test_without_a_reason_nothing_is_shown(officer, reason):
    household = factories.registered_household()

    with pytest.raises(Refused) as refusal:
        reveal(household, "phone", by=officer, reason=reason)

    assert refusal.value.message_dict == {"reason": [REASON_NEEDED]}
    assert not _reveals().exists()


@pytest.mark.parametrize("who", ["leader", "worker_b", "clerk", "auditor", "administrator", "admin_a"])
def test_who_may_not_is_shown_nothing(request, household_a, who):
    with pytest.raises(PermissionDenied):
        reveal(household_a, "phone", by=request.getfixturevalue(who), reason="上门走访前联系")

    assert not _reveals().exists()


def test_a_worker_is_shown_the_own_street(worker_a, household_a):
    assert reveal(household_a, "phone", by=worker_a, reason="上门走访前联系") == household_a.phone


@pytest.mark.parametrize("field", ["code", "state", "registered_on"])
def test_only_sealed_fields_are_revealed(officer, household_a, field):
    with pytest.raises(ValueError):
        reveal(household_a, field, by=officer, reason="上门走访前联系")
