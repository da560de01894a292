"""Pairings."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery

from jinchuan.shared.clock import today
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import (
    OPEN_PAIRING_STATES,
    REACHED_PAIRING_STATES,
    RUNNING_PAIRING_STATES,
    STARTED_PAIRING_STATES,
    PairingRole,
    PairingState,
    Relation,
)
from .scope import below


class PairingQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("cases.view_pairing"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        return self.filter(below(user, "household__community"))

    def open(self):
        return self.filter(state__in=OPEN_PAIRING_STATES)

    def running(self):
        """Begun and not over: active, suspended, or being wound up."""
        return self.filter(state__in=RUNNING_PAIRING_STATES)

    def active(self):
        return self.filter(state=PairingState.ACTIVE)

    def open_on(self, day):
        """Those that had begun and were not over on the day: [started_on, ended_on)."""
        return self.filter(started_on__lte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def in_grace(self, on=None):
        """Ended so many days ago or less: [ended_on, ended_on + ``GRACE_AFTER_END_DAYS``)."""
        day = on or today()
        return self.filter(
            ended_on__lte=day, ended_on__gt=day - timedelta(days=settings.GRACE_AFTER_END_DAYS)
        )

    def auxiliary(self):
        """The pairings of social organisations; leads are cadres of public bodies and are counted elsewhere."""
        return self.filter(role=PairingRole.AUXILIARY)

    def reached(self):
        """Intentions reached: registered, and not declined, expired or withdrawn since."""
        return self.filter(state__in=REACHED_PAIRING_STATES)

    def started(self):
        return self.filter(state__in=STARTED_PAIRING_STATES)

    def hold_over(self, on=None):
        """Intentions whose hold ended before the day."""
        return self.filter(state=PairingState.INTENTION, hold_until__lt=on or today())

    def hold_ending(self, on=None):
        """Intentions whose hold ends within the week."""
        day = on or today()
        return self.filter(
            state=PairingState.INTENTION,
            hold_until__gte=day,
            hold_until__lte=day + timedelta(days=settings.HOLD_WARNING_DAYS),
        )

    def for_list(self):
        from ..models import Member

        head = Member.objects.filter(
            household=OuterRef("household"), relation=Relation.HEAD, left_on__isnull=True
        ).order_by()
        return self.select_related("household", "household__community", "organization").annotate(
            head_name=Subquery(head.values("name")[:1]), community_name=F("household__community__name")
        )
