"""The bureau's pages on reports and good stories."""

from . import batches, closings, editions, released_stories, stories, story_parts

__all__ = ["batches", "closings", "editions", "released_stories", "stories", "story_parts"]
