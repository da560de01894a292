"""The bureau's pages on handovers, close-outs, suggestions, merges, retention, files and registers as of a date."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.enums import HouseholdState, PairingState
from cases.models import Household, Pairing
from cases.services import households
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import today
from tests import factories, factories_cases
from tests.pages import act, acts, listing, page, said, shown

from .test_merges import twins

pytestmark = pytest.mark.django_db


def handing(organization, **typed):
    return {
        "organization": organization.pk,
        "on": today().isoformat(),
        "handover_note": "每周二上午在家。",
        **typed,
    }


# Transfer ----------------------------------------------------------------------------------------------------


def test_a_transfer_is_shown_before_it_is_done(client_for, officer, pairing_a, org_b):
    factories.sharing_consent(pairing_a.household, org_b, given_on=today())
    client = client_for(officer)
    preview = client.post(act(pairing_a, "transfer"), handing(org_b))
    text = shown(preview)
    assert "会办理 1 条" in text
    assert "中间没有空档" in text
    pairing_a.refresh_from_db()
    assert pairing_a.state == PairingState.ACTIVE
    done = client.post(act(pairing_a, "transfer"), handing(org_b, seen=preview.context["seen"]))
    assert "已办理 1 条" in shown(done)
    pairing_a.refresh_from_db()
    new = Pairing.objects.get(previous=pairing_a)
    assert (pairing_a.state, new.state, new.organization) == (PairingState.ENDED, PairingState.ACTIVE, org_b)
    assert new.started_on == pairing_a.ended_on
    assert "每周二上午在家" in shown(client.get(page(pairing_a)))


def test_many_are_handed_over_and_each_refusal_is_told(client_for, officer, org_b):
    agreed, silent = factories.active_pairing(), factories.active_pairing()
    factories.sharing_consent(agreed.household, org_b, given_on=today())
    client = client_for(officer)
    chosen = {"action": "transfer", "_selected_action": [agreed.pk, silent.pk]}
    assert "共 2 条" in shown(client.post(listing(Pairing), chosen))
    ids = {"ids": [agreed.pk, silent.pk]}
    preview = client.post(acts(Pairing, "transfer"), handing(org_b, **ids))
    assert "会办理 1 条，1 条不能办理" in shown(preview)
    done = client.post(acts(Pairing, "transfer"), handing(org_b, seen=preview.context["seen"], **ids))
    parts = done.context["parts"]
    assert [address for _, address, _ in parts["done"]] == [page(agreed)]
    assert [address for _, address, _ in parts["refused"]] == [page(silent)]


def test_what_was_not_shown_is_not_done(client_for, officer, pairing_a, org_b):
    factories.sharing_consent(pairing_a.household, org_b, given_on=today())
    response = client_for(officer).post(act(pairing_a, "transfer"), handing(org_b, seen="999"))
    assert response.context["is_done"] is False
    assert "请再核对一遍" in said(response)[0]
    pairing_a.refresh_from_db()
    assert pairing_a.state == PairingState.ACTIVE


def test_a_transfer_needs_a_note_and_an_organisation_that_one_may_see(client_for, officer, pairing_a, org_b):
    closed = factories.suspended_organization()
    response = client_for(officer).post(act(pairing_a, "transfer"), handing(closed, handover_note=""))
    assert {"organization", "handover_note"} <= set(response.context["form"].errors)


def test_foreign_ids_in_a_transfer_are_left_out(client_for, worker_a, pairing_b, org_a):
    worker_a.role = "officer"
    worker_a.save()
    response = client_for(worker_a).post(acts(Pairing, "transfer"), handing(org_a, ids=[pairing_b.pk]))
    assert response.url == listing(Pairing)
    assert pairing_b.code not in "".join(said(response))


# The life of a pairing ---------------------------------------------------------------------------------------


def test_a_pairing_is_suspended_resumed_wound_up_and_ended(client_for, officer, pairing_a):
    client = client_for(officer)
    assert client.post(act(pairing_a, "suspend"), {"reason": "对象住院，暂停两个月"}).status_code == 302
    assert client.post(act(pairing_a, "resume")).status_code == 302
    assert client.post(act(pairing_a, "begin_ending"), {}).status_code == 200
    typed = {
        "last_contact_on": today().isoformat(),
        "goods_outstanding": "无",
        "handover_note": "药放在床头柜。",
    }
    assert client.post(act(pairing_a, "begin_ending"), typed).status_code == 302
    assert "药放在床头柜" in shown(client.get(page(pairing_a)))
    assert (
        client.post(act(pairing_a, "end"), {"reason": "adjusted", "on": today().isoformat()}).status_code
        == 302
    )
    pairing_a.refresh_from_db()
    assert pairing_a.state == PairingState.ENDED


def test_readers_do_not_read_the_handover_note(client_for, leader, officer, pairing_a):
    client_for(officer).post(
        act(pairing_a, "begin_ending"),
        {
            "last_contact_on": today().isoformat(),
            "goods_outstanding": "无",
            "handover_note": "药放在床头柜。",
        },
    )
    assert "床头柜" not in shown(client_for(leader).get(page(pairing_a)))


def test_a_household_that_waits_has_suggestions_that_fill_in_the_intention(
    client_for, officer, leader, divisions, org_a
):
    household = factories.verified_household(community=divisions.a1)
    address = f"{listing(Pairing, 'add')}?household={household.pk}&amp;organization={org_a.pk}"
    text = shown(client_for(officer).get(page(household)))
    assert address in text
    assert "在同一个街道（镇）" in text
    assert address not in shown(client_for(leader).get(page(household)))
    factories.active_pairing(household, org_a)
    assert "推荐的组织" not in shown(client_for(officer).get(page(household)))


# The file of a household -------------------------------------------------------------------------------------


def own(household, name):
    return page(household, name)


def test_the_file_is_masked_and_tells_the_whole_story(client_for, officer, worker_b, clerk, pairing_a):
    household = pairing_a.household
    visits = [factories_cases.submitted_visit(pairing_a) for _ in range(12)]
    text = shown(client_for(officer).get(own(household, "file")))
    for visit in visits:
        assert visit.code in text
    assert pairing_a.code in text
    assert household.members.get().name not in text
    assert household.phone not in text
    assert household.address not in text
    assert client_for(worker_b).get(own(household, "file")).status_code == 404
    assert client_for(clerk).get(own(household, "file")).status_code == 403


def test_who_can_see_and_who_looked(client_for, officer, worker_a, worker_b, clerk, household_a, org_a):
    client = client_for(officer)
    client.post(page(household_a, "reveal", field="phone"), {"why": "visit", "note": "周五上门"})
    text = shown(client.get(own(household_a, "readers")))
    assert worker_a.username in text
    assert worker_b.username not in text
    assert org_a.name in text
    assert "周五上门" in text
    assert household_a.phone not in text
    assert "谁看过（0）" not in shown(client.get(page(household_a)))
    assert client_for(worker_b).get(own(household_a, "readers")).status_code == 404
    assert client_for(clerk).get(own(household_a, "readers")).status_code == 403


# As of a date ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Household, Pairing])
def test_a_register_is_read_as_of_a_date(client_for, officer, worker_a, clerk, pairing_a, pairing_b, model):
    address = listing(model, "as_of")
    code = pairing_a.household.code
    client = client_for(officer)
    assert code not in shown(client.get(address))
    assert code in shown(client.get(address, {"on": today().isoformat()}))
    assert code not in shown(client.get(address, {"on": (today() - timedelta(days=400)).isoformat()}))
    assert "form" in client.get(address, {"on": "昨天"}).context
    text = shown(client_for(worker_a).get(address, {"on": today().isoformat()}))
    assert code in text
    assert pairing_b.household.code not in text
    assert pairing_a.household.members.get().name not in text
    assert client_for(clerk).get(address).status_code == 403
    assert address in shown(client.get(listing(model)))


# Merge -------------------------------------------------------------------------------------------------------


def test_two_that_are_one_are_listed_compared_and_merged(client_for, officer, leader):
    kept, duplicate = twins()
    client = client_for(officer)
    address = reverse("admin:cases_household_merge", args=[kept.pk, duplicate.pk])
    assert address in shown(client.get(listing(Household, "duplicates")))
    text = shown(client.get(address))
    assert kept.members.get().name not in text
    assert "两户对照" in text
    typed = dict.fromkeys(client.get(address).context["form"].fields, "duplicate")
    assert client.post(address, typed).url == page(kept)
    kept.refresh_from_db()
    old = duplicate.address
    duplicate.refresh_from_db()
    assert (duplicate.state, duplicate.merged_into) == (HouseholdState.EXITED, kept)
    assert kept.address == old
    again = client.post(address, typed)
    assert again.status_code == 200
    assert again.context["form"].summary
    assert client_for(leader).get(address).status_code == 403
    assert client_for(leader).get(listing(Household, "duplicates")).status_code == 403


def test_particulars_that_look_alike_are_still_offered(client_for, officer):
    """Masked, the two say the same; they are not."""
    kept, duplicate = twins(phone="13909351234", summary="儿子在外")
    households.update_household(kept, by=officer, phone="13900001234", summary="腿脚不便")
    address = reverse("admin:cases_household_merge", args=[kept.pk, duplicate.pk])
    client = client_for(officer)
    response = client.get(address)
    assert {"phone", "summary"} <= set(response.context["form"].fields)
    assert not [
        word for word in ("13909351234", "13900001234", "儿子在外", "腿脚不便") if word in shown(response)
    ]
    typed = {**dict.fromkeys(response.context["form"].fields, "kept"), "summary": "duplicate"}
    assert client.post(address, typed).url == page(kept)
    kept.refresh_from_db()
    assert (kept.phone, kept.summary) == ("13900001234", "儿子在外")


def test_what_both_say_alike_is_not_asked(client_for, officer):
    kept, duplicate = twins(phone="13909351234", summary="儿子在外")
    households.update_household(kept, by=officer, phone="13909351234", summary="儿子在外")
    address = reverse("admin:cases_household_merge", args=[kept.pk, duplicate.pk])
    fields = client_for(officer).get(address).context["form"].fields
    assert not {"phone", "summary"} & set(fields)


def test_a_household_is_not_merged_with_itself_or_with_a_foreign_one(
    client_for, worker_a, household_a, household_b
):
    worker_a.role = "officer"
    worker_a.save()
    client = client_for(worker_a)
    for other in (household_a, household_b):
        address = reverse("admin:cases_household_merge", args=[household_a.pk, other.pk])
        assert client.get(address).status_code == client.post(address, {}).status_code == 404
    household_b.refresh_from_db()
    assert household_b.state == HouseholdState.ACTIVE


# Retention ---------------------------------------------------------------------------------------------------


def test_one_proposes_to_take_names_away_and_another_confirms(client_for, officer, reviewer, leader):
    household = factories.exited_household()
    client = client_for(officer)
    assert client.get(act(household, "propose")).status_code == 302
    Household.objects.filter(pk=household.pk).update(
        registered_on=today() - timedelta(days=2000), exited_on=today() - timedelta(days=1200)
    )
    titles = [line.title for line in client.get(reverse("admin:index")).context["waiting"]]
    assert "到期可去标识化的户" in titles
    assert client.get(act(household, "propose")).status_code == 200
    assert client.post(act(household, "propose")).status_code == 302
    assert client.post(act(household, "deidentify")).status_code == 403
    assert client_for(leader).post(act(household, "propose")).status_code == 403
    assert client_for(reviewer).post(act(household, "deidentify")).status_code == 302
    household.refresh_from_db()
    assert household.deidentified_by == reviewer
    assert AuditEvent.objects.filter(action="deidentify").count() == 1
    assert client.get(page(household)).status_code == 200
