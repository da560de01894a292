"""What the paper says, from an empty month to a full one; and that it is frozen."""

import json
import re
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from jinchuan.shared.clock import SHANGHAI, travel
from organizations.models import Organization, SupervisingUnit
from reports import facts, problems, wording
from reports.facts.annexes import NO_DIFFERENCE
from reports.facts.saying import Sayer
from reports.periods import Period
from reports.wording import NO_PROBLEM
from tests import factories
from tests import factories_duties as duties

pytestmark = pytest.mark.django_db

SEPTEMBER = Period.read("2026-09")


MARK = re.compile("〔[0-9,]+〕")


def text_of(gathered, heading):
    for section in gathered["sections"]:
        for part in [section, *section["subsections"]]:
            if part["heading"] == heading:
                return MARK.sub("", "".join(part["paragraphs"]))
    raise AssertionError(heading)


def test_an_empty_month_reads_right(divisions):
    gathered = facts.gather(SEPTEMBER, divisions.home)
    assert "截至9月30日，尚无社会组织与困难群众达成关爱意向。" in text_of(gathered, "")
    assert text_of(gathered, "（一）结对帮扶").endswith("目前尚无正式结对的关爱户。")
    assert text_of(gathered, "（二）捐款捐物") == "截至9月底，尚无已确认的捐款捐物。"
    assert text_of(gathered, "（三）志愿服务") == "截至9月底，尚无已确认的志愿服务活动。"
    assert text_of(gathered, "二、存在的问题") == NO_PROBLEM
    assert [annex["rows"] for annex in gathered["annexes"]][1] == []


def test_care_is_told_with_the_pairings(divisions):
    pairing = duties.pairing(date(2026, 8, 1))
    for day in (date(2026, 8, 5), date(2026, 9, 5), date(2026, 9, 6)):
        duties.confirmed_visit(pairing, day)
    duties.confirmed_visit(pairing, date(2026, 9, 7), "home_visit")
    duties.confirmed_matter(pairing.household, date(2026, 8, 7), "difficulty_solved")
    duties.confirmed_matter(pairing.household, date(2026, 9, 7), "policy_delivered")
    said = text_of(facts.gather(SEPTEMBER, divisions.home), "（一）结对帮扶")
    assert said.endswith(
        "截至9月底，累计联系交流3人次、走访探视1人次、帮助解决实际困难1件、宣传和落实政策1件；"
        "本月联系交流2人次、走访探视1人次、宣传和落实政策1件。"
    )
    quiet = text_of(facts.gather(Period.read("2026-10"), divisions.home), "（一）结对帮扶")
    assert quiet.endswith("宣传和落实政策1件；本月无新增。")


def test_small_counts_of_households_by_part_do_not_go_out(divisions, household_a):
    factories.confirmed_donation(household=household_a, route="direct_to_household")
    line = facts.gather(SEPTEMBER, divisions.home)["indicators"]["households_aided"]
    assert line["cumulative"] == 1
    assert line["by"]["route"]["direct_to_household"]["cumulative"] == "不足3"


def test_small_counts_of_households_by_category_do_not_go_out(divisions, pairing_a):
    factories.verified_household()
    line = facts.gather(Period.read("2026-11"), divisions.home)["indicators"]["households_uncovered"]
    assert (line["cumulative"], line["by_category"]["destitute_person"]["cumulative"]) == (1, "不足3")
    assert line["by_category"]["orphan"]["cumulative"] == 0


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
    assert "捐款捐物共计15余万元" in text_of(gathered, "")
    giving = text_of(gathered, "（二）捐款捐物")
    assert "累计捐款捐物共计15余万元（152,380.00元），其中捐款15.00万元，捐物折价2,380.00元" in giving
    assert "全部交区慈善协会。" in giving
    rows = {row[1]: row for row in gathered["annexes"][0]["rows"]}
    assert rows["捐款捐物合计"] == ["22", "捐款捐物合计", "元", "—", "152,380.00", "—", "152,380.00"]
    assert rows["志愿服务"][-1] == "1"
    organization = gathered["annexes"][1]["rows"][0]
    assert organization[1:] == [org_a.name, "0", "0", "150,000.00", "2,380.00", "1", "1"]


def test_organisations_stand_in_the_order_of_their_codes(divisions):
    names = [factories.approved_organization(name=name).name for name in ("乙会", "甲会", "丙会")]
    gathered = facts.gather(Period.read("2026-11"), divisions.home)
    assert [row[1] for row in gathered["annexes"][1]["rows"][:-1]] == names


