"""Tables of who may do what in which state, tried cell by cell. Every attempt is rolled back."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from jinchuan.audit.models import AuditEvent

DONE, REFUSED, FORBIDDEN = "done", "refused", "forbidden"

BUREAU = {"officer", "second_officer", "reviewer"}
EVERYBODY = [
    "officer",
    "second_officer",
    "reviewer",
    "leader",
    "worker_a",
    "worker_b",
    "clerk",
    "auditor",
    "administrator",
    "admin_a",
    "member_a",
    "admin_b",
    "outsider",
]


@dataclass(frozen=True)
class Act:
    """One verb: ``call(row, by=…)``; who may (``actors``), from which ``states``, and the state it leads ``to``.

    ``own`` names an actor who may do it in general, but not to this row, which is their own. In the states ``stays`` it
    is done without a move.
    """

    call: Callable
    actors: set
    states: set
    to: str = ""
    own: set = field(default_factory=set)
    stays: set = field(default_factory=set)

    def expected(self, actor, state) -> str:
        if actor not in self.actors:
            return FORBIDDEN
        return DONE if state in self.states and actor not in self.own else REFUSED


def expected(acts, state) -> dict:
    return {(name, actor): act.expected(actor, state) for name, act in acts.items() for actor in EVERYBODY}


def attempted(acts, row, person) -> dict:
    """What came of every act by every actor; ``person(name)`` gives the account."""
    people = {actor: person(actor) for actor in EVERYBODY}
    return {
        (name, actor): _attempt(act, row, people[actor]) for name, act in acts.items() for actor in EVERYBODY
    }


def _attempt(act, row, by) -> str:
    with transaction.atomic():
        row = type(row)._base_manager.get(pk=row.pk)
        before = row.state
        last = max(row.transitions.values_list("pk", flat=True), default=0)
        try:
            act.call(row, by=by)
            _left_its_marks(act, row, before, last, by)
            return DONE
        except PermissionDenied:
            return FORBIDDEN
        except ValidationError:
            return REFUSED
        finally:
            transaction.set_rollback(True)


def _left_its_marks(act, row, before, last, by):
    """A move leaves the new state, its transition rows, each from where the one before led to, and its line in the log."""
    after = type(row)._base_manager.get(pk=row.pk)
    if not act.to or before in act.stays:
        assert after.state == before
        return
    steps = [step for step in row.transitions.all() if step.pk > last]
    event = AuditEvent.objects.of(row).filter(action=f"move:{act.to}").order_by("id").last()
    assert after.state == act.to
    assert [step.from_state for step in steps] == [before, *(step.to_state for step in steps[:-1])]
    assert (steps[-1].to_state, {step.by for step in steps}) == (act.to, {by})
    assert (event.actor, event.actor_role) == (by.username, by.role)
