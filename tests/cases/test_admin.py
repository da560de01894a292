from datetime import date

import pytest
from django.urls import reverse

from cases.enums import HouseholdState, PairingState
from cases.models import Consent, Household, Member, Pairing
from cases.services import households
from cases.services.pairings import CONSENT_MISSING
from jinchuan.audit.models import AuditEvent
from tests import factories
from tests.pages import act, acts, agreed, form_values, listing, outcome, page, said, shown

pytestmark = pytest.mark.django_db


# Households ---------------------------------------------------------------------------------------------------


def head_typed(community, **typed):
    return {
        "id_number": factories.citizen_id(),
        "name": "王秀兰",
        "category": "destitute_person",
        "basis": "特困供养证",
        "community": community.pk,
        "address": "龙集里9栋1单元101室",
        "phone": "139 0935 9999",
        "need_level": "marked",
        "summary": "独居。",
        "registered_on": "2026年9月1日",
        **typed,
    }


def test_an_officer_registers_a_household_with_its_head(client_for, officer, divisions):
    response = client_for(officer).post(listing(Household, "add"), head_typed(divisions.a1))
    household = Household.objects.get()
    assert response.status_code == 302
    assert response.url == page(household)
    assert household.phone == "13909359999"
    head = household.members.get()
    assert (head.name, head.relation, head.sex) == ("王秀兰", "head", "female")
    assert head.hardships.get().basis == "特困供养证"


def test_a_person_registered_already_is_named_at_the_id_number_and_nothing_typed_is_lost(
    client_for, officer, divisions, household_a
):
    known = household_a.members.get().id_number
    response = client_for(officer).post(listing(Household, "add"), head_typed(divisions.a1, id_number=known))
    assert response.status_code == 200
    form = response.context["adminform"].form
    assert form.errors["id_number"] == [households.ALREADY_REGISTERED.format(household=household_a.code)]
    assert "龙集里9栋1单元101室" in shown(response)
    assert Household.objects.count() == 1


def test_somebody_of_another_street_is_told_nothing_of_that_household(
    client_for, worker_b, divisions, household_a
):
    known = household_a.members.get().id_number
    response = client_for(worker_b).post(listing(Household, "add"), head_typed(divisions.b1, id_number=known))
    assert response.context["adminform"].form.errors["id_number"] == [households.REGISTERED_ELSEWHERE]
    assert household_a.code not in shown(response)


def test_a_worker_sees_only_the_own_street(client_for, worker_a, household_a, household_b):
    client = client_for(worker_a)
    text = shown(client.get(listing(Household)))
    assert household_a.code in text
    assert household_b.code not in text
    assert client.get(page(household_a)).status_code == 200
    assert client.get(page(household_b)).status_code == 404
    assert client.get(page(household_b, "history")).status_code == 404
    assert client.get(act(household_b, "exit")).status_code in (403, 404)
    assert client.post(page(household_b), {}).status_code == 404


def test_a_leader_reads_and_writes_nothing(client_for, leader, household_a):
    client = client_for(leader)
    text = shown(client.get(page(household_a)))
    assert household_a.phone not in text
    assert household_a.address not in text
    assert 'name="_save"' not in text
    assert client.post(page(household_a), {"address": "别处"}).status_code == 403
    assert client.get(act(household_a, "exit")).status_code == 403
    assert client.get(listing(Household, "add")).status_code == 403


@pytest.mark.parametrize("who", ["administrator", "auditor", "clerk"])
def test_who_has_nothing_to_do_with_cases_comes_not_in(client_for, request, who, household_a):
    client = client_for(request.getfixturevalue(who))
    assert client.get(listing(Household)).status_code == 403
    assert client.get(page(household_a)).status_code in (403, 404)


def test_an_organisation_does_not_come_in_here(client_for, admin_a, household_a):
    client = client_for(admin_a)
    assert client.get(page(household_a), follow=True).status_code == 403
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_names_are_masked_in_the_list(client_for, officer, household_a):
    head = household_a.members.get()
    text = shown(client_for(officer).get(listing(Household)))
    assert head.name not in text
    assert f"{head.name[0]}*{head.name[2]}" in text
    assert head.name not in shown(client_for(officer).get(listing(Member)))
    assert head.name in shown(client_for(officer).get(page(household_a)))


def test_encrypted_fields_are_empty_in_the_form_and_stay_when_left_empty(client_for, officer, household_a):
    client = client_for(officer)
    opened = client.get(page(household_a))
    assert household_a.phone not in shown(opened)
    response = client.post(page(household_a), {**form_values(opened), "need_level": "severe"})
    assert response.status_code == 302
    household_a.refresh_from_db()
    assert household_a.need_level == "severe"
    assert household_a.phone
    assert household_a.address


