"""Measurements, side by side in one run: ``make bench`` or ``python -m bench [--size s|t|m|l] [--keep] [NAME …]``.

Without names only what fits beside a cup of tea is measured; ``all`` names everything.
"""

import argparse
import os
import sys
import time

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    from django.db import connection

    from . import (
        care,
        certificates,
        checkins,
        closing,
        data,
        donations,
        duties,
        registers,
        report,
        statements,
        suggestions,
    )
    from . import volunteers as service
    from .measuring import HEAD

    small = report.BENCHMARKS | suggestions.BENCHMARKS | donations.QUICK | checkins.BENCHMARKS
    # These share the care side of a large district, and are measured in this order: the duties come first, on none.
    large = duties.BENCHMARKS | registers.BENCHMARKS
    # And these fill tables of their own with a million rows and more, when the first of them is asked for.
    vast = donations.BENCHMARKS | service.BENCHMARKS | certificates.BENCHMARKS | statements.BENCHMARKS
    # The last ones close months of whatever stands there then: name them alone, with --size t or m.
    vast |= closing.BENCHMARKS
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, side by side in one run.")
    parser.add_argument(
        "--size",
        choices=data.SIZES,
        default="s",
        help="how many gifts and activities (s: 46 organisations, d: 1,000 for the registers)",
    )
    parser.add_argument(
        "--keep", action="store_true", help="leave the database, and find it there the next time"
    )
    parser.add_argument("--households", type=int, default=care.HOUSEHOLDS, help="of the large district")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"all, or some of: {' '.join(small | large | vast)} (the last ones take minutes)",
    )
    options = parser.parse_args()
    wanted = set(small) if not options.names else set(options.names)
    if "all" in wanted:
        wanted = set(small | large | vast)
    if unknown := wanted - set(small | large | vast):
        parser.error(f"no such measurement: {' '.join(sorted(unknown))}")

    name = connection.settings_dict["NAME"]
    if options.keep and connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"{name}_bench"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=options.keep)
    rows = []
    try:
        if not data.is_filled():
            _timed(f"{connection.vendor}, size {options.size}", lambda: data.fill(options.size))
            care.settle()
        rows += [_measured(small[key]) for key in small if key in wanted]
        if wanted & set(large):
            if not care.is_filled():
                _timed(f"{options.households:,} households", lambda: care.fill(options.households))
            rows += [_measured(large[key]) for key in large if key in wanted]
        rows += [_measured(vast[key]) for key in vast if key in wanted]
        rows = [row for row in rows if row]
    finally:
        connection.creation.destroy_test_db(name, verbosity=0, keepdb=options.keep)
    print()
    widths = [max(len(row[i]) for row in [HEAD, *rows]) for i in range(len(HEAD))]
    for row in [HEAD, *rows]:
        print(" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _measured(benchmark) -> list[str] | None:
    """The cells of one line; on the way to the table, so that a run that is stopped has not been for nothing. None where
    there is nothing to measure on this engine."""
    row = benchmark()
    if row is None:
        return None
    cells = row.cells()
    print(" | ".join(cells), file=sys.stderr, flush=True)
    return cells


def _timed(what, act) -> None:
    started = time.perf_counter()
    act()
    print(f"{what}, filled in {time.perf_counter() - started:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
