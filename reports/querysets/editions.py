"""Reads of report editions and their files."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, Q

from jinchuan.shared.clock import now
from jinchuan.shared.codes import normalised
from jinchuan.shared.querysets import ScopedQuerySet
from organizations.models import Division, Organization, Program

from ..enums import EditionState


def of_scope(scope) -> dict:
    """The four columns of an edition about this scope."""
    match scope:
        case Division():
            filled = "division"
        case Organization():
            filled = "organization"
        case Program():
            filled = "program"
        case _:
            filled = "unit"
    return dict.fromkeys(("division", "organization", "program", "unit")) | {filled: scope}


class ReportEditionQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Places and organisations within one's own division; programmes and supervising units belong to the district. An
        organisation sees what was issued about itself."""
        if not user.has_perm("reports.view_reportedition"):
            return self.none()
        if user.organization_id:
            return self.issued().filter(organization=user.organization_id)
        path = user.division.path
        whole = Division.objects.filter(code=settings.HOME_DIVISION, path__startswith=path)
        return self.filter(
            Q(division__path__startswith=path)
            | Q(organization__division__path__startswith=path)
            | Q(Exists(whole), program__isnull=False)
            | Q(Exists(whole), unit__isnull=False)
        )

    def about(self, period, scope):
        """Every edition of one report, the latest first."""
        return self.filter(kind=period.kind, period=str(period), **of_scope(scope)).order_by("-number")

    def waiting(self):
        return self.filter(state=EditionState.QUEUED)

    def in_open_batch(self):
        """Those that take their turn: nobody waits for this one alone."""
        batch = self.model._meta.get_field("batches").related_model
        return self.filter(pk__in=batch.objects.filter(batch__finished_at=None).values("edition"))

    def issued(self):
        return self.filter(state=EditionState.ISSUED)

    def abandoned(self):
        """Being built by a worker that has given no sign of life for a while."""
        limit = now() - timedelta(seconds=settings.REPORT_HEARTBEAT_LIMIT)
        return self.filter(state=EditionState.BUILDING, heartbeat_at__lt=limit)

    def by_verify_code(self, typed):
        """The edition with this code, as it was typed or scanned; nothing when it cannot be one."""
        length = self.model._meta.get_field("verify_code").max_length
        code = normalised(typed, length)
        return self.filter(verify_code=code) if code else self.none()

    def with_scope(self):
        return self.select_related("division", "organization", "program", "unit")

    def for_list(self):
        return self.with_scope().select_related("requested_by").defer("facts", "words")


class EditionFileQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        editions = self.model._meta.get_field("edition").related_model
        return self.filter(edition__in=editions.objects.visible_to(user))
