from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import FundKind


class FundQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("donations.view_fund"):
            return self.none()
        if user.organization_id:
            return self.filter(owner=user.organization_id)
        return self.filter(division__path__startswith=user.division.path)

    def in_use(self):
        return self.filter(is_active=True)

    def special(self):
        return self.filter(kind__in=[FundKind.PURPOSE, FundKind.STUDENT_AID])

    def for_list(self):
        return self.select_related("division", "owner")


class PlaceQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("donations.view_place") or not user.division_id:
            return self.none()
        return self.filter(division__path__startswith=user.division.path)

    def in_use(self):
        return self.filter(is_active=True)

    def for_list(self):
        return self.select_related("division")
