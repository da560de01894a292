"""What was confirmed before there was a book gets its entries: funds, lots, holdings, movements, and for what went straight
to a household the allocation and the delivery; a voided gift ends at zero. Issued receipts get a row, every gift its code to
ask by. Safe to run again: what has its entries is left alone."""

from datetime import date
from itertools import pairwise

from django.conf import settings
from django.db import migrations

from donations.models.gifts import new_trace_code
from jinchuan.shared import pinyin
from jinchuan.shared.clock import day_of

CHUNK = 500
FUND_OF_ROUTE = {
    "association": ("association", "慈善协会账户"),
    "other_charity": ("other_charity", "其他慈善组织"),
    "community_fund": ("community", "村（社区）公益金"),
    "government_exception": ("government", "政府代收待转交"),
    "direct_to_household": ("direct", "直接送到户（不经手）"),
}
STRAIGHT = "捐赠方直接送达"


def fill(apps, schema_editor):
    if not apps.get_model("donations", "Donation").objects.exists():
        return
    numbers = _Numbers(apps)
    _trace_codes(apps)
    _receipts(apps)
    _Book(apps, numbers).fill()
    numbers.keep()


def _trace_codes(apps):
    Donation = apps.get_model("donations", "Donation")
    for pk in list(Donation.objects.filter(trace_code=None).order_by("pk").values_list("pk", flat=True)):
        Donation.objects.filter(pk=pk).update(trace_code=new_trace_code())


def _receipts(apps):
    """One number noted on two gifts, which nothing refused, stays in the columns of the second gift alone."""
    Donation, Receipt = (apps.get_model("donations", name) for name in ("Donation", "Receipt"))
    told = set(Receipt.objects.values_list("code", "number"))
    issued = Donation.objects.filter(receipt_status="issued", receipts=None).order_by("pk")
    rows = []
    for donation in issued.only("pk", "receipt_code", "receipt_number", "confirmed_at", "submitted_at"):
        number = (donation.receipt_code, donation.receipt_number)
        if number not in told:
            told.add(number)
            issued_on = day_of(donation.confirmed_at or donation.submitted_at)
            rows.append(Receipt(donation=donation, code=number[0], number=number[1], issued_on=issued_on))
    Receipt.objects.bulk_create(rows, batch_size=CHUNK)


class _Numbers:
    """The running numbers of the house, drawn on while nobody else does."""

    def __init__(self, apps):
        self.model = apps.get_model("intake", "Sequence")
        self.last = dict(self.model.objects.values_list("name", "last"))

    def next(self, prefix, year) -> str:
        name = f"{prefix}{year}"
        self.last[name] = self.last.get(name, 0) + 1
        return f"{name}-{self.last[name]:04d}"

    def keep(self):
        for name, last in self.last.items():
            self.model.objects.update_or_create(name=name, defaults={"last": last})


