"""Thin shells: what Celery is told to do, each one call of a service and safe to run twice."""

from celery import shared_task

from .services import papers


@shared_task(name="donations.print_paper")
def print_paper(paper_id: int) -> None:
    """Print one paper. Nothing to do when it is finished."""
    papers.print_paper(paper_id)


@shared_task(name="donations.sweep_papers")
def sweep_papers() -> None:
    """Print what was left lying because its message got lost or its worker was killed."""
    for paper_id in papers.forgotten():
        print_paper.delay(paper_id)


@shared_task(name="donations.purge_papers")
def purge_papers() -> None:
    """Nightly: no file with names lies about longer than it is needed."""
    papers.purge()
