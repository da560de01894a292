"""The bureau's pages on reports and good stories."""

from . import editions, figures, released_stories, stories, story_parts

__all__ = ["editions", "figures", "released_stories", "stories", "story_parts"]
