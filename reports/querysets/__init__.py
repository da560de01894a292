"""Reads of the reports app, by subject."""

from .editions import ReportEditionQuerySet
from .stories import (
    PublicationConsentQuerySet,
    PublicationQuerySet,
    StoryPersonQuerySet,
    StoryPhotoQuerySet,
    StoryQuerySet,
    StoryReleaseQuerySet,
)

__all__ = [
    "PublicationConsentQuerySet",
    "PublicationQuerySet",
    "ReportEditionQuerySet",
    "StoryPersonQuerySet",
    "StoryPhotoQuerySet",
    "StoryQuerySet",
    "StoryReleaseQuerySet",
]
