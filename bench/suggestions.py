"""Who could help whom: the best assignment of 1,000 households to 1,000 organisations."""

import random
from datetime import date

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from scipy.optimize import linear_sum_assignment

from cases.models import CareNeed, Household
from cases.services import suggestions
from jinchuan.shared.clock import now
from organizations.enums import NeedCode, OrganizationKind, OrganizationState
from organizations.models import Organization, User

from . import care
from .measuring import Row, interleaved

MANY = 1_000
ONE_BY_ONE = 5
_DAY = date(2026, 9, 1)


def assignment() -> Row:
    """The best assignment of all at once, beside a list for each household after the other (reckoned from a few, and
    worse: the first takes what the last needs) and the library alone on ready points."""
    with transaction.atomic():
        households = _made()
        with CaptureQueriesContext(connection) as queries:
            pairs, alone = suggestions.assign(households, by=None)

        def one_by_one():
            for household in households[:ONE_BY_ONE]:
                suggestions.suggest(household, by=None)

        points = suggestions._Known.of(households, by=None).matrix()
        few, ours, library = interleaved(
            one_by_one,
            lambda: suggestions.assign(households, by=None),
            lambda: linear_sum_assignment(points, maximize=True),
            rounds=3,
        )
        transaction.set_rollback(True)
    baseline = few * MANY / ONE_BY_ONE
    counters = (
        f"{MANY} × {points.shape[1]}, queries {len(queries)}, {len(pairs)} assigned, {len(alone)} alone"
    )
    return Row("suggest.assign", baseline, ours, library, counters)


def _made() -> list[Household]:
    chance = random.Random(2617)
    codes = [str(code) for code in NeedCode]
    user = User.objects.filter(division__isnull=False).first()
    places = [care.community(user.division, number) for number in range(care.COMMUNITIES)]
    Organization.objects.bulk_create(
        Organization(
            code=f"BZ-{number:04d}",
            name=f"协会{number}",
            kind=OrganizationKind.COMMUNITY_SOCIAL_ORG,
            division=chance.choice(places),
            responsible_person="王建国",
            strengths=chance.sample(codes, 3),
            capacity=chance.randint(1, 2),
            state=OrganizationState.APPROVED,
            approved_at=now(),
            approved_by=user,
        )
        for number in range(MANY)
    )
    households = Household.objects.bulk_create(
        Household(
            code=f"BH-{number:04d}", community=chance.choice(places), registered_on=_DAY, registered_by=user
        )
        for number in range(MANY)
    )
    CareNeed.objects.bulk_create(
        CareNeed(
            code=f"BX-{number:04d}",
            household=household,
            need=code,
            open_quantity=1,
            is_urgent=chance.random() < 0.2,
            raised_on=_DAY,
            raised_by=user,
        )
        for number, (household, code) in enumerate(
            (household, code) for household in households for code in chance.sample(codes, 2)
        )
    )
    return households


BENCHMARKS = {"suggest.assign": assignment}
