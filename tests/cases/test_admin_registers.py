"""What is true of every register of care: scope, masks, refusals, a fixed number of queries."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.admin.sites import site as registers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import CareNeed, CarePlan, Matter, Notice, Obligation, Pairing, StandardRule, Visit
from jinchuan.shared.clock import now, today
from tests import factories, factories_cases, factories_duties
from tests.pages import act, acts, listing, page, shown

pytestmark = pytest.mark.django_db

TYPED = {"reason": "登记时选错了户，请改"}


def duty(pairing):
    rule = StandardRule.objects.first() or factories_duties.standard().rules.get()
    day = today()
    window = {
        "window_start": day,
        "window_end": day + timedelta(days=9),
        "grace_until": day + timedelta(days=20),
    }
    return Obligation.objects.create(pairing=pairing, rule=rule, **window)


MAKE = {
    Visit: lambda pairing: factories_cases.submitted_visit(pairing),
    Matter: lambda pairing: factories_cases.submitted_matter(pairing),
    CareNeed: lambda pairing: factories_cases.open_need(pairing.household),
    CarePlan: lambda pairing: factories_cases.care_plan(pairing.household),
    Obligation: duty,
}
ACTS = [
    (Visit, "confirm"),
    (Visit, "return"),
    (Matter, "confirm"),
    (Matter, "return"),
    (CareNeed, "meet"),
    (CareNeed, "withdraw"),
    (CareNeed, "release"),
    (Obligation, "waive"),
    (Pairing, "suspend"),
    (Pairing, "begin_ending"),
    (Pairing, "transfer"),
]


@pytest.fixture
def two(pairing_a, pairing_b):
    """A row of each kind in both streets, with the word that tells it in a list."""

    def make(model):
        if model is Pairing:
            return SimpleNamespace(a=pairing_a, b=pairing_b, word_a=pairing_a.code, word_b=pairing_b.code)
        a, b = MAKE[model](pairing_a), MAKE[model](pairing_b)
        return SimpleNamespace(a=a, b=b, word_a=pairing_a.household.code, word_b=pairing_b.household.code)

    return make


@pytest.mark.parametrize("model", MAKE)
def test_staff_see_the_rows_of_their_street_and_no_other(client_for, officer, worker_a, two, model):
    rows = two(model)
    everything = shown(client_for(officer).get(listing(model)))
    assert rows.word_a in everything
    assert rows.word_b in everything
    client = client_for(worker_a)
    text = shown(client.get(listing(model)))
    assert rows.word_a in text
    assert rows.word_b not in text
    assert client.get(page(rows.a)).status_code == 200
    assert client.get(page(rows.b)).status_code == 404
    assert client.get(page(rows.b, "history")).status_code == 404


@pytest.mark.parametrize("model", MAKE)
def test_three_rows_cost_no_more_queries_than_one(client_for, officer, two, model):
    client = client_for(officer)
    two(model)
    client.get(listing(model))
    with CaptureQueriesContext(connection) as few:
        client.get(listing(model))
    MAKE[model](factories.active_pairing())
    with CaptureQueriesContext(connection) as more:
        client.get(listing(model))
    assert len(more) == len(few)


@pytest.mark.parametrize("model", [*MAKE, Notice])
@pytest.mark.parametrize("who", ["administrator", "auditor", "clerk"])
def test_who_has_nothing_to_do_with_cases_comes_not_in(client_for, request, who, model):
    assert client_for(request.getfixturevalue(who)).get(listing(model)).status_code == 403


@pytest.mark.parametrize("model", MAKE)
def test_a_leader_reads_masked_and_writes_nothing(client_for, leader, two, model):
    row = two(model).a
    client = client_for(leader)
    text = shown(client.get(page(row)))
    assert 'name="_save"' not in text
    for words in ("被子太薄", "换了漏风的窗户", "平安过冬", "屋里暖和"):
        assert words not in text
    assert client.get(listing(model, "add")).status_code == 403
    assert client.post(page(row), {"_save": "1"}).status_code == 403


@pytest.mark.parametrize(("model", "verb"), ACTS)
def test_an_act_of_a_foreign_row_or_without_permission_is_refused(
    client_for, leader, worker_a, officer, two, model, verb
):
    rows = two(model)
    state = rows.b.state
    worker_a.role = "officer"
    worker_a.save()
    assert client_for(worker_a).get(act(rows.b, verb)).status_code == 404
    assert client_for(worker_a).post(act(rows.b, verb), TYPED).status_code == 404
    assert client_for(leader).get(act(rows.a, verb)).status_code == 403
    assert client_for(leader).post(act(rows.a, verb), TYPED).status_code == 403
    assert client_for(leader).post(acts(model, verb), {"ids": [rows.a.pk], **TYPED}).status_code == 403
    assert client_for(officer).get(act(rows.a, verb)).status_code == 200
    rows.b.refresh_from_db()
    rows.a.refresh_from_db()
    assert rows.a.state == rows.b.state == state


def test_every_register_of_care_stands_in_the_admin():
    assert {Visit, Matter, CareNeed, CarePlan, Obligation, Notice} <= set(registers._registry)


def test_the_inbox_is_ones_own(client_for, officer, second_officer):
    notices = [
        Notice.objects.create(user=user, key="k", title=words, url="/admin/", created_at=now())
        for user, words in ((officer, "提醒甲"), (second_officer, "提醒乙"))
    ]
    client = client_for(officer)
    text = shown(client.get(listing(Notice)))
    assert "提醒甲" in text
    assert "提醒乙" not in text
    assert client.get(page(notices[1])).status_code == 404
    client.post(acts(Notice, "read"), {"ids": [one.pk for one in notices]})
    for one in notices:
        one.refresh_from_db()
    assert notices[0].read_at
    assert not notices[1].read_at
