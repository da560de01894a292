"""PURE: how well an organisation suits a household, in points and in words.

The weights say what a good match is: somebody who can do what is needed, lives close by, knows the household and has
room. They are whole numbers, so that the same facts give the same points everywhere, in a list of one household and in
an assignment of a thousand.
"""

from dataclasses import dataclass

NEED, URGENT_NEED = 10, 15
SAME_COMMUNITY, SAME_STREET = 8, 5
HELPED_BEFORE = 6
AGREED = 3
ROOM = 4  # for an organisation with all of its places free; in proportion for the others


@dataclass(frozen=True)
class Asker:
    """What is known of a household: its open needs, the urgent ones among them, and where it lives."""

    needs: frozenset[str] = frozenset()
    urgent: frozenset[str] = frozenset()
    community: str = ""
    street: str = ""


@dataclass(frozen=True)
class Helper:
    """What is known of an organisation: what it is good at, where it is registered, its places and the free ones."""

    strengths: frozenset[str] = frozenset()
    community: str = ""
    street: str = ""
    capacity: int = 1
    free: int = 1


@dataclass(frozen=True)
class Reason:
    points: int
    text: str


def reasons(asker, helper, *, helped_before=False, agreed=False, words=None) -> list[Reason]:
    """What speaks for the two, most first. ``words`` are the names of the need codes."""
    words = words or {}
    found = []
    for code in sorted(asker.needs & helper.strengths, key=lambda code: (code not in asker.urgent, code)):
        name = words.get(code, code)
        if code in asker.urgent:
            found.append(Reason(URGENT_NEED, f"这一户急需“{name}”，正是该组织的专长"))
        else:
            found.append(Reason(NEED, f"这一户需要“{name}”，是该组织的专长"))
    near = nearness(asker, helper)
    if near == SAME_COMMUNITY:
        found.append(Reason(near, "就在同一个社区（村）"))
    elif near == SAME_STREET:
        found.append(Reason(near, "在同一个街道（镇）"))
    if helped_before:
        found.append(Reason(HELPED_BEFORE, "以前帮扶过这一户"))
    if agreed:
        found.append(Reason(AGREED, "这一户已同意向该组织提供信息"))
    found.append(Reason(room(helper), f"可结对 {helper.capacity} 户，还可再结对 {helper.free} 户"))
    return sorted(found, key=lambda reason: -reason.points)


def nearness(asker, helper) -> int:
    if asker.community and asker.community == helper.community:
        return SAME_COMMUNITY
    if asker.street and asker.street == helper.street:
        return SAME_STREET
    return 0


def room(helper) -> int:
    """Rounded down, so that the last free place of many earns nothing."""
    return ROOM * helper.free // helper.capacity if helper.capacity else 0
