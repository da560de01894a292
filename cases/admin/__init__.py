"""The bureau's pages on households, their people, consents and pairings: one subject a module."""

from . import consents, households, pairings, people

__all__ = ["consents", "households", "pairings", "people"]
