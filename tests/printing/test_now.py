"""Printed while a person waits: four short sheets, and nothing longer (docs/adr/0022)."""

import re
from pathlib import Path

import pytest

from jinchuan.printing import PrintError, render_now
from jinchuan.printing.rendering import MAX_ROWS_NOW
from jinchuan.shared.clock import now

ROOT = Path(__file__).parents[2]
NOW = {"volunteers/slips.py", "volunteers/day_papers.py", "organizations/admin/units.py"}
BY_WORKERS = {
    "donations/services/papers.py",
    "reports/packing.py",
    "reports/services/papers.py",
    "volunteers/services/certificate_papers.py",
}


def _callers(name):
    apps = ("organizations", "cases", "donations", "volunteers", "reports", "jinchuan")
    files = (file for app in apps for file in (ROOT / app).rglob("*.py") if "printing" not in file.parts)
    called = re.compile(rf"\b{name}\(")
    return {str(file.relative_to(ROOT)) for file in files if called.search(file.read_text("utf-8"))}


def test_only_short_sheets_are_printed_in_a_request():
    assert _callers("render_now") == NOW
    assert _callers("render_pdf") == BY_WORKERS


def test_a_long_table_is_refused_before_it_is_laid_out():
    with pytest.raises(PrintError, match=f"{MAX_ROWS_NOW + 1} 行"):
        render_now("no/such/template.html", {}, rows=MAX_ROWS_NOW + 1, title="表", created=now())
