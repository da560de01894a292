"""Who gets what from which address: one crawl, and what must be true of every answer in it."""

import json
import os
import re
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import override_settings

from donations.services import papers
from jinchuan.shared.months import Month
from reports.enums import ReportKind
from reports.periods import Period
from reports.services import building
from reports.services import editions as reports
from tests import factories
from volunteers.services import certificate_papers

from .addresses import FIGURES, KEPT_BY_CODE, addresses, views
from .crawling import OTHER, OWN, UNKNOWN, crawl, fingerprint, listening, sign_in
from .world import ACTORS, World, spellings

TABLE = Path(__file__).parent / "permissions.json"
# The database is made for the tests that ask for it; these only read the answers of the crawl.
pytestmark = pytest.mark.django_db
ORGANIZATION_ACTORS = {"admin_a", "member_a", "outsider"}
SCOPED_ACTORS = ORGANIZATION_ACTORS | {"worker_a"}


class Crawled(NamedTuple):
    """The world, the answers, the business before and after, and what was logged."""

    world: World
    answers: dict
    before: dict
    after: dict
    lines: list


@pytest.fixture(scope="module")
def crawled(built, django_db_blocker):
    """One crawl for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = deepcopy(built)
        world.a.rows["reports.reportedition"] = _printed_report(world)
        world.a.rows["statement"] = _printed_statement(world)
        for side in (world.a, world.b):
            certificate_papers.make(side.rows["volunteers.certificate"].paper.pk)
            papers.print_paper(side.rows["donations.paper"].pk)
        clients = sign_in(world)
        before = fingerprint()
        with listening() as lines:
            answers = crawl(world, clients)
        after = fingerprint()
        yield Crawled(world, answers, before, after, lines)
        transaction.set_rollback(True)


def _printed_report(world):
    """A month's report, ready, about gifts and service of both sides."""
    for side in (world.a, world.b):
        member, donor = side.rows["organizations.user"], side.rows["donations.donor"]
        factories.confirmed_donation(by=member, donor=donor, lines=[factories.cash(), factories.goods()])
        served = [factories.service(side.rows["volunteers.volunteer"])]
        factories.confirmed_activity(by=member, services=served)
    return _printed(world, Month(2026, 8))


def _printed_statement(world):
    """What organisation A was sent of a closed month."""
    month, organization = world.b.rows["reports.closing"].period, world.a.rows["organizations.organization"]
    return reports.issue_edition(_printed(world, month, organization), by=world.people["reviewer"])


def _printed(world, month, scope=None):
    period = Period(ReportKind.MONTH, month)
    edition = reports.request_edition(by=world.people["officer"], period=period, scope=scope)
    with override_settings(REPORT_VARIANTS=["brief", "large"]):
        return building.build(edition.pk)


@pytest.fixture(scope="module")
def statuses(crawled):
    """address → actor → “own” or “own/other/unknown”."""
    answers = crawled.answers
    table = {}
    for address in addresses():
        whose = (OWN, OTHER, UNKNOWN) if address.is_about_a_row else (OWN,)
        table[address.name] = {
            actor: "/".join(str(answers[actor, address.name, one].status) for one in whose)
            for actor in ACTORS
        }
    return table


def _as_written(table) -> dict:
    """address → answer → who gets it: the way the table is kept, to be read by people."""
    written = {}
    for name, row in table.items():
        by_answer = {}
        for actor, answer in row.items():
            by_answer.setdefault(answer, []).append(actor)
        written[name] = {answer: " ".join(actors) for answer, actors in by_answer.items()}
    return written


def test_the_table_knows_every_address(statuses):
    """`WRITE_PERMISSIONS=1 pytest tests/access` writes the table anew; read the difference before it is kept."""
    if os.environ.get("WRITE_PERMISSIONS"):
        lines = [f"{json.dumps(name)}: {json.dumps(row)}" for name, row in _as_written(statuses).items()]
        TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")

    now, then = _as_written(statuses), json.loads(TABLE.read_text(encoding="utf-8"))
    assert {name: now.get(name) for name in now.keys() | then if now.get(name) != then.get(name)} == {}
    assert {name.split("[")[0] for name in statuses} == set(views())


