"""Who is paired with whom in the demo district: the intentions of 2023, activations, ends, new partners, leads."""

from datetime import date, timedelta

from cases.enums import ConsentPurpose, ExitReason, PairingEndReason, PairingRole, PairingState
from cases.models import Consent, Pairing
from cases.services import households as cases
from cases.services import pairings as bonds
from jinchuan.shared.clock import today
from organizations.services import organizations as registry

from . import households, organizations
from .timeline import workday

# The published figures: by then 46 organisations and 55 households had reached an intention.
_OPENING_FROM, _OPENING_DAYS = date(2023, 7, 10), 62
_OPENING_HOLD = date(2024, 1, 31)

_DECLINED = (
    "商会近期人手不足，暂时无力再承担一户，请另行安排。",
    "服务时间与这一户的需要对不上，建议由就近的组织结对。",
    "老人希望由同村的志愿者照看，谢绝本次结对。",
)

# Why pairings end, in turn; those of the second half take the household out of the programme.
_ENDS = [
    (PairingEndReason.ADJUSTED, "住址相距较远，调整由就近的组织接手，已当面交接。"),
    (ExitReason.HARDSHIP_RELIEVED, "家庭收入已稳定，经社区评议困难解除，退出帮扶。"),
    (PairingEndReason.ORGANIZATION_UNABLE, "骨干志愿者变动，组织无力继续承担，移交其他组织。"),
    (ExitReason.DECEASED, "老人因病去世，组织已上门慰问家属。"),
    (PairingEndReason.ADJUSTED, "按照一户一策重新匹配专长，调整结对组织。"),
    (ExitReason.INSTITUTIONAL_CARE, "老人入住养老机构集中供养。"),
    (PairingEndReason.UNWILLING, "帮扶方式不合意，关爱户希望换一个组织。"),
    (ExitReason.MOVED_AWAY, "随子女迁往外地居住。"),
]
_ENDS_FROM, _ENDS_EVERY = date(2024, 1, 16), 64


def plan(district):
    _plan_opening(district)
    _plan_leads(district)
    _plan_further(district)
    day, number = _ENDS_FROM, 0
    while day <= district.until:
        district.timeline.on(workday(day), _end_one, district, number, at="15:30")
        day, number = day + timedelta(days=_ENDS_EVERY), number + 1
    district.timeline.on(date(2024, 11, 4), _pause, district, at="11:00")
    district.timeline.on(date(2025, 1, 6), _go_on, district, at="11:00")
    district.timeline.on(date(2025, 3, 18), _close, district, at="14:30")


# The opening -------------------------------------------------------------------------------------------------


