"""The bureau's pages on volunteers and their service."""

from . import activities, people

__all__ = ["activities", "people"]
