"""The tables of the reports app, by subject."""

from .closings import ClosedFigures, Closing, ClosingTransition, Entry
from .editions import EditionTransition, ReportEdition, pdf_path
from .released_stories import Publication, PublicationConsent, ReleaseChannel, StoryRelease
from .stories import FindingWaiver, Story, StoryPerson, StoryPhoto, StoryTransition

__all__ = [
    "ClosedFigures",
    "Closing",
    "ClosingTransition",
    "EditionTransition",
    "Entry",
    "FindingWaiver",
    "Publication",
    "PublicationConsent",
    "ReleaseChannel",
    "ReportEdition",
    "Story",
    "StoryPerson",
    "StoryPhoto",
    "StoryRelease",
    "StoryTransition",
    "pdf_path",
]
