"""Which rows each role may know of: ``visible_to`` of every model, on the two sides of the world."""

from copy import copy

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from cases.models import Household
from jinchuan.shared.querysets import ScopedQuerySet

from .world import ACTORS

pytestmark = pytest.mark.django_db

BUREAU = {"officer", "reviewer", "leader"}
ORGANIZATION_A = {"admin_a", "member_a"}
EVERYBODY = set(ACTORS) - {"anonymous"}

# model: (who sees both sides, who sees side A alone); everybody else sees neither.
SCOPES = {
    "organizations.organization": (BUREAU | {"clerk", "auditor", "administrator"}, ORGANIZATION_A),
    "organizations.user": ({"officer", "reviewer", "auditor", "administrator"}, ORGANIZATION_A),
    "organizations.division": (EVERYBODY - {"worker_a"}, {"worker_a"}),
    "organizations.supervisingunit": (EVERYBODY, set()),
    "organizations.program": (EVERYBODY, set()),
    "organizations.programpartner": (EVERYBODY - {"worker_a", "auditor"}, set()),
    "organizations.mobilization": (BUREAU, ORGANIZATION_A),
    "organizations.mobilizationinvitation": (BUREAU, ORGANIZATION_A),
    "cases.studentaid": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.household": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.member": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.hardship": (BUREAU, {"worker_a"}),
    "cases.eligibilityreview": (BUREAU, {"worker_a"}),
    "cases.consent": (BUREAU, {"worker_a"}),
    "cases.pairing": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.visit": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.visithousehold": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.matter": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.careneed": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.claim": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.careplan": (BUREAU, {"worker_a"}),
    "cases.servicestandard": (BUREAU | {"worker_a"}, set()),
    "cases.obligation": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "cases.notice": (set(), {"member_a"}),
    "donations.donor": (BUREAU | {"clerk"}, ORGANIZATION_A),
    "donations.donation": (BUREAU | {"clerk"}, ORGANIZATION_A),
    "donations.donationline": (BUREAU | {"clerk"}, ORGANIZATION_A),
    "donations.receipt": (BUREAU | {"clerk"}, set()),
    "donations.purposechange": (BUREAU | {"clerk"}, set()),
    "donations.lot": (BUREAU | {"clerk"}, ORGANIZATION_A),
    "donations.fund": (BUREAU | {"clerk"}, set()),
    "donations.place": (BUREAU | {"clerk"}, set()),
    "donations.holding": (BUREAU | {"clerk"}, set()),
    "donations.movement": (BUREAU | {"clerk"}, set()),
    "donations.adjustment": (BUREAU | {"clerk"}, set()),
    "donations.disposal": (BUREAU | {"clerk"}, set()),
    "donations.stocktake": (BUREAU | {"clerk"}, set()),
    "donations.allocation": (BUREAU | {"clerk"}, ORGANIZATION_A | {"worker_a"}),
    "donations.distribution": (BUREAU | {"clerk"}, {"worker_a"}),
    "donations.distributionline": (BUREAU | {"clerk"}, ORGANIZATION_A | {"worker_a"}),
    "donations.verification": (BUREAU | {"clerk"}, set()),
    "donations.paper": (set(), {"worker_a"}),
    "volunteers.volunteer": (BUREAU, ORGANIZATION_A),
    "volunteers.activity": (BUREAU, ORGANIZATION_A),
    "volunteers.servicerecord": (BUREAU, ORGANIZATION_A),
    "volunteers.checkinwindow": (BUREAU, ORGANIZATION_A),
    "volunteers.unknownperson": (BUREAU, ORGANIZATION_A),
    "reports.closing": (BUREAU, set()),
    "reports.reportbatch": (BUREAU, set()),
    "reports.reportedition": (BUREAU, set()),
    "reports.reportrecipient": ({"officer", "reviewer"}, set()),
    "reports.reportmail": ({"officer", "reviewer"}, set()),
    "reports.story": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "reports.storyperson": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "reports.storyphoto": (BUREAU, ORGANIZATION_A | {"worker_a"}),
    "reports.storyrelease": (BUREAU, set()),
    "reports.publication": (BUREAU, set()),
    "reports.publicationconsent": (BUREAU, set()),
    "audit.auditevent": ({"reviewer", "auditor", "administrator"}, set()),
    "intake.attachment": (BUREAU | {"clerk"}, ORGANIZATION_A),
    "intake.draft": (set(), {"member_a"}),
    "sheets.sheetimport": (set(), {"officer"}),
}


@pytest.fixture(scope="module")
def world(built):
    """These tests only read."""
    return built


def test_who_sees_which_side(world):
    seen, expected = {}, {}
    for label, (both, own) in SCOPES.items():
        model = apps.get_model(label)
        for actor in ACTORS:
            user = world.people.get(actor, AnonymousUser())
            rows = model._default_manager.visible_to(user)
            seen[label, actor] = tuple(
                rows.filter(pk=side.rows[label].pk).exists() for side in (world.a, world.b)
            )
            expected[label, actor] = (actor in both | own, actor in both)

    assert seen == expected


def test_no_row_comes_twice(world):
    for label in SCOPES:
        for actor in EVERYBODY:
            rows = list(
                apps.get_model(label)._default_manager.visible_to(world.people[actor]).values_list("pk")
            )
            assert len(rows) == len(set(rows)), (label, actor)


def test_an_organization_sees_only_households_that_are_paired_and_agree(world):
    """Beside the one it sees stand an intention, an ended pairing, a withdrawn and an expired consent."""
    organization = world.a.rows["organizations.organization"]
    reached = Household.objects.filter(pairings__organization=organization).distinct()

    assert reached.count() == 5
    assert list(Household.objects.visible_to(world.people["member_a"])) == [world.a.rows["cases.household"]]


@pytest.mark.parametrize(
    "model",
    [model for model in apps.get_models() if isinstance(model._default_manager.all(), ScopedQuerySet)],
    ids=lambda model: model._meta.label,
)
def test_strangers_and_disabled_accounts_see_nothing(world, model):
    disabled = copy(world.people["reviewer"])
    disabled.is_active = False

    for user in (None, AnonymousUser(), disabled):
        assert not model._default_manager.visible_to(user).exists()


def test_every_model_of_ours_says_who_sees_it():
    """But for what nobody reads as such: steps, lines of a count and of the ledger, tokens, counters, and the log's own book-keeping."""
    unread = {"StandardRule", "StockTakeLine", "Submission", "Sequence", "ChainHead", "KeySentinel"}
    unread |= {"MemberNamePart", "DonorNamePart", "BatchEdition", "Entry", "ClosedFigures", "Touched"}
    silent = {
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label
        in {"organizations", "cases", "donations", "volunteers", "reports", "intake", "audit", "sheets"}
        and not isinstance(model._default_manager.all(), ScopedQuerySet)
        and not model.__name__.endswith("Transition")
    }

    assert silent == unread
