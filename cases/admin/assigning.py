"""Helpers for several households at once: the best assignment, shown with its reasons, then registered as intentions."""

from django.core.exceptions import ValidationError

from jinchuan.shared.admin import Outcome, Verb
from jinchuan.shared.admin.preview import sentences_of

from ..enums import HouseholdState
from ..forms import AssignForm
from ..models import Household
from ..services.pairings import register_intention
from ..services.suggestions import NO_ROOM, assign

NOT_WAITING = "这一户没有核实，或者已有意向或结对，不用推荐。"


def assign_helpers(rows, *, by, hold_until=None) -> list[Outcome]:
    """An intention for each household that waits, so that all together are helped best; one ``Outcome`` each.

    All that is registered is registered in one transaction. A household for which there is no room says so.
    """
    waiting = set(Household.objects.unpaired().filter(pk__in=[row.pk for row in rows]).values_list(flat=True))
    asked = [row for row in rows if row.pk in waiting]
    found, alone = assign(asked, by=by)
    pairs = {one.household.pk: one for one in found}
    without = {household.pk for household in alone}
    outcomes = []
    for row in rows:
        if row.pk not in waiting:
            outcomes.append(Outcome(row, Outcome.REFUSED, (NOT_WAITING,)))
        elif row.pk in without:
            outcomes.append(Outcome(row, Outcome.REFUSED, (NO_ROOM,)))
        else:
            outcomes.append(_register(row, pairs[row.pk], by=by, hold_until=hold_until))
    return outcomes


def _register(row, suggestion, *, by, hold_until) -> Outcome:
    organization = suggestion.organization
    try:
        register_intention(by=by, household=row, organization=organization, hold_until=hold_until)
    except ValidationError as refusal:
        return Outcome(row, Outcome.REFUSED, sentences_of(refusal))
    sentences = (
        f"登记与“{organization.name}”的结对意向。",
        f"理由：{'；'.join(suggestion.texts)}。",
    )
    return Outcome(row, Outcome.DONE, sentences)


ASSIGN = Verb(
    "assign",
    "推荐组织并登记意向",
    "cases.add_pairing",
    register_intention,
    states=(HouseholdState.VERIFIED,),
    form=AssignForm,
    explain="为选中的户一起推荐组织：按需求、专长、远近和空余户数，让各户合起来最合适。"
    "先看推荐结果和理由，确认后才登记意向；意向还要双方同意才能正式结对。",
    previewed=True,
    many=assign_helpers,
)
