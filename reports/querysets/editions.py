"""Reads of the reports app."""

from datetime import timedelta

from django.conf import settings

from jinchuan.shared.clock import now
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import EditionState


class ReportEditionQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("reports.view_reportedition"):
            return self.none()
        return self.filter(scope__path__startswith=user.division.path)

    def waiting(self):
        return self.filter(state=EditionState.QUEUED)

    def abandoned(self):
        """Being built by a worker that has given no sign of life for a while."""
        limit = now() - timedelta(seconds=settings.REPORT_HEARTBEAT_LIMIT)
        return self.filter(state=EditionState.BUILDING, heartbeat_at__lt=limit)

    def for_list(self):
        return self.select_related("scope", "requested_by").defer("facts")
