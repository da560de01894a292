"""What must always hold of reports."""

import hashlib
from decimal import Decimal

from jinchuan.audit.consistency import state_follows_transitions

from .enums import EditionState
from .models import ReportEdition


def states():
    yield from state_follows_transitions(ReportEdition)


def files_are_whole():
    """The file of a finished report is there and is the one that was printed."""
    finished = ReportEdition.objects.filter(state__in=[EditionState.READY, EditionState.ISSUED])
    for edition in finished.only("serial", "pdf", "sha256").iterator(chunk_size=100):
        if not edition.pdf.storage.exists(edition.pdf.name):
            yield f"月报 {edition} 的文件不见了。"
            continue
        with edition.pdf.open() as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != edition.sha256:
                yield f"月报 {edition} 的文件被改动。"


def figures_add_up():
    """上月累计 + 本月新增 ± 更正 = 本月累计, on every line of every frozen report."""
    for edition in ReportEdition.objects.filter(facts__isnull=False).iterator(chunk_size=100):
        for line in edition.facts["indicators"].values():
            previous, month, correction, cumulative = (
                Decimal(str(line[key])) for key in ("previous", "month", "correction", "cumulative")
            )
            if previous + month + correction != cumulative:
                yield f"月报 {edition} 的“{line['name']}”上月累计、本月新增与累计不相符。"


CHECKS = [states, files_are_whole, figures_add_up]
