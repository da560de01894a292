"""The tables of the reports app, by subject."""

from .batches import BatchEdition, ReportBatch, ReportMail, ReportRecipient
from .closings import ClosedFigures, Closing, ClosingTransition, Entry, Touched
from .editions import EditionFile, EditionTransition, ReportEdition, file_path, pdf_path
from .released_stories import Publication, PublicationConsent, ReleaseChannel, StoryRelease
from .stories import FindingWaiver, Story, StoryPerson, StoryPhoto, StoryTransition

__all__ = [
    "BatchEdition",
    "ClosedFigures",
    "Closing",
    "ClosingTransition",
    "EditionFile",
    "EditionTransition",
    "Entry",
    "FindingWaiver",
    "Publication",
    "PublicationConsent",
    "ReleaseChannel",
    "ReportBatch",
    "ReportEdition",
    "ReportMail",
    "ReportRecipient",
    "Story",
    "StoryPerson",
    "StoryPhoto",
    "StoryRelease",
    "StoryTransition",
    "Touched",
    "file_path",
    "pdf_path",
]
