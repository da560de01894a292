"""Meetings, appeals, brands and students by situation, made through the services like those of ``factories``."""

from datetime import date, timedelta

from cases.enums import ConsentPurpose, Relation
from cases.services import households, students
from jinchuan.shared.clock import today
from organizations.enums import Answer, MobilizationKind, ProgramKind
from organizations.services import mobilizations
from tests import factories

REASON = "会场临时另有安排"


def planned_meeting(**fields):
    """A meeting of the bureau that is still to be held."""
    fields = {
        "kind": MobilizationKind.MEETING,
        "title": "冬季走访动员会",
        "held_on": today(),
        "place": "区民政局三楼会议室",
        "outline": "一、通报情况；二、听取意见。",
        **fields,
    }
    return mobilizations.plan_mobilization(by=fields.pop("by", None) or factories.officer(), **fields)


def held_meeting(**fields):
    return mobilizations.hold_mobilization(planned_meeting(**fields), by=factories.officer())


def closed_meeting(**fields):
    return mobilizations.close_mobilization(held_meeting(**fields), by=factories.officer())


def cancelled_meeting(**fields):
    return mobilizations.cancel_mobilization(planned_meeting(**fields), by=factories.officer(), reason=REASON)


def planned_appeal(**fields):
    fields = {"kind": MobilizationKind.APPEAL, "title": "致全区社会组织的倡议书", "place": "", **fields}
    return planned_meeting(**fields)


def appeal(**fields):
    """An appeal that is out."""
    return mobilizations.hold_mobilization(planned_appeal(**fields), by=factories.officer())


def invitation(mobilization=None, organization=None):
    return mobilizations.invite(
        organization or factories.approved_organization(),
        by=factories.officer(),
        mobilization=mobilization or planned_meeting(),
    )


def answered(row=None, *, by=None, answer=Answer.ATTENDING, words=""):
    row = row or invitation()
    by = by or factories.admin_of(row.organization)
    return mobilizations.answer_invitation(row, by=by, answer=answer, words=words)


def student_program(**fields):
    return factories.program(kind=ProgramKind.STUDENT_AID, **fields)


def student(*, born=date(2008, 5, 2), household=None, agrees=True):
    """Somebody who goes to school, of a household that agreed to be on record."""
    household = household or factories.verified_household()
    member = households.add_member(
        household,
        by=factories.officer(),
        name=factories.person_name(),
        relation=Relation.CHILD,
        id_number=factories.citizen_id(born),
        guardian_name=factories.person_name(),
        hardships=[{"category": "student_in_hardship", "basis": "学校认定表"}],
    )
    if agrees:
        households.record_consent(
            by=factories.officer(), household=household, purpose=ConsentPurpose.RECORD, evidence="签字同意书"
        )
    return member


def proposed_aid(member=None, program=None, *, by=None, **fields):
    fields = {"school_year": 2026, "stage": "senior_high", "hardship": "marked", **fields}
    return students.propose_aid(
        by=by or factories.officer(),
        member=member or student(),
        program=program or student_program(),
        **fields,
    )


def approved_aid(member=None, program=None, **fields):
    return students.approve_aid(proposed_aid(member, program, **fields), by=factories.reviewer())


def completed_aid(**fields):
    return students.complete_aid(approved_aid(**fields), by=factories.officer())


def declined_aid(**fields):
    return students.decline_aid(proposed_aid(**fields), by=factories.reviewer(), reason=REASON)


def withdrawn_aid(**fields):
    return students.withdraw_aid(proposed_aid(**fields), by=factories.officer(), reason=REASON)


def yesterday():
    return today() - timedelta(days=1)
