"""The tables of the reports app, by subject."""

from .editions import EditionFile, EditionTransition, ReportEdition, file_path, pdf_path
from .released_stories import Publication, PublicationConsent, ReleaseChannel, StoryRelease
from .stories import FindingWaiver, Story, StoryPerson, StoryPhoto, StoryTransition

__all__ = [
    "EditionFile",
    "EditionTransition",
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
    "file_path",
    "pdf_path",
]
