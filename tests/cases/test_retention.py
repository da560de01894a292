"""Names of closed households go when their time is over, by two people, and no figure moves (T40)."""

from datetime import date, datetime

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import Error, transaction

from cases import retaining
from cases.models import CarePlan, Household, Visit
from cases.models.households import NAMELESS
from cases.services import households, needs, pairings, plans, retention, visits
from donations.models import Donation
from donations.services import gifts as giving
from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import create, verb
from jinchuan.intake.models import Attachment
from jinchuan.intake.services import attach
from jinchuan.shared import clock
from jinchuan.shared.clock import SHANGHAI, today
from jinchuan.shared.errors import Refused
from organizations.enums import Role
from reports import indicators
from tests import factories, factories_cases
from tests.guarding import ROUTES
from tests.pages import page

LONG_AGO = datetime(2023, 9, 1, 10, tzinfo=SHANGHAI)
# Planted where somebody might type a name; none of it may be left.
CANARIES = {
    "name": "欧阳金鹂",
    "child": "欧阳小雀",
    "guardian": "司马画眉",
    "address": "黄鹂里7栋3单元502室",
    "summary": "儿子百灵外出",
    "evidence": "邻居杜鹃作证",
    "consent": "杜鹃代收的同意书",
    "basis": "特困证斑鸠字第七号",
    "notes": "喜鹊在家做饭",
    "met": "奶奶斑鸠",
    "need": "给云雀买被子",
    "public": "云雀一家需要棉被",
    "matter": "陪云雀办证",
    "plan": "让云雀上学",
    "handover": "请找隔壁燕子开门",
    "exit": "随儿子百灵迁走",
    "gift": "给鹧鸪一家",
}


@pytest.fixture
def closed(db):
    """A household that left in September 2023, full of words that tell who it was."""
    with clock.travel(LONG_AGO):
        officer, reviewer = factories.officer(), factories.reviewer()
        number = factories.citizen_id()
        child = {
            "name": CANARIES["child"],
            "relation": "child",
            "birth_date": date(2015, 5, 5),
            "no_id_reason": "户口簿儿童，尚未办证",
            "guardian_name": CANARIES["guardian"],
            "guardian_phone": "13909358888",
        }
        head = factories.head(
            name=CANARIES["name"],
            id_number=number,
            hardships=[{"category": "destitute_person", "basis": CANARIES["basis"]}],
        )
        household = factories.registered_household(
            members=[head, child],
            address=CANARIES["address"],
            phone="13909357777",
            summary=CANARIES["summary"],
        )
        households.verify_household(
            household, by=reviewer, method="neighbours", evidence=CANARIES["evidence"]
        )
        organization = factories.approved_organization()
        factories.sharing_consent(
            household,
            organization,
            evidence=CANARIES["consent"],
            given_by="guardian",
            guardian_name=CANARIES["guardian"],
        )
        pairing = factories.active_pairing(household, organization)
        visit = factories_cases.confirmed_visit(pairing, notes=CANARIES["notes"], people_met=CANARIES["met"])
        needs.raise_need(
            by=officer,
            household=household,
            need="medical",
            description=CANARIES["need"],
            public_words=CANARIES["public"],
        )
        visits.log_matter(
            by=officer,
            household=household,
            settled_on=today(),
            kind="deed_done",
            description=CANARIES["matter"],
        )
        _draw_plan(household, by=officer)
        factories.confirmed_donation(household=household, received_on=today(), note=CANARIES["gift"])
        attach(Visit._meta.label, visit.pk, factories.photo(), by=officer)
        pairings.begin_ending(
            pairing,
            by=officer,
            last_contact_on=today(),
            goods_outstanding="无",
            handover_note=CANARIES["handover"],
        )
        return households.exit_household(household, by=officer, reason="moved_away", note=CANARIES["exit"])


@verb
def _draw_plan(household, *, by):
    words = {"goals": CANARIES["plan"], "measures": CANARIES["plan"]}
    return create(CarePlan(household=household, year=2023, drawn_on=today(), **words), by=by)


def figures():
    return {code: indicators.shown(figure) for code, figure in indicators.read_all(today()).items()}


