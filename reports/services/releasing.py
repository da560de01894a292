"""Writes on stories that leave the house: release, where they were published, taking down. Nothing passes without consent."""

from django.db.models import Max

from jinchuan.audit.services import change, create, lock, move, record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused

from ..enums import OUT, StoryState
from ..models import Publication, ReleaseChannel, StoryRelease
from .stories import CHECK_OWN_WORDS, digest_of, refuse_what_is_missing

NOT_COMPLETE = "稿件还没有核对齐同意，不能送出。请先办理“核对同意”。"
WORDS_CHANGED = "稿件与核对同意时不一样，请重新核对同意。"
NOT_RELEASED = "这篇稿件没有向这个渠道送出过，请先送出，再登记发布。"
DOWN_ALREADY = "这一处已经登记撤下。"


@verb
def release_story(story, *, by, channels) -> StoryRelease:
    """Let exactly what was agreed to go to these channels, as a new edition; its pack is the worker's business.

    The consents it rests on are held until the release is written: one that is withdrawn at the same moment comes before, and
    refuses it, or after, and stands on the list of what must come down. The database asks for them once more
    (``reports.guards``).
    """
    require(by, "reports.release_story", story)
    story = lock(story)
    if story.state not in (StoryState.CONSENTED, *OUT):
        raise Refused(NOT_COMPLETE)
    if story.text_by_id == by.pk:
        raise Refused(CHECK_OWN_WORDS)
    if digest_of(story) != story.digest:
        raise Refused(WORDS_CHANGED)
    refuse_what_is_missing(story, channels, hold=True)
    number = (story.releases.aggregate(last=Max("number"))["last"] or 0) + 1
    release = create(
        StoryRelease(
            story=story,
            number=number,
            title=story.title,
            text=story.text,
            digest=story.digest,
            released_on=today(),
            released_at=now(),
            released_by=by,
        ),
        by=by,
        action="release_story",
    )
    ReleaseChannel.objects.bulk_create(
        ReleaseChannel(release=release, channel=channel) for channel in dict.fromkeys(channels)
    )
    record("channels", release, by=by, after={"channels": "、".join(channels)})
    if story.state == StoryState.CONSENTED:
        move(story, StoryState.RELEASED, by=by, released_on=today())
    return release


@verb
def record_publication(story, *, by, channel, title, published_on, link="") -> Publication:
    """Enter where it stood. A publication that nobody agreed to any more is entered too, for it must come down."""
    require(by, "reports.add_publication", story)
    story = lock(story)
    outlet = ReleaseChannel.objects.filter(release__story=story, channel=channel).order_by("pk").last()
    if story.state not in (*OUT, StoryState.WITHDRAWN) or outlet is None:
        raise Refused({"channel": NOT_RELEASED})
    publication = create(
        Publication(
            outlet=outlet,
            title=title,
            link=link,
            published_on=published_on,
            recorded_at=now(),
            recorded_by=by,
        ),
        by=by,
        action="publish",
    )
    if story.state == StoryState.RELEASED:
        move(story, StoryState.PUBLISHED, by=by)
    return publication


@verb
def take_down(publication, *, by, how, on=None) -> Publication:
    """Enter that it no longer stands there, since when, and how that was brought about."""
    require(by, "reports.change_publication", publication)
    publication = lock(publication)
    if publication.taken_down_on:
        raise Refused(DOWN_ALREADY)
    return change(
        publication,
        by=by,
        action="take_down",
        taken_down_on=on or today(),
        taken_down_how=how,
        taken_down_by=by,
    )
