"""The leader's one page: the chief figures, two charts, what is wrong and what comes next. Everything is bounded, so that it stays
one page."""

import re

from jinchuan.printing.templatetags.printing import MARK
from jinchuan.shared.money import yuan

from . import facts as fact

CHIEF = (
    "intention_organizations",
    "intention_households",
    "paired_households",
    "contacts",
    "home_visits",
    "donations_total",
    "delivered_total",
    "service_sessions",
    "service_person_times",
    "service_hours",
)
PROBLEMS, STEPS, LONGEST = 4, 3, 72  # so many paragraphs under a heading, and characters of one


def of(facts) -> dict:
    """What the page says, from facts with the words of people in place."""
    lines = fact.carried(facts)
    return {
        "title": "结对帮扶·爱心金川一页通",
        "subtitle": f"{facts['scope']['name']}{facts['subtitle']}",
        "rows": [_row(lines[code]) for code in CHIEF if code in lines],
        "charts": [part["chart"] for part in _parts(facts) if part.get("chart")][:2],
        "lists": [
            ("存在的问题", _short(_paragraphs(facts, "problems"), PROBLEMS)),
            ("下一步打算", _short(map(_whole_sentences, _paragraphs(facts, "next_steps")), STEPS)),
        ],
    }


def _row(line) -> list[str]:
    values = [line[name] for name in ("cumulative", "month", "correction")]
    if line["unit"] == "元":
        values = [yuan(value) for value in values]
    return [line["name"], line["unit"], *map(str, values)]


def _parts(facts):
    for section in facts["sections"]:
        yield section
        yield from section.get("subsections", ())


def _paragraphs(facts, name) -> list[str]:
    return next((part["paragraphs"] for part in _parts(facts) if part.get("part") == name), [])


def _whole_sentences(paragraph) -> str:
    """As many sentences from its beginning as there is room for, one at least."""
    first, *others = re.split(r"(?<=。)", paragraph)
    for sentence in others:
        if len(first) + len(sentence) > LONGEST:
            break
        first += sentence
    return first


def _short(paragraphs, most) -> list[str]:
    lines = [MARK.sub("", paragraph) for paragraph in paragraphs]
    told = [line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…" for line in lines[:most]]
    return [*told, f"另有{len(lines) - most}项，见报告正文。"] if len(lines) > most else told