def said_anywhere() -> set:
    """Which of the planted words any row of ours still says, read in clear."""
    text = "\n".join(
        str(value)
        for model in apps.get_models()
        if model is not AuditEvent
        for row in model._base_manager.all().values_list()
        for value in row
    )
    return {name for name, word in CANARIES.items() if word in text}


def _propose_and_apply(household):
    retention.propose_deidentification(household, by=factories.officer())
    return retention.deidentify_household(household, by=factories.reviewer())


def test_nothing_tells_who_they_were(closed, django_capture_on_commit_callbacks):
    assert said_anywhere() == set(CANARIES)
    (photo,) = Attachment.objects.all()

    with django_capture_on_commit_callbacks(execute=True):
        household = _propose_and_apply(closed)

    assert said_anywhere() == set()
    assert not Attachment.objects.exists()
    assert not default_storage.exists(photo.file.name)
    assert (household.address, household.phone) == ("", "")
    numbers = household.members.values_list("name", "id_number", "id_hash", "guardian_phone").order_by("pk")
    assert list(numbers) == [(retaining.NAMELESS, "", None, "")] * 2
    assert household.members.get(relation="child").birth_date == date(2015, 1, 1)


def test_a_visit_to_somebody_nameless_takes_no_more_photos(closed, officer):
    visit = Visit.objects.get()
    attach(Visit._meta.label, visit.pk, factories.photo(), by=officer)
    _propose_and_apply(closed)

    with pytest.raises(Refused) as refusal:
        attach(Visit._meta.label, visit.pk, factories.photo(), by=officer)

    assert refusal.value.messages == [retaining.NO_MORE_FILES]
    assert not Attachment.objects.exists()


def test_no_figure_moves(closed):
    factories.active_pairing()
    before = figures()

    _propose_and_apply(closed)

    assert figures() == before
    assert any(figure["cumulative"] for figure in before.values())


def test_the_log_says_so_and_names_nobody(closed):
    _propose_and_apply(closed)

    events = AuditEvent.objects.of(closed).order_by("-id")
    assert [event.action for event in events[:2]] == ["deidentify", "propose_deidentification"]
    assert events[0].actor == "reviewer"
    words = {word for name, word in CANARIES.items() if name in {"name", "child", "guardian", "address"}}
    told = str(list(AuditEvent.objects.values_list("before", "after", "target_label")))
    assert [word for word in words if word in told] == []


def test_a_visit_to_others_too_keeps_its_notes_until_the_last_is_nameless(db):
    with clock.travel(LONG_AGO):
        organization = factories.approved_organization()
        first, second = (factories.active_pairing(None, organization) for _ in range(2))
        visit = factories_cases.confirmed_visit(
            first, households=[first.household, second.household], notes=CANARIES["notes"]
        )
        rows = [
            households.exit_household(one.household, by=factories.officer(), reason="moved_away")
            for one in (first, second)
        ]

    _propose_and_apply(rows[0])
    between = Visit.objects.get(pk=visit.pk).notes
    _propose_and_apply(rows[1])

    assert (between, Visit.objects.get(pk=visit.pk).notes) == (CANARIES["notes"], "")


# Two people, in time -----------------------------------------------------------------------------------------


def test_who_proposed_does_not_confirm(closed, reviewer):
    retention.propose_deidentification(closed, by=reviewer)

    with pytest.raises(Refused) as refusal:
        retention.deidentify_household(closed, by=reviewer)

    assert refusal.value.messages == [retention.CONFIRM_OWN]
    assert "name" in said_anywhere()


def test_nothing_happens_without_a_proposal(closed, reviewer):
    with pytest.raises(Refused) as refusal:
        retention.deidentify_household(closed, by=reviewer)

    assert refusal.value.messages == [retention.NOT_PROPOSED.format(household=closed)]


def test_a_proposal_that_was_taken_back_is_none(closed, officer, reviewer):
    retention.propose_deidentification(closed, by=officer)
    retention.withdraw_proposal(closed, by=officer)

    with pytest.raises(Refused):
        retention.deidentify_household(closed, by=reviewer)


