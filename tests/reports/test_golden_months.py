"""What the paper of a whole month says, word for word: an empty month, the first, a normal one, a falling one, a huge one."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from reports import facts
from reports.services.papers import context_of
from tests import factories, factories_months
from tests import factories_duties as duties

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"
DOCUMENT = {"title": "月报", "author": "金川区民政局"}
DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)


@pytest.mark.parametrize("name", ["empty", "first", "normal", "falling", "huge"])
def test_html_is_the_golden_one(name):
    """To accept a wanted change, delete the file under golden/, run this twice, and read the difference. Of charts the titles are
    kept, for tests/printing/ looks at the drawings."""
    getattr(factories_months, name)()
    with duties.at(date(2026, 10, 1)):
        gathered = facts.gather(factories_months.SEPTEMBER, factories.home(), serial="YB202609-1")
    html = render_to_string("print/report.html", {**context_of(gathered), "document": DOCUMENT})
    html = re.sub(r"\n\s*\n+", "\n", DRAWING.sub("", html)).strip() + "\n"
    golden = GOLDEN / f"{name}.html"
    if not golden.exists():
        golden.write_text(html, encoding="utf-8")
        pytest.fail(f"{golden.name} was not there; it is written now. Read it and run again.")
    assert html == golden.read_text(encoding="utf-8")
