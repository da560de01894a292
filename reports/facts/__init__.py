"""The facts of one report, gathered once and frozen as JSON; the papers are printed from nothing else."""

from django.conf import settings

from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from organizations.models import Division, Organization, Program, SupervisingUnit

from .. import reading
from ..enums import ReportKind
from ..indicators import INDICATORS, shown
from ..scopes import code_of, is_small, name_of
from ..wording import HIDDEN, NEXT_STEPS, OWN_NEXT_STEPS, hidden_below_three
from . import annexes, charts
from .annexes import words_of
from .saying import MEASURED, PEOPLE, Sayer
from .words import PARTS, composed, parts, reworded, stale, with_words

__all__ = [
    "PARTS",
    "TEMPLATE",
    "carried",
    "composed",
    "gather",
    "in_order",
    "of_edition",
    "parts",
    "reworded",
    "stale",
    "with_words",
    "words_of",
]

TEMPLATE = 2  # counted up when the shape of the facts or of the papers changes
CAUSE = "“结对帮扶·爱心金川”"
LINE = 20  # characters of a line of a title


def gather(period, scope, *, serial="", number=1, verify="", before=None, as_of=None) -> dict:
    """Everything the papers of a period say about a scope.

    ``as_of`` defaults to the last day of the period, or today while it is not over. Amounts are text in 元. A paper about
    less than a county hides counts of people and households below 3. ``before`` are the facts of the edition that this
    one supersedes.
    """
    as_of = as_of or min(period.last, today())
    figures = reading.read(period, scope, as_of=as_of)
    small = is_small(scope)
    say = Sayer(period, as_of, scope, figures, hide=small, year_before=_year_before(period, scope))
    return {
        "template": TEMPLATE,
        "title": title_of(scope),
        "subtitle": f"（{period.label}{f'，第{number}版' if number > 1 else ''}）",
        "kind": str(period.kind),
        "period": str(period),
        "as_of": as_of.isoformat(),
        "scope": {"code": code_of(scope), "name": name_of(scope)},
        "small": small,
        "issuer": settings.BUREAU_NAME,
        "dated": zh(today()),
        "serial": serial,
        "number": number,
        "verify": verify,
        "words": {"now": period.this, "before": period.last_one},
        "sections": _sections(say),
        "annexes": annexes.all_of(period, as_of, scope, figures, hide=small, before=before),
        "indicators": {code: _handed_over(figure) for code, figure in figures.items()},
    }


def _year_before(period, scope) -> dict:
    """What a quarter or half-year is measured against beside the period before it; a month is not, and of a year that is the same."""
    if period.kind not in (ReportKind.QUARTER, ReportKind.HALF_YEAR):
        return {}
    return reading.read(period.year_before, scope, codes=MEASURED, parts=False)


def of_edition(edition, *, verify="") -> dict:
    """The facts of an edition as they are now."""
    return gather(
        edition.period_value,
        edition.scope,
        serial=edition.serial,
        number=edition.number,
        verify=verify,
        before=edition.supersedes.facts if edition.supersedes else None,
    )


def title_of(scope) -> list[str]:
    """The title in lines that fit the page, broken by sense."""
    name = name_of(scope)
    match scope:
        case Division():
            return [f"{name}社会组织参与{CAUSE}", "工程建设工作进展情况"]
        case Organization():
            first, second = name, f"参与{CAUSE}工作情况"
        case Program():
            first, second = f"“{name}”", f"{CAUSE}服务品牌工作情况"
        case SupervisingUnit():
            first, second = f"{name}主管的社会组织", f"参与{CAUSE}工作情况"
    return [first[start : start + LINE] for start in range(0, len(first), LINE)] + [second]


def carried(facts) -> dict:
    """The indicators as they leave the house: what the paper hides is not carried along."""
    if not facts.get("small"):
        return facts["indicators"]
    return {
        code: {
            name: hidden_below_three(value)
            if name in (*annexes.COUNTS, annexes.LATE) and line["unit"] in PEOPLE and 0 < value < 3
            else value
            for name, value in line.items()
        }
        for code, line in facts["indicators"].items()
    }


def in_order(indicators) -> dict[str, dict]:
    """The frozen lines in the order of the table; PostgreSQL keeps the keys of a JSON object in an order of its own."""
    return {code: indicators[code] for code in INDICATORS if code in indicators}


def _sections(say) -> list[dict]:
    told = [
        ("pairing", "结对帮扶", say.pairing, ("intention_households",), None),
        ("giving", "捐款捐物", say.giving, ("donations_total",), charts.giving),
        ("service", "志愿服务", say.service, ("service_sessions",), charts.service),
        ("mobilizing", "宣传动员", say.mobilizing, ("mobilization_meetings", "stories_released"), None),
    ]
    there = [one for one in told if say.tells(*one[3])]
    subsections = [
        {
            "part": part,
            "heading": f"（{number}）{heading}",
            "paragraphs": paragraphs(),
            "chart": chart(say.period, say.scope) if chart else None,
        }
        for number, (part, heading, paragraphs, _, chart) in zip("一二三四", there, strict=False)
    ]
    return [
        _section("opening", "", say.opening()),
        {"heading": "一、工作进展情况", "paragraphs": [], "subsections": subsections},
        _section("problems", "二、存在的问题", say.problems()),
        _section("next_steps", "三、下一步打算", _next_steps(say.scope).splitlines()),
    ]


def _next_steps(scope) -> str:
    """The bureau's, or what an organisation goes on with."""
    return OWN_NEXT_STEPS if isinstance(scope, Organization) else NEXT_STEPS


def _section(part, heading, paragraphs) -> dict:
    return {"part": part, "heading": heading, "paragraphs": paragraphs, "subsections": []}


def _handed_over(figure) -> dict:
    """A figure as it goes out with the paper: in its parts, counts of people and households below 3 are hidden."""
    line = shown(figure)
    if line["unit"] in PEOPLE:
        told = [line.get("by_category", {}), *line.get("by", {}).values()]
        for part in (part for one in told for part in one.values()):
            part |= {name: HIDDEN if 0 < value < 3 else value for name, value in part.items()}
    return line
