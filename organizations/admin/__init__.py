"""The bureau's pages on organisations, divisions and accounts: one subject a module."""

from . import accounts, divisions, organizations

__all__ = ["accounts", "divisions", "organizations"]
