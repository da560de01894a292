"""A story as an organisation hands it in: its words, people and photos at once, the first time and after it came back."""

from jinchuan.audit.services import verb

from ..enums import Shown
from ..models import Story
from . import stories, story_people

_HOW = ("shown", "alias", "photo", "is_minor")


@verb
def hand_in(*, by, people, photos, captions=(), **fields) -> Story:
    """Write a story and submit it. ``people`` are those who appear (as ``show_person`` takes them), ``photos`` attachments,
    ``captions`` theirs in the same order."""
    story = stories.write_story(by=by, **fields)
    _show(story, people, by=by)
    _illustrate(story, photos, captions, by=by)
    return stories.submit_story(story, by=by)


@verb
def hand_in_again(story, *, by, people, photos, captions=(), version=None, **fields) -> Story:
    """Send a returned story once more, put right. New photos come after those that are there."""
    story = stories.edit_story(story, by=by, version=version, **fields)
    _show(story, people, by=by)
    _illustrate(story, photos, captions, by=by)
    return stories.submit_story(story, by=by)


def _show(story, people, *, by) -> None:
    """Who is named again is shown as it says now; who is not named any more no longer appears."""
    there = {
        (one.member, one.volunteer, one.other_name): one
        for one in story.people.select_related("member", "volunteer")
    }
    for told in people:
        key = (told.get("member"), told.get("volunteer"), told.get("other_name", ""))
        if person := there.pop(key, None):
            story_people.change_person(person, by=by, **{name: told[name] for name in _HOW})
        else:
            story_people.show_person(story, by=by, **told)
    for person in there.values():
        story_people.change_person(person, by=by, shown=Shown.HIDDEN, alias="", photo=False)


def _illustrate(story, photos, captions, *, by) -> None:
    kept = list(story.photos.order_by("number"))
    words = [*captions, *[""] * (len(kept) + len(photos))]
    for photo, caption in zip(kept, words, strict=False):
        if photo.caption != caption:
            story_people.change_photo(photo, by=by, caption=caption)
    for attachment, caption in zip(photos, words[len(kept) :], strict=False):
        story_people.add_photo(story, by=by, attachment=attachment, caption=caption)
