"""What waits among the gifts, and what the pages of other apps tell of them."""

from django.db.models import Count, Min

from jinchuan.shared import site
from jinchuan.shared.templatetags.house import zh_date

from ..enums import DonationState
from ..models import Donation
from .gifts import DonationAdmin
from .pieces import gifts_panel

S = DonationState


@site.panel("cases.household")
def gifts_of_household(request, household):
    if not request.user.has_perm("donations.view_donation"):
        return None
    return gifts_panel(Donation.objects.visible_to(request.user).filter(household=household))


@site.panel("organizations.organization")
def gifts_of_organization(request, organization):
    if not request.user.has_perm("donations.view_donation"):
        return None
    gifts = Donation.objects.visible_to(request.user).filter(organization=organization)
    return gifts_panel(gifts, most=20, more_url=site.list_url("donations.donation", q=organization.name))


OLDEST_FIRST = DonationAdmin.list_display.index("shown_received") + 1


@site.worklist
def donations_waiting(user):
    seen = Donation.objects.visible_to(user)
    if user.has_perm("donations.confirm_donation"):
        waiting = seen.waiting().aggregate(count=Count("pk"), since=Min("submitted_at"))
        yield site.Waiting(
            "待确认捐赠",
            waiting["count"],
            site.list_url("donations.donation", state__exact=S.SUBMITTED, o=OLDEST_FIRST),
            act="去确认",
            since=f"最早 {zh_date(waiting['since'])}提交" if waiting["since"] else "",
        )
    if user.has_perm("donations.add_donation"):
        yield site.Waiting(
            "退回未改的捐赠",
            seen.returned().count(),
            site.list_url("donations.donation", state__exact=S.RETURNED),
            act="去查看",
        )
    if user.has_perm("donations.change_donation"):
        yield site.Waiting(
            "逾期未到账的认捐",
            seen.overdue().count(),
            site.list_url("donations.donation", waiting="overdue"),
            act="去查看",
            urgent=True,
        )


site.shortcut("登记捐款", "donations:cash_new", "donations.add_donation")
site.shortcut("登记捐物", "donations:goods_new", "donations.add_donation")
site.shortcut("登记认捐", "donations:pledge_new", "donations.add_donation")
