"""The machine-checked vectors of the design notes, as pytest parameters."""

import json
from pathlib import Path

import pytest

ALL = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))


def rows(section):
    """One parameter per row, named by its description."""
    return [pytest.param(row, id=row.get("desc", str(n))) for n, row in enumerate(ALL[section])]
