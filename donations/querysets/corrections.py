from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import DecisionState


class DecidedQuerySet(ScopedQuerySet):
    def waiting(self):
        """For somebody to decide."""
        return self.filter(state=DecisionState.PROPOSED)

    def approved(self):
        return self.filter(state=DecisionState.APPROVED)


class OfHoldingQuerySet(DecidedQuerySet):
    def _visible_to(self, user):
        from ..models import Holding

        return self.filter(holding__in=Holding.objects.visible_to(user))

    def for_list(self):
        return self.select_related(
            "holding__lot", "holding__fund", "holding__place", "proposed_by", "decided_by"
        )


class AdjustmentQuerySet(OfHoldingQuerySet):
    def _visible_to(self, user):
        """An organisation sees what was corrected of the gifts it sees, once that is decided."""
        from ..models import Lot

        if user.organization_id:
            return self.approved().filter(holding__lot__in=Lot.objects.visible_to(user))
        return super()._visible_to(user)


class DisposalQuerySet(OfHoldingQuerySet):
    pass


class StockTakeQuerySet(DecidedQuerySet):
    def _visible_to(self, user):
        from ..models import Place

        if not user.has_perm("donations.view_stocktake"):
            return self.none()
        return self.filter(place__in=Place.objects.visible_to(user))

    def for_list(self):
        return self.select_related("place", "proposed_by", "decided_by")


class PurposeChangeQuerySet(DecidedQuerySet):
    def _visible_to(self, user):
        from ..models import Donation

        if not user.has_perm("donations.view_purposechange"):
            return self.none()
        return self.filter(donation__in=Donation.objects.visible_to(user))

    def for_list(self):
        return self.select_related("donation__donor", "proposed_by", "decided_by")
