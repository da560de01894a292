"""Households, their people, what was verified and consented."""

from django.db.models import Exists, OuterRef, Q, Subquery

from jinchuan.shared.clock import today
from jinchuan.shared.naming import CalledQuerySet
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import (
    RUNNING_PAIRING_STATES,
    ConsentPurpose,
    HouseholdState,
    Relation,
)
from .scope import below


class HouseholdQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Staff: the households of their division. An organisation: those it is paired with *and* that agreed."""
        if not user.has_perm("cases.view_household"):
            return self.none()
        if user.organization_id:
            return self.shared_with(user.organization_id)
        return self.filter(below(user, "community"))

    def shared_with(self, organization_id, on=None):
        """Paired with the organisation now, with a share consent in force that names it (PIPL §23)."""
        from ..models import Consent, Pairing

        pairing = Pairing.objects.filter(
            household=OuterRef("pk"), organization=organization_id, state__in=RUNNING_PAIRING_STATES
        )
        consent = Consent.objects.sharing(on or today()).filter(
            household=OuterRef("pk"), organization=organization_id
        )
        return self.filter(Exists(pairing), Exists(consent))

    def remembered_by(self, organization_id, on=None):
        """Those that were shared with the organisation until its pairing ended, for some days (docs/adr/0011): under the
        code it still finds what it wrote itself, and learns nothing new. Withdrawing the consent ends this too."""
        from ..models import Consent, Pairing

        day = on or today()
        ours = Pairing.objects.filter(household=OuterRef("pk"), organization=organization_id)
        consent = Consent.objects.sharing(day).filter(household=OuterRef("pk"), organization=organization_id)
        return self.filter(Exists(ours.in_grace(day)), ~Exists(ours.running()), Exists(consent))

    def present(self):
        return self.exclude(state=HouseholdState.EXITED)

    def unpaired(self):
        """Verified households without an open pairing: the ones that wait for a helper."""
        from ..models import Pairing

        pairing = Pairing.objects.open().filter(household=OuterRef("pk"))
        return self.filter(state__in=[HouseholdState.VERIFIED, HouseholdState.ACTIVE]).exclude(
            Exists(pairing)
        )

    def with_head(self):
        """Annotate ``head_name`` (full) of the present head of the household; ``head_pinyin`` is there to sort by."""
        from ..models import Member

        head = Member.objects.filter(household=OuterRef("pk"), relation=Relation.HEAD, left_on__isnull=True)
        head = head.order_by()  # there is one, and in no order it is found by its index alone
        return self.annotate(head_name=Subquery(head.values("name")[:1])).alias(
            head_pinyin=Subquery(head.values("name_pinyin")[:1])
        )

    def for_list(self):
        return self.with_head().select_related("community")

    def for_cards(self):
        """As organisations see them: with the street, by the head's name."""
        rows = self.for_list().select_related("community__parent")
        return rows.order_by("head_pinyin", "code")


class MemberQuerySet(CalledQuerySet, ScopedQuerySet):
    def _visible_to(self, user):
        from ..models import Household

        if not user.has_perm("cases.view_member"):
            return self.none()
        if user.organization_id:
            return self.filter(household__in=Household.objects.visible_to(user))
        return self.filter(below(user, "household__community"))

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
        return self.filter(below(user, "household__community"))


class HardshipQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if user.organization_id or not user.has_perm("cases.view_hardship"):
            return self.none()
        return self.filter(below(user, "member__household__community"))

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


class CarePlanQuerySet(OfHouseholdQuerySet):
    def for_list(self):
        return self.select_related("household")
