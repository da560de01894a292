"""Reads of the cases app."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, Subquery

from jinchuan.shared.clock import today
from jinchuan.shared.querysets import ScopedQuerySet

from .enums import (
    OPEN_PAIRING_STATES,
    REACHED_PAIRING_STATES,
    STARTED_PAIRING_STATES,
    ConsentPurpose,
    HouseholdState,
    PairingRole,
    PairingState,
    Relation,
)


def _below(user, field) -> Q:
    return Q(**{f"{field}__path__startswith": user.division.path})


class HouseholdQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Staff: the households of their division. An organisation: those it is paired with *and* that agreed."""
        if not user.has_perm("cases.view_household"):
            return self.none()
        if user.organization_id:
            return self.shared_with(user.organization_id)
        return self.filter(_below(user, "community"))

    def shared_with(self, organization_id, on=None):
        """Paired with the organisation now, with a share consent in force that names it (PIPL §23)."""
        from .models import Consent, Pairing

        pairing = Pairing.objects.filter(
            household=OuterRef("pk"), organization=organization_id, state=PairingState.ACTIVE
        )
        consent = Consent.objects.sharing(on or today()).filter(
            household=OuterRef("pk"), organization=organization_id
        )
        return self.filter(Exists(pairing), Exists(consent))

    def present(self):
        return self.exclude(state=HouseholdState.EXITED)

    def unpaired(self):
        """Verified households without an open pairing: the ones that wait for a helper."""
        from .models import Pairing

        pairing = Pairing.objects.open().filter(household=OuterRef("pk"))
        return self.filter(state__in=[HouseholdState.VERIFIED, HouseholdState.ACTIVE]).exclude(
            Exists(pairing)
        )

    def with_head(self):
        """Annotate ``head_name`` (full) and ``head_pinyin`` of the present head of the household."""
        from .models import Member

        head = Member.objects.filter(household=OuterRef("pk"), relation=Relation.HEAD, left_on__isnull=True)
        return self.annotate(
            head_name=Subquery(head.values("name")[:1]), head_pinyin=Subquery(head.values("name_pinyin")[:1])
        )

    def for_list(self):
        return self.with_head().select_related("community", "community__parent")


class MemberQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from .models import Household

        if not user.has_perm("cases.view_member"):
            return self.none()
        if user.organization_id:
            return self.filter(household__in=Household.objects.visible_to(user))
        return self.filter(_below(user, "household__community"))

    def present(self, on=None):
        """Living in the household on the day: [joined_on, left_on)."""
        day = on or today()
        return self.filter(joined_on__lte=day).filter(Q(left_on__isnull=True) | Q(left_on__gt=day))

    def for_list(self):
        return self.select_related("household", "household__community")


class OfHouseholdQuerySet(ScopedQuerySet):
    """Rows that hang on a household and are seen by staff who may see it."""

    def _visible_to(self, user):
        if user.organization_id or not user.has_perm("cases.view_household"):
            return self.none()
        return self.filter(_below(user, "household__community"))


class HardshipQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if user.organization_id or not user.has_perm("cases.view_hardship"):
            return self.none()
        return self.filter(_below(user, "member__household__community"))

    def in_force(self, on=None):
        day = on or today()
        return self.filter(started_on__lte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))


class EligibilityReviewQuerySet(OfHouseholdQuerySet):
    pass


class ConsentQuerySet(OfHouseholdQuerySet):
    def in_force(self, on=None):
        """Given, not run out, not withdrawn. Withdrawal takes effect the day it is recorded."""
        day = on or today()
        return (
            self.filter(given_on__lte=day)
            .filter(Q(expires_on__isnull=True) | Q(expires_on__gt=day))
            .filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day))
        )

    def sharing(self, on=None):
        return self.in_force(on).filter(purpose=ConsentPurpose.SHARE_WITH_ORGANIZATION)

    def for_list(self):
        return self.select_related("household", "organization", "member")


class PairingQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("cases.view_pairing"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        return self.filter(_below(user, "household__community"))

    def open(self):
        return self.filter(state__in=OPEN_PAIRING_STATES)

    def active(self):
        return self.filter(state=PairingState.ACTIVE)

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
        from .models import Member

        head = Member.objects.filter(
            household=OuterRef("household"), relation=Relation.HEAD, left_on__isnull=True
        )
        return self.select_related("household", "household__community", "organization").annotate(
            head_name=Subquery(head.values("name")[:1]), community_name=F("household__community__name")
        )
