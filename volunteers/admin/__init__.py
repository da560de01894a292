"""The bureau's pages on volunteers and their service."""

from . import activities, people, records

__all__ = ["activities", "people", "records"]
