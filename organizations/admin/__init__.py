"""The bureau's pages on organisations, what moves them, divisions and accounts."""

from . import accounts, divisions, invitations, mobilizations, organizations, programs, units

__all__ = [
    "accounts",
    "divisions",
    "invitations",
    "mobilizations",
    "organizations",
    "programs",
    "units",
]
