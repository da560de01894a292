"""What must always hold of organisations, divisions and accounts."""

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences

from .enums import Answer, MobilizationKind, OrganizationState
from .models import Division, Mobilization, MobilizationInvitation, Organization, Program, User


def organization_states():
    yield from state_follows_transitions(Organization)


def mobilization_states():
    yield from state_follows_transitions(Mobilization)


def answers_of_the_right_kind():
    """No table of its own can say it: a meeting is attended, an appeal is supported."""
    wrong = {MobilizationKind.MEETING: Answer.SUPPORTS, MobilizationKind.APPEAL: Answer.ATTENDING}
    for kind, answer in wrong.items():
        for row in MobilizationInvitation.objects.filter(mobilization__kind=kind, answer=answer).for_list():
            yield f"邀请 {row} 的答复是“{answer.label}”，与形式“{kind.label}”不符。"


def running_numbers():
    yield from codes_within_sequences(Organization)
    yield from codes_within_sequences(Program)
    yield from codes_within_sequences(Mobilization)


def division_paths():
    """Scoping rests on the path, so it must be the parent's path and the own code."""
    for division in Division.objects.select_related("parent"):
        above = division.parent.path if division.parent else "/"
        if division.path != f"{above}{division.code}/":
            yield f"行政区划 {division.code} 的路径与上级不一致。"


def accounts_of_closed_organizations():
    for user in User.objects.active().filter(organization__state=OrganizationState.DEREGISTERED):
        yield f"账号 {user} 所属的组织已注销，账号却还在启用。"


CHECKS = [
    organization_states,
    mobilization_states,
    answers_of_the_right_kind,
    running_numbers,
    division_paths,
    accounts_of_closed_organizations,
]
