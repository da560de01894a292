"""Thin shells: what Celery is told to do, each one call of a service and safe to run twice."""

from celery import shared_task
from django.conf import settings

from .services import batches, building, closings, mailing, story_packs


@shared_task(name="reports.build")
def build(edition_id: int) -> None:
    """Build one report. Nothing to do when another worker has it or it is finished."""
    building.build(edition_id)


@shared_task(name="reports.close_month")
def close_month(closing_id: int) -> None:
    """Close a month that somebody said is to be closed. Nothing to do when it is closed."""
    closings.finish(closing_id)


@shared_task(name="reports.start_batch")
def start_batch(batch_id: int) -> None:
    """One message for each report of a batch that waits, behind everything a person waits for."""
    _in_turn(batches.queued(batch_id))


@shared_task(name="reports.sweep")
def sweep() -> None:
    """Pick up what was left lying: closings, abandoned reports, and queued ones whose message got lost. Which got lost nobody knows;
    those of batches are only asked for as long as few messages wait, so that none drowns in copies of itself."""
    for closing_id in closings.sweep():
        close_month.delay(closing_id)
    for edition_id in building.sweep():
        build.delay(edition_id)
    waiting = batches.sweep()
    if waiting:
        _in_turn(waiting[: max(0, batches.SWEEP_MOST - build.backlog(settings.IN_TURN))])


@shared_task(name="reports.ensure_due")
def ensure_due() -> None:
    """On the first night of a month the reports that are due are asked for; later runs find them there."""
    for batch in batches.ensure_due():
        start_batch.delay(batch.pk)


@shared_task(name="reports.tell_issued")
def tell_issued() -> None:
    """Every hour: organisations hear of their statements, and whom the bureau named is mailed the reports."""
    mailing.tell_organizations()
    mailing.mail_issued()


@shared_task(name="reports.tidy")
def tidy() -> None:
    """Nightly: no file without a report, no note that nobody reads."""
    building.tidy()
    closings.tidy()


@shared_task(name="reports.pack_story")
def pack_story(release_id: int) -> None:
    """Make the pack of one edition of a story. Nothing to do when it is finished."""
    story_packs.make_pack(release_id)


@shared_task(name="reports.sweep_packs")
def sweep_packs() -> None:
    """Make what was left lying because its message got lost or its worker was killed."""
    for release_id in story_packs.forgotten():
        pack_story.delay(release_id)


def _in_turn(edition_ids) -> None:
    for edition_id in edition_ids:
        build.apply_async([edition_id], queue=settings.IN_TURN)
