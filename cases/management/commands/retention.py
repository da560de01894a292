"""Closed households whose names are to go: list them, propose, confirm."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from cases.models import Household
from cases.services import retention
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused


class Command(BaseCommand):
    help = (
        "Wipes names, numbers, addresses and notes of households that left RETENTION_YEARS ago. One person proposes a "
        "household, another applies it; it cannot be undone, except from a backup. Figures do not change."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--list", action="store_true", help="what is due; changes nothing")
        what.add_argument("--propose", metavar="CODE", help="the first person: this household is due")
        what.add_argument("--apply", metavar="CODE", help="the second person: wipe it")
        parser.add_argument("--by", metavar="USER", help="the account that answers for it")

    def handle(self, *, list, propose, apply, by, **options):
        if list:
            return self._list()
        user = get_user_model().objects.active().filter(username=by or "").first()
        if user is None:
            raise CommandError("--by must name an active account.")
        household = Household.objects.filter(code=propose or apply).first()
        if household is None:
            raise CommandError(f"No household has the code {propose or apply}.")
        try:
            if propose:
                retention.propose_deidentification(household, by=user)
                self.stdout.write(f"{household} 已提出去标识，请由另一位工作人员确认。")
            else:
                retention.deidentify_household(household, by=user)
                self.stdout.write(f"{household} 已去标识，统计数字不变。")
        except Refused as refusal:
            raise CommandError("".join(refusal.messages)) from refusal
        except PermissionDenied as refusal:
            raise CommandError(str(refusal)) from refusal

    def _list(self):
        rows = retention.due()
        for household in rows:
            proposed = household.deidentify_proposed_by
            stage = f"{proposed} 已提出，待另一人确认" if proposed else "待提出"
            self.stdout.write(
                f"{household}  {zh(household.exited_on)}退出（{household.get_exit_reason_display()}）  {stage}"
            )
        self.stdout.write(f"退出满 {settings.RETENTION_YEARS} 年、还没有去标识的共 {len(rows)} 户。")
