"""Papers: ask for one, print it, open it, take it away. The row is the message (docs/adr/0002): a worker that is killed,
or a task that comes twice, costs time and nothing else."""

from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from jinchuan.audit.services import create, record, verb
from jinchuan.printing import PrintError, render_pdf
from jinchuan.shared.access import require
from jinchuan.shared.clock import SHANGHAI, now

from .. import papers
from ..enums import PaperKind
from ..models import Paper
from ..models.papers import paper_path

NEVER_FINISHED = "打印反复中断，请稍后再试；仍不成功请联系系统管理员查看后台任务。"
UNEXPECTED = "打印时出错，请再试一次；仍不成功请联系系统管理员。"
PATIENCE = timedelta(minutes=3)  # after that a paper that nobody finished is tried again


@verb
def request_paper(row, *, by, kind) -> Paper:
    """Ask for a print of ``row``; the log keeps who printed what. Refuses what cannot be printed, and says why."""
    print_ = papers.KINDS[kind]
    for permission in print_.permissions:
        require(by, permission, row)
    papers.refuse(kind, row)
    record("print", row, by=by, after={"kind": print_.title})
    return _ask_for(row, by=by, kind=kind)


@verb
def request_disclosure(span, *, by) -> Paper:
    """Ask for the public list of a span of time, of what this person may see. It leaves the house: the log says so."""
    for permission in papers.KINDS[PaperKind.DISCLOSURE].permissions:
        require(by, permission)
    return _ask_for(span, by=by, kind=PaperKind.DISCLOSURE)


def _ask_for(subject, *, by, kind) -> Paper:
    require(by, "donations.view_paper")
    return create(
        Paper(
            kind=kind,
            subject_id=str(subject.pk),
            subject=str(subject)[:40],
            requested_at=now(),
            requested_by=by,
        ),
        by=by,
        action="request_paper",
    )


def print_paper(paper_id) -> Paper | None:
    """Print one that waits, here and now; None when there is none. Two at once print the same, and one file stays."""
    waiting = Paper.objects.waiting().filter(pk=paper_id)
    if not waiting.update(attempts=F("attempts") + 1):
        return None
    paper = Paper.objects.get(pk=paper_id)
    try:
        if paper.attempts > settings.PAPER_ATTEMPTS_MOST:
            return _finish(paper, failure=NEVER_FINISHED)
        facts = papers.facts(paper)
        rendering = render_pdf(
            papers.KINDS[paper.kind].template,
            {"facts": facts},
            title=f"{facts['title']} {paper.subject}",
            created=paper.requested_at.astimezone(SHANGHAI),
            author=settings.BUREAU_NAME,
        )
    except PrintError as error:
        return _finish(paper, failure=str(error)[:300])
    except Exception:
        _finish(paper, failure=UNEXPECTED)
        raise
    return _finish(paper, rendering=rendering)


@verb
def note_opened(paper, *, by) -> None:
    """Somebody opened the file: it may name people."""
    record("open_file", paper, by=by)


def forgotten() -> list[int]:
    """Those that wait although a worker should have come by: the sweep asks for them again."""
    limit = now() - PATIENCE
    return list(Paper.objects.waiting().filter(requested_at__lt=limit).values_list("pk", flat=True))


def purge() -> int:
    """Take away the files that nobody should need any more; the rows stay and say who printed what."""
    outdated = list(Paper.objects.outdated())
    for paper in outdated:
        name, storage = paper.pdf.name, paper.pdf.storage
        Paper.objects.filter(pk=paper.pk).update(pdf="")
        storage.delete(name)
    return len(outdated)


def _finish(paper, *, rendering=None, failure=""):
    """The file is written under a name of its own and becomes the paper's in one step, or goes again."""
    fields = {"finished_at": now(), "failure": failure}
    storage, name = paper.pdf.storage, ""
    if rendering:
        name = storage.save(paper_path(paper), ContentFile(rendering.pdf))
        fields |= {"pdf": name, "pages": rendering.pages, "sha256": rendering.sha256}
    with transaction.atomic():
        mine = Paper.objects.waiting().filter(pk=paper.pk).update(**fields)
    if not mine and name:
        storage.delete(name)
    return Paper.objects.get(pk=paper.pk) if mine else None
