"""The registers of the cases app as sheets, a module for each subject."""

from .households import HOUSEHOLDS, MEMBERS
from .naming import HOUSEHOLD_UNKNOWN, find_household
from .needs import NEEDS
from .pairings import PAIRINGS
from .visits import MATTERS, VISITS

REGISTERS = (HOUSEHOLDS, MEMBERS, PAIRINGS, VISITS, MATTERS, NEEDS)

__all__ = ["HOUSEHOLD_UNKNOWN", "REGISTERS", "find_household"]
