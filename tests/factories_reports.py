"""Reports by situation, without the printing: what workers, reviewers and organisations find."""

import hashlib
import uuid
from datetime import timedelta

from django.core.files.base import ContentFile

from jinchuan.shared.clock import now, today, travel
from jinchuan.shared.months import Month
from reports import closing_checks, reading
from reports.enums import EditionState, ReportKind, Variant
from reports.indicators import shown
from reports.models import ReportEdition, ReportRecipient
from reports.models.editions import pdf_path
from reports.periods import Period
from reports.querysets.editions import of_scope
from reports.services import batches, building, closings, editions, mailing
from reports.services.papers import Paper, figures_json
from tests import factories
from tests.situations import judged_by_the_database

PDF = b"%PDF-1.7 one page"


def last_month() -> Period:
    return Period(ReportKind.MONTH, Month.of(today()).previous)


def edition(scope=None, *, period=None, **fields):
    """Waiting for a worker, and asked for by nobody."""
    period, scope = period or last_month(), scope or factories.home()
    columns = {"number": 1, "requested_at": now(), **of_scope(scope), **fields}
    serial = editions.serial_of(period, scope, columns["number"])
    return ReportEdition.objects.create(kind=period.kind, period=str(period), serial=serial, **columns)


def ready(scope=None, *, period=None, **fields):
    """As a worker left it, with true figures and a file that is none."""
    made = edition(scope, period=period, **fields)
    figures = reading.read(made.period_value, made.scope)
    made.facts = {"indicators": {code: shown(figure) for code, figure in figures.items()}}
    made.facts_at, made.pages, made.sha256 = now(), 1, hashlib.sha256(PDF).hexdigest()
    made.pdf.name = made.pdf.storage.save(pdf_path(made), ContentFile(PDF))
    made.state = EditionState.READY
    made.save()
    made.transitions.create(from_state=EditionState.BUILDING, to_state=EditionState.READY, at=now())
    return made


def built(edition):
    """``building.build`` with a file that is none, for whoever asks about anything but the print: true figures, every step."""
    run = uuid.uuid4()
    building._claim(edition, by=None, run_id=run)
    edition = building._freeze(edition, by=None, run_id=run)
    papers = [
        Paper(None, PDF, pages=1),
        Paper(Variant.XLSX, b"PK"),
        Paper(Variant.FIGURES, figures_json(edition.facts)),
    ]
    return building._put_in_place(edition, run, papers)


def closed(period=None):
    """The months up to its end are closed, whatever was left undone in them."""
    period = period or last_month()
    while not reading.is_closed(period):
        month = closings.next_to_close() or period.closing
        reasons = {check.name: "测试里不用办理" for check in closing_checks.left_undone(month)}
        closings.close_month(by=factories.officer(), month=month, reasons=reasons)
    return period


def issued(scope=None, *, by=None, period=None, **fields):
    made = ready(scope, period=closed(period), **fields)
    return editions.issue_edition(made, by=by or factories.reviewer())


def batch(*, by=None, organizations=0):
    """All reports of last month, of a district with so many organisations."""
    factories.home()
    with travel(now() - timedelta(days=70)):
        for _ in range(organizations):
            factories.approved_organization()
    return batches.ask_batch(by=by, period=last_month())


def failed(one, *, failure="“下一步打算”里有字没有字形。"):
    """A report that could not be made."""
    changed = {"state": EditionState.FAILED, "failure": failure, "run_id": uuid.uuid4()}
    ReportEdition.objects.filter(pk=one.pk).update(**changed)
    one.transitions.create(from_state=EditionState.BUILDING, to_state=EditionState.FAILED, at=now())
    return ReportEdition.objects.get(pk=one.pk)


def recipient(*, by=None, **fields) -> ReportRecipient:
    fields = {
        "name": factories.person_name(),
        "workplace": "金川区政府办公室副主任",
        "email": f"{uuid.uuid4().hex[:12]}@example.cn",
        "division": factories.home(),
        **fields,
    }
    return mailing.add_recipient(by=by or factories.officer(), **fields)


judged_by_the_database(globals())
