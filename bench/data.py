"""A district of a chosen size, written straight into the tables with a fixed seed. For measuring only."""

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.core.management.color import no_style
from django.db import connection

from donations.models import Donation, DonationLine, Donor
from jinchuan.shared.clock import SHANGHAI
from organizations.models import Division, Organization, User
from volunteers.models import Activity, Enrollment, ServiceRecord, Volunteer

SIZES = {
    # organisations, gifts, activities, service records per activity
    "s": (46, 6_000, 1_500, 8),
    "d": (1_000, 6_000, 1_500, 8),
    "t": (1_000, 20_000, 4_000, 10),
}
SIZES |= {"m": SIZES["t"], "l": SIZES["t"]}
COPIES = {"t": 4, "m": 9, "l": 49}
"""How many times gifts and service are there once more, copied by the database: with ``l`` a million and two."""
FIRST, DAYS = date(2022, 1, 1), 5 * 365
_BATCH = 2_000


def is_filled() -> bool:
    return Organization.objects.exists()


def fill(size) -> None:
    organizations, gifts, activities, people = SIZES[size]
    chance = random.Random(20230913)
    district = Division.objects.create(
        code="620302000000", name="金川区", level="county", path="/620302000000/"
    )
    officer, reviewer = (
        User.objects.create(username=role, name="测试", role=role, division=district, password="!")
        for role in ("officer", "reviewer")
    )
    then = datetime.combine(FIRST, time(9), SHANGHAI)
    approved = {"state": "approved", "approved_at": then, "approved_by": reviewer}
    _write(
        Organization,
        (
            Organization(
                code=f"ZZ-{n:04d}",
                name=f"第{n}社会组织",
                kind="community_social_org",
                division=district,
                responsible_person="测试",
                **approved,
            )
            for n in range(organizations)
        ),
    )
    members = list(Organization.objects.order_by("pk"))
    donors = [Donor.objects.create(kind=kind, name=kind) for kind in ("enterprise", "individual")]
    confirmed = {
        "state": "confirmed",
        "confirmed_at": then,
        "confirmed_by": reviewer,
        "submitted_by": officer,
    }

    def day():
        return FIRST + timedelta(days=chance.randrange(DAYS))

    _write(
        Donation,
        (
            Donation(
                code=f"JZ-{n}",
                donor=chance.choice(donors),
                organization=chance.choice(members),
                division=district,
                route="association",
                received_on=day(),
                receipt_status="pending",
                submitted_at=then,
                **confirmed,
            )
            for n in range(gifts)
        ),
    )
    _write(
        DonationLine,
        (
            DonationLine(
                donation_id=pk,
                kind="cash",
                value=Decimal(chance.randrange(100, 500_000)) / 100,
                fixed_at=then,
            )
            for pk in Donation.objects.values_list("pk", flat=True)
        ),
    )
    _write(
        Volunteer,
        (
            Volunteer(name="测试", registered_on=FIRST, name_pinyin="ceshi")
            for _ in range(len(members) * people)
        ),
    )
    volunteers = {}
    for number, pk in enumerate(Volunteer.objects.values_list("pk", flat=True)):
        volunteers.setdefault(members[number % len(members)].pk, []).append(pk)
    _write(
        Enrollment,
        (
            Enrollment(organization_id=member, volunteer_id=pk, joined_on=FIRST)
            for member, enrolled in volunteers.items()
            for pk in enrolled
        ),
    )
    _write(
        Activity,
        (
            Activity(
                code=f"HD-{n}",
                title="服务",
                organization=chance.choice(members),
                responsible_person="测试",
                place="社区",
                held_on=day(),
                content="服务",
                submitted_at=then,
                **confirmed,
            )
            for n in range(activities)
        ),
    )
    _write(
        ServiceRecord,
        (
            ServiceRecord(
                activity_id=pk,
                volunteer_id=volunteer,
                started_at=datetime.combine(held_on, time(9), SHANGHAI),
                ended_at=datetime.combine(held_on, time(11), SHANGHAI),
                minutes=chance.randrange(30, 240),
                recorded_at=then,
                recorded_by=officer,
                state="confirmed",
                confirmed_at=then,
                confirmed_by=reviewer,
            )
            for pk, organization, held_on in Activity.objects.values_list("pk", "organization", "held_on")
            for volunteer in volunteers[organization]
        ),
    )
    for parent, child, way in (
        (Donation, DonationLine, "donation_id"),
        (Activity, ServiceRecord, "activity_id"),
    ):
        _copy(parent, child, way, COPIES.get(size, 0))


def _write(model, rows) -> None:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            model.objects.bulk_create(batch)
            batch = []
    model.objects.bulk_create(batch)


def _copy(parent, child, way, times) -> None:
    """Rows once more, each with its children: the same but for their keys and codes."""
    step = parent.objects.order_by("-pk").values_list("pk", flat=True).first()
    children = child.objects.order_by("-pk").values_list("pk", flat=True).first()
    with connection.cursor() as cursor:
        for n in range(1, times + 1):
            number = f"id + {step * n}"
            codes = {field.column: f"'Z' || ({number})" for field in parent._meta.fields if field.unique}
            for model, told in (
                (parent, codes | {"id": number}),
                (child, {"id": f"id + {children * n}", way: f"{way} + {step * n}"}),
            ):
                table, last = model._meta.db_table, step if model is parent else children
                columns = [field.column for field in model._meta.concrete_fields]
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) "
                    f"SELECT {', '.join(told.get(name, name) for name in columns)} FROM {table} WHERE id <= {last}"
                )
        for statement in connection.ops.sequence_reset_sql(no_style(), [parent, child]):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
