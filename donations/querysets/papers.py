from datetime import timedelta

from django.conf import settings

from jinchuan.shared.clock import now
from jinchuan.shared.querysets import ScopedQuerySet


class PaperQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """A print belongs to who asked for it: it may hold names that others see only masked."""
        return self.filter(requested_by=user) if user.has_perm("donations.view_paper") else self.none()

    def waiting(self):
        return self.filter(finished_at__isnull=True)

    def outdated(self):
        """With a file nobody should need any more."""
        kept = timedelta(hours=settings.PAPER_HOURS)
        return self.filter(finished_at__lt=now() - kept).exclude(pdf="")

    def for_list(self):
        return self.select_related("requested_by")
