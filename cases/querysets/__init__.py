"""Reads of the cases app."""

from .duties import DigestQuerySet, NoticeQuerySet, ObligationQuerySet, ServiceStandardQuerySet
from .households import (
    CarePlanQuerySet,
    ConsentQuerySet,
    EligibilityReviewQuerySet,
    HardshipQuerySet,
    HouseholdQuerySet,
    MemberQuerySet,
)
from .needs import CareNeedQuerySet, ClaimQuerySet
from .pairings import PairingQuerySet
from .students import StudentAidQuerySet
from .visits import MatterQuerySet, VisitHouseholdQuerySet, VisitQuerySet

__all__ = [
    "CareNeedQuerySet",
    "CarePlanQuerySet",
    "ClaimQuerySet",
    "ConsentQuerySet",
    "DigestQuerySet",
    "EligibilityReviewQuerySet",
    "HardshipQuerySet",
    "HouseholdQuerySet",
    "MatterQuerySet",
    "MemberQuerySet",
    "NoticeQuerySet",
    "ObligationQuerySet",
    "PairingQuerySet",
    "ServiceStandardQuerySet",
    "StudentAidQuerySet",
    "VisitHouseholdQuerySet",
    "VisitQuerySet",
]
