"""Reads of the reports app, by subject."""

from .editions import ReportEditionQuerySet

__all__ = ["ReportEditionQuerySet"]
