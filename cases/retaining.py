"""What of a closed household is wiped when its time is over, column by column.

Every column that a model of this app declares personal is either here or under ``KEPT`` with a reason (a test holds
that). Figures rest on codes, dates, states, categories and amounts, and none of these is touched. Apps above add what they know:

    retaining.also(wipe_notes_of_gifts)
"""

from collections.abc import Callable

from django.db.models.functions import TruncYear

NAMELESS = "已去标识"
NO_MORE_FILES = "这次走访的关爱户都已去标识，不能再添加文件。"

# Model → (the way to the household, column → what it becomes). "…?" keeps an empty value empty.
WIPED = {
    "cases.Household": ("pk", {"address": "", "phone": "", "summary": ""}),
    "cases.HouseholdTransition": ("household", {"reason": ""}),
    "cases.EligibilityReview": ("household", {"evidence": ""}),
    "cases.Member": (
        "household",
        {
            "name": NAMELESS,
            "name_pinyin": "",
            "name_search": "",
            "id_number": "",
            "id_hash": None,
            "no_id_reason": NAMELESS,
            # The year stays: ages in figures are counted in years.
            "birth_date": TruncYear("birth_date"),
            "guardian_name?": NAMELESS,
            "guardian_phone": "",
        },
    ),
    "cases.MemberNamePart": ("named__household", {"part": ""}),
    "cases.Hardship": ("member__household", {"basis": ""}),
    "cases.Consent": ("household", {"guardian_name?": NAMELESS, "evidence": ""}),
    "cases.Pairing": (
        "household",
        {"goods_outstanding": "", "handover_note": "", "closeout_waiver": "", "end_note": ""},
    ),
    "cases.PairingTransition": ("pairing__household", {"reason": ""}),
    "cases.Matter": ("household", {"description": ""}),
    "cases.MatterTransition": ("matter__household", {"reason": ""}),
    "cases.CareNeed": ("household", {"description": "", "public_words": ""}),
    "cases.CareNeedTransition": ("care_need__household", {"reason": ""}),
    "cases.ClaimTransition": ("claim__need__household", {"reason": ""}),
    "cases.ObligationTransition": ("obligation__pairing__household", {"reason": ""}),
    "cases.StudentAid": ("member__household", {"evidence": ""}),
    "cases.StudentAidTransition": ("student_aid__member__household", {"reason": ""}),
    "cases.CarePlan": ("household", {"goals": "", "measures": "", "review": ""}),
}
# A visit may have called on several households: it is wiped when the last of them is nameless.
WIPED_VISIT = {"people_met": "", "notes": ""}

KEPT = {
    "cases.Pairing.liaison_name": "结对干部的姓名，说的是帮扶的人",
    "cases.Visit.visitors": "走访人员的姓名，说的是帮扶的人",
}


def no_more_files(visit) -> str:
    """A photo would bring back what was wiped with the last household of the visit that had a name."""
    named = visit.visited.filter(household__deidentified_at__isnull=True)
    return "" if named.exists() else NO_MORE_FILES


_more: list[Callable] = []


def also(wipe) -> None:
    """``wipe(household)`` is called inside the transaction that makes a household nameless."""
    if wipe not in _more:
        _more.append(wipe)


def more() -> list[Callable]:
    return list(_more)
