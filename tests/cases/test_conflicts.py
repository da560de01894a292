"""Two people edit one row: both versions side by side, chosen field by field; nothing typed is lost."""

from datetime import date

import pytest

from cases.models import Member
from cases.services import households, needs, standards
from jinchuan.shared.admin.conflicts import MUST_CHOOSE, NOTHING, SAVED, TYPED
from jinchuan.shared.clock import today
from tests import factories, factories_cases, factories_duties
from tests.pages import form_values, page, shown

pytestmark = pytest.mark.django_db

NEW_PHONE, OTHER_PHONE = "13909358888", "13909357777"


def sent_back(response):
    """The form of the answer, and what it would send again as it stands."""
    assert response.status_code == 200
    return response.context["adminform"].form, form_values(response)


def met(response) -> dict:
    """Label → (saved, typed, must it be chosen) of the page's differences."""
    meeting = response.context["adminform"].form.meeting
    return {one.label: (one.saved, one.typed, one.must) for one in meeting.differences}


@pytest.fixture
def desk(client_for, officer, household_a):
    """An officer with the household's page open: ``values`` is what it would send untouched, ``send`` sends it."""

    class Desk:
        client = client_for(officer)
        address = page(household_a)
        opened = client.get(address)
        values = form_values(opened)

        def send(self, **typed):
            self.values = {**self.values, **typed}
            response = self.client.post(self.address, self.values)
            if response.status_code == 200:
                self.values = form_values(response)
            return response

    return Desk()


def test_what_only_the_other_changed_is_taken_and_told(desk, household_a, reviewer):
    households.update_household(household_a, by=reviewer, need_level="severe")
    response = desk.send()
    form, again = sent_back(response)
    (taken,) = form.meeting.taken
    assert taken[:2] == ("困难程度", "严重")
    assert taken[2].startswith(f"{reviewer.username}，")
    assert form.meeting.differences == []
    assert again["need_level"] == "severe"
    assert desk.send().status_code == 302
    household_a.refresh_from_db()
    assert household_a.need_level == "severe"


def test_what_only_i_changed_is_proposed_and_saved_with_one_more_press(desk, household_a, reviewer):
    households.update_household(household_a, by=reviewer, need_level="severe")
    response = desk.send(registered_on="2026年8月3日")
    assert met(response) == {"登记日期": (household_a.registered_on.isoformat(), "2026年8月3日", False)}
    assert desk.values["chosen_registered_on"] == TYPED
    assert desk.send().status_code == 302
    household_a.refresh_from_db()
    assert (household_a.need_level, household_a.registered_on.isoformat()) == ("severe", "2026-08-03")


def test_what_both_changed_must_be_chosen(desk, household_a, reviewer):
    households.update_household(household_a, by=reviewer, need_level="severe")
    response = desk.send(need_level="marked")
    assert met(response) == {"困难程度": ("严重", "较重", True)}
    assert "chosen_need_level" not in desk.values
    sentence = MUST_CHOOSE.format(label="困难程度")
    assert response.context["adminform"].form.errors["chosen_need_level"] == [sentence]

    unchosen = desk.send()
    assert unchosen.context["adminform"].form.errors["chosen_need_level"] == [sentence]
    assert met(unchosen) == met(response)
    household_a.refresh_from_db()
    assert household_a.need_level == "severe"


@pytest.mark.parametrize(("choice", "kept"), [(SAVED, "severe"), (TYPED, "marked")])
def test_the_choice_decides(desk, household_a, reviewer, choice, kept):
    households.update_household(household_a, by=reviewer, need_level="severe")
    desk.send(need_level="marked")
    assert desk.send(chosen_need_level=choice).status_code == 302
    household_a.refresh_from_db()
    assert household_a.need_level == kept


def test_sealed_values_stay_masked_unless_this_person_typed_them(desk, household_a, reviewer):
    households.update_household(household_a, by=reviewer, phone=OTHER_PHONE, address="新华里9栋3单元501室")
    response = desk.send(phone=NEW_PHONE)
    assert met(response) == {"联系电话": ("139****7777", "139 0935 8888", True)}
    assert [one[:2] for one in response.context["adminform"].form.meeting.taken] == [
        ("详细地址", "新华里9栋***")
    ]
    assert OTHER_PHONE not in shown(response)
    assert "501室" not in shown(response)
    assert desk.send(chosen_phone=SAVED).status_code == 302
    household_a.refresh_from_db()
    assert (household_a.phone, household_a.address) == (OTHER_PHONE, "新华里9栋3单元501室")


def test_a_sealed_value_of_mine_is_saved_when_i_say_so(desk, household_a, reviewer):
    households.update_household(household_a, by=reviewer, phone=OTHER_PHONE)
    desk.send(phone=NEW_PHONE)
    assert desk.send(chosen_phone=TYPED).status_code == 302
    household_a.refresh_from_db()
    assert household_a.phone == NEW_PHONE


def test_both_typed_the_same(desk, household_a, reviewer):
    households.update_household(household_a, by=reviewer, need_level="severe", phone=NEW_PHONE)
    response = desk.send(need_level="severe", phone="139 0935 8888")
    assert met(response) == {}
    assert desk.send().status_code == 302


