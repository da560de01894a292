from .consents import Consent
from .households import EligibilityReview, Hardship, Household, HouseholdTransition, Member
from .names import MemberNamePart
from .needs import CareNeed, CareNeedTransition, Claim, ClaimTransition
from .notices import Digest, Notice
from .pairings import Pairing, PairingTransition
from .plans import CarePlan
from .standards import Obligation, ObligationTransition, ServiceStandard, StandardRule
from .students import StudentAid, StudentAidTransition
from .tallies import HouseholdTally
from .visits import Matter, MatterTransition, Visit, VisitHousehold, VisitTransition

__all__ = [
    "CareNeed",
    "CareNeedTransition",
    "CarePlan",
    "Claim",
    "ClaimTransition",
    "Consent",
    "Digest",
    "EligibilityReview",
    "Hardship",
    "Household",
    "HouseholdTally",
    "HouseholdTransition",
    "Matter",
    "MatterTransition",
    "Member",
    "MemberNamePart",
    "Notice",
    "Obligation",
    "ObligationTransition",
    "Pairing",
    "PairingTransition",
    "ServiceStandard",
    "StandardRule",
    "StudentAid",
    "StudentAidTransition",
    "Visit",
    "VisitHousehold",
    "VisitTransition",
]
