"""Writes on reports: ask for one, put words to it, issue it. How a queued one is made: ``building``."""

import json

from django.conf import settings

from jinchuan.audit.services import change, create, lock, move, record, verb
from jinchuan.printing import Attachment, render_pdf
from jinchuan.shared.access import require
from jinchuan.shared.clock import SHANGHAI, now, today
from jinchuan.shared.errors import Refused
from jinchuan.shared.months import Month
from organizations.models import Division

from .. import facts as fact
from ..enums import EditionState, ReportKind
from ..models import ReportEdition
from ..wording import NEXT_STEPS

MONTH_NOT_BEGUN = "{month}还没有开始，不能生成月报。"
BEING_BUILT = "报告正在生成，请等它完成后再改“下一步打算”。"


def home_division() -> Division:
    return Division.objects.get(code=settings.HOME_DIVISION)


@verb
def request_edition(*, by, month: Month, scope=None) -> ReportEdition:
    """The report of a month for a division; asked for twice it is the same row. Building it is the worker's business.

    A report that is there but not issued yet is put back in the queue with fresh figures; an issued one stays.
    """
    require(by, "reports.add_reportedition")
    if month.first > today():
        raise Refused(MONTH_NOT_BEGUN.format(month=month.label))
    scope = scope or home_division()
    edition = ReportEdition.objects.filter(
        kind=ReportKind.MONTH, period=str(month), scope=scope, number=1
    ).first()
    if edition is None:
        return create(
            ReportEdition(
                period=str(month),
                scope=scope,
                serial=f"YB{month.year}{month.month:02d}-{scope.code}-1",
                next_steps=NEXT_STEPS,
                requested_at=now(),
                requested_by=by,
            ),
            by=by,
            action="request",
        )
    if edition.state in (EditionState.READY, EditionState.FAILED):
        return _back_in_queue(edition, by=by, reason="重新汇总数据", keep_facts=False)
    return edition


@verb
def write_next_steps(edition, *, by, text, version=None) -> ReportEdition:
    """Change “下一步打算”; the paper is printed again from the figures as they were frozen."""
    require(by, "reports.change_reportedition", edition)
    if lock(edition).state == EditionState.BUILDING:
        raise Refused(BEING_BUILT)
    edition = change(edition, by=by, version=version, action="write_next_steps", next_steps=text)
    if edition.state == EditionState.READY:
        edition = _back_in_queue(edition, by=by, reason="修改下一步打算", keep_facts=True)
    return edition


@verb
def issue_edition(edition, *, by) -> ReportEdition:
    """Let the report go out. From here on neither its figures nor its file change, by any door."""
    require(by, "reports.issue_reportedition", edition)
    return move(edition, EditionState.ISSUED, by=by, issued_at=now(), issued_by=by)


@verb
def note_opened(edition, *, by) -> None:
    """Somebody opened the file."""
    record("open_file", edition, by=by)


def print_edition(edition):
    """The paper of an edition, from its frozen facts alone, with the figures attached as JSON: what the paper hides, it
    does not carry along either."""
    facts = fact.with_next_steps(edition.facts, edition.next_steps)
    carried = facts
    if fact.is_small(edition.scope):
        carried = {**facts, "indicators": fact.without_small_counts(facts["indicators"])}
    return render_pdf(
        "print/monthly_report.html",
        {"facts": facts},
        title="".join(facts["title"]) + facts["subtitle"],
        created=edition.facts_at.astimezone(SHANGHAI),
        attachments=[
            Attachment(
                name="figures.json",
                data=figures_json(carried),
                description="本报告的统计数据",
                mime="application/json",
            )
        ],
    )


def figures_json(facts) -> bytes:
    """The figures of a report as the JSON that is handed over with it."""
    keep = ("period", "as_of", "scope", "serial", "indicators")
    return json.dumps(
        {key: facts[key] for key in keep}, ensure_ascii=False, indent=2, sort_keys=True
    ).encode()


def ensure_last_month() -> ReportEdition:
    """The report of the month before exists from the first night of a month on, however often this runs."""
    month = Month.of(today()).previous
    edition = ReportEdition.objects.filter(
        kind=ReportKind.MONTH, period=str(month), scope=home_division(), number=1
    ).first()
    if edition:
        return edition
    try:
        return request_edition(by=None, month=month)
    except Refused:  # another worker was faster
        return ReportEdition.objects.get(
            kind=ReportKind.MONTH, period=str(month), scope=home_division(), number=1
        )


def _back_in_queue(edition, *, by, reason, keep_facts):
    kept = {} if keep_facts else {"facts": None, "facts_at": None}
    return move(
        edition,
        EditionState.QUEUED,
        by=by,
        reason=reason,
        requested_at=now(),
        requested_by=by,
        progress=0,
        step="",
        failure="",
        attempts=0,
        **kept,
    )
