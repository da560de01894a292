"""The bureau's pages on reports and good stories."""

from . import batches, editions, released_stories, stories, story_parts

__all__ = ["batches", "editions", "released_stories", "stories", "story_parts"]
