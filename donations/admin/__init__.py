"""The bureau's pages on money and goods: givers, gifts, and the book of what became of them."""

from . import allocations, corrections, counts, funds, gifts, givers, holdings

__all__ = ["allocations", "corrections", "counts", "funds", "gifts", "givers", "holdings"]