def test_the_system_alone_wipes_nobody(closed):
    with pytest.raises(Refused) as refusal:
        retention.propose_deidentification(closed, by=None)

    assert refusal.value.messages == [retention.NOBODY]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.DIVISION_WORKER, Role.ADMINISTRATOR])
def test_who_may_not_confirm(closed, reviewer, role):
    retention.propose_deidentification(closed, by=reviewer)

    with pytest.raises(PermissionDenied):
        retention.deidentify_household(closed, by=factories.user(role))


def test_twice_is_once(closed):
    _propose_and_apply(closed)

    with pytest.raises(Refused) as refusal:
        retention.propose_deidentification(closed, by=factories.officer())

    assert refusal.value.messages == [retention.DONE_ALREADY.format(household=closed)]


# Afterwards ---------------------------------------------------------------------------------------------------


@pytest.fixture
def nameless(closed):
    _propose_and_apply(closed)
    return Household.objects.get(pk=closed.pk)


def _fill_in(household, by):
    households.update_household(household, by=by, address="黄鹂里7栋")


def _name_again(household, by):
    households.update_member(household.members.first(), by=by, name=CANARIES["name"])


def _add_somebody(household, by):
    households.add_member(household, by=by, name="百灵", relation="child", no_id_reason="尚未办证")


def _consent(household, by):
    households.record_consent(by=by, household=household, purpose="record", evidence=CANARIES["consent"])


def _hardship(household, by):
    households.add_hardship(
        household.members.first(), by=by, category="living_alone", basis="社区证明", started_on=today()
    )


def _plan(household, by):
    plans.update_plan(household.plans.first(), by=by, review=CANARIES["plan"])


def _visit(household, by):
    factories_cases.submitted_visit(by=by, households=[household])


def _fill_in_a_matter(household, by):
    matter = visits.return_matter(household.matters.waiting().get(), by=by, reason=factories.REASON)
    visits.correct_matter(matter, by=matter.submitted_by, description=CANARIES["matter"])


@pytest.mark.parametrize(
    "act", [_fill_in, _name_again, _add_somebody, _consent, _hardship, _plan, _visit, _fill_in_a_matter]
)
def test_nobody_fills_it_in_again(nameless, officer, act):
    with pytest.raises(ValidationError) as refused:
        act(nameless, officer)

    assert NAMELESS.format(household=nameless) in refused.value.messages


# Still lawful -------------------------------------------------------------------------------------------------


def test_what_waits_is_still_confirmed_and_voided(nameless, reviewer):
    """A mistake in the figures is put right, however long ago it was made."""
    matter = visits.confirm_matter(nameless.matters.waiting().get(), by=reviewer)
    another = factories.user(Role.REVIEWER)

    matter = visits.void_matter(matter, by=another, reason=factories.REASON)
    visit = visits.void_visit(Visit.objects.get(), by=reviewer, reason=factories.REASON)

    assert (matter.state, visit.state) == ("voided", "voided")
    assert said_anywhere() == set()


def test_a_need_answered_by_what_is_voided_is_withdrawn_with_the_household_gone(db, officer, reviewer):
    with clock.travel(LONG_AGO):
        other = factories.active_pairing()
        need = factories_cases.open_need(other.household)
        matter = factories_cases.confirmed_matter(other, need=need)
        gone = households.exit_household(other.household, by=officer, reason="moved_away")
    _propose_and_apply(gone)

    visits.void_matter(matter, by=reviewer, reason=factories.REASON)

    need.refresh_from_db()
    assert (need.state, need.met_by) == ("withdrawn", "")


def test_a_consent_is_still_withdrawn(nameless, officer):
    consent = households.withdraw_consent(nameless.consents.first(), by=officer)

    assert consent.withdrawn_on == today()


def test_a_gift_is_still_voided(nameless, reviewer):
    gift = Donation.objects.get()
    second = reviewer if gift.confirmed_by != reviewer else factories.user(Role.REVIEWER)

    assert giving.void_donation(gift, by=second, reason=factories.REASON).state == "voided"


def test_while_the_names_are_there_they_are_corrected(closed, officer):
    retention.propose_deidentification(closed, by=officer)

    _name_again(closed, officer)

    assert closed.members.first().name == CANARIES["name"]


