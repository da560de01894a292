from django.db import models
from django.db.models import Q

from ..enums import Restriction

RESTRICTION_MISMATCH = "请选择与“用途指定”对应的对象，并清空其余几项。"


def restriction_matches(*, name) -> models.CheckConstraint:
    """``restriction`` and the one column that belongs to it: household, category, program or community."""
    return models.CheckConstraint(
        condition=Q(restriction=Restriction.NONE, household__isnull=True, category="")
        & Q(program__isnull=True, community__isnull=True)
        | Q(restriction=Restriction.HOUSEHOLD, household__isnull=False, category="")
        & Q(program__isnull=True, community__isnull=True)
        | Q(restriction=Restriction.CATEGORY, household__isnull=True, program__isnull=True)
        & Q(community__isnull=True)
        & ~Q(category="")
        | Q(restriction=Restriction.PROGRAM, household__isnull=True, category="")
        & Q(program__isnull=False, community__isnull=True)
        | Q(restriction=Restriction.COMMUNITY, household__isnull=True, category="")
        & Q(program__isnull=True, community__isnull=False),
        name=name,
        violation_error_message=RESTRICTION_MISMATCH,
    )
