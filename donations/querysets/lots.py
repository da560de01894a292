"""Reads of the book. Sums are in each lot's own measure; what is in 元 says so."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from jinchuan.shared.clock import today
from jinchuan.shared.fields.exact import ExactField
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import AllocationState, LineKind, TargetKind

_LIVE = (AllocationState.PROPOSED, AllocationState.APPROVED)


class LotQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from ..models import Donation

        if not user.has_perm("donations.view_lot"):
            return self.none()
        return self.filter(line__donation__in=Donation.objects.visible_to(user))

    def cash(self):
        return self.filter(kind=LineKind.CASH)

    def goods(self):
        return self.filter(kind=LineKind.GOODS)

    def expired(self, day):
        return self.filter(expires_on__lt=day)

    def with_fate(self):
        """Annotate what became of each lot, in counts alone: ``allocated`` to households and programmes (in its measure),
        and to how many ``households`` something of it was delivered."""
        from ..models import Allocation, DistributionLine

        allocated = Allocation.objects.counted().exclude(target=TargetKind.FUND)
        allocated = allocated.filter(holding__lot=OuterRef("pk")).order_by().values("holding__lot")
        delivered = DistributionLine.objects.delivered().filter(allocation__holding__lot=OuterRef("pk"))
        delivered = delivered.order_by().values("allocation__holding__lot")
        return self.annotate(
            # Told what it is: a difference of two exact columns counts for plain whole numbers otherwise.
            allocated=Subquery(
                allocated.annotate(sum=Sum(F("amount") - F("released"), output_field=ExactField())).values(
                    "sum"
                )
            ),
            households=Subquery(
                delivered.annotate(count=Count("household", distinct=True)).values("count"),
            ),
        ).order_by("pk")


class HoldingQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from ..models import Fund

        if not user.has_perm("donations.view_holding") or user.organization_id:
            return self.none()
        return self.filter(fund__in=Fund.objects.visible_to(user))

    def free(self):
        """With something left to allocate (未分配余额)."""
        return self.filter(free__gt=0)

    def in_stock(self):
        """Goods that still lie somewhere, promised or not."""
        return self.filter(Q(free__gt=0) | Q(promised__gt=0), lot__kind=LineKind.GOODS)

    def expiring(self, on=None):
        """In stock, and good for a short while only."""
        day = on or today()
        return self.in_stock().filter(
            lot__expires_on__gte=day, lot__expires_on__lte=day + timedelta(days=settings.EXPIRES_SOON_DAYS)
        )

    def expired(self, on=None):
        """In stock, and no longer good."""
        return self.in_stock().filter(lot__expires_on__lt=on or today())

    def for_list(self):
        return self.select_related("lot", "lot__line__donation__donor", "fund", "place")


class MovementQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from ..models import Holding

        return self.filter(holding__in=Holding.objects.visible_to(user))


class AllocationQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from cases.models import Household

        from ..models import Donation

        if not user.has_perm("donations.view_allocation"):
            return self.none()
        if user.organization_id:
            return self.filter(holding__lot__line__donation__in=Donation.objects.visible_to(user))
        if user.has_perm("donations.view_holding"):
            return self.filter(holding__fund__division__path__startswith=user.division.path)
        return self.filter(household__in=Household.objects.visible_to(user))

    def waiting(self):
        """For an approver."""
        return self.filter(state=AllocationState.PROPOSED)

    def live(self):
        return self.filter(state__in=_LIVE)

    def counted(self):
        """What has been decided, less what was given up: the figure 已分配."""
        return self.filter(state__in=[AllocationState.APPROVED, AllocationState.SETTLED])

    def to_hand_out(self):
        """Approved for a household, with something neither delivered nor on the way."""
        return self.filter(state=AllocationState.APPROVED).filter(
            amount__gt=F("loaded") + F("delivered") + F("released"),
            target__in=[TargetKind.HOUSEHOLD, TargetKind.NEED],
        )

    def for_list(self):
        return self.select_related(
            "holding__lot",
            "holding__fund",
            "holding__place",
            "household__community",
            "fund",
            "program",
            "need",
        )