def _plan_opening(district):
    """One household for each of the 46 organisations, the other nine for those with room, three with two partners."""
    names = [name for name, *_ in organizations.SOCIAL_ORGANIZATIONS]
    roomy = [name for name, _, _, capacity, _ in organizations.SOCIAL_ORGANIZATIONS if capacity >= 3]
    partners = names + roomy[: households.OPENING_HOUSEHOLDS - len(names)]
    couples = [*list(enumerate(partners)), (3, roomy[12]), (17, roomy[14]), (29, roomy[16])]
    last = len(couples) - 1
    for place, (number, name) in enumerate(couples):
        day = _OPENING_FROM + timedelta(days=place * _OPENING_DAYS // last)
        if place % 19 == 7:  # another organisation was asked first, and said no
            other = roomy[(place * 7 + 3) % len(roomy)]
            first = day - timedelta(days=6)
            district.timeline.on(first, intend, district, number, other, None, at="09:30")
            district.timeline.on(first + timedelta(days=3), decline, district, number, other, place)
        district.timeline.on(day, intend, district, number, name, _OPENING_HOLD, at="09:40")
        wait = 18 if place % 3 == 0 else 40 + place * 3 % 70
        plan_activation(district, number, name, day, workday(day + timedelta(days=wait)))


def plan_activation(district, number, name, day, started_on):
    """Both sides' word and the consent in the days after the intention, then the pairing itself."""
    on, gap = district.timeline.on, (started_on - day).days
    on(day + timedelta(days=max(1, gap // 4)), _organization_agrees, district, number, name, at="11:10")
    on(day + timedelta(days=max(1, gap // 2)), _household_agrees, district, number, name, at="15:20")
    on(started_on, activate, district, number, name, at="10:30")


def _plan_leads(district):
    """Every fourth household also has a lead partner: a cadre of a public body."""
    for place, number in enumerate(range(0, households.OPENING_HOUSEHOLDS, 4)):
        body = organizations.LEAD_BODIES[place % 2]
        day = workday(date(2023, 7, 24) + timedelta(days=place))
        rng = district.rng(f"lead:{number}")
        cadre = district.people.name(rng.choice(("male", "female")))
        district.timeline.on(day, _lead, district, number, body, cadre, at="14:20")


def _lead(district, number, body, cadre):
    officer = district.staff["officer"]
    household, organization = district.households[number], district.organizations[body]
    pairing = bonds.register_intention(
        by=officer,
        household=household,
        organization=organization,
        role=PairingRole.LEAD,
        liaison_name=cadre,
    )
    share(district, household, organization)
    bonds.confirm_for_organization(pairing, by=officer)
    bonds.confirm_for_household(pairing, by=officer)
    bonds.activate_pairing(pairing, by=officer)


# Steps -------------------------------------------------------------------------------------------------------


def intend(district, number, name, hold_until, previous=None):
    organization = district.organizations[name]
    district.pairings[number, name] = bonds.register_intention(
        by=district.staff["officer"],
        household=district.households[number],
        organization=organization,
        liaison_name=organization.responsible_person,
        hold_until=hold_until,
        previous=previous,
    )


def decline(district, number, name, place):
    pairing = district.pairings.pop((number, name))
    bonds.decline_intention(
        pairing,
        by=district.speaker_of(pairing.organization),
        reason=_DECLINED[place % len(_DECLINED)],
    )


def lapse(district, number, name):
    """The nightly sweep, as far as this intention goes."""
    pairing = district.pairings.pop((number, name))
    bonds.expire_intention(pairing)


def _organization_agrees(district, number, name):
    pairing = district.pairings.get((number, name))
    if pairing is None:  # the household has left meanwhile
        return
    bonds.confirm_for_organization(pairing, by=district.speaker_of(pairing.organization))


def _household_agrees(district, number, name):
    pairing = district.pairings.get((number, name))
    if pairing is None:  # the household has left meanwhile
        return
    share(district, pairing.household, pairing.organization)
    bonds.confirm_for_household(pairing, by=district.staff["officer"])


def share(district, household, organization):
    """The household signs that this organisation may know who it is."""
    sharing = Consent.objects.sharing().filter(household=household, organization=organization)
    if not sharing.exists():
        cases.record_consent(
            by=district.staff["officer"],
            household=household,
            purpose=ConsentPurpose.SHARE_WITH_ORGANIZATION,
            organization=organization,
            evidence=f"关爱户当面签字，同意书存{household.community.short_name}档案盒",
        )


def activate(district, number, name):
    pairing = district.pairings.get((number, name))
    if pairing is None:
        return
    organization = district.organizations[name]
    full = Pairing.objects.active().filter(organization=organization).count() >= organization.capacity
    district.pairings[number, name] = bonds.activate_pairing(
        pairing,
        by=district.staff["officer"],
        capacity_override="就近便利，组织新增两名骨干志愿者，书面承诺可以承担。" if full else "",
    )


# Afterwards --------------------------------------------------------------------------------------------------


def _plan_further(district):
    """Each household that comes later is offered to an organisation; now and then the first one says no or is silent."""
    day, number = households.FURTHER_FROM, households.OPENING_HOUSEHOLDS
    while day <= district.until:
        found = workday(day) + timedelta(days=24)
        district.timeline.on(found, offer, district, number, number, at="09:50")
        day, number = day + timedelta(days=households.FURTHER_EVERY), number + 1


def offer(district, number, turn, previous=None):
    """Find a partner with room for a household that has none and let the intention take its course."""
    day = today()
    name = with_room(district, number, turn)
    if turn % 6 == 1:
        intend(district, number, name, None, previous)
        district.timeline.on(day + timedelta(days=5), decline, district, number, name, turn)
        district.timeline.on(day + timedelta(days=9), offer, district, number, turn + 1, previous)
    elif turn % 8 == 3:
        intend(district, number, name, None, previous)
        district.timeline.on(day + timedelta(days=31), lapse, district, number, name, at="00:30")
        district.timeline.on(day + timedelta(days=34), offer, district, number, turn + 1, previous)
    else:
        intend(district, number, name, None, previous)
        plan_activation(district, number, name, day, workday(day + timedelta(days=9 + turn % 12)))


def with_room(district, number, turn):
    """Turn by turn through the organisations, past those that are full or were this household's partner before."""
    taken = dict.fromkeys(district.organizations, 0)
    for _, name in district.pairings:
        taken[name] += 1
    names = [
        organization.name
        for organization in district.social_organizations()
        if taken[organization.name] < organization.capacity
        and (number, organization.name) not in district.pairings
    ]
    return names[turn * 11 % len(names)]


def _end_one(district, turn):
    """One pairing ends; where the household stays, it is offered to another organisation within days."""
    reason, note = _ENDS[turn % len(_ENDS)]
    active = [
        (key, pairing)
        for key, pairing in district.pairings.items()
        if pairing.state == PairingState.ACTIVE and key[1] != organizations.SHOWN
    ]
    (number, name), pairing = active[turn * 5 % len(active)]
    officer = district.staff["officer"]
    if isinstance(reason, ExitReason):
        cases.exit_household(district.households[number], by=officer, reason=reason, note=note)
        for key in [key for key in district.pairings if key[0] == number]:
            del district.pairings[key]
    else:
        ended = bonds.end_pairing(pairing, by=officer, reason=reason, note=note)
        del district.pairings[number, name]
        later = today() + timedelta(days=3 + turn % 25)
        district.timeline.on(later, offer, district, number, number + turn + 2, ended, at="09:50")


def _pause(district):
    name = organizations.PAUSES
    district.organizations[name] = registry.suspend_organization(
        district.organizations[name],
        by=district.staff["reviewer"],
        reason="场地搬迁，暂停新增结对两个月，已结对的照常服务。",
    )


def _go_on(district):
    name = organizations.PAUSES
    district.organizations[name] = registry.resume_organization(
        district.organizations[name], by=district.staff["reviewer"]
    )


def _close(district):
    """An organisation deregisters; the households it leaves get a new partner."""
    name = organizations.CLOSES
    left = [(number, pairing) for (number, other), pairing in district.pairings.items() if other == name]
    district.organizations[name] = bonds.deregister_organization(
        district.organizations[name],
        by=district.staff["reviewer"],
        reason="经理事会决议注销登记，清算已完成。",
    )
    for number, pairing in left:
        del district.pairings[number, name]
        later = today() + timedelta(days=6)
        district.timeline.on(later, offer, district, number, number + 2, pairing, at="09:50")