@pytest.mark.parametrize("route", ROUTES)
def test_the_database_refuses_whoever_asks(nameless, route):
    for row, column, value in (
        (nameless, "version", 99),
        (nameless.members.first(), "name", CANARIES["name"]),
    ):
        with pytest.raises(Error), transaction.atomic():
            ROUTES[route](row, column, value)


def test_the_bureau_reads_it_and_finds_no_form(nameless, officer, client_for):
    response = client_for(officer).get(page(nameless))

    assert response.status_code == 200
    assert response.context["has_change_permission"] is False


@pytest.mark.parametrize(
    ("day", "due"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2028, 2, 29), True)],
)
def test_due_from_the_day_the_years_are_over(closed, day, due):
    assert retention.due(day).exists() == due


def test_neither_too_early_nor_while_in_the_programme(household_a, officer):
    left = households.exit_household(factories.verified_household(), by=officer, reason="moved_away")

    for household, sentence in (
        (household_a, retention.NOT_EXITED.format(household=household_a)),
        (left, retention.TOO_EARLY.format(household=left, day=retention.zh(today()), years=3)),
    ):
        with pytest.raises(Refused) as refusal:
            retention.propose_deidentification(household, by=officer)
        assert refusal.value.messages == [sentence]


# The command -------------------------------------------------------------------------------------------------


def test_listing_changes_nothing(closed, capsys):
    call_command("retention", "--list")

    assert capsys.readouterr().out.splitlines() == [
        f"{closed}  2023年9月1日退出（迁出）  待提出",
        "退出满 3 年、还没有去标识的共 1 户。",
    ]
    assert "name" in said_anywhere()


def test_two_accounts_do_it(closed, officer, reviewer, capsys):
    call_command("retention", "--propose", closed.code, "--by", officer.username)
    with pytest.raises(CommandError, match="没有办理这件事的权限"):
        call_command("retention", "--apply", closed.code, "--by", officer.username)
    call_command("retention", "--list")
    call_command("retention", "--apply", closed.code, "--by", reviewer.username)

    assert f"{officer} 已提出，待另一人确认" in capsys.readouterr().out
    assert Household.objects.get(pk=closed.pk).deidentified_by == reviewer


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--apply", "HJ-9999", "--by", "reviewer"], "HJ-9999"),
        (["--apply", "HJ-0001"], "--by"),
        (["--apply", "HJ-0001", "--by", "nobody"], "--by"),
    ],
)
def test_what_the_command_does_not_know(closed, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("retention", *arguments)


# Nothing forgotten -------------------------------------------------------------------------------------------


def test_every_personal_column_is_wiped_or_kept_for_a_reason():
    wiped = {
        f"{label}.{name.removesuffix('?')}"
        for label, (_, columns) in {**retaining.WIPED, "cases.Visit": ("", retaining.WIPED_VISIT)}.items()
        for name in columns
    }
    personal = {
        f"{model._meta.label}.{name}"
        for model in apps.get_app_config("cases").get_models()
        for name in getattr(model, "PERSONAL", {})
    }

    assert personal <= wiped | set(retaining.KEPT)
    assert not wiped & set(retaining.KEPT)


def test_every_free_text_of_a_household_is_wiped_or_known_to_be_harmless():
    """A column somebody can type into and that hangs on a household is not forgotten by accident."""
    harmless = {
        "code",
        "state",
        "from_state",
        "to_state",
        "unit",
        "met_by",
        "text_version",
        "capacity_override",
    }
    for label, (_, columns) in retaining.WIPED.items():
        for column in apps.get_model(label)._meta.local_concrete_fields:
            typed = column.get_internal_type() in {"CharField", "TextField"} and not column.choices
            if typed and column.name not in {name.removesuffix("?") for name in columns}:
                assert column.name in harmless or f"{label}.{column.name}" in retaining.KEPT, (
                    f"{label}.{column.name}"
                )


def test_a_day_long_gone_is_reckoned_in_calendar_years():
    assert retention._last_exit(date(2028, 2, 29)) == date(2025, 2, 28)
    assert retention._last_exit(date(2026, 11, 23)) == date(2023, 11, 23)
