"""Reads of the sheets app."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from jinchuan.shared.clock import now
from jinchuan.shared.querysets import ScopedQuerySet

from .enums import CHECKED_AND_OVER, WITH_A_WORKER, ImportState


class SheetImportQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """A file is for the person who handed it in."""
        return self.filter(uploaded_by=user)

    def waiting(self):
        """Those that a worker is to take up."""
        return self.filter(state__in=[ImportState.QUEUED, ImportState.CONFIRMED])

    def with_a_worker(self):
        return self.filter(state__in=WITH_A_WORKER)

    def forgotten(self):
        """Files nobody came back to: not confirmed, not put right, or never even checked."""
        limit = now() - timedelta(hours=settings.IMPORT_KEPT_HOURS)
        left_lying = Q(state__in=[ImportState.QUEUED, ImportState.READY, *CHECKED_AND_OVER])
        return self.filter(left_lying, dropped_at__isnull=True, uploaded_at__lt=limit)
