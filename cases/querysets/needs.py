"""Needs and the claims on them."""

from django.db.models import Exists, OuterRef, Q

from jinchuan.shared.clock import today
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import (
    CareNeedState,
    ClaimState,
    HouseholdState,
)
from .scope import below


class CareNeedQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Staff: needs of their division. An organisation: the open ones, in public words, those it claimed or found."""
        if not user.has_perm("cases.view_careneed"):
            return self.none()
        if user.organization_id:
            from ..models import Claim

            mine = Claim.objects.filter(organization=user.organization_id, need=OuterRef("pk"))
            found = Q(visit__organization=user.organization_id)
            return self.filter(Q(state=CareNeedState.OPEN) & ~Q(public_words="") | found | Exists(mine))
        return self.filter(below(user, "household__community"))

    def open(self):
        return self.filter(state=CareNeedState.OPEN)

    def unmet(self):
        return self.filter(state__in=[CareNeedState.OPEN, CareNeedState.CLAIMED])

    def offered(self):
        """Open, with words fit for organisations, of a household that is still in the programme."""
        return self.open().exclude(public_words="").exclude(household__state=HouseholdState.EXITED)

    def overdue(self, on=None):
        return self.unmet().filter(due_on__lt=on or today())

    def for_list(self):
        return self.select_related("household", "household__community", "household__community__parent")


class ClaimQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("cases.view_claim"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        return self.filter(below(user, "need__household__community"))

    def live(self):
        return self.filter(state=ClaimState.LIVE)

    def hold_over(self, on=None):
        return self.live().filter(hold_until__lt=on or today())

    def fulfilled_by(self, code):
        """Those that the matter (or delivery) of that code fulfilled."""
        from ..models import ClaimTransition

        step = ClaimTransition.objects.filter(
            claim=OuterRef("pk"), to_state=ClaimState.FULFILLED, reason=code
        )
        return self.filter(Exists(step), state=ClaimState.FULFILLED)

    def for_list(self):
        return self.select_related("need__household__community__parent", "organization")
