import re

import pytest
from django.urls import reverse

from jinchuan.audit.models import AuditEvent
from organizations.enums import OrganizationState
from organizations.models import Division, Organization, Program, SupervisingUnit, User
from organizations.services import accounts
from organizations.services.organizations import IN_USE, OWN_APPROVAL
from tests import factories
from tests.pages import act, acts, form_values, listing, page, said, shown

pytestmark = pytest.mark.django_db

REASON = {"reason": "年检没有按时办理"}


def typed_organization(**typed):
    return {
        "name": "金川区爱心协会",
        "kind": "social_association",
        "uscc": factories.credit_code().lower(),
        "division": factories.home().pk,
        "responsible_person": "李建国",
        "contact_phone": "0935-8211234",
        "capacity": "３",
        "strengths": ["schooling", "companionship"],
        **typed,
    }


def test_an_organisation_is_registered_and_approved_by_a_second_person(client_for, officer, reviewer):
    assert client_for(officer).post(listing(Organization, "add"), typed_organization()).status_code == 302
    organization = Organization.objects.get()
    assert organization.state == OrganizationState.SUBMITTED
    assert organization.capacity == 3
    assert organization.strengths == ["schooling", "companionship"]
    assert client_for(officer).get(act(organization, "approve")).status_code == 403
    assert client_for(reviewer).post(act(organization, "approve")).status_code == 302
    organization.refresh_from_db()
    assert organization.state == OrganizationState.APPROVED


def test_nobody_approves_what_is_their_own(client_for, reviewer):
    organization = factories.submitted_organization(by=reviewer)
    assert OWN_APPROVAL in shown(client_for(reviewer).post(act(organization, "approve")))


def test_a_credit_code_registered_already_is_refused_and_everything_typed_stays(client_for, officer, org_a):
    response = client_for(officer).post(listing(Organization, "add"), typed_organization(uscc=org_a.uscc))
    assert response.status_code == 200
    assert "已经登记" in shown(response)
    assert "金川区爱心协会" in shown(response)
    assert Organization.objects.count() == 1


def test_a_wrong_credit_code_is_told_at_the_field(client_for, officer):
    response = client_for(officer).post(
        listing(Organization, "add"), typed_organization(uscc="91350100M000100Y44")
    )
    assert "uscc" in response.context["adminform"].form.errors


def test_suspend_resume_and_return(client_for, reviewer, officer, org_a):
    client = client_for(reviewer)
    assert client.post(act(org_a, "suspend"), REASON).status_code == 302
    assert client.post(act(org_a, "resume")).status_code == 302
    org_a.refresh_from_db()
    assert org_a.state == OrganizationState.APPROVED
    waiting = factories.submitted_organization()
    assert client.post(act(waiting, "return"), REASON).status_code == 302
    assert client_for(officer).post(act(waiting, "submit")).status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == OrganizationState.SUBMITTED


def test_deregistering_says_what_ends_and_ends_it(client_for, reviewer, pairing_a, admin_a):
    organization = pairing_a.organization
    client = client_for(reviewer)
    assert "1 户" in shown(client.get(act(organization, "deregister")))
    assert client.post(act(organization, "deregister"), {"reason": "会员大会决定注销"}).status_code == 302
    pairing_a.refresh_from_db()
    admin_a.refresh_from_db()
    assert pairing_a.state == "ended"
    assert not admin_a.is_active


def test_the_contacts_are_masked_in_the_list(client_for, leader, org_a):
    text = shown(client_for(leader).get(listing(Organization)))
    assert org_a.contact_phone not in text
    assert org_a.contact_name not in text
    detail = shown(client_for(leader).get(page(org_a)))
    assert org_a.contact_phone not in detail
    assert org_a.contact_name not in detail


def test_a_programme_and_a_unit_are_registered_and_corrected(client_for, officer):
    client = client_for(officer)
    assert (
        client.post(
            listing(Program, "add"), {"name": "助老护小", "kind": "service", "started_on": "2023-6-1"}
        ).status_code
        == 302
    )
    program = Program.objects.get()
    values = {**form_values(client.get(page(program))), "ended_on": "2023年5月1日"}
    assert "结束日期不能早于开始日期" in shown(client.post(page(program), values))
    assert client.post(listing(SupervisingUnit, "add"), {"name": "区文化和旅游局"}).status_code == 302
    unit = SupervisingUnit.objects.get()
    assert client.post(page(unit), {"name": "区文旅局"}).status_code == 302
    unit.refresh_from_db()
    assert unit.name == "区文旅局"


def test_a_division_in_use_is_not_retired(client_for, administrator, household_a, divisions):
    client = client_for(administrator)
    refused = client.post(act(divisions.a1, "retire"), {"on": "2026-11-01"})
    assert IN_USE in shown(refused)
    assert client.post(act(divisions.a2, "retire"), {"on": "2026-11-01"}).status_code == 302
    divisions.a2.refresh_from_db()
    assert not divisions.a2.is_active


