"""The bureau's pages on volunteers and their service."""

from . import activities, certificates, people, records

__all__ = ["activities", "certificates", "people", "records"]
