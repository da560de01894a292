"""``manage.py trace --donation JZ2026-0001 [--json]``"""

import json

from django.core.management.base import BaseCommand, CommandError

from donations.models import Donation
from donations.tracing import find, trace


class Command(BaseCommand):
    help = "Tell what became of a gift, line by line: no household, no count below three."

    def add_arguments(self, parser):
        parser.add_argument(
            "--donation",
            required=True,
            metavar="CODE",
            help="number of the gift (JZ2026-0001) or its trace code",
        )
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *, donation, **options):
        gift = Donation.objects.filter(code=donation.strip().upper()).first()
        gift = gift or find(donation)
        if gift is None:
            raise CommandError(f"--donation {donation}: there is no gift with this number or trace code.")
        found = trace(gift)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(as_text(found))


def as_text(found) -> str:
    lines = [
        f"{found.code}　{found.month}　{found.donor}　{found.route}　{found.restriction}　{found.state_label}"
    ]
    for lot in found.every_lot:
        lines.append(f"{lot.code}　{lot.item}　{lot.gift}")
        lines += [f"　{label}\t{amount}" for label, amount in lot.told_parts]
        lines += [f"　　{month}　{place}\t{told}" for month, place, told in lot.told_groups]
        lines += [f"　　{month}　{program}\t{told}" for month, program, told in lot.told_spendings]
    return "\n".join(lines)
