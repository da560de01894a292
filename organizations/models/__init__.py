from .divisions import Division
from .organizations import Organization, OrganizationTransition, Program, SupervisingUnit
from .users import User

__all__ = ["Division", "Organization", "OrganizationTransition", "Program", "SupervisingUnit", "User"]
