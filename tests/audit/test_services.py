"""A verb: one transaction, one log, and the database's refusals in words."""

import pytest
from django.db import transaction

from cases.models import Household, Member
from cases.services import households
from donations.services import gifts as giving
from jinchuan.audit import chain, context
from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import Move, change, create, move, record, verb
from jinchuan.shared.errors import Refused
from organizations.enums import OrganizationState
from organizations.models import SupervisingUnit
from organizations.services import organizations
from tests import factories


@verb
def _enter(name, *, by):
    return create(SupervisingUnit(name=name), by=by)


@verb
def _enter_and_fail(name, *, by):
    create(SupervisingUnit(name=name), by=by)
    raise Refused("不行。")


def _actions():
    return list(AuditEvent.objects.order_by("id").values_list("action", "target_label"))


def test_a_verb_says_who_acts():
    with pytest.raises(TypeError):

        @verb
        def nameless(row):
            return row

    with pytest.raises(TypeError):

        @verb
        def positional(row, by):
            return row


def test_an_act_leaves_one_event_with_its_origin(officer):
    before = AuditEvent.objects.count()

    with context.acting_from(address="127.0.0.9", request_id="abc123"):
        unit = _enter("区民政局", by=officer)

    event = AuditEvent.objects.of(unit).get()
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, event.actor, event.actor_role) == ("create", "officer", "officer")
    assert (event.address, event.request_id) == ("127.0.0.9", "abc123")
    assert event.after["name"] == "区民政局"


def test_what_fails_leaves_neither_row_nor_event(officer):
    before = _actions()

    with pytest.raises(Refused):
        _enter_and_fail("区民政局", by=officer)

    assert not SupervisingUnit.objects.exists()
    assert _actions() == before


def test_a_nested_act_that_fails_takes_its_own_events_along(officer):
    @verb
    def outer(*, by):
        _enter("甲局", by=by)
        with pytest.raises(Refused):
            _enter_and_fail("乙局", by=by)
        _enter("丙局", by=by)

    before = len(_actions())
    outer(by=officer)

    assert _actions()[before:] == [("create", "甲局"), ("create", "丙局")]
    assert set(SupervisingUnit.objects.values_list("name", flat=True)) == {"甲局", "丙局"}
    assert chain.breaks() == []


def test_an_outer_act_that_fails_takes_everything_along(officer):
    @verb
    def outer(*, by):
        _enter("甲局", by=by)
        raise Refused("不行。")

    before = _actions()
    with pytest.raises(Refused):
        outer(by=officer)

    assert not SupervisingUnit.objects.exists()
    assert _actions() == before


def test_nothing_is_noted_outside_an_act(officer):
    with pytest.raises(RuntimeError):
        record("look", officer, by=officer)


def test_a_rule_of_the_database_answers_in_its_own_words(officer):
    """Past full_clean, as when two people act at once."""
    first, second = factories.registered_household(), factories.registered_household()

    @verb
    def write(*, by):
        Member.objects.filter(household=second).update(id_hash=first.members.get().id_hash)

    with pytest.raises(Refused) as refusal, transaction.atomic():
        write(by=officer)

    assert refusal.value.messages == ["该身份证号已登记在另一户，请先在名册中查找。"]


def test_a_unique_column_answers_in_words_too(officer):
    unit = factories.program()

    @verb
    def write(*, by):
        type(unit).objects.filter(pk=factories.program().pk).update(name=unit.name)

    with pytest.raises(Refused) as refusal, transaction.atomic():
        write(by=officer)

    assert refusal.value.messages == ["同样的记录刚刚已被登记，请刷新后查看。"]


def test_a_step_the_table_does_not_know_is_refused_with_the_state_as_it_is(officer, reviewer):
    organization = factories.submitted_organization()
    organizations.approve_organization(organization, by=reviewer)

    with pytest.raises(Move) as refusal:
        organizations.return_organization(organization, by=reviewer, reason="材料不全，请补")

    assert refusal.value.messages == [
        f"“{organization}”现在是“已批准”，不能改为“已退回”。请刷新页面，按最新状态办理。"
    ]


def test_a_state_is_no_field_to_change(officer):
    organization = factories.submitted_organization()

    @verb
    def slip(*, by):
        change(organization, by=by, state=OrganizationState.APPROVED)

    with pytest.raises(TypeError):
        slip(by=officer)


def test_a_move_writes_row_transition_and_event(reviewer):
    organization = factories.submitted_organization()

    @verb
    def step(*, by):
        return move(organization, OrganizationState.RETURNED, by=by, reason="材料不全，请补")

    moved = step(by=reviewer)

    transition = moved.transitions.last()
    event = AuditEvent.objects.of(moved).order_by("id").last()
    assert (transition.from_state, transition.to_state, transition.by, transition.reason) == (
        "submitted",
        "returned",
        reviewer,
        "材料不全，请补",
    )
    assert (event.action, event.before["state"], event.after["state"]) == (
        "move:returned",
        "待审批",
        "已退回",
    )
    assert moved.version == organization.version + 1


def test_a_day_of_acts_leaves_a_whole_log(officer, reviewer, member_a):
    """Every row that has a life of its own was written down when it came into being."""
    household = factories.active_pairing().household
    donation = factories.voided_donation(by=member_a)
    households.exit_household(household, by=officer, reason="unwilling")
    with pytest.raises(Refused):
        giving.void_donation(donation, by=reviewer, reason=factories.REASON)

    for row in [*Household.objects.all(), donation, *donation.donor.__class__.objects.all()]:
        assert AuditEvent.objects.of(row).order_by("id").first().action in {"create", "submit"}
    assert list(AuditEvent.objects.of(donation).order_by("id").values_list("action", flat=True)) == [
        "submit",
        "line",
        "move:confirmed",
        "move:voided",
    ]
    assert chain.breaks() == []
