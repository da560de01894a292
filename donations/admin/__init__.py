"""The bureau's pages on money and goods: givers, gifts, and the book of what became of them."""

from . import (
    allocations,
    corrections,
    counts,
    deliveries,
    desk,
    distributions,
    funds,
    gifts,
    givers,
    holdings,
    papers,
    verifications,
)

__all__ = [
    "allocations",
    "corrections",
    "counts",
    "deliveries",
    "desk",
    "distributions",
    "funds",
    "gifts",
    "givers",
    "holdings",
    "papers",
    "verifications",
]
