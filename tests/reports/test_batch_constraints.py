"""Each named constraint of batches and their mails, broken at the database."""

from datetime import timedelta

import pytest

from cases.enums import DigestOutcome
from jinchuan.shared.clock import now
from reports.models import BatchEdition, ReportBatch, ReportMail
from reports.services import mailing
from tests import factories
from tests import factories_reports as some
from tests.provoking import provoke


def _batch(number=1):
    at = now()
    return ReportBatch.objects.create(
        kind="month", period="2026-09", number=number, requested_at=at, started_at=at
    )


def _mail(edition, recipient, outcome=DigestOutcome.SENT):
    return ReportMail.objects.create(edition=edition, recipient=recipient, outcome=outcome, started_at=now())


def _same_batch():
    _batch()
    return _batch(2), {"number": 1}


def _same_paper():
    edition, batch, other = some.edition(), _batch(), _batch(2)
    BatchEdition.objects.create(batch=batch, edition=edition)
    return BatchEdition.objects.create(batch=other, edition=edition), {"batch": batch}


def _same_address():
    first, second = some.recipient(), some.recipient()
    return second, {"email_hash": first.email_hash}


def _mailed_twice():
    edition, recipient = some.edition(), some.recipient()
    _mail(edition, recipient)
    return _mail(edition, recipient, DigestOutcome.FAILED), {"outcome": DigestOutcome.UNCLEAR}


def _failed_mail():
    return _mail(some.edition(), some.recipient(), DigestOutcome.FAILED)


def _asked_again():
    return mailing.resend(_failed_mail(), by=factories.officer(), reason="电话核实没有收到")


PROVOCATIONS = {
    "report_batch_kind_known": lambda: (_batch(), {"kind": "x"}),
    "report_batch_once": _same_batch,
    "report_batch_counts_from_one": lambda: (_batch(), {"round": 0}),
    "report_batch_finished_after_start": lambda: (_batch(), {"finished_at": now() - timedelta(hours=1)}),
    "batch_edition_once": _same_paper,
    "report_recipient_once": _same_address,
    "report_mail_outcome_known": lambda: (_mail(some.edition(), some.recipient()), {"outcome": "x"}),
    "report_mail_once": _mailed_twice,
    "report_mail_again_at_with_by": lambda: (_failed_mail(), {"again_at": now()}),
    "report_mail_again_when_failed": lambda: (_asked_again(), {"outcome": DigestOutcome.SENT}),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()

    provoke(name, row, **columns)
