"""Brings the database, the cache table and the static files to this version of the program."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Brings the database, the cache table and the static files to this version. May run at any time, twice too."

    def handle(self, *, verbosity, **options):
        call_command("migrate", interactive=False, verbosity=min(verbosity, 1))
        call_command("createcachetable", verbosity=0)
        self._collect_static(verbosity)

    def _collect_static(self, verbosity):
        """Hashing and compressing takes seconds, so it is left out when no file changed since the last time."""
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        stamp = settings.STATIC_ROOT / ".collected"
        state = _fingerprint()
        if stamp.exists() and stamp.read_text(encoding="utf-8") == state:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state, encoding="utf-8")
        if verbosity:
            self.stdout.write("Static files collected.")


def _fingerprint():
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            size, changed = storage.size(path), storage.get_modified_time(path)
            digest.update(f"{path}\0{size}\0{changed.timestamp()}\0".encode())
    return digest.hexdigest()
