"""The registers of money and goods as sheets. Gifts and givers come in and go out; what the book says only goes out."""

from .book import ALLOCATIONS, DISTRIBUTIONS
from .gifts import DONATIONS
from .givers import DONORS

REGISTERS = (DONATIONS, DONORS, ALLOCATIONS, DISTRIBUTIONS)

__all__ = ["ALLOCATIONS", "DISTRIBUTIONS", "DONATIONS", "DONORS", "REGISTERS"]