def test_a_filled_encrypted_field_replaces_the_old_one(client_for, officer, household_a):
    client = client_for(officer)
    opened = client.get(page(household_a))
    client.post(page(household_a), {**form_values(opened), "phone": "１３９０９３５８８８８"})
    household_a.refresh_from_db()
    assert household_a.phone == "13909358888"


def test_fields_nobody_offered_are_ignored(client_for, officer, household_a):
    client = client_for(officer)
    values = form_values(client.get(page(household_a)))
    more = {"state": "exited", "code": "HJ-9999", "registered_by": "1", "exit_reason": "other"}
    assert client.post(page(household_a), {**values, **more}).status_code == 302
    household_a.refresh_from_db()
    assert household_a.state == HouseholdState.ACTIVE
    assert household_a.code != "HJ-9999"


def test_a_second_person_verifies_and_the_first_is_refused_with_what_was_typed(client_for, officer, reviewer):
    household = factories.registered_household(by=officer)
    typed = {"method": "home_visit", "evidence": "入户看过，邻居也说是。", "reviewed_on": "2026-09-02"}
    refused = client_for(officer).post(act(household, "verify"), typed)
    assert refused.status_code == 200
    assert "请由另一位工作人员核实" in shown(refused)
    assert typed["evidence"] in shown(refused)
    assert client_for(reviewer).post(act(household, "verify"), typed).status_code == 302
    household.refresh_from_db()
    assert household.state == HouseholdState.VERIFIED


def test_a_step_done_already_is_not_done_again(client_for, reviewer, household_a):
    response = client_for(reviewer).get(act(household_a, "verify"))
    assert response.url == page(household_a)
    assert "帮扶中" in said(response)[0]


def test_nothing_is_ever_deleted(client_for, officer, household_a):
    assert client_for(officer).post(
        f"/admin/cases/household/{household_a.pk}/delete/", {"post": "yes"}
    ).status_code in (
        302,
        404,
    )
    assert Household.objects.filter(pk=household_a.pk).exists()


def test_unknown_and_foreign_rows_give_the_same_answer(client_for, worker_a, household_b):
    client = client_for(worker_a)
    foreign = client.get(page(household_b))
    unknown = client.get(page(household_b).replace(f"/{household_b.pk}/", "/999999/"))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content or len(foreign.content) == len(unknown.content)


# Reveal ---------------------------------------------------------------------------------------------------------


def reveals():
    return AuditEvent.objects.filter(action="reveal")


def test_a_masked_value_is_shown_once_for_a_reason_and_logged(client_for, officer, household_a):
    client = client_for(officer)
    address = page(household_a, "reveal", field="phone")
    assert household_a.phone not in shown(client.get(address))
    assert not reveals().exists()
    response = client.post(address, {"why": "visit", "note": "周五上门"})
    assert household_a.phone in shown(response)
    assert "no-store" in response["Cache-Control"]
    event = reveals().get()
    assert (event.actor, event.target_id, event.after) == ("officer", str(household_a.pk), {"field": "phone"})
    assert event.reason == "上门走访前联系：周五上门"
    assert household_a.phone not in shown(client.get(address))


@pytest.mark.parametrize(
    "typed", [{}, {"why": ""}, {"why": "other"}, {"why": "other", "note": "看"}, {"why": "nonsense"}]
)
def test_without_a_reason_nothing_is_shown_and_nothing_logged(client_for, officer, household_a, typed):
    response = client_for(officer).post(page(household_a, "reveal", field="phone"), typed)
    assert response.status_code == 200
    assert household_a.phone not in shown(response)
    assert not reveals().exists()


def test_who_may_not_reveal_gets_nothing(client_for, leader, worker_b, household_a):
    address = page(household_a, "reveal", field="phone")
    assert client_for(leader).post(address, {"why": "visit"}).status_code == 403
    assert client_for(worker_b).post(address, {"why": "visit"}).status_code == 404
    assert not reveals().exists()


@pytest.mark.parametrize("field", ["code", "community", "nonsense", "state"])
def test_only_sealed_fields_can_be_asked_for(client_for, officer, household_a, field):
    assert (
        client_for(officer).post(page(household_a, "reveal", field=field), {"why": "visit"}).status_code
        == 404
    )


# Search -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", ["秀", "王秀兰", "wxl", "wangxiulan", "龙集里"])
def test_a_household_is_found_by_any_part_of_a_name_and_by_pinyin(client_for, officer, divisions, term):
    household = factories.registered_household(
        members=[factories.head(name="王秀兰")], community=divisions.a1
    )
    other = factories.registered_household(members=[factories.head(name="李建国")], community=divisions.b1)
    text = shown(client_for(officer).get(listing(Household), {"q": term}))
    assert household.code in text
    assert other.code not in text