def test_an_unfinished_month_says_until_which_day(divisions):
    with travel(datetime(2026, 9, 12, 9, tzinfo=SHANGHAI)):
        gathered = facts.gather(SEPTEMBER, divisions.home)
    assert gathered["as_of"] == "2026-09-12"
    assert "截至9月12日，尚无" in text_of(gathered, "（二）捐款捐物")


def test_a_street_hides_counts_below_three(divisions, pairing_a):
    gathered = facts.gather(Period.read("2026-11"), divisions.street_a)
    assert "不足3户困难群众达成关爱意向" in text_of(gathered, "")
    district = facts.gather(Period.read("2026-11"), divisions.home)
    assert "1户困难群众达成关爱意向" in text_of(district, "")
    assert "不足3" not in json.dumps(district, ensure_ascii=False)


def test_gathering_takes_the_same_queries_for_one_and_three_organisations(
    divisions, django_assert_num_queries
):
    for count in (1, 2):
        for _ in range(count):
            organization = factories.approved_organization()
            factories.confirmed_donation(by=factories.admin_of(organization))
            factories.confirmed_activity(organization)
        with django_assert_num_queries(109):
            facts.gather(SEPTEMBER, divisions.home)


def test_what_a_person_wrote_stands_in_place_of_what_was_composed(divisions):
    gathered = facts.gather(SEPTEMBER, divisions.home)
    words = {"giving": {"text": "甲。\n乙。", "by": "officer", "at": "2026-10-01T09:00:00+08:00"}}
    changed = facts.with_words(gathered, words)
    assert text_of(changed, "（二）捐款捐物") == "甲。乙。"
    assert text_of(gathered, "（二）捐款捐物") == "截至9月底，尚无已确认的捐款捐物。"
    assert {**changed, "sections": 0} == {**gathered, "sections": 0}


class TestProblems:
    DAY = date(2026, 9, 30)

    def at(self, *moment):
        return travel(datetime(*moment, tzinfo=SHANGHAI))

    def counts(self, day=DAY):
        return {name: count for name, count in problems.counts(day).items() if count}

    def test_a_verified_household_without_helper(self, divisions):
        with self.at(2026, 9, 20, 9):
            factories.verified_household()
        assert self.counts() == {"unpaired_households": 1, "uncovered_households": 1}
        assert self.counts(date(2026, 9, 19)) == {}

    def test_as_it_stood_then_not_as_it_stands_now(self, divisions):
        with self.at(2026, 9, 20, 9):
            pairing = factories.ready_intention()
        with self.at(2026, 10, 5, 9):
            from cases.services.pairings import activate_pairing

            activate_pairing(pairing, by=factories.officer())
        assert self.counts() == {"open_intentions": 1, "uncovered_households": 1}
        assert self.counts(date(2026, 10, 6)) == {}

    def test_intentions_past_their_hold(self, divisions):
        with self.at(2026, 9, 1, 9):
            factories.intention(hold_until=date(2026, 9, 15))
        assert self.counts() == {
            "open_intentions": 1,
            "overdue_intentions": 1,
            "uncovered_households": 1,
        }

    def test_duties_past_their_window_while_the_grace_runs(self, divisions):
        duties.standard(duties.rule("home_visit", grace_days=20, season=((9, 1), (9, 20)), times=2))
        pairing = duties.pairing(date(2026, 8, 1))
        duties.confirmed_visit(pairing, date(2026, 9, 10), "home_visit", on=date(2026, 10, 2))
        duties.night(date(2026, 10, 2))
        duties.night(date(2026, 10, 20))
        assert self.counts(date(2026, 9, 20)) == self.counts(date(2026, 10, 11)) == {}
        assert self.counts() == {"overdue_duties": 2}
        assert self.counts(date(2026, 10, 2)) == {"overdue_duties": 1}

    def test_households_left_by_their_helper(self, divisions):
        from cases.services.pairings import end_pairing

        pairing = duties.pairing(date(2026, 8, 1))
        with self.at(2026, 9, 20, 9):
            end_pairing(pairing, by=factories.officer(), reason="adjusted")
        assert self.counts(date(2026, 9, 19)) == {}
        assert self.counts(date(2026, 9, 20)) == {"unpaired_households": 1, "uncovered_households": 1}

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
        "intention_organizations": SimpleNamespace(month=organizations, late=0, correction=0),
        "intention_households": SimpleNamespace(month=households, late=0, correction=0),
    }
    say = Sayer(SEPTEMBER, SEPTEMBER.last, None, figures, hide=False)
    assert say._new_intentions() == words


def scopes_of(divisions, org_a):
    program = factories.program(lead_organization=org_a)
    unit = SupervisingUnit.objects.create(name="金川区教育局")
    Organization.objects.filter(pk=org_a.pk).update(supervising_unit=unit)
    return [divisions.home, divisions.street_a, org_a, program, unit]


