"""Who could help whom: a ranked list for one household, the best assignment for many at once. Only reads.

Both rest on the points of ``cases.suggesting``. The assignment counts them for all pairs at once in matrices; a test holds
the two to the same number.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy
from django.db.models import Count, Q

from jinchuan.shared.access import require
from organizations.enums import SOCIAL_ORGANIZATION_KINDS, DivisionLevel, NeedCode
from organizations.models import Division, Organization

from .. import suggesting
from ..enums import OPEN_PAIRING_STATES, CareNeedState
from ..models import CareNeed, Consent, Household, Pairing
from ..suggesting import Asker, Helper, Reason

NO_ROOM = "没有空余的组织可以分给这一户。"
_WORDS = dict(NeedCode.choices)
_CODES = [str(code) for code in NeedCode]
_GRASSROOTS = (DivisionLevel.COMMUNITY, DivisionLevel.VILLAGE)
_STREETS = (DivisionLevel.SUBDISTRICT, DivisionLevel.TOWN)
_NEVER = -1_000_000


@dataclass(frozen=True)
class Suggestion:
    """One organisation for one household, and why."""

    household: Household
    organization: Organization
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)

    @property
    def texts(self) -> list[str]:
        return [reason.text for reason in self.reasons]


def suggest(household, *, by, most=10) -> list[Suggestion]:
    """The organisations that suit a household best: approved social organisations with a free place that it has no open
    pairing with. Ties go by code."""
    require(by, "cases.view_household", household)
    known = _Known.of([household], by=by)
    found = [
        known.suggestion(household, organization)
        for organization in known.organizations
        if known.may(household, organization)
    ]
    return sorted(found, key=lambda one: (-one.points, one.organization.code))[:most]


def assign(households, *, by) -> tuple[list[Suggestion], list[Household]]:
    """One organisation for each household, so that the points of all together are the highest possible and no
    organisation gets more than it has room for. Second come the households for which there is no room.

    A proposal: nothing is written, each pair still begins with an intention.
    """
    # Half a second that every process would wait for as it starts.
    from scipy.optimize import linear_sum_assignment

    visible = Household.objects.visible_to(by) if by else Household.objects.all()
    rows = list(
        visible.filter(pk__in=[household.pk for household in households])
        .select_related("community__parent")
        .order_by("code")
    )
    known = _Known.of(rows, by=by)
    if not rows or not known.organizations:
        return [], rows
    points = known.matrix()
    # An organisation stands in the matrix once for each place it can give.
    places = [min(known.helpers[one.pk].free, len(rows)) for one in known.organizations]
    columns = numpy.repeat(numpy.arange(len(known.organizations)), places)
    chosen, places_taken = linear_sum_assignment(points[:, columns], maximize=True)
    pairs, alone = [], set(range(len(rows)))
    for row, place in zip(chosen.tolist(), places_taken.tolist(), strict=True):
        column = int(columns[place])
        if points[row, column] > _NEVER:
            pairs.append(known.suggestion(rows[row], known.organizations[column]))
            alone.discard(row)
    return pairs, [rows[row] for row in sorted(alone)]


@dataclass
class _Known:
    """All that the points are counted from, read in a fixed number of queries."""

    households: list
    organizations: list
    askers: dict
    helpers: dict
    before: set
    agreed: set
    taken: set

    @classmethod
    def of(cls, households, *, by) -> "_Known":
        ids = [household.pk for household in households]
        organizations = _with_room(by)
        opened = set(
            Pairing.objects.open().filter(household__in=ids).values_list("household", "organization")
        )
        started = set(
            Pairing.objects.started().filter(household__in=ids).values_list("household", "organization")
        )
        agreed = Consent.objects.sharing().filter(household__in=ids)
        return cls(
            households=households,
            organizations=organizations,
            askers=_askers(households),
            helpers={one.pk: _helper(one) for one in organizations},
            before=started - opened,
            agreed=set(agreed.values_list("household", "organization")),
            taken=opened,
        )

    def may(self, household, organization) -> bool:
        return (household.pk, organization.pk) not in self.taken

    def suggestion(self, household, organization) -> Suggestion:
        pair = (household.pk, organization.pk)
        found = suggesting.reasons(
            self.askers[household.pk],
            self.helpers[organization.pk],
            helped_before=pair in self.before,
            agreed=pair in self.agreed,
            words=_WORDS,
        )
        return Suggestion(household, organization, tuple(found))

    def matrix(self) -> numpy.ndarray:
        """Points of every household (row) with every organisation (column); ``_NEVER`` where they are paired already."""
        askers = [self.askers[household.pk] for household in self.households]
        helpers = [self.helpers[organization.pk] for organization in self.organizations]
        wanted = numpy.array([[_weight(asker, code) for code in _CODES] for asker in askers])
        offered = numpy.array(
            [[code in helper.strengths for code in _CODES] for helper in helpers], dtype=int
        )
        points = wanted @ offered.T
        same_community = _same([a.community for a in askers], [h.community for h in helpers])
        same_street = _same([a.street for a in askers], [h.street for h in helpers])
        points += numpy.where(
            same_community,
            suggesting.SAME_COMMUNITY,
            numpy.where(same_street, suggesting.SAME_STREET, 0),
        )
        points += numpy.array([suggesting.room(helper) for helper in helpers])
        row = {household.pk: place for place, household in enumerate(self.households)}
        column = {organization.pk: place for place, organization in enumerate(self.organizations)}
        for pairs, worth in ((self.before, suggesting.HELPED_BEFORE), (self.agreed, suggesting.AGREED)):
            for household, organization in pairs:
                if organization in column:
                    points[row[household], column[organization]] += worth
        for household, organization in self.taken:
            if organization in column:
                points[row[household], column[organization]] = _NEVER
        return points


def _with_room(by) -> list[Organization]:
    """Approved social organisations that can take another household, with the places ``taken``, those
    held by an intention included, in the order of codes."""
    rows = Organization.objects.visible_to(by) if by else Organization.objects.all()
    taken = Count("pairings", filter=Q(pairings__state__in=OPEN_PAIRING_STATES))
    rows = rows.approved().filter(kind__in=SOCIAL_ORGANIZATION_KINDS).annotate(taken=taken)
    return [
        row for row in rows.select_related("division__parent").order_by("code") if row.taken < row.capacity
    ]


def _askers(households) -> dict[int, Asker]:
    needs, urgent = defaultdict(set), defaultdict(set)
    waiting = CareNeed.objects.filter(household__in=[row.pk for row in households], state=CareNeedState.OPEN)
    for household, code, is_urgent in waiting.values_list("household", "need", "is_urgent"):
        needs[household].add(code)
        if is_urgent:
            urgent[household].add(code)
    places = {
        division.pk: division
        for division in Division.objects.filter(
            pk__in={row.community_id for row in households}
        ).select_related("parent")
    }
    return {
        row.pk: Asker(frozenset(needs[row.pk]), frozenset(urgent[row.pk]), *_place(places[row.community_id]))
        for row in households
    }


def _helper(organization) -> Helper:
    return Helper(
        frozenset(organization.strengths),
        *_place(organization.division),
        capacity=organization.capacity,
        free=organization.capacity - organization.taken,
    )


def _place(division) -> tuple[str, str]:
    """The codes of the community and of the street a place lies in, as far as it lies in one."""
    if division.level in _GRASSROOTS:
        return division.code, division.parent.code if division.parent else ""
    return "", division.code if division.level in _STREETS else ""


def _weight(asker, code) -> int:
    if code not in asker.needs:
        return 0
    return suggesting.URGENT_NEED if code in asker.urgent else suggesting.NEED


def _same(ours, theirs) -> numpy.ndarray:
    """Where the two lists name the same place; nowhere is no place."""
    ours, theirs = numpy.array(ours)[:, None], numpy.array(theirs)[None, :]
    return (ours == theirs) & (ours != "")