def test_a_third_person_brings_the_page_back_and_an_earlier_choice_is_asked_again(
    desk, household_a, reviewer
):
    third = factories.user("officer", username="third")
    households.update_household(household_a, by=reviewer, need_level="severe")
    desk.send(need_level="marked", phone=NEW_PHONE)
    households.update_household(household_a, by=third, need_level="ordinary", registered_on=date(2026, 8, 3))

    response = desk.send(chosen_need_level=TYPED)
    labels = met(response)
    assert labels["困难程度"][2] is True
    assert labels["联系电话"][2] is False
    assert [one[:2] for one in response.context["adminform"].form.meeting.taken] == [
        ("登记日期", "2026-08-03")
    ]
    assert "third，" in shown(response)
    assert "chosen_need_level" not in desk.values
    assert (desk.values["need_level"], desk.values["phone"]) == ("marked", "139 0935 8888")

    assert desk.send(chosen_need_level=TYPED).status_code == 302
    household_a.refresh_from_db()
    assert (household_a.need_level, household_a.phone) == ("marked", NEW_PHONE)


def test_a_choice_the_third_person_did_not_touch_is_kept(desk, household_a, reviewer, officer):
    households.update_household(household_a, by=reviewer, need_level="severe")
    desk.send(need_level="marked")
    households.update_household(household_a, by=reviewer, phone=OTHER_PHONE)
    response = desk.send(chosen_need_level=SAVED)
    assert response.status_code == 200
    assert desk.values["chosen_need_level"] == SAVED
    assert desk.values["need_level"] == "marked"
    assert desk.send().status_code == 302
    household_a.refresh_from_db()
    assert (household_a.need_level, household_a.phone) == ("severe", OTHER_PHONE)


def test_what_is_typed_wrongly_stays_typed_and_is_told(desk, household_a, reviewer):
    households.update_household(household_a, by=reviewer, need_level="severe")
    response = desk.send(phone="12", summary="独居，冬天取暖难。")
    form, again = sent_back(response)
    assert "phone" in form.errors
    assert (again["phone"], again["summary"]) == ("12", "独居，冬天取暖难。")
    assert met(response)["困难情况"] == ("已填写", "独居，冬天取暖难。", False)


def test_a_state_that_moved_is_told_among_other_changes(desk, household_a, reviewer):
    households.exit_household(household_a, by=reviewer, reason="moved_away", on=today())
    response = desk.send(phone=NEW_PHONE)
    assert any("状态：" in one for one in response.context["adminform"].form.meeting.others)


def test_a_page_that_does_not_say_what_it_was_opened_with_has_every_difference_asked(
    desk, household_a, reviewer
):
    households.update_household(household_a, by=reviewer, need_level="severe")
    desk.values.pop("opened")
    response = desk.send(need_level="marked", opened="nonsense")
    assert [label for label, (_, _, must) in met(response).items() if must] == ["困难程度"]
    assert household_a.address
    household_a.refresh_from_db()
    assert household_a.need_level == "severe"


def test_a_choice_nobody_was_offered_is_refused(desk, household_a):
    response = desk.send(chosen_need_level="theirs", need_level="severe")
    assert "chosen_need_level" in response.context["adminform"].form.errors


def test_the_row_of_a_person(client_for, officer, reviewer, household_a):
    member = household_a.members.get()
    client = client_for(officer)
    values = form_values(client.get(page(member)))
    households.update_member(member, by=reviewer, name="王秀芬")
    response = client.post(page(member), {**values, "name": "王秀芳", "guardian_name": "李建国"})
    assert met(response)["姓名"] == ("王秀芬", "王秀芳", True)
    assert met(response)["监护人"] == (NOTHING, "李建国", False)
    again = {**form_values(response), "chosen_name": TYPED}
    assert client.post(page(member), again).status_code == 302
    member = Member.objects.get(pk=member.pk)
    assert (member.name, member.guardian_name) == ("王秀芳", "李建国")
    assert member.id_number


def test_texts_worked_on_openly_are_shown_openly(client_for, officer, reviewer, household_a):
    need = factories_cases.open_need(household_a)
    client = client_for(officer)
    values = form_values(client.get(page(need)))
    needs.update_need(need, by=reviewer, description="冬煤两吨")
    response = client.post(page(need), {**values, "description": "冬煤一吨半"})
    assert ("冬煤两吨", "冬煤一吨半", True) in met(response).values()
    again = {**form_values(response), "chosen_description": SAVED}
    assert client.post(page(need), again).status_code == 302
    need.refresh_from_db()
    assert need.description == "冬煤两吨"


def test_rows_within_the_form_meet_line_by_line(client_for, reviewer):
    """The rules of a standard: one line changed by the other, another line added by me."""
    standard = factories_duties.standard(effective_from=today().replace(year=today().year + 1))
    client = client_for(reviewer)
    values = form_values(client.get(page(standard)))
    (rule,) = standard.rules.all()
    other = {"kind": rule.kind, "window": rule.window, "times": rule.times + 3, "grace_days": 20}
    second = factories.user("reviewer", username="second")
    standards.update_standard(standard, by=second, rules=[other])

    typed = {**values, "kind_2": "contact", "window_2": "quarter", "times_2": "1", "grace_days_2": "5"}
    response = client.post(page(standard), typed)
    form, again = sent_back(response)
    assert {label for label, _, _ in form.meeting.taken} == {"第1条：次数", "第1条：宽限天数"}
    assert not any(one.must for one in form.meeting.differences)
    assert client.post(page(standard), again).status_code == 302
    assert sorted(standard.rules.values_list("times", flat=True)) == sorted([rule.times + 3, 1])
