"""Writes on who and what a story shows, and on what volunteers and other people agreed to."""

from django.db.models import Max

from jinchuan.audit.services import change, create, lock, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused

from ..consenting import is_protected
from ..enums import WRITABLE
from ..models import PublicationConsent, Story, StoryPerson, StoryPhoto
from .stories import NOT_VISIBLE, fall_back

ALREADY_WITHDRAWN = "这份同意已经撤回。"
NOTHING_AGREED = "请选择同意公开哪些内容，以及同意在哪些渠道公开。"
PHOTO_ELSEWHERE = "这张照片不属于这篇故事。"
ONLY_PHOTOS = "随稿的只能是照片，请选 JPG 或 PNG 照片。"


@verb
def show_person(story, *, by, member=None, volunteer=None, other_name="", **fields) -> StoryPerson:
    """Say that somebody appears in the story, and how. Whether it is a child, or one who may never be recognised, the register
    knows."""
    story = _open(story, by)
    for row in (member, volunteer):
        if row is not None and not type(row).objects.visible_to(by).filter(pk=row.pk).exists():
            raise Refused(NOT_VISIBLE)
    person = StoryPerson(story=story, member=member, volunteer=volunteer, other_name=other_name, **fields)
    _told_by_register(person)
    return create(person, by=by, action="show")


@verb
def change_person(person, *, by, version=None, **fields) -> StoryPerson:
    """Show somebody another way; ``hidden`` takes them out of the story."""
    _open(person.story, by)
    person = lock(person, version=version)
    for name, value in fields.items():
        setattr(person, name, value)
    _told_by_register(person)
    known = {"is_minor": person.is_minor, "is_protected": person.is_protected}
    return change(person, by=by, **fields | known)


@verb
def add_photo(story, *, by, attachment, caption="", number=None) -> StoryPhoto:
    """Put an attached photo to the story."""
    story = _open(story, by)
    if not attachment.content_type.startswith("image/"):
        raise Refused(ONLY_PHOTOS)
    last = story.photos.aggregate(last=Max("number"))["last"] or 0
    photo = StoryPhoto(story=story, attachment=attachment, caption=caption, number=number or last + 1)
    return create(photo, by=by, action="add_photo")


@verb
def change_photo(photo, *, by, version=None, caption=None, is_used=None) -> StoryPhoto:
    """Another caption, or not to be used."""
    _open(photo.story, by)
    given = {"caption": caption, "is_used": is_used}
    return change(
        photo, by=by, version=version, **{name: value for name, value in given.items() if value is not None}
    )


@verb
def record_publication_consents(
    person, *, by, items, channels, given_on=None, **fields
) -> list[PublicationConsent]:
    """Keep what a volunteer or another person signed for this story: one row for each item and channel."""
    require(by, "reports.check_story", person.story)
    if not items or not channels:
        raise Refused(NOTHING_AGREED)
    rows = [
        PublicationConsent(
            person=person,
            item=item,
            channel=channel,
            given_on=given_on or today(),
            recorded_by=by,
            **fields,
        )
        for item in items
        for channel in channels
    ]
    return [create(row, by=by) for row in rows]


@verb
def withdraw_publication_consent(consent, *, by, on=None) -> PublicationConsent:
    """From this moment on it does not count; what stands on that channel must come down."""
    require(by, "reports.check_story", consent.person.story)
    consent = lock(consent)
    if consent.withdrawn_on:
        raise Refused(ALREADY_WITHDRAWN)
    return change(consent, by=by, action="withdraw", withdrawn_on=on or today())


def _open(story, by) -> Story:
    """The locked story, if this person may still change who and what it shows."""
    require(by, "reports.change_story", story)
    story = lock(story)
    if story.state not in WRITABLE:
        require(by, "reports.check_story", story)
    return fall_back(story, by=by)


def _told_by_register(person) -> None:
    if not person.member_id:
        return
    day = person.story.happened_on
    person.is_minor = person.is_minor or person.member.is_minor_on(today())
    person.is_protected = is_protected(person.member, day)
