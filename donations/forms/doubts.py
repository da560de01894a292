"""What looks odd about a gift and may be right: asked once, before it is submitted."""

from datetime import timedelta
from decimal import Decimal
from statistics import median

from django.db.models import Q
from django.urls import reverse

from jinchuan.intake.drafted import Question
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.money import in_words, yuan

from ..enums import DonationState, DonorKind, Route
from ..models import Donation, Donor
from ..naming import working_name

LARGE = Decimal(50_000)
MANY_TIMES = 10
LONG_AGO = timedelta(days=366)
MEDIAN_OF = 200
MEDIAN_LEAST = 3


class Doubts:
    """Mixin of ``GiftForm``."""

    def questions(self):
        found = (
            self._is_known(),
            self._is_large(),
            self._is_double(),
            self._is_long_ago(),
            self._is_undecided(),
            self.personal_numbers("note"),
        )
        return [question for question in found if question]

    def _is_known(self):
        """One giver entered twice would count as two."""
        donor = self._donor()
        if not isinstance(donor, dict) or donor["kind"] == DonorKind.ANONYMOUS:
            return None
        same = Donor.objects.visible_to(self.user).filter(kind=donor["kind"], name=donor["name"]).first()
        if same is None:
            return None
        return Question(
            key=f"known:{donor['kind']}:{donor['name']}",
            title="这位捐赠方是不是登记过？",
            text=f"以前登记过同名的{same.get_kind_display()}“{working_name(same)}”。"
            "是同一位的，请改选“以前登记过的捐赠方”，以免算成两位。",
            go_on="不是同一位，继续",
            change="改选捐赠方",
            anchor="id_donor_choice_field",
        )

    def _is_large(self):
        total = self.total
        if total is None:
            return None
        usual = usual_amount(self.user)
        if total < LARGE and not (usual and total >= usual * MANY_TIMES):
            return None
        return Question(
            key=f"large:{total}",
            title="是不是多打了一个 0？",
            text=f"您填的是 {yuan(total)} 元，{in_words(total)}，比平时大得多。",
            go_on="金额没有错，继续",
            change="改金额",
            anchor=self.amount_anchor,
        )

    def _is_double(self):
        donor, total = self._donor(), self.total
        if donor is None:
            same = Q(donor__organization=self.user.organization_id)
        elif isinstance(donor, Donor):
            same = Q(donor=donor)
        elif donor["kind"] == DonorKind.ANONYMOUS or not donor["name"]:
            return None
        else:
            same = Q(donor__name=donor["name"], donor__kind=donor["kind"])
        rows = (
            Donation.objects.visible_to(self.user)
            .with_totals()
            .filter(same, received_on=self.cleaned_data["on"])
            .exclude(state=DonationState.VOIDED)
        )
        rows = rows.filter(total_value__isnull=True) if total is None else rows.filter(total_value=total)
        if self.correcting:
            rows = rows.exclude(pk=self.correcting.pk)
        earlier = rows.first()
        if earlier is None:
            return None
        amount = "不计价的物资" if total is None else f"{yuan(total)} 元"
        return Question(
            key=f"double:{earlier.code}:{total}",
            title=f"与 {earlier.code} 相同，是同一笔吗？",
            text=f"同一捐赠方 {zh(earlier.received_on)} 已经登记过一笔 {amount}。是同一笔的，不用再记。",
            go_on="不是同一笔，继续",
            change="回去修改",
            anchor=self.amount_anchor,
            url=reverse("donations:donation", kwargs={"code": earlier.code}),
            link=f"是同一笔，查看 {earlier.code}",
        )

    def _is_long_ago(self):
        """In January last year's number slips from the hand; a gift of years ago would count in this month's figures."""
        day = self.cleaned_data["on"]
        if today() - day <= LONG_AGO or (self.correcting and self.correcting.received_on == day):
            return None
        return Question(
            key=f"long_ago:{day}",
            title="年份对吗？",
            text=f"您填的{self.fields['day'].label}是{zh(day)}，已经过去一年多。",
            go_on="日期没有错，继续",
            change="改日期",
            anchor="id_received_on",
        )

    def _is_undecided(self):
        """A 公益金 belongs to all: who may take a gift for it is decided by the committee."""
        cleaned = self.cleaned_data
        if cleaned.get("route") != Route.COMMUNITY_FUND or cleaned.get("decision_reference"):
            return None
        return Question(
            key="undecided",
            title="没有写村（社区）的议事决定",
            text="交公益金的，一般由村（居）民委员会议事决定接收，请写会议和编号。手头没有的可以先提交，民政局会向社区（村）核对。",
            go_on="先这样提交",
            change="补上议事决定",
            anchor="id_decision_reference",
        )


def usual_amount(user) -> Decimal | None:
    """The median of what the organisation logged lately; None when there is too little to say."""
    if not user.organization_id:
        return None
    rows = Donation.objects.visible_to(user).exclude(state=DonationState.VOIDED).with_totals()
    totals = rows.filter(total_value__isnull=False).values_list("total_value", flat=True)[:MEDIAN_OF]
    values = list(totals)
    return median(values) if len(values) >= MEDIAN_LEAST else None
