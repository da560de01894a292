"""The bureau's pages on reports and good stories."""

from . import closings, editions, released_stories, stories, story_parts

__all__ = ["closings", "editions", "released_stories", "stories", "story_parts"]
