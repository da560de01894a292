import pytest

from jinchuan.audit.models import AuditEvent
from jinchuan.audit.reveal import reveal
from jinchuan.shared.errors import Refused
from tests import factories
from tests.pages import listing, page, shown

pytestmark = pytest.mark.django_db


def test_an_auditor_reads_the_log_and_changes_nothing(client_for, auditor, household_a):
    client = client_for(auditor)
    assert household_a.code in shown(client.get(listing(AuditEvent)))
    event = AuditEvent.objects.of(household_a).first()
    text = shown(client.get(page(event)))
    assert household_a.phone not in text
    assert client.post(page(event), {"reason": "改"}).status_code == 403
    assert client.get(listing(AuditEvent, "add")).status_code == 403


@pytest.mark.parametrize("who", ["officer", "leader", "worker_a", "clerk"])
def test_others_do_not_read_the_log(client_for, request, who):
    assert client_for(request.getfixturevalue(who)).get(listing(AuditEvent)).status_code == 403


def test_the_log_is_narrowed_by_date(client_for, auditor, household_a):
    client = client_for(auditor)
    assert client.get(listing(AuditEvent), {"at_to": "2020-01-01"}).context["cl"].result_count == 0
    assert client.get(listing(AuditEvent), {"at_from": "2020年1月1日"}).context["cl"].result_count > 0


def test_the_history_of_a_row_tells_who_did_what_in_words(client_for, officer, household_a):
    text = shown(client_for(officer).get(page(household_a, "history")))
    assert "状态改为“已核实”" in text
    assert "reviewer" in text
    assert household_a.phone not in text
    assert household_a.address not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_asks_the_same_number_of_questions(client_for, auditor, django_assert_num_queries, rows):
    for _ in range(rows):
        factories.registered_household()
    client = client_for(auditor)
    client.get(listing(AuditEvent))
    with django_assert_num_queries(4):
        client.get(listing(AuditEvent))


# The service ----------------------------------------------------------------------------------------------------


def test_reveal_returns_the_clear_text_and_leaves_an_event(officer, household_a):
    assert reveal(household_a, "phone", by=officer, reason="上门前联系") == household_a.phone
    assert AuditEvent.objects.get(action="reveal").reason == "上门前联系"


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_reveal_refuses_without_a_reason(officer, household_a, reason):
    with pytest.raises(Refused):
        reveal(household_a, "phone", by=officer, reason=reason)
    assert not AuditEvent.objects.filter(action="reveal").exists()


def test_reveal_is_for_encrypted_fields_and_for_people(officer, household_a):
    with pytest.raises(ValueError, match="code"):
        reveal(household_a, "code", by=officer, reason="上门前联系")
    with pytest.raises(ValueError, match="None"):
        reveal(household_a, "phone", by=None, reason="上门前联系")
