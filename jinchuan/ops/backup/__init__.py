"""Backup to a folder, and restore from one: the database, the files, a manifest that proves them; never the keys."""

from .making import make
from .manifest import BackupError
from .restoring import restore

__all__ = ["BackupError", "make", "restore"]
