"""Thin shells: what Celery is told to do, each one call of a service and safe to run twice."""

from uuid import UUID

from celery import shared_task

from . import services


@shared_task(name="sheets.work")
def work(key: str) -> None:
    """Check or write one import. Nothing to do when another worker has it, or it waits for a person."""
    services.work(UUID(key))


@shared_task(name="sheets.sweep")
def sweep() -> None:
    """Pick up what was left lying: abandoned imports, and waiting ones whose message got lost."""
    for key in services.sweep():
        work.delay(str(key))


@shared_task(name="sheets.tidy")
def tidy() -> None:
    """Hourly: files nobody came back to are thrown away."""
    services.tidy()
