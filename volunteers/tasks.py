"""Thin shells: what Celery is told to do, each one call of a service and safe to run twice."""

from celery import shared_task

from .services import certificate_papers, checkins


@shared_task(name="volunteers.print_certificates")
def print_certificates(paper_ids: list[int]) -> None:
    """Issue and print some certificates. Nothing to do for those that are finished."""
    for paper_id in paper_ids:
        certificate_papers.make(paper_id)


@shared_task(name="volunteers.sweep_certificates")
def sweep_certificates() -> None:
    """Finish what was left lying because its message got lost or its worker was killed."""
    for chunk in certificate_papers.chunks(certificate_papers.forgotten()):
        print_certificates.delay(chunk)


@shared_task(name="volunteers.tidy_certificates")
def tidy_certificates() -> None:
    """Nightly: no file without a certificate."""
    certificate_papers.tidy()


@shared_task(name="volunteers.forget_unknown")
def forget_unknown() -> None:
    """Nightly: names typed at the door are not kept for ever."""
    checkins.forget_unknown(by=None)
