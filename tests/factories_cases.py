"""Rows of the care side by situation, made through the services like those of ``factories``."""

from decimal import Decimal

from cases.enums import MatterKind, VisitChannel, VisitCondition, VisitKind
from cases.models import CarePlan
from cases.services import needs, visits
from jinchuan.audit.services import create, verb
from jinchuan.shared.clock import today
from tests import factories
from tests.situations import judged_by_the_database

REASON = "见到的人与社区说的不一致"


def settled(household, **fields):
    fields = {"kind": MatterKind.DEED_DONE, "description": "陪同到社区办了高龄补贴认证。", **fields}
    return visits.Settled(household=household, **fields)


def raised(household, **fields):
    fields = {"need": "winter_warmth", "description": "被子太薄，夜里冷。", **fields}
    return visits.Raised(household=household, **fields)


def submitted_visit(pairing=None, *, by=None, households=None, **fields):
    """A home visit of today that waits for confirmation, by the administrator of the paired organisation."""
    pairing = pairing or factories.active_pairing()
    by = by or factories.admin_of(pairing.organization)
    fields = {
        "kind": VisitKind.HOME_VISIT,
        "channel": VisitChannel.IN_PERSON,
        "was_made": True,
        "visited_on": today(),
        "visitors": by.name,
        "people_met": "本人",
        "condition": VisitCondition.GOOD,
        "notes": "屋里暖和，药都有。",
        **fields,
    }
    return visits.log_visit(by=by, households=households or [pairing.household], **fields)


def contact(pairing=None, **fields):
    """A telephone call that waits for confirmation."""
    return submitted_visit(
        pairing, **{"kind": VisitKind.CONTACT, "channel": VisitChannel.PHONE, "people_met": "", **fields}
    )


def confirmed_visit(pairing=None, **fields):
    return visits.confirm_visit(submitted_visit(pairing, **fields), by=factories.officer())


def returned_visit(pairing=None, **fields):
    return visits.return_visit(submitted_visit(pairing, **fields), by=factories.officer(), reason=REASON)


def voided_visit(pairing=None, **fields):
    return visits.void_visit(confirmed_visit(pairing, **fields), by=factories.reviewer(), reason=REASON)


def submitted_matter(pairing=None, *, by=None, **fields):
    """Something settled today without a visit."""
    pairing = pairing or factories.active_pairing()
    fields = {
        "kind": MatterKind.DIFFICULTY_SOLVED,
        "settled_on": today(),
        "description": "换了漏风的窗户。",
        **fields,
    }
    by = by or factories.admin_of(pairing.organization)
    return visits.log_matter(by=by, household=pairing.household, **fields)


def confirmed_matter(pairing=None, **fields):
    return visits.confirm_matter(submitted_matter(pairing, **fields), by=factories.officer())


def returned_matter(pairing=None, **fields):
    return visits.return_matter(submitted_matter(pairing, **fields), by=factories.officer(), reason=REASON)


def open_need(household=None, **fields):
    """A need that organisations see: two quilts for somebody who lives alone."""
    fields = {
        "need": "winter_warmth",
        "public_words": "一位独居老人需要厚棉被",
        "description": "现在的被子太薄。",
        "quantity": Decimal(2),
        "unit": "床",
        **fields,
    }
    return needs.raise_need(
        by=factories.officer(), household=household or factories.verified_household(), **fields
    )


def claim(need=None, organization=None, *, quantity=1, **fields):
    by = factories.admin_of(organization or factories.approved_organization())
    return needs.claim_need(need or open_need(), by=by, quantity=Decimal(quantity), **fields)


@verb
def care_plan(household=None, *, by=None, **fields):
    fields = {
        "year": today().year,
        "goals": "平安过冬。",
        "measures": "每月走访一次，入冬前换被褥。",
        "drawn_on": today(),
        **fields,
    }
    household = household or factories.verified_household()
    return create(CarePlan(household=household, **fields), by=by)


judged_by_the_database(globals())
