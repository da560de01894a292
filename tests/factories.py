"""Rows by situation, made the way the house makes them: through the services, by somebody who may.

Nobody here is real: every number is of the demo region 620301, unique within a run, with the right check characters.
"""

import csv
from collections import defaultdict
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.enums import (
    ConsentPurpose,
    HardshipCategory,
    PairingEndReason,
    PairingRole,
    Relation,
    ReviewMethod,
)
from cases.services import households, pairings
from donations.enums import DonorKind, LineKind, Restriction, Route, ValuationBasis
from donations.services import gifts as giving
from jinchuan.audit.services import check
from organizations.enums import OrganizationKind, Role
from organizations.models import Division, User
from organizations.services import organizations
from tests.situations import judged_by_the_database
from volunteers.enums import DocumentKind
from volunteers.models import Training
from volunteers.services import activities, growth, people

PASSWORD = "Qiu-Feng-Luo-Ye-2617"
REASON = "数目与送货单不符"

_numbers = count(1)
_of_day = defaultdict(count)
_SURNAMES = "赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "秀兰桂英玉珍淑芳建国志强文华海燕丽娟永红春梅晓东立新长青广田云霞"

STREET_A, STREET_B = "620302001000", "620302002000"
COMMUNITY_A1, COMMUNITY_A2 = "620302001001", "620302001002"
COMMUNITY_B1, COMMUNITY_B2 = "620302002001", "620302002002"
_DIVISIONS = {
    "620000000000",
    "620300000000",
    settings.HOME_DIVISION,
    STREET_A,
    STREET_B,
    COMMUNITY_A1,
    COMMUNITY_A2,
    COMMUNITY_B1,
    COMMUNITY_B2,
}


# Words and numbers -------------------------------------------------------------------------------------------


def person_name() -> str:
    """A name of three characters that no other row of this run has (for the first 20,000)."""
    number = next(_numbers)
    given, number = number % len(_GIVEN), number // len(_GIVEN)
    second, number = number % len(_GIVEN), number // len(_GIVEN)
    return _SURNAMES[number % len(_SURNAMES)] + _GIVEN[second] + _GIVEN[given]


def citizen_id(born=date(1947, 8, 22), *, sex="female") -> str:
    """An ID number of the demo region, of somebody born on the day; the 500 of each day and sex come round again."""
    order = next(_of_day[born, sex]) % 500 * 2 + (1 if sex == "male" else 0)
    body = f"620301{born:%Y%m%d}{order:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True))
    return body + "10X98765432"[total % 11]


def credit_code(category="51") -> str:
    """A unified social credit code of the demo region with both check characters right."""
    inner = f"MJ{next(_numbers):06d}"
    total = sum(weight * int(c, 36) for weight, c in zip((3, 7, 9, 10, 5, 8, 4, 2), inner, strict=True))
    body = f"{category}620301{inner}{'0123456789X'[-total % 11]}"
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(pow(3, place, 31) * alphabet.index(c) for place, c in enumerate(body))
    return body + alphabet[-total % 31]


def phone() -> str:
    return f"138{next(_numbers):08d}"


# Places and people -------------------------------------------------------------------------------------------


def division(code) -> Division:
    """A division of the district's list; the few that tests need are entered at the first call."""
    found = Division.objects.filter(code=code).first()
    if found is None and not Division.objects.exists():
        organizations.load_divisions(_listed(), by=None)
    return found or Division.objects.get(code=code)


@cache
def _listed() -> list[dict]:
    source = Path(settings.ROOT, "organizations/data/divisions_620302.csv")
    with source.open(encoding="utf-8-sig", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["code12"] in _DIVISIONS]


def photo(name="照片.jpg") -> SimpleUploadedFile:
    """An upload, as from a phone."""
    data = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/jpeg")


def home() -> Division:
    return division(settings.HOME_DIVISION)


def user(role, *, username="", division=None, organization=None, **fields) -> User:
    """An account that can sign in with ``PASSWORD``; staff belong to the district unless a division is given."""
    account = User(
        username=username or f"{role}{next(_numbers)}",
        name=fields.pop("name", "") or person_name(),
        role=role,
        division=None if organization else division or home(),
        organization=organization,
        **fields,
    )
    account.set_password(PASSWORD)
    check(account)
    account.save()
    return account


def _the(username, role) -> User:
    return User.objects.filter(username=username).first() or user(role, username=username)


def officer() -> User:
    """The officer who enters what a factory makes."""
    return _the("officer", Role.OFFICER)


def reviewer() -> User:
    """The second person of whatever needs one."""
    return _the("reviewer", Role.REVIEWER)


