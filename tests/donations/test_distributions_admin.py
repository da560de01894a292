"""A batch from its plan to its close, on the bureau's pages; its call-backs; and who may do none of it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from donations.admin.ticking import CHOOSE_OUTCOME, WHO_SIGNED, WHY_NOT, WHY_PROXY
from donations.enums import AllocationState, DeliveryState, DistributionState, VerificationResult
from donations.models import Allocation, Distribution, DistributionLine, Verification
from donations.services import distributions
from donations.services.verifications import CALL_OWN, STILL_OPEN, draw_sample
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from tests import factories, factories_book
from tests.pages import act, counted, listing, page, said, shown

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 12)
MISTAKE = {"reason": "登记时填错了行"}


def approved_lines(count, **household):
    holding = factories_book.goods_holding(quantity="50")
    return [
        factories_book.approved(holding, "2", household=factories.verified_household(**household))
        for _ in range(count)
    ]


def tick(batch, *, rest=False, on="2026-09-12", **lines):
    """What the page of a batch sends: ``_1={"outcome": …}`` for its first line."""
    data = {"delivered_on": on, **({"rest": "on"} if rest else {})}
    for line in batch.lines.all():
        for name, value in lines.get(f"_{line.number}", {}).items():
            data[f"l{line.pk}-{name}"] = value
    return data


def states(batch):
    return list(batch.lines.order_by("number").values_list("state", flat=True))


# Planning --------------------------------------------------------------------------------------------------------


def test_a_batch_is_planned_and_filled_with_many_allocations_at_once(client_for, officer, divisions):
    rows = approved_lines(3)
    client = client_for(officer)
    address = reverse("admin:donations_distribution_add")
    assert client.get(address).status_code == 200
    typed = {"held_on": "2026年9月12日", "venue": "龙集里社区", "division": divisions.a1.pk, "people": "李芳"}
    answer = client.post(address, typed)
    batch = Distribution.objects.get()
    assert answer.url == page(batch, "lines")
    text = shown(client.get(answer.url))
    for row in rows:
        assert row.code in text
        assert row.household.members.get().name not in text
    chosen = client.post(answer.url, {"ids": [row.pk for row in rows]})
    assert chosen.url == page(batch)
    assert states(batch) == [DeliveryState.PLANNED] * 3
    assert rows[0].code not in shown(client.get(page(batch, "lines")))


def test_the_choice_is_narrowed_by_place_and_goods(client_for, officer, divisions):
    here, there = approved_lines(1)[0], approved_lines(1, community=divisions.b1)[0]
    batch = distributions.plan_distribution(
        by=officer, held_on=DAY, venue="社区", division=divisions.home, people="李芳"
    )
    client = client_for(officer)
    text = shown(client.get(page(batch, "lines"), {"place": divisions.street_b.pk}))
    assert there.code in text
    assert here.code not in text
    assert "没有可以发放的分配" in shown(client.get(page(batch, "lines"), {"item": "电热毯"}))
    assert client.get(page(batch, "lines"), {"place": "x", "program": "-1"}).status_code == 200


def test_nothing_chosen_or_no_longer_there_adds_nothing(client_for, officer, divisions):
    (row,) = approved_lines(1)
    batch = factories_book.planned(*approved_lines(1))
    client = client_for(officer)
    assert "请至少勾选一笔分配" in shown(client.post(page(batch, "lines"), {"ids": ["x", "999999"]}))
    factories_book.planned(row)
    assert "请至少勾选一笔分配" in shown(client.post(page(batch, "lines"), {"ids": [row.pk]}))
    assert batch.lines.count() == 1


def test_a_batch_is_changed_only_before_it_goes_out(client_for, officer, divisions):
    batch = factories_book.planned(*approved_lines(1))
    client = client_for(officer)
    typed = {
        "held_on": "2026-09-13",
        "venue": "新地点",
        "division": divisions.a1.pk,
        "people": "李芳",
        "version": 1,
    }
    assert client.post(page(batch), typed).status_code == 302
    batch.refresh_from_db()
    assert batch.venue == "新地点"
    assert client.post(act(batch, "send_out")).status_code == 302
    assert client.post(page(batch), typed | {"venue": "又改"}).status_code == 403
    warned = client.post(page(batch, "lines"), {"ids": []})
    assert warned.url == page(batch)


def test_a_line_is_taken_off_and_a_batch_given_up(client_for, officer, divisions):
    batch = factories_book.planned(*approved_lines(2))
    client = client_for(officer)
    assert client.post(act(batch.lines.first(), "drop")).status_code == 302
    assert states(batch) == [DeliveryState.DROPPED, DeliveryState.PLANNED]
    assert client.post(act(batch, "cancel"), {"reason": "下雪改期再发"}).status_code == 302
    assert set(states(batch)) == {DeliveryState.DROPPED}
    assert set(Allocation.objects.values_list("state", flat=True)) == {AllocationState.APPROVED}


# Ticking ---------------------------------------------------------------------------------------------------------


def test_a_signed_sheet_is_ticked_on_one_page(client_for, officer, divisions):
    batch = factories_book.sent_out(*approved_lines(4))
    client = client_for(officer)
    data = tick(
        batch,
        rest=True,
        _2={
            "outcome": "delivered",
            "signing": "proxy",
            "receiver_name": "王芳",
            "relation": "邻居",
            "note": "住院",
        },
        _3={"outcome": "refused", "note": "说家里还有米"},
        _4={"outcome": "undeliverable", "note": "搬走了找不到人"},
    )
    answer = client.post(page(batch, "tick"), data)
    assert answer.url == page(batch)
    assert "已登记 4 行。" in said(answer)
    assert states(batch) == ["delivered", "delivered", "refused", "undeliverable"]
    first, second = batch.lines.order_by("number")[:2]
    assert (first.receiver_name, first.relation, first.signing) == (
        first.household.members.get().name,
        "本人",
        "self",
    )
    assert (second.receiver_name, second.note, second.delivered_on) == ("王芳", "住院", DAY)
    holding = first.allocation.holding
    holding.refresh_from_db()
    assert (holding.delivered, holding.in_transit, holding.promised) == (4, 0, 4)
    assert client.post(act(batch, "close")).status_code == 302


def test_lines_left_alone_stay_on_the_list_and_the_batch_stays_open(client_for, officer, divisions):
    batch = factories_book.sent_out(*approved_lines(3))
    client = client_for(officer)
    answer = client.post(page(batch, "tick"), tick(batch, _1={"outcome": "delivered", "signing": "self"}))
    assert answer.url == page(batch, "tick")
    assert states(batch) == ["delivered", "out", "out"]
    assert "还有 2 行没有登记结果" in shown(client.post(act(batch, "close")))
    waiting = f"{listing(DistributionLine)}?state__exact=out"
    text = shown(client.get(waiting))
    assert f"{batch.code}-002" in text
    assert f"{batch.code}-001" not in text
    assert "发出后没有登记结果的明细" in shown(client.get(reverse("admin:index")))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"outcome": "delivered", "signing": "family"}, WHO_SIGNED),
        (
            {"outcome": "delivered", "signing": "proxy", "receiver_name": "王芳", "relation": "邻居"},
            WHY_PROXY,
        ),
        ({"outcome": "refused", "note": "不要"}, WHY_NOT),
        ({"receiver_name": "王芳"}, CHOOSE_OUTCOME),
    ],
)
def test_a_line_that_is_not_complete_keeps_everything_typed(line, sentence, client_for, officer, divisions):
    batch = factories_book.sent_out(*approved_lines(2))
    answer = client_for(officer).post(page(batch, "tick"), tick(batch, rest=True, _1=line))
    text = shown(answer)
    assert answer.status_code == 200
    assert sentence in text
    assert "错误：" in text
    for value in line.values():
        assert value in text
    assert states(batch) == ["out", "out"]


def test_a_day_to_come_is_refused_and_nothing_is_noted(client_for, officer, divisions):
    batch = factories_book.sent_out(*approved_lines(1))
    answer = client_for(officer).post(
        page(batch, "tick"), tick(batch, rest=True, on=str(today() + timedelta(days=1)))
    )
    assert "不能晚于今天" in shown(answer)
    assert states(batch) == ["out"]


def test_nothing_ticked_is_said(client_for, officer, divisions):
    batch = factories_book.sent_out(*approved_lines(1))
    assert "还没有登记任何一行" in shown(client_for(officer).post(page(batch, "tick"), tick(batch)))


def test_what_another_ticked_meanwhile_is_not_ticked_again(client_for, officer, divisions):
    batch = factories_book.sent_out(*approved_lines(2))
    data = tick(batch, rest=True, _1={"outcome": "refused", "note": "说家里还有米"})
    client = client_for(officer)
    assert client.post(page(batch, "tick"), data).status_code == 302
    again = client.post(page(batch, "tick"), data)
    assert "每一行都登记了结果" in shown(client.get(page(batch, "tick")))
    assert again.status_code == 200
    assert states(batch) == ["refused", "delivered"]


def test_a_delivery_is_taken_back_with_a_reason(client_for, officer, leader, divisions):
    line = factories_book.delivered()
    assert client_for(leader).post(act(line, "take_back"), MISTAKE).status_code == 403
    client = client_for(officer)
    assert client.post(act(line, "take_back"), {"reason": "错"}).status_code == 200
    assert client.post(act(line, "take_back"), MISTAKE).status_code == 302
    line.refresh_from_db()
    assert line.state == DeliveryState.TAKEN_BACK


def test_a_worker_ticks_what_is_handed_out_in_the_own_street_only(
    client_for, worker_a, worker_b, officer, divisions
):
    (row,) = approved_lines(1)
    batch = distributions.plan_distribution(
        by=officer, held_on=DAY, venue="社区", division=divisions.a1, people="李芳"
    )
    distributions.add_line(batch, by=officer, allocation=row)
    distributions.send_out(batch, by=officer)
    assert client_for(worker_b).post(page(batch, "tick"), tick(batch, rest=True)).status_code == 404
    assert client_for(worker_a).get(page(batch, "lines")).status_code == 403
    assert client_for(worker_a).post(page(batch, "tick"), tick(batch, rest=True)).status_code == 302
    assert states(batch) == ["delivered"]


@pytest.mark.parametrize("who", ["leader", "auditor", "administrator", "member_a"])
def test_who_may_not_tick_cannot(client_for, request, who, divisions):
    batch = factories_book.sent_out(*approved_lines(1))
    client = client_for(request.getfixturevalue(who))
    for name in ("tick", "lines"):
        assert client.post(page(batch, name), tick(batch, rest=True)).status_code in (302, 403)
    assert client.post(reverse("admin:donations_distribution_scan")).status_code in (302, 403)
    assert states(batch) == ["out"]


# Call-backs ------------------------------------------------------------------------------------------------------


def closed(count=3):
    batch = factories_book.sent_out(*approved_lines(count))
    for line in batch.lines.all():
        factories_book.delivered(line)
    return distributions.close_distribution(batch, by=factories.officer())


def test_a_sample_is_drawn_called_and_what_did_not_arrive_waits(client_for, officer, reviewer, divisions):
    batch = closed()
    client = client_for(reviewer)
    assert client.post(act(batch, "draw")).status_code == 302
    drawn = Verification.objects.get()
    text = shown(client.get(page(drawn)))
    assert drawn.line.household.code in text
    assert drawn.line.household.phone not in text
    assert reverse("admin:cases_household_reveal", args=[drawn.line.household_id, "phone"]) in text
    untold = {"result": "not_received", "called_on": "2026-09-20"}
    assert "请写明情况" in shown(client.post(act(drawn, "call"), untold))
    assert CALL_OWN in shown(client_for(officer).post(act(drawn, "call"), untold | {"note": "说没见过"}))
    assert client.post(act(drawn, "call"), untold | {"note": "说没见过"}).status_code == 302
    drawn.refresh_from_db()
    assert drawn.result == VerificationResult.NOT_RECEIVED
    assert "回访说没有收到的" in shown(client.get(reverse("admin:index")))
    waiting = f"{listing(Verification)}?waiting=not_received"
    assert str(drawn.line) in shown(client.get(waiting))
    distributions.take_back(drawn.line, by=reviewer, reason="查实没有送到这一户")
    assert str(drawn.line) not in shown(client.get(waiting))


def test_a_phone_is_revealed_for_a_call_with_its_reason_in_the_log(client_for, reviewer, divisions):
    drawn = factories_book.verification()
    household = drawn.line.household
    address = reverse("admin:cases_household_reveal", args=[household.pk, "phone"])
    answer = client_for(reviewer).post(address, {"why": "call_back"})
    assert answer.context["value"] == household.phone
    assert AuditEvent.objects.filter(action="reveal", reason="回访款物是否收到").count() == 1


def test_a_sample_is_drawn_from_closed_batches_once(client_for, reviewer, divisions):
    batch = factories_book.sent_out(*approved_lines(1))
    client = client_for(reviewer)
    assert client.post(act(batch, "draw")).status_code == 302
    with pytest.raises(Refused, match=STILL_OPEN):
        draw_sample(batch, by=reviewer)
    assert not Verification.objects.exists()
    batch = closed(1)
    client.post(act(batch, "draw"))
    assert "已经抽取过" in shown(client.post(act(batch, "draw")))
    assert Verification.objects.count() == 1


# Lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_batches_takes_the_same_queries(
    rows, client_for, officer, divisions, django_assert_num_queries
):
    for _ in range(rows):
        factories_book.sent_out(*approved_lines(2))
    client = client_for(officer)
    client.get(listing(Distribution))
    text = shown(counted(django_assert_num_queries, client, listing(Distribution), 5))
    assert text.count("2 行") >= rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_lines_takes_the_same_queries(
    rows, client_for, officer, divisions, django_assert_num_queries
):
    factories_book.sent_out(*approved_lines(rows))
    client = client_for(officer)
    client.get(listing(DistributionLine))
    counted(django_assert_num_queries, client, listing(DistributionLine), 5)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_calls_takes_the_same_queries(
    rows, client_for, officer, divisions, django_assert_num_queries
):
    for _ in range(rows):
        factories_book.verification()
    client = client_for(officer)
    client.get(listing(Verification))
    counted(django_assert_num_queries, client, listing(Verification), 4)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_of_a_batch_take_the_same_queries(
    rows, client_for, officer, divisions, django_assert_num_queries
):
    batch = factories_book.sent_out(*approved_lines(rows))
    client = client_for(officer)
    counted(django_assert_num_queries, client, page(batch, "tick"), 8)
    planned = factories_book.planned(*approved_lines(1))
    approved_lines(rows)
    counted(django_assert_num_queries, client, page(planned, "lines"), 7)
    assert Distribution.objects.filter(state=DistributionState.OUT).count() == 1