def test_a_division_is_added_below_its_street(client_for, administrator, divisions):
    typed = {
        "code": "620302001099",
        "name": "新华里社区居委会",
        "level": "community",
        "parent": divisions.street_a.pk,
    }
    assert client_for(administrator).post(listing(Division, "add"), typed).status_code == 302
    assert Division.objects.get(code="620302001099").path.startswith(divisions.street_a.path)


# Accounts ---------------------------------------------------------------------------------------------------------


def test_an_account_is_opened_and_its_slip_shows_a_code_once(client_for, officer, org_a):
    client = client_for(officer)
    typed = {"role": "org_admin", "organization": org_a.pk, "username": "zhang", "name": "张建国"}
    response = client.post(listing(User, "add"), typed)
    user = User.objects.get(username="zhang")
    (code,) = re.findall(r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}", shown(response))[:1]
    assert accounts.find_invitation(code).user == user
    assert "no-store" in response["Cache-Control"]
    assert "<svg" in shown(response)
    assert code not in shown(client.get(page(user)))
    assert not AuditEvent.objects.filter(after__icontains=code).exists()


def test_officers_open_accounts_of_organisations_only(client_for, officer):
    typed = {"role": "administrator", "division": factories.home().pk, "username": "boss", "name": "张建国"}
    response = client_for(officer).post(listing(User, "add"), typed)
    assert response.status_code == 200
    assert not User.objects.filter(username="boss").exists()


def test_an_administrator_opens_staff_accounts_and_is_told_what_a_role_needs(client_for, administrator):
    client = client_for(administrator)
    typed = {"role": "officer", "username": "wang", "name": "王建国"}
    refused = client.post(listing(User, "add"), typed)
    assert "division" in refused.context["adminform"].form.errors
    assert client.post(listing(User, "add"), {**typed, "division": factories.home().pk}).status_code == 200
    assert User.objects.get(username="wang").is_active is False


def test_a_slip_is_issued_again_and_the_old_one_is_void(client_for, officer, admin_a):
    old = accounts.issue_slip(admin_a, by=officer)
    response = client_for(officer).post(act(admin_a, "slip"))
    assert response.status_code == 200
    assert "激活码" in shown(response)
    assert accounts.find_invitation(old) is None


def test_accounts_are_disabled_but_not_ones_own(client_for, administrator, admin_a):
    client = client_for(administrator)
    assert client.post(act(admin_a, "disable"), {"reason": "人员离职"}).status_code == 302
    admin_a.refresh_from_db()
    assert not admin_a.is_active
    assert accounts.NOT_YOURSELF in shown(client.post(act(administrator, "disable"), {"reason": "人员离职"}))


def test_a_locked_account_is_unlocked(client_for, client, officer, admin_a):
    for _ in range(6):
        client.post(reverse("account_login"), {"login": "admin_a", "password": "wrong-password"})
    right = {"login": "admin_a", "password": factories.PASSWORD}
    assert client.post(reverse("account_login"), right).status_code == 200
    assert client_for(officer).post(act(admin_a, "unlock")).status_code == 302
    assert client.post(reverse("account_login"), right).status_code == 302
    assert AuditEvent.objects.filter(action="unlock", target_id=str(admin_a.pk)).count() == 1


def test_an_officer_does_not_edit_accounts(client_for, officer, admin_a):
    assert client_for(officer).post(page(admin_a), {"username": "other"}).status_code == 403


def test_an_officer_may_not_touch_the_accounts_of_staff(client_for, officer, reviewer):
    assert client_for(officer).get(page(reviewer)).status_code == 404
    assert client_for(officer).post(act(reviewer, "disable"), {"reason": "人员离职"}).status_code == 404


def test_a_password_is_on_no_page(client_for, administrator, admin_a):
    text = shown(client_for(administrator).get(page(admin_a)))
    assert admin_a.password not in text
    assert 'type="password"' not in text


def test_several_organisations_are_approved_at_once(client_for, reviewer, officer):
    waiting = [factories.submitted_organization(by=officer) for _ in range(2)]
    own = factories.submitted_organization(by=reviewer)
    answer = client_for(reviewer).post(
        acts(Organization, "approve"), {"ids": [one.pk for one in [*waiting, own]]}
    )
    assert len(answer.context["done"]) == 2
    assert OWN_APPROVAL in answer.context["refused"][0]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"), [(Organization, 6), (Program, 4), (SupervisingUnit, 4), (User, 4), (Division, 5)]
)
def test_lists_ask_the_same_number_of_questions(
    client_for, administrator, officer, django_assert_num_queries, model, queries, rows
):
    for _ in range(rows):
        organization = factories.submitted_organization()
        factories.admin_of(organization)
        factories.program(lead_organization=organization)
        SupervisingUnit.objects.create(name=f"区第{organization.pk}局")
    client = client_for(administrator if model in (User, Division) else officer)
    client.get(listing(model))
    with django_assert_num_queries(queries):
        client.get(listing(model))


def test_messages_say_what_was_done(client_for, reviewer):
    organization = factories.submitted_organization()
    response = client_for(reviewer).post(act(organization, "approve"))
    assert said(response) == [f"已办理“批准”：{organization.name}（{organization.code}）。"]
