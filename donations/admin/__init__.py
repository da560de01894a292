"""The bureau's pages on money and goods: givers, gifts, and the book of what became of them."""

from . import gifts, givers

__all__ = ["gifts", "givers"]
