from django.db.models import Count, Q

from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import DeliveryState, DistributionKind, DistributionState, VerificationResult


class DistributionQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("donations.view_distribution") or not user.division_id:
            return self.none()
        return self.filter(division__path__startswith=user.division.path)

    def batches(self):
        return self.filter(kind=DistributionKind.BATCH)

    def out(self):
        return self.filter(state=DistributionState.OUT)

    def for_list(self):
        told = ~Q(lines__state__in=[DeliveryState.DROPPED, DeliveryState.TAKEN_BACK])
        return self.select_related("division").annotate(
            line_count=Count("lines", filter=told),
            unsigned_count=Count("lines", filter=Q(lines__state=DeliveryState.OUT)),
        )


class DistributionLineQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Staff see the deliveries of their division and those to its households; an organisation what became of its gifts
        for households it may see."""
        from cases.models import Household

        from ..models import Donation

        if not user.has_perm("donations.view_distributionline"):
            return self.none()
        if user.organization_id:
            return self.filter(
                allocation__holding__lot__line__donation__in=Donation.objects.visible_to(user),
                household__in=Household.objects.visible_to(user),
            )
        path = user.division.path
        return self.filter(
            Q(distribution__division__path__startswith=path) | Q(household__community__path__startswith=path)
        )

    def delivered(self):
        return self.filter(state=DeliveryState.DELIVERED)

    def unsigned(self):
        """Handed out, and nothing is known of it yet: the list that must become empty."""
        return self.filter(state=DeliveryState.OUT)

    def in_month(self, month):
        return self.filter(delivered_on__gte=month.first, delivered_on__lt=month.end)

    def for_list(self):
        return self.select_related(
            "distribution", "household__community", "allocation__holding__lot", "allocation__program"
        )


class VerificationQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from ..models import DistributionLine

        if not user.has_perm("donations.view_verification"):
            return self.none()
        return self.filter(line__in=DistributionLine.objects.visible_to(user))

    def waiting(self):
        """Drawn and not called back."""
        return self.filter(result="")

    def not_received(self):
        """The household says nothing came, and the delivery still counts: somebody has to find out."""
        return self.filter(result=VerificationResult.NOT_RECEIVED, line__state=DeliveryState.DELIVERED)

    def for_list(self):
        return self.select_related(
            "line__distribution", "line__household__community", "line__allocation__holding__lot", "called_by"
        )