def admin_of(organization) -> User:
    """The organisation's first administrator."""
    return organization.users.filter(role=Role.ORG_ADMIN).first() or user(
        Role.ORG_ADMIN, organization=organization
    )


# Organisations -----------------------------------------------------------------------------------------------


def submitted_organization(*, by=None, kind=OrganizationKind.SOCIAL_ASSOCIATION, **fields):
    number = next(_numbers)
    fields = {
        "name": f"金川区第{number}爱心协会",
        "uscc": credit_code(),
        "division": fields.pop("division", None) or home(),
        "responsible_person": person_name(),
        "contact_name": person_name(),
        "contact_phone": phone(),
        "capacity": 5,
        **fields,
    }
    return organizations.register_organization(by=by or officer(), kind=kind, **fields)


def approved_organization(**fields):
    return organizations.approve_organization(submitted_organization(**fields), by=reviewer())


def suspended_organization(**fields):
    return organizations.suspend_organization(
        approved_organization(**fields), by=reviewer(), reason="年检没有按时办理"
    )


def public_body(**fields):
    """An approved public body: the only kind that leads a pairing."""
    fields = {"name": f"金川区第{next(_numbers)}事务中心", "uscc": credit_code("12"), **fields}
    return approved_organization(kind=OrganizationKind.PUBLIC_BODY, **fields)


def program(**fields):
    fields = {"name": f"助老护小之{next(_numbers)}", "started_on": date(2023, 6, 1), **fields}
    return organizations.register_program(by=officer(), **fields)


# Households and pairings -------------------------------------------------------------------------------------


def head(**fields) -> dict:
    """The fields of a head of a household, as ``register_household`` takes them."""
    return {
        "name": person_name(),
        "relation": Relation.HEAD,
        "id_number": citizen_id(),
        "hardships": [{"category": HardshipCategory.DESTITUTE_PERSON, "basis": "特困供养证"}],
        **fields,
    }


def registered_household(*, by=None, members=None, **fields):
    number = next(_numbers)
    fields = {
        "community": fields.pop("community", None) or division(COMMUNITY_A1),
        "address": f"龙集里{number}栋2单元501室",
        "phone": phone(),
        "summary": "独居，行动不便。",
        **fields,
    }
    return households.register_household(by=by or officer(), members=members or [head()], **fields)


def verified_household(**fields):
    return households.verify_household(
        registered_household(**fields),
        by=reviewer(),
        method=ReviewMethod.HOME_VISIT,
        evidence="入户看过，与邻居核对过。",
    )


def exited_household(**fields):
    return households.exit_household(verified_household(**fields), by=officer(), reason="moved_away")


def sharing_consent(household, organization, **fields):
    fields = {"evidence": "签字同意书存于社区档案第 3 盒", **fields}
    return households.record_consent(
        by=officer(),
        household=household,
        purpose=ConsentPurpose.SHARE_WITH_ORGANIZATION,
        organization=organization,
        **fields,
    )


def intention(household=None, organization=None, **fields):
    return pairings.register_intention(
        by=officer(),
        household=household or verified_household(),
        organization=organization or approved_organization(),
        **fields,
    )


def ready_intention(household=None, organization=None, **fields):
    """An intention that lacks nothing but its activation: both confirmed, consent in force."""
    pairing = intention(household, organization, **fields)
    if not pairing.household.consents.sharing().filter(organization=pairing.organization).exists():
        sharing_consent(pairing.household, pairing.organization, given_on=pairing.intended_on)
    pairings.confirm_for_household(pairing, by=officer())
    return pairings.confirm_for_organization(pairing, by=admin_of(pairing.organization))


def active_pairing(household=None, organization=None, *, on=None, **fields):
    return pairings.activate_pairing(ready_intention(household, organization, **fields), by=officer(), on=on)


def lead_pairing(household=None, organization=None, **fields):
    fields = {"role": PairingRole.LEAD, "liaison_name": person_name(), **fields}
    return active_pairing(household, organization or public_body(), **fields)


def ended_pairing(household=None, organization=None, **fields):
    return pairings.end_pairing(
        active_pairing(household, organization, **fields), by=officer(), reason=PairingEndReason.ADJUSTED
    )


# Gifts -------------------------------------------------------------------------------------------------------


def cash(value="1000.00"):
    return giving.Line(kind=LineKind.CASH, value=Decimal(value))


def goods(item="大米", quantity="20", unit="袋", value="1200.00", **fields):
    fields = {"valuation_basis": ValuationBasis.INVOICE, "category": "food", **fields}
    return giving.Line(
        kind=LineKind.GOODS,
        item=item,
        quantity=Decimal(quantity),
        unit=unit,
        value=Decimal(value) if value else None,
        **fields,
    )


