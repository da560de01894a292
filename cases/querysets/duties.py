"""Standards, what is due by them, and who is reminded."""

from datetime import datetime, time, timedelta

from django.conf import settings

from jinchuan.shared.clock import SHANGHAI, today
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import (
    REMINDED_PAIRING_STATES,
    DigestOutcome,
    Outcome,
)
from .scope import below


class ServiceStandardQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        return self if user.has_perm("cases.view_servicestandard") else self.none()

    def in_force(self, on=None):
        """The standard that applies to windows beginning on the day: the newest that is effective by then."""
        return self.filter(effective_from__lte=on or today()).order_by("-effective_from")[:1]


class ObligationQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("cases.view_obligation"):
            return self.none()
        if user.organization_id:
            return self.filter(pairing__organization=user.organization_id)
        return self.filter(below(user, "pairing__household__community"))

    def open(self):
        return self.filter(state=Outcome.OPEN)

    def due(self, on=None, days=7):
        """Open ones whose window ends within so many days."""
        day = on or today()
        return self.open().filter(window_end__gt=day, window_end__lte=day + timedelta(days=days))

    def overdue(self, on=None):
        """Open ones whose window is over, while the grace still runs."""
        return self.open().filter(window_end__lte=on or today())

    def for_list(self):
        return self.select_related("pairing", "pairing__household", "pairing__organization", "rule")


class NoticeQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at__isnull=True)

    def news(self, on=None):
        """Unread, told of in no mail yet, and not older than some days."""
        since = (on or today()) - timedelta(days=settings.DIGEST_DAYS)
        return self.unread().filter(
            digest__isnull=True, created_at__gte=datetime.combine(since, time(), SHANGHAI)
        )

    def to_mail(self, user, on=None):
        """The news a mail of the day may tell the person of: about a pairing that goes on and a household the person
        may see now."""
        from ..models import Household

        return self.news(on).filter(
            user=user,
            pairing__state__in=REMINDED_PAIRING_STATES,
            pairing__household__in=Household.objects.visible_to(user),
        )


class DigestQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """One's own; all of them for who keeps the accounts and the mail server going."""
        return self if user.has_perm("organizations.manage_accounts") else self.filter(user=user)

    def lost(self, *, days=7):
        """Of these days: what did not go out, or may not have."""
        since = today() - timedelta(days=days)
        return self.filter(outcome__in=[DigestOutcome.FAILED, DigestOutcome.UNCLEAR], day__gt=since)

    def for_list(self):
        return self.select_related("user")
