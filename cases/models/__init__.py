from .consents import Consent
from .households import EligibilityReview, Hardship, Household, HouseholdTransition, Member
from .pairings import Pairing, PairingTransition

__all__ = [
    "Consent",
    "EligibilityReview",
    "Hardship",
    "Household",
    "HouseholdTransition",
    "Member",
    "Pairing",
    "PairingTransition",
]
