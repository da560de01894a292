"""What must always hold of organisations, divisions and accounts."""

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences

from .enums import OrganizationState
from .models import Division, Organization, Program, User


def organization_states():
    yield from state_follows_transitions(Organization)


def running_numbers():
    yield from codes_within_sequences(Organization)
    yield from codes_within_sequences(Program)


def division_paths():
    """Scoping rests on the path, so it must be the parent's path and the own code."""
    for division in Division.objects.select_related("parent"):
        above = division.parent.path if division.parent else "/"
        if division.path != f"{above}{division.code}/":
            yield f"行政区划 {division.code} 的路径与上级不一致。"


def accounts_of_closed_organizations():
    for user in User.objects.active().filter(organization__state=OrganizationState.DEREGISTERED):
        yield f"账号 {user} 所属的组织已注销，账号却还在启用。"


CHECKS = [organization_states, running_numbers, division_paths, accounts_of_closed_organizations]