@pytest.mark.parametrize(
    ("written", "now", "totals"),
    [
        ("2026-09", "本月", ("上月累计", "本月累计")),
        ("2026-Q3", "本季度", ("上季度末累计", "本季度末累计")),
        ("2026-H1", "上半年", ("上年末累计", "上半年末累计")),
        ("2025", "本年", ("上年末累计", "本年末累计")),
    ],
)
def test_every_kind_about_every_scope_has_its_own_words(divisions, org_a, admin_a, written, now, totals):
    factories.confirmed_donation(by=admin_a)
    factories.confirmed_activity(org_a)
    titles = set()
    for scope in scopes_of(divisions, org_a):
        gathered = facts.gather(Period.read(written), scope)
        titles.add("".join(gathered["title"]))
        heads = [column["label"] for column in gathered["annexes"][0]["columns"]]
        assert heads[3:] == [totals[0], f"{now}新增", "更正", totals[1]]
        said = "".join(text for _, _, text in facts.parts(gathered))
        assert "第一名" not in said
        assert now == "本月" or "本月" not in said
        assert [annex["mark"] for annex in gathered["annexes"]][-1] == f"附件{len(gathered['annexes'])}"
    assert len(titles) == 5


def test_what_came_late_and_what_was_put_right_is_said():
    assert wording.apart(2, 0, lambda n: f"{n}户") == "（其中补报2户）"
    assert wording.apart(0, -1, lambda n: f"{n}户") == "（另更正以前月份-1户）"
    assert wording.apart(2, 1, lambda n: f"{n}户") == "（其中补报2户，另更正以前月份+1户）"
    assert wording.apart(0, 0, str) == ""


def test_a_later_edition_prints_what_differs(divisions, admin_a):
    first = facts.gather(SEPTEMBER, divisions.home)
    same = facts.gather(SEPTEMBER, divisions.home, number=2, before=first)
    factories.confirmed_donation(by=admin_a)
    second = facts.gather(SEPTEMBER, divisions.home, number=2, before=first)

    def difference(gathered):
        return next(annex for annex in gathered["annexes"] if annex["title"] == "与第1版的差异")

    assert difference(same)["rows"] == []
    assert difference(same)["notes"] == [NO_DIFFERENCE.format(number=1)]
    rows = difference(second)["rows"]
    assert [row[1:] for row in rows if row[1] == "捐款"] == [
        ["捐款", "元", "本月新增", "—", "1,000.00"],
        ["捐款", "元", "本月累计", "—", "1,000.00"],
    ]
    assert "第2版" in second["subtitle"]


def test_every_mark_leads_to_a_definition(divisions, admin_a):
    factories.confirmed_donation(by=admin_a)
    gathered = facts.gather(SEPTEMBER, divisions.home)
    table, definitions = gathered["annexes"][0]["rows"], gathered["annexes"][-1]["rows"]
    assert [row[:2] for row in table] == [row[:2] for row in definitions]
    assert all(row[3] for row in definitions)
    marks = MARK.findall("".join(text for _, _, text in facts.parts(gathered)))
    used = {number for mark in marks for number in mark.strip("〔〕").split(",")}
    assert len(used) > 5
    assert used <= {row[0] for row in definitions}


def test_a_half_year_is_measured_against_the_one_before_and_the_same_months_of_the_year_before(
    divisions, officer
):
    for on, value in ((date(2025, 3, 3), "20000"), (date(2025, 9, 3), "5000"), (date(2026, 3, 3), "15000")):
        factories.confirmed_donation(received_on=on, lines=[factories.cash(value)])
    giving = text_of(facts.gather(Period.read("2026-H1"), divisions.home), "（二）捐款捐物")
    assert "上半年新增捐款捐物1.50万元，均为捐款，环比增长200.0%，同比下降25.0%。" in giving
    year = text_of(facts.gather(Period.read("2025"), divisions.home), "（二）捐款捐物")
    assert "全年新增捐款捐物2.50万元，均为捐款，上年无。" in year


def test_a_month_that_is_not_over_is_not_measured_against_a_whole_one(divisions, officer):
    for on, value in ((date(2026, 8, 3), "20000"), (date(2026, 9, 3), "5000")):
        factories.confirmed_donation(received_on=on, lines=[factories.cash(value)])
    with travel(datetime(2026, 9, 12, 9, tzinfo=SHANGHAI)):
        said = text_of(facts.gather(SEPTEMBER, divisions.home), "（二）捐款捐物")
    assert "本月新增捐款捐物5,000.00元，均为捐款，上月共2.00万元。" in said
    assert "环比" not in said
