"""Certificates on paper: issue what was decided, print it, keep it. The row is the message (docs/adr/0002): a worker that is
killed, or a task that comes twice, costs time and nothing else."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from jinchuan.printing import PrintError, render_pdf
from jinchuan.shared.clock import SHANGHAI, now

from .. import certificate_content as contents
from .. import certificate_printing as printing
from ..certificate_enums import EVER_ISSUED
from ..models import CertificatePaper
from ..models.certificate_papers import paper_path
from . import certificates

NEVER_FINISHED = "办理反复中断，请稍后再试；仍不成功请联系系统管理员查看后台任务。"
UNEXPECTED = "打印时出错，请再试一次；仍不成功请联系系统管理员。"
PATIENCE = timedelta(minutes=3)  # after that a paper that nobody finished is tried again
CHUNK = 10  # papers of one message


def make(paper_id) -> CertificatePaper | None:
    """Issue and print one that waits, here and now; None when there is none. Of two at once, one effect stays."""
    waiting = CertificatePaper.objects.waiting().filter(pk=paper_id)
    if not waiting.update(attempts=F("attempts") + 1):
        return None
    paper = CertificatePaper.objects.select_related("certificate", "asked_by").get(pk=paper_id)
    try:
        if paper.attempts > settings.CERTIFICATE_ATTEMPTS_MOST:
            return _finish(paper, failure=NEVER_FINISHED)
        rendering = print_certificate(_issued(paper))
    except (ValidationError, PermissionDenied) as refusal:
        return _finish(paper, failure=_sentence(refusal))
    except (PrintError, contents.Tampered) as error:
        return _finish(paper, failure=str(error)[:300])
    except Exception:
        _finish(paper, failure=UNEXPECTED)
        raise
    return _finish(paper, rendering=rendering)


def print_certificate(certificate):
    """The paper of an issued certificate, from its frozen content alone: the same content prints the same bytes."""
    content = contents.read(certificate)
    return render_pdf(
        "print/certificate.html",
        {"facts": printing.facts(content)},
        title=f"志愿服务记录证明 {certificate.number}",
        created=datetime.combine(certificate.issued_on, time(), SHANGHAI),
        author=content["issuer"],
    )


def chunks(papers) -> list[list[int]]:
    """So many papers go into one message that two workers share a batch and a killed one leaves little behind."""
    return [papers[start : start + CHUNK] for start in range(0, len(papers), CHUNK)]


def forgotten() -> list[int]:
    """Those that wait although a worker should have come by: the sweep asks for them again."""
    limit = now() - PATIENCE
    waiting = CertificatePaper.objects.waiting().filter(asked_at__lt=limit).order_by("pk")
    return list(waiting.values_list("pk", flat=True))


def tidy() -> int:
    """Delete files that belong to no certificate: what a worker killed between file and row left behind.

    Files younger than a day stay, for their row may be on its way. Returns how many were deleted.
    """
    storage = CertificatePaper._meta.get_field("pdf").storage
    known = set(CertificatePaper.objects.exclude(pdf="").values_list("pdf", flat=True))
    limit, deleted = now() - timedelta(days=1), 0
    for file in storage.listdir("certificates")[1] if storage.exists("certificates") else ():
        name = f"certificates/{file}"
        if name not in known and storage.get_modified_time(name) < limit:
            storage.delete(name)
            deleted += 1
    return deleted


def _issued(paper):
    """The certificate, issued now by whoever decided it unless it is already."""
    certificate = paper.certificate
    if certificate.state in EVER_ISSUED:
        return certificate
    try:
        return certificates.issue_certificate(certificate, by=paper.asked_by)
    except ValidationError:
        certificate.refresh_from_db()
        if certificate.state in EVER_ISSUED:  # by another worker, since
            return certificate
        raise


def _finish(paper, *, rendering=None, failure=""):
    """The file is written under a name of its own and becomes the paper's in one step, or goes again."""
    fields = {"finished_at": now(), "failure": failure}
    storage, name = paper.pdf.storage, ""
    if rendering:
        name = storage.save(paper_path(paper), ContentFile(rendering.pdf))
        fields |= {"pdf": name, "pages": rendering.pages, "sha256": rendering.sha256}
    with transaction.atomic():
        mine = CertificatePaper.objects.waiting().filter(pk=paper.pk).update(**fields)
    if not mine and name:
        storage.delete(name)
    return CertificatePaper.objects.get(pk=paper.pk) if mine else None


def _sentence(refusal) -> str:
    return " ".join(getattr(refusal, "messages", [str(refusal)]))[:300]
