"""Reads of closed months and their ledger."""

from django.conf import settings
from django.db import models

from jinchuan.shared.months import Month
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import ClosingState


class ClosingQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        return self if user.has_perm("reports.view_closing") else self.none()

    def in_force(self):
        return self.filter(state=ClosingState.CLOSED)

    def unfinished(self):
        """Begun, and not closed yet."""
        return self.filter(state=ClosingState.CLOSING)

    def left_lying(self):
        """The unfinished that are to be tried (again), and that nobody is at work on: whoever is, holds the row."""
        tried = self.unfinished().filter(attempts__lt=settings.REPORT_ATTEMPTS_MOST)
        return tried.select_for_update(skip_locked=True, no_key=True)

    def newest(self):
        """The closing of the latest month that is closed, or None."""
        return self.in_force().order_by("-month").first()

    def newest_month(self) -> Month | None:
        newest = self.newest()
        return newest.period if newest else None

    def of(self, month: Month):
        return self.in_force().filter(month=str(month)).first()

    def for_list(self):
        return self.select_related("begun_by", "closed_by", "reopening_asked_by", "reopened_by")


class EntryQuerySet(models.QuerySet):
    """The ledger. It names rows by their numbers alone; who may open them is their own register's matter."""

    def in_force(self):
        return self.filter(closing__state=ClosingState.CLOSED)

    def whole(self):
        """Lines of the whole figures, without those of the hardship categories."""
        return self.filter(category="")


class ClosedFiguresQuerySet(models.QuerySet):
    def of(self, scope: str):
        return self.filter(scope=scope)


class TouchedQuerySet(models.QuerySet):
    """Rows of the registers by their numbers alone."""

    def of(self, model):
        return self.filter(table=model._meta.db_table)

    def note_everything(self):
        """Until the next closing everything is compared."""
        self.create(table="", row=0, is_new=False)

    def tell_everything(self) -> bool:
        """Are they all that may differ?"""
        return not self.filter(table="").exists()
