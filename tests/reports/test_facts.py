"""What the paper says, from an empty month to a full one; and that it is frozen."""

import json
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from jinchuan.shared.clock import SHANGHAI, travel
from jinchuan.shared.months import Month
from reports import facts, problems
from reports.wording import NO_PROBLEM
from tests import factories

pytestmark = pytest.mark.django_db

SEPTEMBER = Month(2026, 9)


def text_of(gathered, heading):
    for section in gathered["sections"]:
        for part in [section, *section["subsections"]]:
            if part["heading"] == heading:
                return "".join(part["paragraphs"])
    raise AssertionError(heading)


def test_an_empty_month_reads_right(divisions):
    gathered = facts.gather(SEPTEMBER, divisions.home)
    assert "截至9月30日，尚无社会组织与困难群众达成关爱意向。" in gathered["opening"]
    assert text_of(gathered, "（一）结对帮扶").endswith("目前尚无正式结对的关爱户。")
    assert text_of(gathered, "（二）捐款捐物") == "截至9月底，尚无已确认的捐款捐物。"
    assert text_of(gathered, "（三）志愿服务") == "截至9月底，尚无已确认的志愿服务活动。"
    assert text_of(gathered, "二、存在的问题") == NO_PROBLEM
    assert [annex["rows"] for annex in gathered["annexes"]][1] == []


def test_facts_are_plain_json(divisions, pairing_a, admin_a):
    factories.confirmed_donation(by=admin_a)
    gathered = facts.gather(SEPTEMBER, divisions.home)
    assert json.loads(json.dumps(gathered)) == gathered


def test_the_sentences_agree_with_the_table(divisions, org_a, admin_a):
    factories.confirmed_donation(
        by=admin_a, lines=[factories.cash("150000"), factories.goods(value="2380.00")]
    )
    factories.confirmed_activity(org_a)
    gathered = facts.gather(SEPTEMBER, divisions.home)
    assert "捐款捐物共计15余万元" in gathered["opening"]
    giving = text_of(gathered, "（二）捐款捐物")
    assert "累计捐款捐物共计15余万元（152,380.00元），其中捐款15.00万元，捐物折价0.24万元" in giving
    assert "按去向分，交区慈善协会15.24万元。" in giving
    rows = {row[1]: row for row in gathered["annexes"][0]["rows"]}
    assert rows["捐款捐物合计"] == ["8", "捐款捐物合计", "元", "—", "152,380.00", "—", "152,380.00"]
    assert rows["志愿服务"][-1] == "1"
    organization = gathered["annexes"][1]["rows"][0]
    assert organization[1:] == [org_a.name, "0", "0", "150,000.00", "2,380.00", "1", "1"]


def test_organisations_stand_in_the_order_of_their_codes(divisions):
    names = [factories.approved_organization(name=name).name for name in ("乙会", "甲会", "丙会")]
    gathered = facts.gather(Month(2026, 11), divisions.home)
    assert [row[1] for row in gathered["annexes"][1]["rows"][:-1]] == names


def test_an_unfinished_month_says_until_which_day(divisions):
    with travel(datetime(2026, 9, 12, 9, tzinfo=SHANGHAI)):
        gathered = facts.gather(SEPTEMBER, divisions.home)
    assert gathered["as_of"] == "2026-09-12"
    assert "截至9月12日，尚无" in text_of(gathered, "（二）捐款捐物")


def test_a_street_hides_counts_below_three(divisions, pairing_a):
    gathered = facts.gather(Month(2026, 11), divisions.street_a)
    assert "不足3户困难群众达成关爱意向" in gathered["opening"]
    district = facts.gather(Month(2026, 11), divisions.home)
    assert "1户困难群众达成关爱意向" in district["opening"]
    assert "不足3" not in json.dumps(district, ensure_ascii=False)


def test_gathering_takes_the_same_queries_for_one_and_three_organisations(
    divisions, django_assert_num_queries
):
    for count in (1, 2):
        for _ in range(count):
            organization = factories.approved_organization()
            factories.confirmed_donation(by=factories.admin_of(organization))
            factories.confirmed_activity(organization)
        with django_assert_num_queries(32):
            facts.gather(SEPTEMBER, divisions.home)


def test_next_steps_are_the_only_part_people_write(divisions):
    gathered = facts.gather(SEPTEMBER, divisions.home, next_steps="一是甲。\n\n二是乙。")
    changed = facts.with_next_steps(gathered, "三是丙。")
    assert changed["sections"][-1]["paragraphs"] == ["三是丙。"]
    assert gathered["sections"][-1]["paragraphs"] == ["一是甲。", "二是乙。"]
    assert changed["sections"][:-1] == gathered["sections"][:-1]


class TestProblems:
    DAY = date(2026, 9, 30)

    def at(self, *moment):
        return travel(datetime(*moment, tzinfo=SHANGHAI))

    def counts(self, day=DAY):
        return {name: count for name, count in problems.counts(day).items() if count}

    def test_a_verified_household_without_helper(self, divisions):
        with self.at(2026, 9, 20, 9):
            factories.verified_household()
        assert self.counts() == {"unpaired_households": 1}
        assert self.counts(date(2026, 9, 19)) == {}

    def test_as_it_stood_then_not_as_it_stands_now(self, divisions):
        with self.at(2026, 9, 20, 9):
            pairing = factories.ready_intention()
        with self.at(2026, 10, 5, 9):
            from cases.services.pairings import activate_pairing

            activate_pairing(pairing, by=factories.officer())
        assert self.counts() == {"open_intentions": 1}
        assert self.counts(date(2026, 10, 6)) == {}

    def test_intentions_past_their_hold(self, divisions):
        with self.at(2026, 9, 1, 9):
            factories.intention(hold_until=date(2026, 9, 15))
        assert self.counts() == {"open_intentions": 1, "overdue_intentions": 1}

    def test_gifts_that_wait_too_long(self, admin_a):
        with self.at(2026, 9, 26, 9):
            factories.submitted_donation(by=admin_a)
        assert self.counts(date(2026, 9, 28)) == {}
        assert self.counts() == {"late_donations": 1}

    def test_returned_gifts_and_unvalued_goods(self, admin_a):
        with self.at(2026, 9, 26, 9):
            factories.returned_donation(by=admin_a)
            factories.confirmed_donation(
                by=admin_a, lines=[factories.goods(value=None, valuation_basis="unvalued")]
            )
        assert self.counts() == {"returned_donations": 1, "unvalued_lines": 1}

    def test_every_count_has_a_sentence(self):
        empty = problems.counts(self.DAY)
        assert problems.sentences(empty) == []
        for name in empty:
            filled = {**empty, name: 7}
            if name == "overdue_intentions":
                filled["open_intentions"] = 9
            said = problems.sentences(filled)
            assert len(said) == 1
            assert "7" in said[0]


@pytest.mark.parametrize(
    ("organizations", "households", "words"),
    [
        (2, 5, "本月新增社会组织2家、关爱对象5户"),
        (0, 6, "本月新增关爱对象6户，社会组织无新增"),
        (1, 0, "本月新增社会组织1家，关爱对象无新增"),
        (0, 0, "本月均无新增"),
    ],
)
def test_new_intentions_read_right(organizations, households, words):
    figures = {
        "intention_organizations": SimpleNamespace(month=organizations),
        "intention_households": SimpleNamespace(month=households),
    }
    say = facts._Sayer(Month(2023, 9), Month(2023, 9).last, None, figures, hide=False)
    assert say._new_intentions() == words
