"""Reads of the reports app, by subject."""

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
