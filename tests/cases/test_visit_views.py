"""The organisation's pages about visits and contacts."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from cases.enums import Outcome, VisitChannel, VisitKind, VisitState
from cases.models import CareNeed, Obligation, StandardRule, Visit
from cases.services import pairings
from cases.services.households import withdraw_consent
from cases.services.visits import PAIRED_FROM
from jinchuan.intake.models import Attachment
from jinchuan.shared import clock
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from tests import factories, factories_cases, factories_duties
from tests.intake import pages

pytestmark = pytest.mark.django_db

NEW = "care:log_new"


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


def visit(household, **fields) -> dict:
    """A complete visit as the form sends it."""
    return {
        "households": [str(household.pk)],
        "day": today().isoformat(),
        "how": "visit",
        "condition": "good",
        "visitors": "王芳",
        "next_on": (today() + timedelta(days=30)).isoformat(),
        "lines": ["0"],
        "intent": "check",
        **fields,
    }


def sentences(answer) -> list[str]:
    return [sentence for _, sentence in answer.context["summary"]]


def fresh(client, query="") -> dict:
    """What a newly opened form is filled with."""
    return client.get(client.get(reverse(NEW) + query).url).context["form"].data


# Opening ------------------------------------------------------------------------------------------------------


def test_a_new_form_is_filled_with_the_usual(client, household_a, member_a):
    data = fresh(client)
    assert data.getlist("households") == [str(household_a.pk)]
    assert data["day"] == today().isoformat()
    assert data["visitors"] == member_a.name
    assert data["next_on"] == (today() + timedelta(days=30)).isoformat()


def test_of_several_households_the_link_says_which(client, org_a, household_a):
    other = factories.active_pairing(organization=org_a).household
    assert fresh(client).getlist("households") == []
    assert fresh(client, f"?household={other.pk}").getlist("households") == [str(other.pk)]


def test_the_link_to_a_foreign_household_fills_in_nothing(client, household_a, household_b):
    assert fresh(client, f"?household={household_b.pk}").getlist("households") == []


def test_the_days_are_today_yesterday_and_the_day_before(client, household_a):
    page = client.get(pages.opened(client, NEW)).content.decode()
    assert [word for word in ("今天（", "昨天（", "前天（", "其他日期") if word in page] == [
        "今天（",
        "昨天（",
        "前天（",
        "其他日期",
    ]


def test_without_a_household_the_form_says_so(client):
    assert "暂时不能登记走访" in client.get(pages.opened(client, NEW)).content.decode()


# Logging ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "kind", "channel", "was_made"),
    [
        ("visit", VisitKind.HOME_VISIT, VisitChannel.IN_PERSON, True),
        ("phone", VisitKind.CONTACT, VisitChannel.PHONE, True),
        ("video", VisitKind.CONTACT, VisitChannel.VIDEO, True),
        ("message", VisitKind.CONTACT, VisitChannel.MESSAGE, True),
        ("missed", VisitKind.HOME_VISIT, VisitChannel.IN_PERSON, False),
        ("unanswered", VisitKind.CONTACT, VisitChannel.PHONE, False),
    ],
)
def test_what_is_answered_is_what_is_recorded(client, household_a, pairing_a, how, kind, channel, was_made):
    answer = pages.logged(client, visit(household_a, how=how), NEW)
    logged = Visit.objects.get()
    assert answer.url == reverse("care:receipt", kwargs={"code": logged.code})
    assert (logged.kind, logged.channel, logged.was_made) == (kind, channel, was_made)
    assert logged.condition == ("good" if was_made else "")
    assert logged.visited.get().pairing == pairing_a
    assert logged.code in client.get(answer.url).content.decode()


def test_what_was_settled_and_found_goes_along(client, household_a):
    data = visit(
        household_a,
        **{
            "line-0-kind": "deed_done",
            "line-0-description": "代缴了取暖费。",
            "need": "winter_warmth",
            "need_words": "缺一床厚被子。",
        },
    )
    answer = pages.logged(client, data, NEW)
    logged = Visit.objects.get()
    assert logged.matters.get().description == "代缴了取暖费。"
    found = CareNeed.objects.get()
    assert (found.visit, found.public_words, found.description) == (logged, "", "缺一床厚被子。")
    receipt = client.get(answer.url).content.decode()
    assert "代缴了取暖费。" in receipt
    assert "缺一床厚被子。" in receipt


def test_one_visit_to_two_households_asks_whose_matter_it_was(client, org_a, household_a):
    other = factories.active_pairing(organization=org_a).household
    both = {
        "households": [str(household_a.pk), str(other.pk)],
        "line-0-kind": "deed_done",
        "line-0-description": "代缴了取暖费。",
    }
    address = pages.opened(client, NEW)
    assert "第 1 件：请选择是哪一户" in sentences(client.post(address, visit(household_a, **both)))
    data = visit(household_a, **both, **{"line-0-whose": str(other.pk)})
    pages.submit(client, address, pages.checked(client, address, data))
    logged = Visit.objects.get()
    assert logged.visited.count() == 2
    assert logged.matters.get().household == other


def test_a_second_press_makes_no_second_visit(client, household_a):
    address = pages.opened(client, NEW)
    page = pages.checked(client, address, visit(household_a))
    assert pages.submit(client, address, page).url == pages.submit(client, address, page).url
    assert Visit.objects.count() == 1


def test_photos_go_from_the_draft_to_the_visit(client, client_for, member_b, household_a):
    address = pages.opened(client, NEW)
    photo = factories.photo("窗户.jpg")
    pages.submit(client, address, pages.checked(client, address, visit(household_a) | {"files": photo}))
    logged = Visit.objects.get()
    kept = Attachment.objects.of(logged).get()
    assert "窗户.jpg" in client.get(reverse("care:visit", kwargs={"code": logged.code})).content.decode()
    assert client.get(reverse("intake:attachment", args=[kept.pk])).status_code == 200
    foreign = client_for(member_b).get(reverse("intake:attachment", args=[kept.pk]))
    unknown = client_for(member_b).get(reverse("intake:attachment", args=[uuid.uuid4()]))
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


# What is refused, and what is asked ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"households": []}, "请选择走访了哪一户"),
        ({"how": ""}, "请选择方式"),
        ({"condition": ""}, "请选择情况"),
        ({"visitors": ""}, "请填写走访人员"),
        ({"day": "other", "visited_on": ""}, "请填写走访日期"),
        ({"day": "other", "visited_on": "7.1"}, "请写上年份"),
        ({"day": "other", "visited_on": "2025-02-30"}, "2 月没有 30 日"),
        ({"notes": "记" * 5001}, "情况说明不能超过 5000 字，已写 5001 字"),
        ({"next_on": "2025-01-01"}, "下次走访日期不能早于这次走访"),
        ({"line-0-kind": "deed_done"}, "第 1 件：请写一句办理情况"),
        ({"line-0-description": "换了窗户"}, "第 1 件：请选择事项类别"),
        ({"need": "medical"}, "请写一句需要什么"),
        ({"need_words": "缺药"}, "请选择需求类别"),
    ],
)
def test_what_is_missing_or_odd_is_named(client, household_a, fields, sentence):
    answer = client.post(pages.opened(client, NEW), visit(household_a, **fields))
    assert any(sentence in one for one in sentences(answer)), sentences(answer)


def test_tomorrow_is_refused(client, household_a):
    later = (today() + timedelta(days=1)).isoformat()
    answer = client.post(pages.opened(client, NEW), visit(household_a, day="other", visited_on=later))
    assert sentences(answer) == ["走访日期不能晚于今天"]


def test_a_day_before_the_pairing_is_refused(client, household_a, pairing_a):
    yesterday = (today() - timedelta(days=1)).isoformat()
    answer = client.post(pages.opened(client, NEW), visit(household_a, day=yesterday))
    expected = PAIRED_FROM.format(household=household_a, day=zh(pairing_a.started_on))
    assert answer.context["summary"] == [("id_day", expected)] or sentences(answer) == [expected]


def test_a_foreign_household_is_not_taken(client, household_a, household_b):
    answer = client.post(pages.opened(client, NEW), visit(household_b))
    assert "已不与本组织结对" in sentences(answer)[0]
    assert household_b.code not in answer.content.decode()


def test_a_household_that_went_while_the_form_was_open_keeps_the_text(client, household_a, officer):
    address = pages.opened(client, NEW)
    withdraw_consent(household_a.consents.get(), by=officer)
    answer = client.post(address, visit(household_a, notes="说了半天话"))
    assert "写好的内容已存为草稿" in sentences(answer)[0]
    assert "说了半天话" in answer.content.decode()


def test_the_same_household_on_the_same_day_is_asked_about(client, household_a, pairing_a):
    earlier = factories_cases.submitted_visit(pairing_a)
    page = pages.checked(client, pages.opened(client, NEW), visit(household_a)).content.decode()
    assert "这一天已经有一条记录" in page
    assert reverse("care:visit", kwargs={"code": earlier.code}) in page


def test_an_answered_question_is_not_asked_again(client, household_a, pairing_a):
    factories_cases.submitted_visit(pairing_a)
    address = pages.opened(client, NEW)
    asked = pages.checked(client, address, visit(household_a))
    key = asked.context["question"].key
    answer = client.post(f"{address}check/", {"intent": f"answer:{key}"})
    pages.submit(client, address, client.get(answer.url))
    assert Visit.objects.count() == 2


@pytest.mark.parametrize(
    ("notes", "words"),
    [("身份证 620301194708220023", "说明里有身份证号"), ("电话 13909350001", "说明里有手机号")],
)
def test_a_personal_number_in_the_notes_is_advised_against(client, household_a, notes, words):
    address = pages.opened(client, NEW)
    assert words in pages.checked(client, address, visit(household_a, notes=notes)).content.decode()


def test_the_same_kind_of_help_days_ago_is_asked_about(client, household_a, pairing_a):
    need = factories_cases.open_need(household_a)
    factories_cases.confirmed_matter(pairing_a, need=need)
    data = visit(household_a, need="winter_warmth", need_words="还缺一床。")
    page = pages.checked(client, pages.opened(client, NEW), data).content.decode()
    assert "这一户刚得到过同类帮助" in page


# What is due ---------------------------------------------------------------------------------------------------


def owing(pairing, days, ordinal=1, **fields):
    """A duty whose last day is so many days from now."""
    rule = StandardRule.objects.first() or factories_duties.standard().rules.get()
    end = today() + timedelta(days=days + 1)
    window = {"window_start": end - timedelta(days=90), "window_end": end}
    return Obligation.objects.create(
        pairing=pairing, rule=rule, ordinal=ordinal, grace_until=end + timedelta(days=60), **window, **fields
    )


def test_the_desk_says_what_is_due_and_leads_to_the_form(client, pairing_a, pairing_b):
    owing(pairing_a, -3)
    owing(pairing_a, -3, ordinal=2)
    owing(pairing_b, -3)
    text = client.get("/").content.decode()
    assert "逾期 3 天，还差 2 次" in text
    assert f"{reverse(NEW)}?household={pairing_a.household_id}" in text
    assert pairing_b.household.code not in text
    assert pairing_a.household.members.get().name not in text


def test_what_is_far_off_done_or_rests_is_not_on_the_desk(client, pairing_a):
    owing(pairing_a, 8)
    done = owing(pairing_a, 1, state=Outcome.LAPSED, judged_on=today())
    assert "该走访联系了" not in client.get("/").content.decode()
    Obligation.objects.filter(pk=done.pk).update(state=Outcome.OPEN, judged_on=None)
    assert "该走访联系了" in client.get("/").content.decode()
    withdraw_consent(pairing_a.household.consents.sharing().get(), by=factories.officer(), on=today())
    assert "该走访联系了" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("name", "tab"), [("visits", "我的"), ("needs", "对象"), ("claims", "对象"), ("log_new", "记一笔")]
)
def test_the_tab_says_where_one_is(client, household_a, name, tab):
    text = client.get(reverse(f"care:{name}"), follow=True).content.decode()
    assert re.findall(r'aria-current="page">([^<]+)</a>', text.split("</nav>")[0]) == [tab]


# Finding again ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    client, org_a, pairing_b, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories_cases.submitted_visit(factories.active_pairing(organization=org_a))
    foreign = factories_cases.submitted_visit(pairing_b)
    address = reverse("care:visits")
    client.get(address)
    with django_assert_num_queries(7):
        page = client.get(address)
    assert page.context["page"].paginator.count == rows
    assert foreign.code not in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_a_household_asks_the_same_number_of_questions(
    client, household_a, pairing_a, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories_cases.submitted_visit(pairing_a)
        factories_cases.open_need(household_a)
    address = reverse("care:household", kwargs={"code": household_a.code})
    client.get(address)
    with django_assert_num_queries(6):
        page = client.get(address)
    assert len(page.context["care_visits"]) == len(page.context["care_needs"]) == rows


@pytest.mark.parametrize("name", ["visit", "receipt", "correct_new"])
def test_a_foreign_visit_answers_like_none_at_all(client, pairing_b, name):
    foreign = factories_cases.returned_visit(pairing_b)
    unknown = client.get(reverse(f"care:{name}", kwargs={"code": "ZF2026-9999"}))
    answer = client.get(reverse(f"care:{name}", kwargs={"code": foreign.code}))
    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content


def test_a_foreign_household_has_no_page_of_care(client, household_b):
    unknown = client.get(reverse("care:household", kwargs={"code": "HJ-9999"}))
    answer = client.get(reverse("care:household", kwargs={"code": household_b.code}))
    assert answer.status_code == unknown.status_code == 404
    assert answer.content == unknown.content


def test_after_the_end_only_what_one_wrote_is_left(client, household_a, pairing_a, officer):
    """The grace after an ended pairing: the visit stays, the name of the household goes."""
    own = factories_cases.submitted_visit(pairing_a, notes="说好下周再来。")
    masked = client.get(reverse("care:visits")).content.decode()
    name = household_a.members.get().name
    assert f"{name[0]}*{name[-1]}" in masked
    pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
    for travelled in (0, 89, 91):
        with clock.travel(clock.now() + timedelta(days=travelled)):
            page = client.get(reverse("care:visit", kwargs={"code": own.code})).content.decode()
            assert "说好下周再来。" in page
            assert household_a.code in page
            for private in (f"{name[0]}*{name[-1]}", name, household_a.address, household_a.phone):
                assert private not in page
            gone = client.get(reverse("care:household", kwargs={"code": household_a.code}))
            assert gone.status_code == 404


# Putting right ------------------------------------------------------------------------------------------------


def test_a_returned_visit_is_corrected(client, member_a, household_a, pairing_a):
    returned = factories_cases.returned_visit(
        pairing_a, by=member_a, matters=[factories_cases.settled(household_a)]
    )
    matter = returned.matters.get()
    address = pages.opened(client, "care:correct_new", code=returned.code)
    page = client.get(address)
    assert page.context["form"].data["line-0-code"] == matter.code
    data = visit(
        household_a,
        **{
            "version": str(returned.version),
            "how": "phone",
            "line-0-kind": "policy_delivered",
            "line-0-description": "讲了临时救助怎么申请。",
            "line-0-code": matter.code,
        },
    )
    pages.submit(client, address, pages.checked(client, address, data))
    returned.refresh_from_db()
    matter.refresh_from_db()
    assert (returned.state, returned.kind) == (VisitState.SUBMITTED, VisitKind.CONTACT)
    assert (matter.state, matter.kind) == (VisitState.SUBMITTED, "policy_delivered")


def test_a_correction_of_an_older_reading_shows_what_changed(client, member_a, household_a, pairing_a):
    returned = factories_cases.returned_visit(pairing_a, by=member_a)
    address = pages.opened(client, "care:correct_new", code=returned.code)
    stale = visit(household_a, version=str(returned.version - 1))
    answer = pages.submit(client, address, pages.checked(client, address, stale))
    assert "别人改过这条记录" in answer.content.decode()


def test_a_returned_visit_can_be_corrected_after_the_pairing_ended(
    client, member_a, household_a, pairing_a, officer
):
    returned = factories_cases.returned_visit(pairing_a, by=member_a)
    with clock.travel(clock.now() + timedelta(days=3)):
        pairings.end_pairing(pairing_a, by=officer, reason="adjusted")
        address = pages.opened(client, "care:correct_new", code=returned.code)
        data = visit(
            household_a,
            version=str(returned.version),
            day="other",
            visited_on=returned.visited_on.isoformat(),
        )
        pages.submit(client, address, pages.checked(client, address, data))
    returned.refresh_from_db()
    assert returned.state == VisitState.SUBMITTED


def test_a_visit_that_waits_is_not_opened_as_a_form(client, member_a, pairing_a):
    waiting = factories_cases.submitted_visit(pairing_a, by=member_a)
    answer = client.get(reverse("care:correct_new", kwargs={"code": waiting.code}))
    assert answer.url == reverse("care:visit", kwargs={"code": waiting.code})


def test_returned_visits_wait_on_the_desk(client, pairing_a, pairing_b):
    returned = factories_cases.returned_visit(pairing_a)
    foreign = factories_cases.returned_visit(pairing_b)
    page = client.get(reverse("intake:home")).content.decode()
    assert returned.code in page
    assert foreign.code not in page


def test_the_bureau_is_sent_to_its_own_pages(client_for, officer):
    answer = client_for(officer).get(reverse(NEW))
    assert answer.url == reverse("admin:index")
