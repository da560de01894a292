"""The organisation's pages about its volunteers."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import STALE
from jinchuan.shared import clock
from jinchuan.shared.clock import today
from tests import factories
from tests.intake import pages
from tests.pages import shown
from tests.sheets.filling import opened as workbook
from volunteers.models import Training, Volunteer
from volunteers.models.people import ALREADY_ENROLLED, COMPANY_NEEDED, GUARDIAN_NEEDED, ID_CONTRADICTS
from volunteers.people_drafted import KEPT
from volunteers.people_views import LEFT
from volunteers.services import own_record, people
from volunteers.services.growth import TOO_LATE

pytestmark = pytest.mark.django_db

NEW = "volunteers:register_new"


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


@pytest.fixture
def person(org_a, admin_a):
    return factories.identified_volunteer(org_a, by=admin_a, phone="13909350001")


def typed(**fields) -> dict:
    return {
        "document_kind": "citizen_id",
        "document_number": factories.citizen_id(date(1975, 3, 4)),
        "name": "刘桂英",
        "phone": "138 0000 0001",
        "kind": "community",
        "skills": ["repair"],
        "joined_on": today().isoformat(),
        "intent": "check",
        **fields,
    }


def url(name, row):
    return reverse(f"volunteers:{name}", kwargs={"code": row.code})


def told(answer) -> list[str]:
    return [sentence for _, sentence in answer.context["summary"]]


def test_a_volunteer_is_registered_and_shown_masked(client):
    data = typed()
    answer = pages.logged(client, data, NEW)
    row = Volunteer.objects.get()
    assert answer.url == url("person", row)
    assert (row.birth_date, row.skills, row.phone) == (date(1975, 3, 4), ["repair"], "13800000001")
    text = client.get(answer.url).content.decode()
    assert "刘*英" in text
    assert not [word for word in ("刘桂英", "13800000001", data["document_number"]) if word in text]


def test_who_is_registered_elsewhere_is_asked_about_and_joins(client, member_a, org_b):
    known = factories.identified_volunteer(org_b, phone="13909350002")
    data = typed(document_number=known.document_number, name=known.name)
    address = pages.opened(client, NEW)
    question = client.get(client.post(address, data).url)
    text = question.content.decode()
    assert "这个证件号码已经登记过" in text
    assert not [word for word in (org_b.name, "13909350002", "138****0002") if word in text]
    client.post(f"{address}check/", {"intent": "answer:known"})
    page = client.get(f"{address}check/")
    assert "已登记，不重复填写" in page.content.decode()
    pages.submit(client, address, page)
    assert Volunteer.objects.get().phone == "13909350002"
    assert known.enrollments.filter(organization=member_a.organization).exists()


def test_the_name_on_a_known_document_must_agree(client, org_b):
    known = factories.identified_volunteer(org_b)
    answer = client.post(pages.opened(client, NEW), typed(document_number=known.document_number))
    assert told(answer) == [people.NAME_DIFFERS]
    assert known.name not in answer.content.decode()


def test_the_own_roll_is_checked(client, person):
    answer = client.post(
        pages.opened(client, NEW), typed(document_number=person.document_number, name=person.name)
    )
    assert told(answer) == [ALREADY_ENROLLED]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"document_number": factories.citizen_id(date(2015, 3, 4))}, GUARDIAN_NEEDED),
        ({"document_number": factories.citizen_id(date(2015, 3, 4))}, COMPANY_NEEDED),
        ({"birth_date": "1980-1-1"}, ID_CONTRADICTS),
        ({"document_number": "620301197503040011"}, "最后一位对不上"),
        ({"document_number": "12345678901234567890123"}, "证件号码应为"),
        ({"name": "<script>alert(1)</script>"}, "姓名"),
        ({"name": ""}, "请填写姓名"),
        ({"joined_on": "2099-1-1"}, "加入本组织的日期"),
        ({"skills": ["x"]}, "专业技能"),
        ({"phone": "1e10"}, "手机号"),
        ({"national_number": "=1+1"}, "全国志愿者编号"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(client, fields, sentence):
    answer = client.post(pages.opened(client, NEW), typed(**fields))
    assert [one for one in told(answer) if sentence in one]
    assert "<script>alert" not in answer.content.decode()
    assert not Volunteer.objects.exists()


def test_particulars_are_put_right_and_the_phone_kept(client, person):
    address = pages.opened(client, "volunteers:change_new", code=person.code)
    text = client.get(address).content.decode()
    assert KEPT.format(mask="139****0001") in text
    assert not [word for word in ("13909350001", person.document_number, person.name) if word in text]
    data = {
        "version": person.version,
        "kind": "social_worker",
        "worker_level": "assistant",
        "intent": "check",
    }
    pages.submit(client, address, pages.checked(client, address, data))
    person.refresh_from_db()
    assert (person.worker_level, person.phone) == ("assistant", "13909350001")


def test_leaving_and_coming_back(client, person):
    answer = client.post(url("leave", person), {"left_on": "2026-9-1"}, follow=True)
    assert LEFT in answer.content.decode() and "重新加入" in answer.content.decode()
    assert client.post(url("leave", person), {"left_on": "2026-9-1"}).status_code == 404
    client.post(url("rejoin", person), {"joined_on": "2026-9-2"})
    assert person.enrollments.count() == 2


def test_a_training_is_entered_once_and_voided(client, person):
    address = reverse("volunteers:add_growth", kwargs={"code": person.code, "kind": "training"})
    token = client.get(address).context["token"]
    data = {
        "content": "急救",
        "organizer": "红十字会",
        "held_on": "2026-5-8",
        "place": "社区",
        "class_hours": "2.5",
    }
    for _ in range(2):
        assert client.post(address, data | {"token": str(token)}).url == url("person", person)
    row = Training.objects.get()
    assert "急救（红十字会，社区，2.5 学时）" in client.get(url("person", person)).content.decode()
    void = reverse("volunteers:void_growth", kwargs={"kind": "training", "pk": row.pk})
    assert "至少" in client.post(void, {"reason": "错"}).content.decode()
    client.post(void, {"reason": "登记到别人名下了"})
    assert client.get(void).status_code == 404
    assert not Training.objects.standing().exists()


def test_a_training_is_put_right_on_the_day_and_not_later(
    client, person, org_a, member_a, member_b, client_for
):
    row = factories.training(person, org_a, by=member_a)
    address = reverse("volunteers:correct_growth", kwargs={"kind": "training", "pk": row.pk})
    assert address in client.get(url("person", person)).content.decode()
    assert client_for(member_b).get(address).status_code == 404
    opened = client.get(address).context["form"]
    data = {one.html_name: str(one.value()) for one in opened} | {"class_hours": "3"}
    assert client.post(address, data).url == url("person", person)
    row.refresh_from_db()
    assert row.class_hours == 3
    with clock.travel(clock.now() + timedelta(hours=25)):
        client.force_login(member_a)
        assert address not in client.get(url("person", person)).content.decode()
        assert TOO_LATE in client.post(address, data | {"class_hours": "4"}).content.decode()
    row.refresh_from_db()
    assert row.class_hours == 3


def test_who_opened_an_older_version_is_told_what_changed_and_keeps_what_was_typed(
    client, person, org_a, admin_a, member_a, client_for
):
    row = factories.training(person, org_a, by=member_a)
    pages = {
        name: reverse(f"volunteers:{name}_growth", kwargs={"kind": "training", "pk": row.pk})
        for name in ("correct", "void")
    }
    opened = client.get(pages["correct"]).context
    data = {one.html_name: str(one.value()) for one in opened["form"]} | {"version": opened["version"]}
    other = client_for(admin_a)
    assert other.post(pages["correct"], data | {"place": "区图书馆"}).status_code == 302

    unfinished = client.post(pages["void"], {"version": data["version"], "reason": ""})
    assert unfinished.context["version"] == data["version"]
    answers = {
        "correct": client.post(pages["correct"], data | {"class_hours": "3"}),
        "void": client.post(pages["void"], {"version": data["version"], "reason": "培训没有举办"}),
    }

    for answer in answers.values():
        assert STALE in shown(answer) and "→ 区图书馆" in shown(answer)
    assert 'value="3"' in shown(answers["correct"]) and "培训没有举办" in shown(answers["void"])
    row.refresh_from_db()
    assert (row.place, row.voided_at) == ("区图书馆", None)
    told = {"version": answers["void"].context["version"], "reason": "培训没有举办"}
    assert client.post(pages["void"], told).status_code == 302


@pytest.mark.parametrize("kind", ["training", "commendation", "evaluation"])
def test_every_kind_has_its_form(client, person, kind):
    assert (
        client.get(reverse("volunteers:add_growth", kwargs={"code": person.code, "kind": kind})).status_code
        == 200
    )


@pytest.mark.parametrize("code", ["0", "9999999", "abc", "1" * 40])
def test_nobody_and_somebody_elses_volunteer_answer_alike(client, org_b, code):
    stranger = factories.volunteer(org_b)
    for name in ("person", "change_new", "leave", "rejoin", "slip"):
        answers = [
            client.get(reverse(f"volunteers:{name}", kwargs={"code": one})) for one in (code, stranger.code)
        ]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].content == answers[1].content


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_questions(client, org_a, rows, django_assert_num_queries):
    for _ in range(rows):
        factories.confirmed_activity(org_a, services=[factories.service(factories.volunteer(org_a))])
    for name, queries in (("people", 5), ("hours", 6)):
        address = reverse(f"volunteers:{name}")
        client.get(address)
        with django_assert_num_queries(queries):
            page = client.get(address)
        assert page.context["page"].paginator.count == rows


def test_the_roll_is_narrowed(client, person, org_a):
    other = factories.volunteer(org_a, name="尉迟恭")
    address = reverse("volunteers:people")
    for query, found in (("name=yc", [other]), ("roll=left", []), ("kind=social_worker", [])):
        page = client.get(f"{address}?{query}").context["page"]
        assert [one.volunteer for one in page] == found


def test_hours_of_a_year_on_the_page_and_as_a_sheet(client, person, org_a, org_b, member_a):
    factories.enrolled(person, org_b)
    for organization, day in (
        (org_a, date(2026, 3, 1)),
        (org_a, date(2025, 12, 31)),
        (org_b, date(2026, 3, 2)),
    ):
        factories.confirmed_activity(organization, held_on=day, services=[factories.service(person)])
    factories.submitted_activity(org_a, held_on=date(2026, 3, 3), services=[factories.service(person)])
    (row,) = client.get(reverse("volunteers:hours"), {"year": "2026"}).context["page"]
    assert (row["times"], row["total"]) == (1, 150)
    sheet = client.post(reverse("volunteers:hours_sheet"), {"year": "2025"})
    assert list(workbook(sheet.content).active.values)[2][2:] == (1, 2.5)
    assert AuditEvent.objects.filter(action="export", actor=member_a.username).count() == 1


def test_a_request_waits_on_the_desk_until_it_is_answered(client, member_a):
    record = factories.confirmed_activity(by=member_a).records.get()
    request = own_record.ask_correction(record, by=None, text="少记了一小时", contact="13909350003")
    address = reverse("volunteers:correction", kwargs={"pk": request.pk})
    assert address in client.get("/").content.decode()
    assert "少记了一小时" in client.get(address).content.decode()
    assert "请填写答复" in client.post(address, {"decision": "declined"}).content.decode()
    client.post(address, {"decision": "declined", "answer": "签到表上是两小时。"})
    request.refresh_from_db()
    assert request.state == "declined"
    assert address not in client.get("/").content.decode()
