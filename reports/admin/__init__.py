"""The bureau's pages on reports and good stories."""

from . import batches, closings, editions, figures, mails, released_stories, stories, story_parts

__all__ = [
    "batches",
    "closings",
    "editions",
    "figures",
    "mails",
    "released_stories",
    "stories",
    "story_parts",
]
