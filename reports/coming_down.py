"""What must come down: whatever stands in public, or lies at the media centre, without a consent that holds today."""

from .consenting import Missing, missing_of
from .enums import StoryState
from .models import Publication, ReleaseChannel, Story


def publications(rows=None) -> list[tuple[Publication, list[Missing]]]:
    """Publications that still stand although the story was withdrawn, or somebody's consent is missing, oldest first."""
    standing = list(
        (Publication.objects if rows is None else rows).standing().for_list().order_by("published_on", "pk")
    )
    lacking = missing_of({one.story.pk: one.story for one in standing}.values())
    found = []
    for one in standing:
        missing = lacking(one.story, one.outlet.channel)
        if missing or one.story.state == StoryState.WITHDRAWN:
            found.append((one, missing))
    return found


def stories(rows=None) -> dict[int, list[Missing]]:
    """Stories that have left the house and lack a consent on a channel they were released to: the media centre is to be told.

    The key is the story's; for a withdrawn story only what still stands counts (``publications``).
    """
    seen = Story.objects.all() if rows is None else Story.objects.filter(pk__in=rows.order_by().values("pk"))
    out = list(seen.out().only("pk"))
    lacking = missing_of(out)
    channels = ReleaseChannel.objects.filter(release__story__in=[story.pk for story in out])
    found = {}
    by_key = {story.pk: story for story in out}
    for story_id, channel in channels.order_by().values_list("release__story", "channel").distinct():
        missing = lacking(by_key[story_id], channel)
        if missing:
            found.setdefault(story_id, []).extend(missing)
    return found
