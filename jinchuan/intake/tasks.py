from celery import shared_task

from . import services


@shared_task(name="intake.purge_drafts")
def purge_drafts() -> None:
    """Nightly: drafts nobody has touched for a month are deleted with their files."""
    services.purge_drafts()
