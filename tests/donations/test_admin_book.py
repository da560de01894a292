"""The bureau's pages on what became of gifts: every act with what it refuses."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse

from donations.enums import AllocationState, DecisionState, DisposalKind, Restriction
from donations.models import (
    Adjustment,
    Allocation,
    Disposal,
    Fund,
    Holding,
    Movement,
    Place,
    PurposeChange,
    StockTake,
)
from donations.models.allocations import APPROVE_OWN, SECOND_IS_FIRST
from donations.models.deciding import DECIDED_BY_PROPOSER
from donations.services import allocations
from jinchuan.shared.clock import now, today, travel
from organizations.enums import Role
from tests import factories, factories_book, factories_cases
from tests.pages import act, acts, form_values, listing, page, shown

pytestmark = pytest.mark.django_db

REASON = {"reason": "数目与送货单不符"}


@pytest.fixture
def client(client_for, officer):
    return client_for(officer)


def waiting(client) -> dict:
    return {line.title: line for line in client.get(reverse("admin:index")).context["waiting"]}


# Propose ------------------------------------------------------------------------------------------------------


def test_a_part_is_proposed_for_a_household(client):
    holding = factories_book.goods_holding("20")
    household = factories.verified_household()
    asked = client.get(act(holding, "allocate"))
    assert "20 袋" in shown(asked)
    assert "不指定用途" in shown(asked)
    typed = {"target": "household", "household": household.pk, "amount": "１２ 袋", "note": "冬季补助"}
    answer = client.post(act(holding, "allocate"), typed)
    allocation = Allocation.objects.get()
    assert answer.url == page(allocation)
    assert (allocation.household, allocation.amount) == (household, 12)
    holding.refresh_from_db()
    assert (holding.free, holding.promised) == (8, 12)
    text = shown(client.get(page(holding)))
    assert allocation.code in text
    assert page(allocation) in text
    text = shown(client.get(page(allocation)))
    assert page(holding) in text
    assert page(holding.lot.line.donation) in text


def test_money_is_proposed_for_a_fund_a_need_a_programme(client):
    holding = factories_book.holding("1000")
    need = factories_cases.open_need(factories.verified_household())
    program = factories.program()
    fund = factories_book.fund()
    for target, row, amount in (
        ("fund", fund, "￥100"),
        ("need", need, "100元"),
        ("program", program, "1,00"),
    ):
        typed = {"target": target, target: row.pk, "amount": amount}
        answer = client.post(act(holding, "allocate"), typed)
        if target == "program":
            assert "请用数字填写" in shown(answer)
            assert client.post(act(holding, "allocate"), typed | {"amount": "100.00"}).status_code == 302
    made = Allocation.objects.order_by("pk")
    assert [row.target for row in made] == ["fund", "need", "program"]
    assert made[1].household == need.household


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "21"}, "只有 20 袋"),
        ({"amount": "0"}, "必须大于 0"),
        ({"amount": "1.234"}, "最多 2 位小数"),
        ({"amount": "二十"}, "请用数字填写"),
        ({"household": ""}, "请选择分配给哪一个关爱户"),
        ({"household": "9" * 25}, "请从列出的选项里重新选择关爱户"),
        ({"target": ""}, "请选择分配给"),
    ],
)
def test_what_cannot_be_proposed_is_told_with_everything_kept(client, typed, sentence):
    holding = factories_book.goods_holding("20")
    household = factories.verified_household()
    whole = {"target": "household", "household": household.pk, "amount": "5", "note": "留着这句", **typed}
    answer = client.post(act(holding, "allocate"), whole)
    assert answer.status_code == 200
    assert sentence in shown(answer)
    assert "留着这句" in shown(answer)
    assert not Allocation.objects.exists()


def test_a_gift_goes_only_where_its_giver_meant_it_to(client):
    meant, other = factories.verified_household(), factories.verified_household()
    holding = factories_book.holding("500", household=meant, route="association")
    opened = client.get(act(holding, "allocate"))
    assert opened.context["form"].initial["household"] == meant
    typed = {"target": "household", "household": other.pk, "amount": "100"}
    answer = client.post(act(holding, "allocate"), typed)
    assert f"捐赠人指定给关爱户 {meant.code}" in shown(answer)
    assert client.post(act(holding, "allocate"), typed | {"household": meant.pk}).status_code == 302


def test_expired_food_is_not_allocated(client):
    holding = factories_book.goods_holding(expires_on=today() + timedelta(days=1))
    typed = {"target": "household", "household": factories.verified_household().pk, "amount": "1"}
    assert client.post(act(holding, "allocate"), typed).status_code == 302
    with travel(now() + timedelta(days=2)):
        text = shown(client.get(page(holding)))
        assert "已过保质期，不能再分配" in text
        assert act(holding, "allocate") not in text
        client.post(act(holding, "allocate"), typed)
    assert Allocation.objects.count() == 1


def test_a_second_press_or_a_stale_page_is_told(client):
    holding = factories_book.goods_holding("20")
    household = factories.verified_household()
    seen = client.get(act(holding, "allocate")).context["form"].initial["seen"]
    typed = {"target": "household", "household": household.pk, "amount": "5", "seen": seen}
    assert client.post(act(holding, "allocate"), typed).status_code == 302
    again = client.post(act(holding, "allocate"), typed)
    assert "您打开这一页之后，这批款物又有变动，现在未分配 15 袋" in shown(again)
    assert Allocation.objects.count() == 1
    now = again.context["form"].data["seen"]
    assert client.post(act(holding, "allocate"), typed | {"seen": now}).status_code == 302


def test_the_clerk_of_the_association_is_offered_no_households(client_for, clerk):
    holding = factories_book.holding()
    household = factories.verified_household()
    client = client_for(clerk)
    form = client.get(act(holding, "allocate")).context["form"]
    assert "household" not in form.fields
    typed = {"target": "household", "household": household.pk, "amount": "100"}
    assert client.post(act(holding, "allocate"), typed).status_code == 200
    assert not Allocation.objects.exists()


@pytest.mark.parametrize("who", ["leader", "worker_a", "auditor", "administrator", "member_a"])
def test_who_may_not_propose_cannot(client_for, request, who):
    holding = factories_book.holding()
    answer = client_for(request.getfixturevalue(who)).post(act(holding, "allocate"), {"amount": "1"})
    assert answer.status_code in (302, 403)
    assert not Allocation.objects.exists()


# Approve ------------------------------------------------------------------------------------------------------


def test_another_person_approves(client, client_for, reviewer):
    allocation = factories_book.proposed(amount="100")
    assert APPROVE_OWN in shown(client.post(act(allocation, "approve")))
    second = client_for(reviewer)
    asked = shown(second.get(act(allocation, "approve")))
    assert "人民币壹佰元整" in asked
    assert allocation.household.code in asked
    assert second.post(act(allocation, "approve")).status_code == 302
    allocation.refresh_from_db()
    assert (allocation.state, allocation.approved_by) == (AllocationState.APPROVED, reviewer)


def test_a_large_one_takes_two_approvers(client_for, reviewer, clerk):
    amount = str(settings.SECOND_APPROVAL_FROM)
    allocation = factories_book.proposed(factories_book.holding("20000"), amount)
    first = client_for(reviewer)
    assert "两位工作人员先后批准" in shown(first.get(page(allocation)))
    first.post(act(allocation, "approve"))
    allocation.refresh_from_db()
    assert allocation.state == AllocationState.PROPOSED
    assert "另一位工作人员第二次批准" in shown(first.get(page(allocation)))
    assert SECOND_IS_FIRST in shown(first.post(act(allocation, "approve")))
    client_for(clerk).post(act(allocation, "approve"))
    allocation.refresh_from_db()
    assert allocation.state == AllocationState.APPROVED


def test_several_are_approved_with_a_preview_and_the_own_one_is_refused(client_for, reviewer):
    holding = factories_book.holding()
    theirs = [factories_book.proposed(holding, "100") for _ in range(2)]
    mine = allocations.propose_allocation(
        holding, by=reviewer, amount=Decimal(50), household=theirs[0].household
    )
    client = client_for(reviewer)
    ids = [row.pk for row in [*theirs, mine]]
    preview = client.post(listing(Allocation), {"action": "approve", "_selected_action": ids})
    assert "共 3 条" in shown(preview)
    assert f"{theirs[0].code}　捐款 100.00 元 → {theirs[0].household.code}" in shown(preview)
    answer = client.post(acts(Allocation, "approve"), {"ids": ids})
    assert sorted(answer.context["done"]) == sorted(row.code for row in theirs)
    assert answer.context["refused"] == [f"{mine.code}：{APPROVE_OWN}"]


def test_what_nobody_saw_is_not_approved(client_for, reviewer):
    allocation = factories_book.proposed(factories_book.holding("20000"), "15000")
    client = client_for(reviewer)
    opened = {"versions": f"{allocation.pk}:{allocation.version}"}
    allocations.approve_allocation(allocation, by=factories_book.second_reviewer())
    assert "在您打开这一页之后有变化" in shown(client.post(act(allocation, "approve"), opened))
    allocation.refresh_from_db()
    assert allocation.state == AllocationState.PROPOSED


def test_what_is_open_is_cancelled_with_a_reason(client):
    allocation = factories_book.approved(amount="100")
    assert "至少 5 个字" in shown(client.post(act(allocation, "cancel"), {"reason": "不要"}))
    assert client.post(act(allocation, "cancel"), REASON).status_code == 302
    allocation.refresh_from_db()
    assert (allocation.state, allocation.released) == (AllocationState.CANCELLED, 100)
    assert REASON["reason"] in shown(client.get(page(allocation)))
    assert "不用再办理" in "".join(
        str(one) for one in client.get(act(allocation, "cancel"), follow=True).context["messages"]
    )


def test_money_for_a_fund_moves_when_approved(client_for, reviewer):
    fund = factories_book.fund()
    allocation = factories_book.proposed(factories_book.holding("1000"), "400", fund=fund)
    client = client_for(reviewer)
    client.post(act(allocation, "approve"))
    assert Holding.objects.get(fund=fund).free == 400
    text = shown(client.get(page(fund)))
    assert "400.00" in text
    text = shown(client.get(page(allocation.holding)))
    assert "拨付基金" in text
    assert "−400.00 元" in text


def test_allocations_show_on_the_households_page_and_the_street_sees_its_own(client, client_for, worker_b):
    household = factories.verified_household()
    allocation = factories_book.approved(household=household)
    assert allocation.code in shown(client.get(page(household)))
    stranger = client_for(worker_b)
    assert stranger.get(page(allocation)).status_code == 404
    assert allocation.code not in shown(stranger.get(listing(Allocation)))
    own = client_for(factories.user(Role.DIVISION_WORKER, division=household.community))
    text = shown(own.get(page(allocation)))
    assert allocation.code in text
    assert page(allocation.holding) not in text
    assert own.get(page(allocation.holding)).status_code in (403, 404)


def test_what_a_programme_spent_is_noted_without_a_sheet(client):
    allocation = factories_book.approved(factories_book.holding("1000"), "300", program=factories.program())
    typed = {
        "delivered_on": "2026-9-20",
        "venue": "区图书馆",
        "people": "李芳",
        "signing": "self",
        "receiver_name": "王芳",
    }
    assert "请填写受益对象" in shown(client.post(act(allocation, "hand_over"), typed))
    assert client.post(act(allocation, "hand_over"), typed | {"recipient": "20 名学生"}).status_code == 302
    allocation.refresh_from_db()
    assert (allocation.state, allocation.delivered) == (AllocationState.SETTLED, 300)
    text = shown(client.get(page(allocation)))
    assert "已签收" in text
    assert "王芳" not in text


def test_what_is_not_approved_is_not_handed_over(client):
    allocation = factories_book.proposed(amount="100")
    assert client.post(act(allocation, "hand_over"), {}).url == page(allocation)
    assert not allocation.deliveries.exists()


# Stock --------------------------------------------------------------------------------------------------------


def test_goods_are_put_into_a_place_and_moved(client):
    holding, place = factories_book.goods_holding("20"), factories_book.place()
    assert "未入库" in shown(client.get(listing(Holding)))
    answer = client.post(act(holding, "transfer"), {"place": place.pk, "amount": "15", "on": "2026-9-20"})
    there = Holding.objects.get(place=place)
    assert answer.url == page(there)
    assert there.free == 15
    too_many = {"place": place.pk, "amount": "6", "on": "2026-9-20"}
    assert "只有 5 袋" in shown(client.post(act(holding, "transfer"), too_many))
    assert page(there) in shown(client.get(page(holding)))
    assert "大米" in shown(client.get(page(place)))


def test_money_has_no_place(client):
    holding = factories_book.holding()
    assert client.post(act(holding, "transfer"), {"amount": "1"}).url == page(holding)


def test_a_place_is_counted_and_another_confirms(client, client_for, reviewer):
    place = factories_book.place()
    first = factories_book.goods_holding("20", place=place)
    second = factories_book.goods_holding("7", value="70", place=place)
    address = page(place, "count")
    opened = client.get(address)
    assert "20 袋" in shown(opened)
    typed = {"counted_on": "2026-9-20", "reason": "月末盘点", f"count-{first.pk}": "18袋"}
    missing = client.post(address, typed)
    assert "请填写“大米”的实盘数" in shown(missing)
    assert 'value="18袋"' in shown(missing)
    answer = client.post(address, typed | {f"count-{second.pk}": "0"})
    take = StockTake.objects.get()
    assert answer.url == page(take)
    first.refresh_from_db()
    assert first.free == 20, "nothing changes before somebody confirms it"
    assert DECIDED_BY_PROPOSER in shown(client.post(act(take, "approve")))
    confirming = client_for(reviewer)
    assert "账面 20，实盘 18，少 2 袋" in shown(confirming.get(act(take, "approve")))
    assert confirming.post(act(take, "approve")).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.free, second.free) == (18, 0)


def test_a_count_that_goods_overtook_is_typed_again(client, officer):
    place = factories_book.place()
    holding = factories_book.goods_holding("20", place=place)
    typed = {
        "counted_on": "2026-9-20",
        "reason": "月末盘点",
        f"count-{holding.pk}": "20",
        f"seen-{holding.pk}": "20",
    }
    factories_book.stock.transfer(
        holding, by=officer, place=factories_book.place("社区存放点"), amount=Decimal(5)
    )
    answer = client.post(page(place, "count"), typed)
    assert "账面现为 15 袋，请再点一遍" in shown(answer)
    assert not StockTake.objects.exists()


def test_an_empty_place_has_nothing_to_count(client):
    assert "没有在库物资" in shown(client.get(page(factories_book.place(), "count")))


@pytest.mark.parametrize(("who", "status"), [("leader", 403), ("worker_a", 403), ("clerk", 200)])
def test_who_may_count(client_for, request, who, status):
    place = factories_book.place()
    assert client_for(request.getfixturevalue(who)).get(page(place, "count")).status_code == status


def test_places_and_special_funds_are_registered(client, divisions):
    typed = {"name": "新华路存放点", "kind": "station", "division": divisions.a1.pk, "keeper": "李芳"}
    assert client.post(listing(Place, "add"), typed).status_code == 302
    place = Place.objects.get()
    stale = form_values(client.get(page(place)))
    assert client.post(page(place), stale | {"keeper": "王芳"}).status_code == 302
    assert "已被他人修改" in shown(client.post(page(place), stale | {"keeper": "赵芳"}))
    typed = {"kind": "student_aid", "name": "圆梦助学金", "division": divisions.home.pk}
    answer = client.post(listing(Fund, "add"), typed)
    assert "管理办法或协议" in shown(answer)
    typed["rule_document"] = "助学金管理办法（2026年）"
    assert client.post(listing(Fund, "add"), typed).status_code == 302
    assert "请从列出的选项里重新选择类别" in shown(
        client.post(listing(Fund, "add"), typed | {"kind": "association"})
    )


# Corrections --------------------------------------------------------------------------------------------------


def test_a_correction_is_proposed_and_decided_by_another(client, client_for, reviewer):
    holding = factories_book.goods_holding("20")
    typed = {"amount": "－2", "adjusted_on": "2026-9-20", "reason": "送货单上只有 18 袋"}
    answer = client.post(act(holding, "adjust"), typed)
    adjustment = Adjustment.objects.get()
    assert answer.url == page(adjustment)
    assert adjustment.amount == -2
    assert DECIDED_BY_PROPOSER in shown(client.post(act(adjustment, "approve")))
    assert client_for(reviewer).post(act(adjustment, "approve")).status_code == 302
    holding.refresh_from_db()
    assert holding.free == 18
    text = shown(client.get(page(holding)))
    assert "−2 袋" in text
    assert adjustment.code in text


def test_a_correction_says_what_it_changes(client):
    holding = factories_book.goods_holding("20")
    nothing = {"adjusted_on": "2026-9-20", "reason": "什么也没有改"}
    assert "至少更正一项" in shown(client.post(act(holding, "adjust"), nothing))
    future = nothing | {"amount": "1", "adjusted_on": "2099-1-1"}
    assert "不能晚于今天" in shown(client.post(act(holding, "adjust"), future))
    assert "value" not in client.get(act(factories_book.holding(), "adjust")).context["form"].fields
    assert not Adjustment.objects.exists()


def test_a_refusal_tells_why(client_for, reviewer):
    adjustment = factories_book.adjustment()
    client = client_for(reviewer)
    assert "至少 5 个字" in shown(client.post(act(adjustment, "refuse"), {"reason": "不行"}))
    assert client.post(act(adjustment, "refuse"), REASON).status_code == 302
    adjustment.refresh_from_db()
    assert adjustment.state == DecisionState.REFUSED
    assert REASON["reason"] in shown(client.get(page(adjustment)))
    assert not Movement.objects.filter(kind="adjust").exists()


def test_goods_are_sold_and_the_proceeds_stay_in_the_fund(client, client_for, reviewer):
    holding = factories_book.goods_holding("20")
    typed = {"kind": "sold", "amount": "20", "disposed_on": "2026-9-20", "reason": "临近保质期变卖"}
    assert "变卖所得" in shown(client.post(act(holding, "dispose"), typed))
    assert not Disposal.objects.exists()
    client.post(act(holding, "dispose"), typed | {"proceeds": "800元"})
    disposal = Disposal.objects.get()
    client_for(reviewer).post(act(disposal, "approve"))
    proceeds = Holding.objects.exclude(pk=holding.pk).get()
    assert (proceeds.free, proceeds.fund) == (800, holding.fund)
    assert disposal.code in shown(client.get(page(holding)))


def test_more_than_is_free_is_not_written_off(client, client_for, reviewer):
    holding = factories_book.goods_holding("20")
    disposal = factories_book.disposal(holding, DisposalKind.SPOILED, "20")
    factories_book.proposed(holding, "1")
    answer = client_for(reviewer).post(act(disposal, "approve"))
    assert "只有 19 袋" in shown(answer)
    disposal.refresh_from_db()
    assert disposal.state == DecisionState.PROPOSED


def test_money_is_only_given_back(client):
    holding = factories_book.holding("1000")
    form = client.get(act(holding, "dispose")).context["form"]
    assert [value for value, _ in form.fields["kind"].choices] == ["returned"]
    typed = {"kind": "spoiled", "amount": "1", "disposed_on": "2026-9-20", "reason": "没有这种事"}
    assert client.post(act(holding, "dispose"), typed).status_code == 200


def test_a_purpose_is_changed_with_the_givers_consent(client, client_for, reviewer, divisions):
    donation = factories.confirmed_donation(restriction="community", community=divisions.a1)
    typed = {
        "restriction": "community",
        "community": divisions.b1.pk,
        "consented_on": today().isoformat(),
        "consent_evidence": "捐赠人书面同意书",
        "reason": "原社区已经办完",
    }
    without = client.post(act(donation, "purpose"), typed | {"consent_evidence": ""})
    assert "请填写同意的凭据" in shown(without)
    answer = client.post(act(donation, "purpose"), typed)
    change = PurposeChange.objects.get()
    assert answer.url == page(change)
    assert DECIDED_BY_PROPOSER in shown(client.post(act(change, "approve")))
    assert client_for(reviewer).post(act(change, "approve")).status_code == 302
    text = shown(client.get(page(donation)))
    assert divisions.b1.short_name in text
    donation.refresh_from_db()
    assert (donation.restriction, donation.community) == (Restriction.COMMUNITY, divisions.a1)
    holding = Holding.objects.get()
    assert divisions.b1.short_name in shown(client.get(page(holding)))


# Gifts --------------------------------------------------------------------------------------------------------


def test_a_gift_tells_where_all_of_it_is(client):
    holding = factories_book.goods_holding("20")
    allocation = factories_book.approved(holding, "5")
    text = shown(client.get(page(holding.lot.line.donation)))
    assert page(holding) in text
    assert page(allocation) in text
    assert "15 袋" in text


def test_straight_to_a_household_is_told_before_the_confirmation(client, member_a, household_a):
    donation = factories.submitted_donation(
        by=member_a,
        household=household_a,
        route="direct_to_household",
        lines=[factories.goods(value=None, valuation_basis="unvalued")],
    )
    text = shown(client.get(act(donation, "confirm")))
    assert "分配和送达" in text
    assert "另有不计价物资" in text
    client.post(act(donation, "confirm"))
    assert Holding.objects.get().delivered == 20
    assert "已办结" in shown(client.get(page(donation)))


def test_an_overdue_pledge_is_called_in_or_lapses(client):
    pledge = factories_book.pledged_donation(expected_on=date(2026, 9, 5))
    line = waiting(client)["逾期未到账的认捐"]
    assert client.get(line.url).context["cl"].result_count == line.count == 1
    text = shown(client.get(page(pledge)))
    assert reverse("donations:receive_new", args=[pledge.code]) in text
    assert client.post(act(pledge, "lapse"), REASON).status_code == 302
    pledge.refresh_from_db()
    assert pledge.state == "lapsed"


# The first page and the lists ---------------------------------------------------------------------------------


def test_the_first_page_counts_what_waits_and_leads_there(client):
    factories_book.proposed()
    factories_book.adjustment()
    factories_book.disposal()
    factories_book.purpose_change()
    factories_book.stock_take()
    factories_book.goods_holding(expires_on=today() + timedelta(days=10))
    lines = waiting(client)
    for title in (
        "待批准的分配",
        "待批准的捐赠更正",
        "待批准的款物处置",
        "待批准的用途变更",
        "待批准的盘点",
        "快到保质期的物资",
    ):
        line = lines[title]
        assert line.count == 1, title
        assert client.get(line.url).context["cl"].result_count == 1, title


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "大米"}, {"goods"}),
        ({"kind": "cash"}, {"cash"}),
        ({"waiting": "none"}, {"spent"}),
        ({"waiting": "unplaced"}, {"goods"}),
        ({"waiting": "?"}, {"cash", "goods", "spent"}),
    ],
)
def test_holdings_are_found(client, query, found):
    rows = {"cash": factories_book.holding(), "goods": factories_book.goods_holding()}
    rows["spent"] = factories_book.holding("100")
    factories_book.proposed(rows["spent"], "100")
    text = shown(client.get(listing(Holding), query))
    if query == {"kind": "cash"}:
        found = {"cash", "spent"}
    assert {name for name, row in rows.items() if row.lot.code in text} == found
    code = rows["cash"].lot.line.donation.code
    assert client.get(listing(Holding), {"q": code}).context["cl"].result_count == 1


MAKE = {
    Holding: (factories_book.holding, 7),
    Allocation: (factories_book.proposed, 6),
    Adjustment: (factories_book.adjustment, 4),
    Disposal: (factories_book.disposal, 4),
    PurposeChange: (factories_book.purpose_change, 4),
    StockTake: (factories_book.stock_take, 4),
    Fund: (None, 4),
    Place: (None, 4),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", MAKE, ids=lambda model: model.__name__)
def test_lists_ask_the_same_number_of_questions(client, django_assert_num_queries, model, rows):
    make, queries = MAKE[model]
    for number in range(rows):
        if model in (Fund, Place):
            factories_book.fund(f"第{number}基金") if model is Fund else factories_book.place(f"第{number}库")
        else:
            make()
    client.get(listing(model))
    with django_assert_num_queries(queries):
        client.get(listing(model))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_the_book_asks_the_same_number_of_questions(client, django_assert_num_queries, rows):
    holding = factories_book.goods_holding("20")
    for _ in range(rows):
        factories_book.approved(holding, "1")
    client.get(page(holding))
    with django_assert_num_queries(8):
        client.get(page(holding))


def test_givers_stay_masked(client_for, leader):
    donor = factories.individual_donor(name="赵桂英")
    donation = factories.confirmed_donation(donor=donor)
    holding = Holding.objects.get(lot__line__donation=donation)
    allocation = factories_book.approved(holding, "1")
    client = client_for(leader)
    for address in (listing(Holding), page(holding), page(allocation)):
        text = shown(client.get(address))
        assert "赵桂英" not in text
    assert "赵*英" in shown(client.get(page(holding)))
