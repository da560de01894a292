"""Reads of the reports app, by subject."""

from .batches import ReportBatchQuerySet, ReportMailQuerySet, ReportRecipientQuerySet
from .closings import ClosedFiguresQuerySet, ClosingQuerySet, EntryQuerySet, TouchedQuerySet
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
    "ClosedFiguresQuerySet",
    "ClosingQuerySet",
    "EditionFileQuerySet",
    "EntryQuerySet",
    "OfStoryQuerySet",
    "PublicationConsentQuerySet",
    "PublicationQuerySet",
    "ReleaseChannelQuerySet",
    "ReportBatchQuerySet",
    "ReportEditionQuerySet",
    "ReportMailQuerySet",
    "ReportRecipientQuerySet",
    "StoryPersonQuerySet",
    "StoryPhotoQuerySet",
    "StoryQuerySet",
    "StoryReleaseQuerySet",
    "TouchedQuerySet",
]