def individual_donor(*, by=None, **fields):
    fields = {"kind": DonorKind.INDIVIDUAL, "name": person_name(), "phone": phone(), **fields}
    return giving.register_donor(by=by or officer(), **fields)


def submitted_donation(*, by=None, donor=None, lines=None, household=None, **fields):
    """A gift that waits for confirmation: logged by ``by`` (an organisation's account, or the officer)."""
    by = by or officer()
    if donor is None:
        donor = (
            giving.donor_for_organization(by.organization, by=by) if by.organization else individual_donor()
        )
    fields = {"received_on": date(2026, 9, 10), "route": Route.ASSOCIATION, **fields}
    if household:
        fields |= {"household": household, "restriction": Restriction.HOUSEHOLD, "declares_no_interest": True}
    return giving.log_donation(by=by, donor=donor, lines=lines or [cash()], **fields)


def _another(than) -> User:
    """The officer, or the reviewer where the officer logged it: nobody confirms what is their own."""
    return reviewer() if than == officer() else officer()


def confirmed_donation(**fields):
    donation = submitted_donation(**fields)
    return giving.confirm_donation(donation, by=_another(donation.submitted_by))


def returned_donation(**fields):
    donation = submitted_donation(**fields)
    return giving.return_donation(donation, by=_another(donation.submitted_by), reason=REASON)


def voided_donation(**fields):
    donation = confirmed_donation(**fields)
    second = reviewer() if donation.confirmed_by == officer() else user(Role.REVIEWER)
    return giving.void_donation(donation, by=second, reason=REASON)


# Service -----------------------------------------------------------------------------------------------------


def volunteer(organization, *, by=None, **fields):
    fields = {"name": person_name(), "phone": phone(), "joined_on": date(2023, 6, 1), **fields}
    return people.register_volunteer(by=by or admin_of(organization), organization=organization, **fields)


def identified_volunteer(organization, *, born=date(1975, 3, 4), sex="female", **fields):
    """A volunteer who showed an ID card."""
    number = citizen_id(born, sex=sex)
    document = {"document_kind": DocumentKind.CITIZEN_ID, "document_number": number}
    return volunteer(organization, **{**document, **fields})


def enrolled(volunteer, organization, *, joined_on=date(2024, 6, 1)):
    """The same person on the roll of another organisation."""
    return people.enroll_volunteer(volunteer, by=officer(), organization=organization, joined_on=joined_on)


def training(volunteer, organization, *, by=None, **fields):
    fields = {
        "content": "上门陪护常识",
        "organizer": "区民政局",
        "held_on": date(2026, 5, 8),
        "place": "区民政局会议室",
        "class_hours": Decimal(2),
        **fields,
    }
    by = by or admin_of(organization)
    return growth.record_growth(Training, volunteer, by=by, organization=organization, **fields)


HELD_ON = date(2026, 9, 12)


def service(volunteer, started_at=time(9), ended_at=time(11, 30), *, on=HELD_ON, **fields):
    return activities.Service.on(on, volunteer, started_at, ended_at, **fields)


def _on(day, served):
    """The same hours, on the day of the activity, whatever day they were first said for."""
    shift = day - HELD_ON if served.started_at.date() == HELD_ON else timedelta(0)
    return replace(served, started_at=served.started_at + shift, ended_at=served.ended_at + shift)


def submitted_activity(organization=None, *, by=None, services=None, **fields):
    organization = organization or (by.organization if by else None) or approved_organization()
    by = by or admin_of(organization)
    fields = {
        "title": "重阳节上门理发",
        "responsible_person": person_name(),
        "place": "龙集里社区活动室",
        "held_on": HELD_ON,
        "content": "为老人理发、打扫。",
        "beneficiary_households": 3,
        "beneficiary_people": 4,
        "parties": ["social_org", "volunteer"],
        **fields,
    }
    services = services or [service(volunteer(organization))]
    services = [_on(fields["held_on"], one) for one in services]
    return activities.log_activity(by=by, organization=organization, services=services, **fields)


def confirmed_activity(organization=None, **fields):
    activity = submitted_activity(organization, **fields)
    return activities.confirm_activity(activity, by=_another(activity.submitted_by))


def returned_activity(organization=None, **fields):
    activity = submitted_activity(organization, **fields)
    return activities.return_activity(activity, by=_another(activity.submitted_by), reason="服务时间写反了")


def voided_activity(organization=None, **fields):
    activity = confirmed_activity(organization, **fields)
    second = reviewer() if activity.confirmed_by == officer() else user(Role.REVIEWER)
    return activities.void_activity(activity, by=second, reason=REASON)


judged_by_the_database(globals())