@pytest.mark.parametrize(
    "term", ["620301194708220022", "62030119470822 0022", "139 0935 1234", "620301470822002"]
)
def test_id_numbers_and_phones_are_not_searched_by_address(client_for, officer, household_a, term):
    response = client_for(officer).get(listing(Household), {"q": term})
    assert response.status_code == 302
    assert response.url == listing(Household)
    assert "按身份证号查找" in said(response)[0]


def test_a_person_is_found_by_id_number_through_a_form_that_is_sent(
    client_for, officer, worker_b, household_a
):
    number = household_a.members.get().id_number
    assert client_for(officer).post(listing(Household, "find"), {"id_number": number}).url == page(
        household_a
    )
    response = client_for(worker_b).post(listing(Household, "find"), {"id_number": number})
    assert response.status_code == 200
    assert household_a.code not in shown(response)


@pytest.mark.parametrize(
    "query",
    [
        {"community__path__startswith": "/"},
        {"registered_by__password__startswith": "p"},
        {"nonsense": "1"},
        {"p": "-1"},
        {"o": "99.x"},
    ],
)
def test_what_the_list_does_not_offer_is_not_asked_of_the_database(client_for, officer, household_a, query):
    response = client_for(officer).get(listing(Household), query, follow=True)
    assert response.status_code == 200
    assert household_a.code in shown(response)


# Pairings -----------------------------------------------------------------------------------------------------------


def test_an_officer_registers_an_intention_and_activates_it(client_for, officer, org_a, divisions):
    household = factories.verified_household(community=divisions.a1)
    client = client_for(officer)
    typed = {
        "household": household.pk,
        "organization": org_a.pk,
        "role": "auxiliary",
        "intended_on": "2026-9-10",
    }
    assert client.post(listing(Pairing, "add"), typed).status_code == 302
    pairing = Pairing.objects.get()
    text = shown(client.get(act(pairing, "activate")))
    assert CONSENT_MISSING in text
    refused = client.post(act(pairing, "activate"), {"on": "2026-09-11"})
    assert refused.status_code == 200
    assert CONSENT_MISSING in shown(refused)
    factories.sharing_consent(household, org_a, given_on=pairing.intended_on)
    for verb in ("household", "organization"):
        assert client.post(act(pairing, verb)).status_code == 302
    factories.pairings.update_intention(pairing, by=officer, hold_until="2027-01-31")
    assert client.post(act(pairing, "activate"), {"on": "2026-11-20"}).status_code == 302
    pairing.refresh_from_db()
    assert pairing.state == PairingState.ACTIVE


def test_a_full_organisation_takes_one_more_only_with_a_reason(client_for, officer, divisions):
    organization = factories.approved_organization(capacity=1)
    factories.active_pairing(organization=organization)
    pairing = factories.ready_intention(organization=organization)
    client = client_for(officer)
    on = pairing.intended_on.isoformat()
    refused = client.post(act(pairing, "activate"), {"on": on})
    assert "capacity_override" in refused.context["form"].errors
    assert (
        client.post(
            act(pairing, "activate"), {"on": on, "capacity_override": "同一社区，顺路照看"}
        ).status_code
        == 302
    )


def test_several_intentions_are_cancelled_at_once_and_each_refusal_is_told(client_for, officer, divisions):
    first, second = factories.intention(), factories.intention()
    active = factories.active_pairing()
    client = client_for(officer)
    chosen = {"action": "cancel", "_selected_action": [first.pk, second.pk, active.pk]}
    text = shown(client.post(listing(Pairing), chosen))
    assert "共 2 条" in text
    assert active.code in text
    ids = [first.pk, second.pk, active.pk]
    answer = agreed(client, acts(Pairing, "cancel"), ids=ids, reason="登记时选错了组织")
    assert set(outcome(answer, "done")) == {page(first), page(second)}
    assert set(outcome(answer, "refused")) == {page(active)}
    first.refresh_from_db()
    assert first.state == PairingState.CANCELLED


def test_foreign_ids_in_an_act_are_left_out_without_being_named(client_for, officer, worker_a, pairing_b):
    elsewhere = factories.intention(
        household=factories.verified_household(community=factories.division(factories.COMMUNITY_B1))
    )
    worker_a.role = "officer"
    worker_a.save()
    response = client_for(worker_a).post(
        acts(Pairing, "cancel"), {"ids": [elsewhere.pk, "999", "x"], "reason": "登记时选错了"}
    )
    assert response.url == listing(Pairing)
    assert elsewhere.code not in "".join(said(response))
    elsewhere.refresh_from_db()
    assert elsewhere.state == PairingState.INTENTION


