"""What becomes of stories when a household turns out to be another one, or its names are wiped (PIPL §47)."""

from django.db import transaction
from django.db.models import Q

from cases import merging, retaining
from jinchuan.intake.models import Attachment
from volunteers import merging as volunteer_merging

from .enums import Shown
from .models import (
    FindingWaiver,
    Publication,
    PublicationConsent,
    Story,
    StoryPerson,
    StoryPhoto,
    StoryRelease,
    StoryTransition,
)
from .models.stories import NAMELESS_TITLE


def declare() -> None:
    """Called when the apps are ready."""
    merging.moves("reports.Story.household", _stories_follow)
    merging.moves("reports.StoryPerson.member", _people_follow)
    volunteer_merging.moves("reports.StoryPerson.volunteer", _volunteers_follow)
    retaining.also(wipe)


def _stories_follow(merge) -> None:
    Story.objects.filter(household=merge.duplicate).update(household=merge.kept)


def _people_follow(merge) -> None:
    """The same person's consents follow, and so does the person; one the story shows twice stays where they were."""
    for pk, same in merge.people.items():
        twice = StoryPerson.objects.filter(member=same).values("story")
        StoryPerson.objects.filter(member=pk).exclude(story__in=twice).update(member=same)


def _volunteers_follow(kept, duplicate, *, by) -> None:
    twice = StoryPerson.objects.filter(volunteer=kept).values("story")
    StoryPerson.objects.filter(volunteer=duplicate).exclude(story__in=twice).update(volunteer=kept)


def wipe(household) -> None:
    """A household whose names are gone is told of in no story either: words, captions and files go, figures stay."""
    concerned = (
        Q(household=household) | Q(pairing__household=household) | Q(people__member__household=household)
    )
    stories = list(Story.objects.filter(concerned).values_list("pk", flat=True).distinct())
    releases = StoryRelease.objects.filter(story__in=stories)
    for release in releases.exclude(pack=""):
        _gone_when_certain(release.pack)
    releases.update(title=NAMELESS_TITLE, text="")
    # Before the words of the story: what is out must be what was released (reports.guards).
    Story.objects.filter(pk__in=stories).update(title=NAMELESS_TITLE, text="")
    StoryTransition.objects.filter(story__in=stories).update(reason="")
    FindingWaiver.objects.filter(story__in=stories).update(reason="")
    people = StoryPerson.objects.filter(story__in=stories)
    people.exclude(other_name="").update(other_name=retaining.NAMELESS)
    people.filter(shown=Shown.ALIAS).update(alias=NAMELESS_TITLE)
    given = PublicationConsent.objects.filter(person__story__in=stories)
    given.exclude(guardian_name="").update(guardian_name=retaining.NAMELESS)
    given.update(evidence="")
    Publication.objects.filter(outlet__release__story__in=stories).update(title=NAMELESS_TITLE, link="")
    photos = StoryPhoto.objects.filter(story__in=stories)
    attachments = Attachment.objects.filter(pk__in=photos.values("attachment"))
    files = [attachment.file for attachment in attachments]
    doomed = list(attachments.values_list("pk", flat=True))
    photos.delete()
    Attachment.objects.filter(pk__in=doomed).delete()
    for file in files:
        _gone_when_certain(file)


def _gone_when_certain(file) -> None:
    storage, name = file.storage, file.name
    transaction.on_commit(lambda: storage.delete(name))
