"""Reads of the donations app. Only what is confirmed counts in a figure."""

import re

from django.db.models import Count, OuterRef, Q, Subquery, Sum

from jinchuan.shared import grams  # noqa: F401 — “holds”
from jinchuan.shared.clock import today
from jinchuan.shared.naming import CalledQuerySet
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import DonationState, LineKind

_WHOLE_CODE = re.compile(r"JZ\d{4}-\d{4,}")


FOUND_AT_ONCE = 2_000


def gift_called(word) -> Q:
    """Of gifts whose code, giver, organisation, goods or remark has the word in it. Each is looked up by itself, for each way takes
    its own index, and the gifts then by their keys."""
    from organizations.models import Organization

    from ..models import Donation, DonationLine, Donor

    organizations = Organization.objects.filter(Q(name__icontains=word) | Q(name_search__icontains=word))
    found = (
        Q(donor__in=_keys(Donor.objects.called(word)))
        | Q(organization__in=_keys(organizations))
        | Q(pk__in=_keys(Donation.objects.filter(note__holds=word)))
        | Q(pk__in=_keys(DonationLine.objects.filter(item__holds=word), "donation_id"))
    )
    code = word.upper()
    if _WHOLE_CODE.fullmatch(code):
        found |= Q(code=code)
    elif any(sign.isdigit() for sign in word):
        found |= Q(code__contains=code)
    return found


def _keys(rows, key="pk"):
    """Of few rows the keys themselves, so that the database knows how few they are."""
    keys = list(rows.order_by().values_list(key, flat=True)[: FOUND_AT_ONCE + 1])
    return keys if len(keys) <= FOUND_AT_ONCE else rows.order_by().values(key)


class DonorQuerySet(CalledQuerySet, ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("donations.view_donor"):
            return self.none()
        if user.organization_id:
            known = self.model.known_to.through.objects.filter(organization=user.organization_id)
            return self.filter(Q(organization=user.organization_id) | Q(pk__in=known.values("donor")))
        return self

    def for_list(self):
        return self.select_related("organization").annotate(
            donation_count=Count("donations", filter=Q(donations__state=DonationState.CONFIRMED))
        )


class DonationQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("donations.view_donation"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        return self.filter(division__path__startswith=user.division.path)

    def confirmed(self):
        return self.filter(state=DonationState.CONFIRMED)

    def waiting(self):
        return self.filter(state=DonationState.SUBMITTED)

    def pledged(self):
        """Promised and not received: enforceable (慈善法 §41), but in no figure of what was given."""
        return self.filter(state=DonationState.PLEDGED)

    def overdue(self, on=None):
        """Pledges whose day has passed."""
        return self.pledged().filter(expected_on__lt=on or today())

    def returned(self):
        return self.filter(state=DonationState.RETURNED)

    def in_month(self, month):
        return self.filter(received_on__gte=month.first, received_on__lt=month.end)

    def with_totals(self):
        """Annotate ``cash_value``, ``goods_value`` and ``total_value`` (元; unvalued goods add nothing).

        Each is asked of the row that is shown: a join would add up a whole register to show a page of it.
        """
        from ..models import DonationLine

        lines = DonationLine.objects.filter(donation=OuterRef("pk")).order_by().values("donation")

        def total(**kind):
            return Subquery(lines.filter(**kind).annotate(total=Sum("value")).values("total"))

        return self.annotate(
            cash_value=total(kind=LineKind.CASH), goods_value=total(kind=LineKind.GOODS), total_value=total()
        )

    def found_by(self, word):
        return self.filter(gift_called(word))

    def for_list(self):
        return self.with_totals().select_related("donor", "donor__organization", "organization", "division")


class DonationLineQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from ..models import Donation

        return self.filter(donation__in=Donation.objects.visible_to(user))

    def confirmed(self):
        return self.filter(donation__state=DonationState.CONFIRMED)

    def valued(self):
        return self.filter(value__isnull=False)


class ReceiptQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from ..models import Donation

        if not user.has_perm("donations.view_receipt"):
            return self.none()
        return self.filter(donation__in=Donation.objects.visible_to(user))

    def in_force(self):
        return self.filter(voided_on__isnull=True)