def test_choices_offer_only_what_one_may_see(client_for, worker_a, household_a, household_b):
    query = {"app_label": "cases", "model_name": "member", "field_name": "household", "term": ""}
    answer = client_for(worker_a).get(reverse("admin:autocomplete"), query).json()
    texts = [one["text"] for one in answer["results"]]
    assert any(household_a.code in text for text in texts)
    assert not any(household_b.code in text for text in texts)
    assert household_a.members.get().name not in "".join(texts)


def test_a_foreign_household_in_a_form_is_refused(client_for, worker_a, household_b, org_a):
    typed = {
        "household": household_b.pk,
        "purpose": "record",
        "given_by": "self",
        "given_on": "2026-9-1",
        "evidence": "签字",
        "text_version": "2023-06",
    }
    response = client_for(worker_a).post(listing(Consent, "add"), typed)
    assert response.status_code == 200
    assert "household" in response.context["adminform"].form.errors
    assert not Consent.objects.filter(household=household_b, purpose="record").exists()


def test_a_worker_records_a_consent_that_names_no_organisation(client_for, worker_a, household_a):
    client = client_for(worker_a)
    text = shown(client.get(listing(Consent, "add")))
    assert "向指定组织提供信息" not in text
    typed = {
        "household": household_a.pk,
        "purpose": "photo",
        "given_by": "self",
        "given_on": "2026-09-01",
        "evidence": "签字",
        "text_version": "2023-06",
    }
    assert client.post(listing(Consent, "add"), typed).status_code == 302
    assert Consent.objects.get(purpose="photo").recorded_by == worker_a


def test_a_consent_is_recorded_and_withdrawn(client_for, officer, household_a, org_b):
    client = client_for(officer)
    typed = {
        "household": household_a.pk,
        "purpose": "share_with_organization",
        "organization": org_b.pk,
        "given_by": "self",
        "given_on": "2026-09-01",
        "evidence": "签字同意书",
        "text_version": "2023-06",
    }
    assert client.post(listing(Consent, "add"), typed).status_code == 302
    consent = Consent.objects.get(organization=org_b)
    assert client.post(act(consent, "withdraw"), {"on": "2026-11-01"}).status_code == 302
    consent.refresh_from_db()
    assert consent.withdrawn_on


def test_a_member_is_added_and_gets_a_hardship(client_for, officer, household_a):
    client = client_for(officer)
    typed = {
        "household": household_a.pk,
        "name": "张小明",
        "relation": "grandchild",
        "id_number": factories.citizen_id(),
        "sex": "unknown",
        "joined_on": "2026-9-1",
    }
    assert client.post(listing(Member, "add"), typed).status_code == 302
    member = Member.objects.get(name="张小明")
    hardship = {"category": "student_in_hardship", "basis": "学校证明", "started_on": "2026-09-01"}
    assert client.post(act(member, "hardship"), hardship).status_code == 302
    assert member.hardships.get().category == "student_in_hardship"


def test_a_minor_without_guardian_is_refused_at_the_field(client_for, officer, household_a):
    typed = {
        "household": household_a.pk,
        "name": "张小明",
        "relation": "child",
        "id_number": factories.citizen_id(born=date(2019, 3, 1)),
        "sex": "unknown",
        "joined_on": "2026-9-1",
    }
    response = client_for(officer).post(listing(Member, "add"), typed)
    assert "guardian_name" in response.context["adminform"].form.errors
    assert "张小明" in shown(response)


# Numbers of queries: the same for one row and for three -----------------------------------------------------------------


@pytest.mark.parametrize(("model", "queries"), [(Household, 5), (Member, 5), (Pairing, 5), (Consent, 4)])
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_questions(
    client_for, officer, divisions, django_assert_num_queries, model, queries, rows
):
    for _ in range(rows):
        factories.active_pairing()
    client = client_for(officer)
    client.get(listing(model))
    with django_assert_num_queries(queries):
        client.get(listing(model))


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_of_a_household_asks_the_same_number_of_questions(
    client_for, officer, org_a, org_b, outsider_org, django_assert_num_queries, more
):
    household = factories.verified_household()
    for _ in range(more):
        factories.confirmed_donation(household=household, route="direct_to_household")
    for organization in [org_a, org_b, outsider_org][: 1 + more]:
        factories.active_pairing(household, organization)
        households.add_member(household, by=officer, **{**factories.head(), "relation": "child"})
    client = client_for(officer)
    client.get(page(household))
    with django_assert_num_queries(27):
        client.get(page(household))
