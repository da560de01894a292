"""What an organisation's desk shows of its gifts: returned ones, those that wait, and pledges."""

from django.db.models import F
from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.shared.clock import today
from jinchuan.shared.templatetags.house import short_date

from .enums import DonationState
from .models import Donation

SHOWN_ON_DESK = 5


def returned_block(user):
    rows = Donation.objects.visible_to(user).returned().with_totals().order_by("received_on", "id")
    return _block("退回修改的捐赠", rows, urgent=True, state=DonationState.RETURNED)


def waiting_block(user):
    rows = Donation.objects.visible_to(user).waiting().with_totals().order_by("-received_on", "-id")
    return _block("等民政局确认的捐赠", rows, urgent=False, state=DonationState.SUBMITTED)


def pledged_block(user):
    """Promised and not received; those whose day has passed first."""
    rows = Donation.objects.visible_to(user).pledged().with_totals()
    found = list(rows.order_by(F("expected_on").asc(nulls_last=True), "id")[: SHOWN_ON_DESK + 1])
    tasks = []
    for row in found[:SHOWN_ON_DESK]:
        late = bool(row.expected_on and row.expected_on < today())
        due = f"，预计{short_date(row.expected_on)}到账" if row.expected_on else ""
        tasks.append(
            desk.Task(
                f"{row.code}　{_worth(row)}",
                f"{short_date(row.pledged_on)}认捐{due}{'，已过期' if late else ''}",
                reverse("donations:donation", kwargs={"code": row.code}),
                late,
            )
        )
    more = reverse("donations:pledges") if len(found) > SHOWN_ON_DESK else ""
    return desk.Block("认捐待到账", tasks, more=more)


def _worth(row) -> str:
    return "不计价物资" if row.total_value is None else f"{row.total_value:,.2f} 元"


def _block(title, rows, *, urgent, state):
    found = list(rows[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            f"{row.code}　{_worth(row)}",
            f"{short_date(row.received_on)}收到，{'请按退回意见修改' if urgent else row.get_state_display()}",
            reverse("donations:donation", kwargs={"code": row.code}),
            urgent,
        )
        for row in found[:SHOWN_ON_DESK]
    ]
    more = f"{reverse('donations:donations')}?state={state}" if len(found) > SHOWN_ON_DESK else ""
    return desk.Block(title, tasks, more=more)
