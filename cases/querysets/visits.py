"""Visits, contacts and the matters they settled."""

from django.db.models import Exists, OuterRef, Prefetch, Subquery

from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import (
    Relation,
    VisitState,
)
from .scope import below


class VisitQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Staff: visits to households of their division. An organisation: those it made itself."""
        if not user.has_perm("cases.view_visit"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        from ..models import VisitHousehold

        mine = VisitHousehold.objects.filter(below(user, "household__community"), visit=OuterRef("pk"))
        return self.filter(Exists(mine))

    def confirmed(self):
        return self.filter(state=VisitState.CONFIRMED)

    def waiting(self):
        return self.filter(state=VisitState.SUBMITTED)

    def returned(self):
        return self.filter(state=VisitState.RETURNED)

    def made(self):
        """Not the attempts that found nobody."""
        return self.filter(was_made=True)

    def to(self, household):
        """Those that reached the household, or tried to."""
        from ..models import VisitHousehold

        return self.filter(
            pk__in=VisitHousehold.objects.filter(household=household).order_by().values("visit")
        )

    def for_list(self):
        from ..models import VisitHousehold

        return self.select_related("organization").prefetch_related(
            Prefetch("visited", VisitHousehold.objects.for_list())
        )

    def for_reader(self, user):
        """As ``for_list``, but of the households visited those alone that the reader may know of."""
        from ..models import VisitHousehold

        mine = VisitHousehold.objects.visible_to(user)
        rows = self.select_related("organization").prefetch_related(None)
        return rows.prefetch_related(Prefetch("visited", mine.for_list()))


class VisitHouseholdQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Staff: those of their division, whatever else the visit went to. An organisation: where it went itself."""
        if not user.has_perm("cases.view_visit"):
            return self.none()
        if user.organization_id:
            return self.filter(visit__organization=user.organization_id)
        return self.filter(below(user, "household__community"))

    def counted(self):
        """One household reached by one confirmed visit: one 人次."""
        return self.filter(visit__state=VisitState.CONFIRMED, visit__was_made=True)

    def for_list(self):
        """With the name of the household's head (``head_name``, full: mask it)."""
        from ..models import Member

        head = Member.objects.filter(
            household=OuterRef("household"), relation=Relation.HEAD, left_on__isnull=True
        ).order_by()
        return (
            self.select_related("household", "household__community")
            .annotate(head_name=Subquery(head.values("name")[:1]))
            .order_by("visit_id", "id")
        )


class MatterQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("cases.view_matter"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        return self.filter(below(user, "household__community"))

    def confirmed(self):
        return self.filter(state=VisitState.CONFIRMED)

    def waiting(self):
        return self.filter(state=VisitState.SUBMITTED)

    def returned(self):
        return self.filter(state=VisitState.RETURNED)

    def for_list(self):
        return self.select_related("household", "organization", "visit", "need")
