"""The ledger of closed months: what is counted now (``counted``), how that differs from what was booked (``difference``), what
the figures of every scope come to (``totals``, ``snapshots``), and the seal on it (``seal``)."""
