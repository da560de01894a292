"""Thin shells: what Celery is told to do, each one call of a service and safe to run twice."""

from celery import shared_task

from .services import building, editions, story_packs


@shared_task(name="reports.build")
def build(edition_id: int) -> None:
    """Build one report. Nothing to do when another worker has it or it is finished."""
    building.build(edition_id)


@shared_task(name="reports.sweep")
def sweep() -> None:
    """Pick up what was left lying: abandoned reports, and queued ones whose message got lost."""
    for edition_id in building.sweep():
        build.delay(edition_id)


@shared_task(name="reports.ensure_month")
def ensure_month() -> None:
    """On the first night of a month its report of the month before is asked for; later runs find it there."""
    edition = editions.ensure_last_month()
    build.delay(edition.pk)


@shared_task(name="reports.tidy")
def tidy() -> None:
    """Nightly: no file without a report."""
    building.tidy()


@shared_task(name="reports.pack_story")
def pack_story(release_id: int) -> None:
    """Make the pack of one edition of a story. Nothing to do when it is finished."""
    story_packs.make_pack(release_id)


@shared_task(name="reports.sweep_packs")
def sweep_packs() -> None:
    """Make what was left lying because its message got lost or its worker was killed."""
    for release_id in story_packs.forgotten():
        pack_story.delay(release_id)
