"""Reads of batches of reports, and of who is sent them."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q

from cases.enums import DigestOutcome
from jinchuan.shared.clock import today
from jinchuan.shared.querysets import ScopedQuerySet
from organizations.models import Division

from ..enums import DONE, UNDER_WAY, EditionState


class ReportBatchQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Batches belong to the district: whoever reads all of it reads them."""
        allowed = user.has_perm("reports.view_reportbatch") and user.division_id
        home = Division.objects.filter(code=settings.HOME_DIVISION)
        if not allowed or not home.filter(path__startswith=user.division.path).exists():
            return self.none()
        return self

    def of_period(self, period):
        return self.filter(kind=period.kind, period=str(period))

    def unfinished(self):
        return self.filter(finished_at=None)

    def with_progress(self):
        """Annotate ``wanted``, ``done``, ``failed`` and ``under_way`` (queued or being built)."""
        state = "papers__edition__state"
        return self.annotate(
            wanted=Count("papers"),
            done=Count("papers", filter=Q(**{f"{state}__in": DONE})),
            failed=Count("papers", filter=Q(**{state: EditionState.FAILED})),
            under_way=Count("papers", filter=Q(**{f"{state}__in": UNDER_WAY})),
        )

    def for_list(self):
        return self.select_related("requested_by").with_progress()


class ReportRecipientQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("reports.view_reportrecipient"):
            return self.none()
        return self.filter(division__path__startswith=user.division.path)

    def active(self):
        return self.filter(is_active=True)

    def for_list(self):
        return self.select_related("division")


class ReportMailQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("reports.view_reportmail"):
            return self.none()
        return self.filter(recipient__division__path__startswith=user.division.path)

    def newest(self):
        """Of each report and person the last try."""
        later = self.model.objects.filter(
            edition=OuterRef("edition"), recipient=OuterRef("recipient"), pk__gt=OuterRef("pk")
        )
        return self.exclude(Exists(later))

    def lost(self, *, days=7):
        """Of these days: what did not go out, or may not have, and was not sent once more."""
        since = today() - timedelta(days=days)
        return self.newest().filter(
            outcome__in=[DigestOutcome.FAILED, DigestOutcome.UNCLEAR],
            started_at__date__gt=since,
            again_at=None,
        )

    def asked_again(self):
        """Somebody wants them sent once more, and they were not yet."""
        return self.newest().filter(again_at__isnull=False).order_by("again_at", "pk")

    def for_list(self):
        return self.select_related("edition", "recipient", "again_by")