class _Book:
    def __init__(self, apps, numbers):
        self.model = lambda name, app="donations": apps.get_model(app, name)
        self.numbers = numbers
        self.funds = {(fund.kind, fund.division_id): fund for fund in self.model("Fund").objects.all()}

    def fill(self):
        Donation, Lot = self.model("Donation"), self.model("Lot")
        begun = Lot.objects.filter(origin=None).values("line__donation")
        wanted = Donation.objects.filter(state__in=["confirmed", "voided"]).exclude(pk__in=begun)
        ids = list(wanted.order_by("pk").values_list("pk", flat=True))
        if not ids:
            return
        self.home = self.model("Division", "organizations").objects.get(code=settings.HOME_DIVISION)
        for start in range(0, len(ids), CHUNK):
            rows = Donation.objects.filter(pk__in=ids[start : start + CHUNK])
            rows = rows.select_related("household", "division").defer(
                "household__address", "household__phone", "household__summary"
            )
            self._fill(list(rows.order_by("pk")))

    def _fill(self, donations):
        self.transitions = {name: [] for name in ("Allocation", "Distribution", "DistributionLine")}
        self.movements = []
        lots, holdings = self._lots(donations)
        for lot, holding in zip(lots, holdings, strict=True):
            donation = lot.line.donation
            self._moved(holding, "receive", lot.amount, donation.received_on, donation.code, donation)
        self._deliver(
            [
                (lot, holding)
                for lot, holding in zip(lots, holdings, strict=True)
                if lot.line.donation.route == "direct_to_household"
            ]
        )
        for lot, holding in zip(lots, holdings, strict=True):
            donation = lot.line.donation
            if donation.state == "voided":
                day = day_of(donation.voided_at)
                self._moved(holding, "void", -lot.amount, day, donation.code, donation, _voided(donation))
        self.model("Movement").objects.bulk_create(self.movements, batch_size=CHUNK)
        for name, rows in self.transitions.items():
            self.model(f"{name}Transition").objects.bulk_create(rows, batch_size=CHUNK)

    def _lots(self, donations):
        of = {donation.pk: donation for donation in donations}
        lines = self.model("DonationLine").objects.filter(donation__in=of).order_by("donation_id", "pk")
        number, lots, holdings = {}, [], []
        for line in lines:
            donation = line.donation = of[line.donation_id]
            number[donation.pk] = number.get(donation.pk, 0) + 1
            cash, amount = line.kind == "cash", line.value if line.kind == "cash" else line.quantity
            straight = donation.route == "direct_to_household" and donation.state == "confirmed"
            lot = self.model("Lot")(
                code=f"{donation.code}-{number[donation.pk]}",
                line=line,
                kind=line.kind,
                item="捐款" if cash else line.item,
                unit="元" if cash else line.unit,
                expires_on=line.expires_on,
                opened_on=donation.received_on,
                amount=amount,
                value=line.value,
                delivered=amount if straight else 0,
                delivered_value=(line.value or 0) if straight else 0,
            )
            lots.append(lot)
            whereabouts = {"delivered": amount} if straight else {"free": amount}
            if donation.state == "voided":
                whereabouts = {"adjusted": -amount}
            holdings.append(
                self.model("Holding")(lot=lot, fund=self._fund(donation), received=amount, **whereabouts)
            )
        self.model("Lot").objects.bulk_create(lots, batch_size=CHUNK)
        self.model("Holding").objects.bulk_create(holdings, batch_size=CHUNK)
        return lots, holdings

    def _fund(self, donation):
        kind, label = FUND_OF_ROUTE[donation.route]
        division = donation.division if kind == "community" else self.home
        found = self.funds.get((kind, division.pk))
        if found is None:
            place = division.name.removesuffix("居委会")
            place = f"{place.removesuffix('村委会')}村" if place.endswith("村委会") else place
            name = f"{place}公益金" if kind == "community" else f"{division.name}{label}"
            found = self.funds[kind, division.pk] = self.model("Fund").objects.create(
                code=self.numbers.next("JJ", donation.received_on.year),
                kind=kind,
                name=name,
                name_pinyin=pinyin.pinyin_of(name)[:400],
                name_search=pinyin.search_key(name)[:1000],
                division=division,
            )
        return found

    def _deliver(self, pairs):
        """What went straight to a household: proposed by who logged it, approved and noted by who confirmed it; taken back
        and given up again where it was voided."""
        self._learn_households({lot.line.donation.household_id for lot, _ in pairs})
        allocations = [self._allocation(lot, holding) for lot, holding in pairs]
        self.model("Allocation").objects.bulk_create(allocations, batch_size=CHUNK)
        distributions = [self._distribution(lot.line.donation) for lot, _ in pairs]
        self.model("Distribution").objects.bulk_create(distributions, batch_size=CHUNK)
        lines = [
            self._line(lot, allocation, distribution)
            for (lot, _), allocation, distribution in zip(pairs, allocations, distributions, strict=True)
        ]
        self.model("DistributionLine").objects.bulk_create(lines, batch_size=CHUNK)
        for (lot, holding), allocation, line in zip(pairs, allocations, lines, strict=True):
            self._tell(lot, holding, allocation, line)

    def _allocation(self, lot, holding):
        donation = lot.line.donation
        voided = donation.state == "voided"
        return self.model("Allocation")(
            code=self.numbers.next("FP", donation.received_on.year),
            holding=holding,
            target="household",
            household_id=self.kept[donation.household_id],
            amount=lot.amount,
            delivered=0 if voided else lot.amount,
            released=lot.amount if voided else 0,
            worth=lot.value,
            proposed_on=donation.received_on,
            state="cancelled" if voided else "settled",
            proposed_at=donation.submitted_at,
            proposed_by_id=donation.submitted_by_id,
            approved_at=donation.confirmed_at,
            approved_by_id=donation.confirmed_by_id,
        )

    def _distribution(self, donation):
        return self.model("Distribution")(
            code=self.numbers.next("FF", donation.received_on.year),
            kind="single",
            held_on=donation.received_on,
            venue=donation.division.name,
            division=donation.division,
            people=STRAIGHT,
            state="closed",
            planned_at=donation.confirmed_at,
            planned_by_id=donation.submitted_by_id,
        )

    def _line(self, lot, allocation, distribution):
        donation = lot.line.donation
        return self.model("DistributionLine")(
            distribution=distribution,
            number=1,
            allocation=allocation,
            household_id=allocation.household_id,
            amount=lot.amount,
            value=lot.value,
            snapshot=self._snapshot(donation),
            state="taken_back" if donation.state == "voided" else "delivered",
            signing="direct",
            delivered_on=donation.received_on,
            noted_at=donation.confirmed_at,
            noted_by_id=donation.confirmed_by_id,
        )

    def _tell(self, lot, holding, allocation, line):
        donation = lot.line.donation
        cause, tied = f"{line.distribution.code}-001", {"allocation": allocation, "delivery": line}
        day, amount = donation.received_on, lot.amount
        self._moved(holding, "allocate", amount, day, allocation.code, donation, allocation=allocation)
        self._moved(holding, "load", amount, day, cause, donation, **tied)
        self._moved(holding, "deliver", amount, day, cause, donation, **tied)
        self._went("Allocation", "allocation", allocation, donation, "proposed", "approved", "settled")
        self._went("Distribution", "distribution", line.distribution, donation, "planned", "out", "closed")
        self._went("DistributionLine", "line", line, donation, "planned", "out", "delivered")
        if donation.state != "voided":
            return
        on, voided = day_of(donation.voided_at), _voided(donation)
        self._moved(holding, "take_back", amount, on, cause, donation, voided, **tied)
        self._moved(holding, "release", amount, on, allocation.code, donation, voided, allocation=allocation)
        self._went("DistributionLine", "line", line, donation, "delivered", "taken_back", void=voided)
        self._went(
            "Allocation", "allocation", allocation, donation, "settled", "approved", "cancelled", void=voided
        )

    def _moved(self, holding, kind, amount, on, cause, donation, void=None, **tied):
        at, by = void or (donation.confirmed_at, donation.confirmed_by_id)
        self.movements.append(
            self.model("Movement")(
                holding=holding, kind=kind, amount=amount, on=on, cause=cause, at=at, by_id=by, **tied
            )
        )

    def _went(self, table, column, row, donation, *states, void=None):
        at, by = void or (donation.confirmed_at, donation.confirmed_by_id)
        reason = f"捐赠 {donation.code} 作废" if void else ""
        for before, after in pairwise(states):
            self.transitions[table].append(
                self.model(f"{table}Transition")(
                    **{column: row}, from_state=before, to_state=after, at=at, by_id=by, reason=reason
                )
            )

    def _learn_households(self, ids):
        """Codes, places, members and hardships of the households, with their days; no names."""
        Household, Member, Hardship = (
            self.model(name, "cases") for name in ("Household", "Member", "Hardship")
        )
        rows = Household.objects.filter(pk__in=ids).values_list(
            "pk", "code", "community__code", "merged_into"
        )
        self.codes, self.kept = {}, {}
        for pk, code, community, merged_into in rows:
            self.codes[pk] = (code, community)
            self.kept[pk] = merged_into or pk
        self.members = {pk: [] for pk in ids}
        for member in Member.objects.filter(household__in=ids).values_list(
            "household", "pk", "joined_on", "left_on"
        ):
            self.members[member[0]].append(member[1:])
        self.hardships = {}
        for hardship in Hardship.objects.filter(member__household__in=ids).values_list(
            "member", "category", "started_on", "ended_on"
        ):
            self.hardships.setdefault(hardship[0], []).append(hardship[1:])

    def _snapshot(self, donation) -> dict:
        day = donation.received_on
        code, community = self.codes[donation.household_id]
        present = [pk for pk, *days in self.members[donation.household_id] if _holds(day, *days)]
        categories = {
            category for pk in present for category, *days in self.hardships.get(pk, ()) if _holds(day, *days)
        }
        return {
            "code": code,
            "community": community,
            "members": len(present),
            "categories": sorted(categories),
        }


def _holds(day: date, began, ended) -> bool:
    return began <= day and (ended is None or ended > day)


def _voided(donation):
    """When and by whom the gift was voided."""
    return donation.voided_at, donation.voided_by_id


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_merge_and_retention"),
        ("donations", "0003_the_book"),
        ("intake", "0001_initial"),
        ("organizations", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