def test_nothing_breaks(crawled):
    answers = crawled.answers

    assert {key: answer.status for key, answer in answers.items() if answer.status >= 500} == {}


# Nothing of it is public but what has to be.
PUBLIC = {
    "account_login",
    "account_inactive",
    "account_logout",
    "admin:logout",
    "certificates:check",
    "healthz",
    "intake:help",
    "organizations:activate",
    "reports:check",
    "organizations:forgotten",
    "trace:enter",
    "trace:gift",
    "volunteers:my_service",
    "checkin:desk",
}
# Every organisation reads of every service brand.
READ_BY_ALL = {"organizations:program"}


def test_strangers_are_asked_to_sign_in(crawled):
    answers = crawled.answers

    open_to_all = {
        name
        for (actor, name, _), answer in answers.items()
        if actor == "anonymous" and answer.status not in (302, 404)
    }

    assert open_to_all <= PUBLIC


def test_what_is_not_there_is_never_shown(crawled):
    answers = crawled.answers

    shown = {
        (actor, name)
        for (actor, name, whose), answer in answers.items()
        if whose == UNKNOWN and answer.status == 200
    }

    # A new form's address is made up by the browser: any number opens an empty one.
    assert {name for _, name in shown} <= {
        "care:log",
        "donations:cash",
        "donations:goods",
        "donations:pledge",
        "volunteers:log",
        "volunteers:plan",
        "volunteers:register",
        "stories:write",
    }


@pytest.mark.parametrize("actor", sorted(SCOPED_ACTORS))
def test_somebody_elses_is_answered_like_nothing_at_all(crawled, actor):
    """Byte for byte, so that nobody can find out what exists; but for what both sides have in common (a standard)."""
    answers = crawled.answers
    a, b = crawled.world.a.rows, crawled.world.b.rows
    common = {address.name for address in addresses() if address.row and a[address.row] == b[address.row]}
    different = []
    for (who, name, whose), answer in answers.items():
        if who != actor or whose != OTHER or name in common | KEPT_BY_CODE | READ_BY_ALL:
            continue
        nobodys = answers[who, name, UNKNOWN]
        if (answer.status, answer.timeless) != (nobodys.status, nobodys.timeless):
            different.append((name, answer.status, nobodys.status))

    assert different == []


def test_organizations_stay_out_of_the_admin(crawled):
    answers = crawled.answers

    inside = {
        (actor, name)
        for (actor, name, _), answer in answers.items()
        if actor in ORGANIZATION_ACTORS and name.startswith("admin:") and answer.status == 200
    }

    assert {name for _, name in inside} <= {"admin:logout"}


def test_asking_changes_nothing(crawled):
    before, after = crawled.before, crawled.after

    assert {table for table in before if before[table] != after[table]} == set()


# Canaries ----------------------------------------------------------------------------------------------------


def _canaries(world) -> dict:
    return world.a.canaries | world.b.canaries | world.hidden


def _seen(crawled, actor) -> dict:
    """canary → addresses in whose answer it stands."""
    seen = {}
    for (who, name, _), answer in crawled.answers.items():
        if who == actor:
            for canary, word in _canaries(crawled.world).items():
                if any(spelling in answer.text for spelling in spellings(word)):
                    seen.setdefault(canary, set()).add(name)
    return seen


