import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from cases.models import Household
from jinchuan.shared import site
from jinchuan.shared.admin.changelist import looks_personal
from organizations.models import SupervisingUnit
from tests import factories
from tests.pages import listing, shown

pytestmark = pytest.mark.django_db

INDEX = "/admin/"


def test_who_is_not_signed_in_goes_to_the_one_sign_in_and_back(client, officer):
    response = client.get(INDEX, follow=True)
    address, _ = response.redirect_chain[-1]
    assert address.startswith(reverse("account_login"))
    response = client.post(address, {"login": "officer", "password": factories.PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == INDEX
    assert "工作台" in shown(response)


def test_signing_out_takes_a_post(client_for, officer):
    client = client_for(officer)
    assert client.get(reverse("admin:logout")).status_code == 405
    assert client.post(reverse("admin:logout")).status_code == 302
    assert client.get(INDEX).status_code == 302


def test_a_day_with_nothing_to_do_says_so(client_for, officer):
    text = shown(client_for(officer).get(INDEX))
    assert "今天的都处理完了" in text


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("officer", {"待核实户", "待结对户", "意向待办理", "待确认捐赠", "待确认活动"}),
        ("reviewer", {"待批准组织", "待核实户", "待结对户", "意向待办理", "待确认捐赠", "待确认活动"}),
        ("leader", set()),
        ("clerk", {"待确认捐赠"}),
        ("auditor", set()),
        ("administrator", set()),
    ],
)
def test_each_role_sees_what_waits_for_it(client_for, request, who, titles):
    factories.registered_household()
    factories.verified_household()
    factories.intention()
    factories.submitted_donation()
    factories.submitted_activity()
    factories.submitted_organization()
    context = client_for(request.getfixturevalue(who)).get(INDEX).context
    assert {line.title for line in context["waiting"]} == titles


def test_every_line_leads_to_exactly_the_rows_it_counts(client_for, reviewer):
    factories.registered_household()
    factories.verified_household()
    factories.intention()
    factories.submitted_donation()
    factories.returned_donation()
    factories.submitted_activity()
    factories.submitted_organization()
    client = client_for(reviewer)
    context = client.get(INDEX).context
    assert not context["broken"]
    for line in [*context["waiting"], *context["settled"]]:
        listed = client.get(line.url)
        assert listed.status_code == 200, line.url
        if "cl" in listed.context:
            assert listed.context["cl"].result_count == line.count, line.title


def test_a_worker_counts_the_own_street_only(client_for, worker_b, household_a):
    assert client_for(worker_b).get(INDEX).context["waiting"] == []


def test_the_first_page_asks_as_many_questions_for_three_rows_as_for_one(
    client_for, reviewer, django_assert_max_num_queries
):
    def one_of_each():
        factories.registered_household()
        factories.intention()
        factories.submitted_donation()
        factories.submitted_activity()
        factories.submitted_organization()

    client = client_for(reviewer)
    client.get(INDEX)
    one_of_each()
    with django_assert_max_num_queries(53) as first:
        client.get(INDEX)
    one_of_each()
    one_of_each()
    with django_assert_max_num_queries(len(first)):
        client.get(INDEX)


def test_every_shortcut_leads_somewhere(client_for, reviewer):
    client = client_for(reviewer)
    for label, address in client.get(INDEX).context["shortcuts"]:
        assert client.get(address).status_code in (200, 302), label


def test_the_admins_own_log_stays_empty(client_for, officer, divisions):
    client_for(officer).post(listing(SupervisingUnit, "add"), {"name": "区残疾人联合会"})
    assert SupervisingUnit.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    "term",
    [
        "620301194708220022",
        "６２０３０１１９４７０８２２００２２",
        "620301 19470822 0022",
        "13909351234",
        "0935-8211234",
        "620301470822002",
    ],
)
def test_numbers_of_people_are_recognised(term):
    assert looks_personal(term)


@pytest.mark.parametrize(
    "term", ["王秀兰", "HJ-0001", "JZ2026-0031", "620302001001", "51620301MJ0123456E", "2026", "", "100%_\\'"]
)
def test_other_terms_are_not(term):
    assert not looks_personal(term)


def test_a_long_or_strange_search_is_only_text(client_for, officer, household_a):
    client = client_for(officer)
    for term in ("%", "_", "'; DROP TABLE cases_household; --", "\\", "(((", "*" * 90):
        assert client.get(listing(Household), {"q": term}).status_code == 200
    assert client.get(listing(Household), {"q": "长" * 10_000}).status_code == 302


def test_what_is_typed_into_a_choice_is_sent_and_not_asked_for_by_address(client_for, officer, household_a):
    client = client_for(officer)
    query = {
        "app_label": "cases",
        "model_name": "pairing",
        "field_name": "household",
        "term": household_a.code,
    }
    assert len(client.post(reverse("admin:autocomplete"), query).json()["results"]) == 1
    number = household_a.members.get().id_number
    assert client.post(reverse("admin:autocomplete"), {**query, "term": number}).json()["results"] == []
    assert 'data-ajax--type="POST"' in shown(client.get("/admin/cases/pairing/add/"))


def test_there_is_one_first_page(client_for, officer):
    client = client_for(officer)
    assert client.get("/admin/cases/").url == INDEX
    assert client.get("/admin/nothing/").status_code == 404


def test_no_door_leads_from_any_row_to_anywhere(client_for, officer, household_a):
    assert client_for(officer).get(f"/admin/r/1/{household_a.pk}/").status_code == 404


def test_who_has_no_duties_is_not_told_that_they_are_done(client_for, leader):
    text = shown(client_for(leader).get(INDEX))
    assert "这里没有要您办理的事" in text


def test_one_broken_register_does_not_close_the_whole_desk(client_for, officer):
    def broken(user):
        raise LookupError("a register of this test")

    factories.registered_household()
    site._worklists.insert(0, broken)
    try:
        response = client_for(officer).get(INDEX)
    finally:
        site._worklists.remove(broken)
    assert "有一部分待办没有取到" in shown(response)
    assert [line.title for line in response.context["waiting"]] == ["待核实户"]
