import argparse
import os
import sys
import time

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchuan.settings.test")
    django.setup()
    from django.db import connection

    from . import data, duties, report, suggestions
    from .measuring import HEAD

    benchmarks = report.BENCHMARKS | suggestions.BENCHMARKS | duties.BENCHMARKS
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, side by side in one run.")
    parser.add_argument(
        "--size", choices=data.SIZES, default="s", help="how large a district (s: 46 organisations)"
    )
    parser.add_argument("--only", choices=benchmarks, help="one measurement alone")
    options = parser.parse_args()

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        started = time.perf_counter()
        data.fill(options.size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{connection.vendor}, size {options.size}, filled in {time.perf_counter() - started:.1f} s\n")
        rows = [benchmark().cells() for key, benchmark in benchmarks.items() if options.only in (None, key)]
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    widths = [max(len(row[i]) for row in [HEAD, *rows]) for i in range(len(HEAD))]
    for row in [HEAD, *rows]:
        print(" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
