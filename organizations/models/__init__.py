from .divisions import Division
from .mobilizations import Mobilization, MobilizationInvitation, MobilizationTransition
from .organizations import Organization, OrganizationTransition, SupervisingUnit
from .programs import Program, ProgramPartner
from .users import User

__all__ = [
    "Division",
    "Mobilization",
    "MobilizationInvitation",
    "MobilizationTransition",
    "Organization",
    "OrganizationTransition",
    "Program",
    "ProgramPartner",
    "SupervisingUnit",
    "User",
]
