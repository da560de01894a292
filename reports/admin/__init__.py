"""The bureau's pages on reports and good stories."""

from . import editions

__all__ = ["editions"]
