"""Each named constraint of student aid, broken at the database."""

import pytest

from cases.enums import StudentAidState
from cases.models import StudentAid
from tests import factories
from tests import factories_mobilizing as moving
from tests.provoking import provoke


def _second_of_the_year():
    first = moving.proposed_aid()
    second = moving.proposed_aid(first.member, first.program, school_year=2025)
    return second, {"school_year": first.school_year}


PROVOCATIONS = {
    "student_aid_stage_known": lambda: (moving.proposed_aid(), {"stage": "x"}),
    "student_aid_hardship_known": lambda: (moving.proposed_aid(), {"hardship": "x"}),
    "student_aid_state_known": lambda: (moving.proposed_aid(), {"state": "x"}),
    "student_aid_year_real": lambda: (moving.proposed_aid(), {"school_year": 2022}),
    "student_aid_once_a_year": _second_of_the_year,
    "student_aid_decided_at_with_by": lambda: (moving.approved_aid(), {"decided_by": None}),
    "student_aid_decided_with_time": lambda: (
        moving.proposed_aid(),
        {"state": StudentAidState.APPROVED},
    ),
    "student_aid_proposed_undecided": lambda: (
        moving.approved_aid(),
        {"state": StudentAidState.PROPOSED},
    ),
    "student_aid_decided_by_second_person": lambda: (
        moving.approved_aid(),
        {"proposed_by": factories.reviewer()},
    ),
    "student_aid_finished_at_with_by": lambda: (moving.completed_aid(), {"finished_by": None}),
    "student_aid_finished_with_time": lambda: (
        moving.approved_aid(),
        {"state": StudentAidState.COMPLETED},
    ),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)


def test_every_rule_of_the_table_is_broken_here():
    assert {one.name for one in StudentAid._meta.constraints} == set(PROVOCATIONS)