STAFF_WITH_CASES = {"officer", "reviewer", "leader"}
OF_ORGANIZATION_A = {"admin_a", "member_a"}
# Who may read which personal word in clear, and where; everywhere else it is masked. An ID number stands nowhere.
IN_CLEAR = [
    (STAFF_WITH_CASES, "HJ-000[12] name", "admin:cases_(household|member)_change"),
    ({"worker_a"}, "HJ-0001 name", "admin:cases_(household|member)_change"),
    ({"officer", "reviewer", "clerk"}, "donor [ab] name", "admin:donations_donor_change"),
    ({"officer", "reviewer"}, "recipient [12] name", "admin:reports_reportrecipient_change"),
    (STAFF_WITH_CASES, "volunteer [ab] name", "admin:volunteers_(activity|volunteer)_change"),
    (
        STAFF_WITH_CASES | {"clerk", "auditor", "administrator"},
        "organization [ab] (responsible_person|contact_name)",
        "admin:organizations_organization_change",
    ),
    (
        {"officer", "reviewer", "administrator", "auditor"},
        "(member|admin) [ab] name",
        "admin:organizations_user_change",
    ),
    # The organisation's own: its households while paired and agreed, its people, itself.
    # The sheet to be signed, for whoever printed it.
    ({"worker_a"}, "HJ-0001 name", "admin:donations_paper_pdf"),
    (OF_ORGANIZATION_A, "HJ-0001 (name|phone|address)", "cases:household"),
    (OF_ORGANIZATION_A, "organization a .*", "organizations:profile"),
    (OF_ORGANIZATION_A, "volunteer a name", "volunteers:(log|log_check|correct|correct_check|change)"),
    # A certificate names who issues it, and on the list one ticks for whom it is asked.
    (OF_ORGANIZATION_A, "volunteer a name", "certificates:ask"),
    ({"admin_a"}, "(organization|member) a .*", "certificates:(file|batch_file)"),
    (OF_ORGANIZATION_A, "volunteer a name", "stories:(write|write_check|correct|correct_check)"),
    # Who signs up, who came and who it was: one's own people, told apart by their names; and the list they sign.
    (OF_ORGANIZATION_A, "volunteer a name", "volunteers:(sign_ups|check_in|unknown|log_hours|roll)"),
    ({"admin_a"}, "member a name", "organizations:(members|reissue|disable)"),
    ({"admin_a"}, "member a name", "care:(visit|receipt|correct)"),
    ({"admin_a"}, "admin a name", ".*"),
    ({"member_a"}, "member a name", ".*"),
    ({"admin_a"}, "admin a (phone|email)", "organizations:account"),
    ({"member_a"}, "member a (phone|email)", "organizations:account"),
]


def _may_read(actor, canary, name) -> bool:
    return any(
        actor in actors and re.fullmatch(word, canary) and re.fullmatch(address, name)
        for actors, word, address in IN_CLEAR
    )


@pytest.mark.parametrize("actor", ACTORS)
def test_personal_words_stand_only_where_they_may(crawled, actor):
    leaked = {
        (canary, name)
        for canary, names in _seen(crawled, actor).items()
        for name in names
        if not _may_read(actor, canary, name)
    }

    assert leaked == set()


def test_the_canaries_sing(crawled):
    """A crawl that could see nothing would prove nothing."""
    seen = _seen(crawled, "member_a")

    assert {"HJ-0001 name", "HJ-0001 phone", "HJ-0001 address"} <= set(seen)


def test_figures_have_people_behind_them(crawled):
    """Or nobody's name could have leaked there."""
    rows = {
        code: re.findall(r"列出 (\d+)", crawled.answers["leader", f"admin:reports_figure[{code}]", OWN].text)
        for code in FIGURES
    }

    assert {code: found for code, found in rows.items() if not any(map(int, found))} == {}


def test_the_printed_report_names_nobody(crawled):
    report = crawled.answers["leader", "admin:reports_reportedition_pdf", OWN]

    assert report.status == 200
    assert "2026年8月" in re.sub(r"\s", "", report.text)
    assert [
        word for word in _canaries(crawled.world).values() if word in re.sub(r"\s", "", report.text)
    ] == []


def test_no_address_holds_personal_words(crawled):
    words = _canaries(crawled.world).values()

    links = {
        link
        for answer in crawled.answers.values()
        for link in re.findall(r'(?:href|action|hx-get|hx-post|src)="(?!tel:)([^"]*)"', answer.text)
    }

    assert len(links) > 100
    assert {link for link in links if any(word in unquote(link) for word in words)} == set()
    assert {link for link in links if re.search(r"[1-9]\d{16}[\dXx]|\b1[3-9]\d{9}\b", link)} == set()


def test_no_log_holds_personal_words(crawled):
    words = _canaries(crawled.world).values()

    assert any("Not Found" in line for line in crawled.lines)
    assert [line for line in crawled.lines if any(word in line for word in words)] == []
    assert [line for line in crawled.lines if re.search(r"[1-9]\d{16}[\dXx]", line)] == []
