"""The bureau's pages on volunteers and their service."""

from . import activities, certificates, corrections, people, records

__all__ = ["activities", "certificates", "corrections", "people", "records"]
