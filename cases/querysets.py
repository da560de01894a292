"""Reads of the cases app."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery

from jinchuan.shared.clock import SHANGHAI, today
from jinchuan.shared.querysets import ScopedQuerySet

from .enums import (
    OPEN_PAIRING_STATES,
    REACHED_PAIRING_STATES,
    REMINDED_PAIRING_STATES,
    RUNNING_PAIRING_STATES,
    STARTED_PAIRING_STATES,
    CareNeedState,
    ClaimState,
    ConsentPurpose,
    HouseholdState,
    Outcome,
    PairingRole,
    PairingState,
    Relation,
    VisitState,
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
            household=OuterRef("pk"), organization=organization_id, state__in=RUNNING_PAIRING_STATES
        )
        consent = Consent.objects.sharing(on or today()).filter(
            household=OuterRef("pk"), organization=organization_id
        )
        return self.filter(Exists(pairing), Exists(consent))

    def remembered_by(self, organization_id, on=None):
        """Those that were shared with the organisation until its pairing ended, for some days (docs/adr/0011): under the
        code it still finds what it wrote itself, and learns nothing new. Withdrawing the consent ends this too."""
        from .models import Consent, Pairing

        day = on or today()
        ours = Pairing.objects.filter(household=OuterRef("pk"), organization=organization_id)
        consent = Consent.objects.sharing(day).filter(household=OuterRef("pk"), organization=organization_id)
        return self.filter(Exists(ours.in_grace(day)), ~Exists(ours.running()), Exists(consent))

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
        head = head.order_by()  # there is one, and in no order it is found by its index alone
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

    def called(self, word):
        """Those found by any part of the name, its pinyin or its initials, by an index."""
        from .models import NamePart

        found = NamePart.objects.filter(part__begins=word.casefold())
        return self.filter(pk__in=found.values("member"))

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
        from .models import Member

        head = Member.objects.filter(
            household=OuterRef("household"), relation=Relation.HEAD, left_on__isnull=True
        ).order_by()
        return self.select_related("household", "household__community", "organization").annotate(
            head_name=Subquery(head.values("name")[:1]), community_name=F("household__community__name")
        )


class VisitQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Staff: visits to households of their division. An organisation: those it made itself."""
        if not user.has_perm("cases.view_visit"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        from .models import VisitHousehold

        mine = VisitHousehold.objects.filter(_below(user, "household__community"), visit=OuterRef("pk"))
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
        from .models import VisitHousehold

        return self.filter(
            pk__in=VisitHousehold.objects.filter(household=household).order_by().values("visit")
        )

    def for_list(self):
        from .models import VisitHousehold

        return self.select_related("organization").prefetch_related(
            Prefetch("visited", VisitHousehold.objects.for_list())
        )

    def for_reader(self, user):
        """As ``for_list``, but of the households visited those alone that the reader may know of."""
        from .models import VisitHousehold

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
        return self.filter(_below(user, "household__community"))

    def counted(self):
        """One household reached by one confirmed visit: one 人次."""
        return self.filter(visit__state=VisitState.CONFIRMED, visit__was_made=True)

    def for_list(self):
        """With the name of the household's head (``head_name``, full: mask it)."""
        from .models import Member

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
        return self.filter(_below(user, "household__community"))

    def confirmed(self):
        return self.filter(state=VisitState.CONFIRMED)

    def waiting(self):
        return self.filter(state=VisitState.SUBMITTED)

    def returned(self):
        return self.filter(state=VisitState.RETURNED)

    def for_list(self):
        return self.select_related("household", "organization", "visit", "need")


class CareNeedQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Staff: needs of their division. An organisation: the open ones, in public words, those it claimed or found."""
        if not user.has_perm("cases.view_careneed"):
            return self.none()
        if user.organization_id:
            from .models import Claim

            mine = Claim.objects.filter(organization=user.organization_id, need=OuterRef("pk"))
            found = Q(visit__organization=user.organization_id)
            return self.filter(Q(state=CareNeedState.OPEN) & ~Q(public_words="") | found | Exists(mine))
        return self.filter(_below(user, "household__community"))

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
        return self.filter(_below(user, "need__household__community"))

    def live(self):
        return self.filter(state=ClaimState.LIVE)

    def hold_over(self, on=None):
        return self.live().filter(hold_until__lt=on or today())

    def fulfilled_by(self, code):
        """Those that the matter (or delivery) of that code fulfilled."""
        from .models import ClaimTransition

        step = ClaimTransition.objects.filter(
            claim=OuterRef("pk"), to_state=ClaimState.FULFILLED, reason=code
        )
        return self.filter(Exists(step), state=ClaimState.FULFILLED)

    def for_list(self):
        return self.select_related("need__household__community__parent", "organization")


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
        return self.filter(_below(user, "pairing__household__community"))

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
        from .models import Household

        return self.news(on).filter(
            user=user,
            pairing__state__in=REMINDED_PAIRING_STATES,
            pairing__household__in=Household.objects.visible_to(user),
        )


class DigestQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        return self.filter(user=user)


class CarePlanQuerySet(OfHouseholdQuerySet):
    def for_list(self):
        return self.select_related("household")
