"""Reads of the reports app, by subject."""

from .closings import ClosedFiguresQuerySet, ClosingQuerySet, EntryQuerySet
from .editions import ReportEditionQuerySet
from .stories import (
    OfStoryQuerySet,
    PublicationConsentQuerySet,
    PublicationQuerySet,
    ReleaseChannelQuerySet,
    StoryPersonQuerySet,
    StoryPhotoQuerySet,
    StoryQuerySet,
    StoryReleaseQuerySet,
)

__all__ = [
    "ClosedFiguresQuerySet",
    "ClosingQuerySet",
    "EntryQuerySet",
    "OfStoryQuerySet",
    "PublicationConsentQuerySet",
    "PublicationQuerySet",
    "ReleaseChannelQuerySet",
    "ReportEditionQuerySet",
    "StoryPersonQuerySet",
    "StoryPhotoQuerySet",
    "StoryQuerySet",
    "StoryReleaseQuerySet",
]
