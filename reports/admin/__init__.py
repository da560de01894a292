"""The bureau's pages on reports and good stories."""

from . import editions, released_stories, stories, story_parts

__all__ = ["editions", "released_stories", "stories", "story_parts"]
