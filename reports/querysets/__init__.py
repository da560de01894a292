"""Reads of the reports app, by subject."""

from .editions import EditionFileQuerySet, ReportEditionQuerySet
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
    "EditionFileQuerySet",
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
