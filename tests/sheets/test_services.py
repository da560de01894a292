"""Imports in the background: each state, each way out of it, and that nothing happens twice or by halves."""

import logging
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction

from cases.models import Household
from cases.services.households import add_member
from jinchuan.audit.services import Move
from jinchuan.shared.clock import now, travel
from jinchuan.sheets import consistency, importing, keeping, reading, services
from jinchuan.sheets.enums import ImportState
from jinchuan.sheets.models import SheetImport
from organizations.models import Organization
from tests import factories
from tests.sheets.filling import HEAD, ORGANIZATION, as_csv, fill
from tests.sheets.handing_in import checked, hand_in, written

pytestmark = pytest.mark.django_db

BAD = ORGANIZATION | {"uscc": "1"}


@pytest.fixture(autouse=True)
def committed(monkeypatch):
    """What is to happen after the commit happens at once, for a test's own transaction never ends."""
    monkeypatch.setattr(transaction, "on_commit", lambda callback: callback())
    yield
    for key in keeping.everything():
        keeping.drop(key)


@pytest.fixture
def good():
    return fill("organizations", ORGANIZATION)


def steps(row):
    return [step.to_state for step in row.transitions.all()]


def kept(row):
    """The kinds of files that lie there for an import."""
    return sorted(name.partition(".")[2] for name in keeping._names() if name.startswith(str(row.pk)))


def test_a_good_file_is_checked_confirmed_and_written(officer, good):
    row = checked("organizations", good, by=officer)
    assert (row.state, row.rows, row.new, Organization.objects.count()) == (ImportState.READY, 1, 1, 0)
    services.confirm(row, by=officer)
    row = services.work(row.pk)
    assert (row.state, row.new, Organization.objects.count()) == (ImportState.DONE, 1, 1)
    assert Organization.objects.get().created_by == officer
    assert steps(row) == ["checking", "ready", "confirmed", "importing", "done"]


def test_a_wrong_file_waits_with_what_is_wrong(officer):
    row = checked("organizations", fill("organizations", BAD), by=officer)
    assert row.state == ImportState.WRONG
    assert [problem.row for problem in services.findings(row).problems] == [3]
    assert services.marked(row).startswith(b"PK")
    with pytest.raises(Move):
        services.confirm(row, by=officer)


def test_what_is_there_already_is_nothing_to_write(officer, good):
    written("organizations", good, by=officer)
    row = checked("organizations", good, by=officer)
    assert row.state == ImportState.NOTHING
    assert "已导入" in services.findings(row).earlier


@pytest.mark.parametrize("data", [b"", b"\x89PNG\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_what_is_no_sheet_is_refused_before_anything_is_kept(officer, data):
    with pytest.raises(reading.FileProblem):
        hand_in("organizations", data, by=officer)
    assert not SheetImport.objects.exists()


def test_a_table_of_something_else_is_told_by_the_worker(officer):
    row = checked("households", as_csv("organizations", ORGANIZATION), by=officer)
    assert (row.state, kept(row)) == (ImportState.FAILED, [])
    assert row.failure.startswith("缺少列：")


def test_only_who_may_import_hands_in_and_confirms(officer, leader, good):
    with pytest.raises(PermissionDenied):
        hand_in("organizations", good, by=leader)
    row = checked("organizations", good, by=officer)
    with pytest.raises(PermissionDenied):
        services.confirm(row, by=leader)


@pytest.mark.parametrize("lost", [{"is_active": False}, {"role": "auditor"}])
def test_who_may_no_longer_when_the_worker_comes_has_nothing_written(officer, good, lost):
    row = checked("organizations", good, by=officer)
    services.confirm(row, by=officer)
    type(officer).objects.filter(pk=officer.pk).update(**lost)
    row = services.work(row.pk)
    assert (row.state, Organization.objects.count(), kept(row)) == (ImportState.FAILED, 0, [])


def test_an_import_is_seen_by_who_handed_it_in(officer, reviewer, good):
    row = hand_in("organizations", good, by=officer)
    assert list(SheetImport.objects.visible_to(officer)) == [row]
    assert not SheetImport.objects.visible_to(reviewer).exists()


# Twice, and by halves ----------------------------------------------------------------------------------------


def test_a_message_that_comes_again_does_nothing(officer, good):
    row = hand_in("organizations", good, by=officer)
    assert services.work(row.pk).state == ImportState.READY
    assert services.work(row.pk) is None
    services.confirm(row, by=officer)
    assert services.work(row.pk).state == ImportState.DONE
    assert services.work(row.pk) is None
    assert services.work(uuid.uuid4()) is None
    assert Organization.objects.count() == 1


def test_of_two_workers_the_one_that_was_given_up_on_writes_nothing(officer, good):
    """The first sleeps until the second has taken over; waking up it finds that the import is not its own."""
    row = checked("organizations", good, by=officer)
    services.confirm(row, by=officer)
    slept = services._claim(row, by=None, run_id=(slow := uuid.uuid4()))
    services.put_back(slept)
    assert services.work(row.pk).state == ImportState.DONE
    register, sheet = importing_of(slept, good)
    with pytest.raises(services.TakenOver):
        services._write(slept, slow, register, sheet, services._Listener(row.pk), by=officer)
    assert Organization.objects.count() == 1


def importing_of(row, data):
    register = services.named(row.register)
    return register, reading.read(data, row.name, register)


@pytest.mark.parametrize(
    ("stopped_in", "back_to"),
    [(ImportState.CHECKING, ImportState.QUEUED), (ImportState.IMPORTING, ImportState.CONFIRMED)],
)
def test_what_a_dead_worker_left_is_taken_up_again(officer, good, settings, stopped_in, back_to):
    row = hand_in("organizations", good, by=officer)
    if stopped_in == ImportState.IMPORTING:
        services.work(row.pk)
        services.confirm(row, by=officer)
    services._claim(row, by=None, run_id=uuid.uuid4())
    assert services.sweep() == []
    with travel(now() + timedelta(seconds=settings.IMPORT_HEARTBEAT_LIMIT + 1)):
        assert services.sweep() == [row.pk]
    row.refresh_from_db()
    assert row.state == back_to
    assert services.work(row.pk).state in (ImportState.READY, ImportState.DONE)


def test_a_worker_that_tells_how_far_it_is_is_alive(officer, good, settings):
    row = services._claim(hand_in("organizations", good, by=officer), by=None, run_id=uuid.uuid4())
    later = now() + timedelta(seconds=settings.IMPORT_HEARTBEAT_LIMIT + 1)
    with travel(later):
        keeping.tell(row.pk, 1, 2)
        assert services.sweep() == []


def test_an_import_that_kills_its_workers_is_given_up(officer, good, settings):
    row = hand_in("organizations", good, by=officer)
    for _ in range(settings.IMPORT_ATTEMPTS_MOST):
        services.put_back(services._claim(row, by=None, run_id=uuid.uuid4()))
    row.refresh_from_db()
    assert (row.state, kept(row)) == (ImportState.FAILED, [])
    assert "反复中断" in row.failure


def test_what_somebody_else_wrote_meanwhile_is_found_before_anything_is_written(officer, divisions):
    household = HEAD | {"number": "1"}
    row = checked("households", fill("households", household), by=officer)
    services.confirm(row, by=officer)
    other = factories.registered_household()
    add_member(other, by=officer, relation="child", name="李桂英", id_number=HEAD["id_number"])
    row = services.work(row.pk)
    assert (row.state, Household.objects.count()) == (ImportState.WRONG, 1)
    assert "已登记在" in services.findings(row).problems[0].sentence


def test_a_mishap_is_told_without_a_word_of_what_stood_in_the_sheet(officer, divisions, monkeypatch, caplog):
    def burst(*args, **kwargs):
        raise ValueError(f"cannot take {HEAD['name']} {HEAD['id_number']}")

    monkeypatch.setattr(importing, "rehearse", burst)
    with caplog.at_level(logging.INFO):
        row = checked("households", fill("households", HEAD), by=officer)
    assert (row.state, kept(row)) == (ImportState.FAILED, [])
    assert str(row.pk)[:8] in row.failure
    assert "ValueError" in caplog.text and "burst" in caplog.text
    assert HEAD["name"] not in caplog.text and HEAD["id_number"] not in caplog.text


def test_a_lost_file_is_told(officer, good):
    row = hand_in("organizations", good, by=officer)
    assert list(consistency.files_are_there()) == []
    keeping.drop(row.pk)
    assert len(list(consistency.files_are_there())) == 1
    assert services.work(row.pk).failure == services.FILE_LOST


# What is kept, and for how long -------------------------------------------------------------------------------


def test_what_is_kept_is_sealed_and_goes_when_it_is_over(officer, divisions):
    data = as_csv("households", HEAD)
    row = hand_in("households", data, by=officer)
    assert kept(row) == [keeping.UPLOAD]
    sealed = Path(default_storage.path(f"{keeping.FOLDER}/{row.pk}.{keeping.UPLOAD}")).read_bytes()
    assert HEAD["name"].encode() not in sealed and HEAD["id_number"].encode() not in sealed
    assert keeping.unseal(row.pk, keeping.UPLOAD) == data
    services.work(row.pk)
    assert kept(row) == [keeping.FINDINGS, keeping.PROGRESS, keeping.UPLOAD]
    services.confirm(row, by=officer)
    row = services.work(row.pk)
    assert kept(row) == []
    assert not row.has_file


@pytest.mark.parametrize("size", [1, 2**18, 2**18 + 1, 3 * 2**18 + 5])
def test_a_file_of_any_size_comes_back_as_it_was(size):
    key, data = uuid.uuid4(), bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    keeping.seal(key, keeping.UPLOAD, data)
    assert keeping.unseal(key, keeping.UPLOAD) == data
    keeping.drop(key)


def test_a_file_that_was_shortened_or_exchanged_is_not_read():
    key, other = uuid.uuid4(), uuid.uuid4()
    keeping.seal(key, keeping.UPLOAD, b"a" * 2**19)
    path = Path(default_storage.path(f"{keeping.FOLDER}/{key}.{keeping.UPLOAD}"))
    first, second = path.read_text().split("\n")
    for changed in (first, f"{second}\n{first}", ""):
        path.write_text(changed)
        with pytest.raises(keeping.Lost):
            keeping.unseal(key, keeping.UPLOAD)
    with pytest.raises(keeping.Lost):
        keeping.unseal(other, keeping.UPLOAD)
    keeping.drop(key)


@pytest.mark.parametrize(
    ("rows", "before", "after"),
    [
        ([ORGANIZATION], ImportState.READY, ImportState.LAPSED),
        ([BAD], ImportState.WRONG, ImportState.WRONG),
    ],
)
def test_a_file_nobody_came_back_to_goes(officer, settings, rows, before, after):
    row = checked("organizations", fill("organizations", *rows), by=officer)
    assert row.state == before
    assert services.tidy() == 0
    with travel(now() + timedelta(hours=settings.IMPORT_KEPT_HOURS, minutes=1)):
        assert services.tidy() == 1
        assert services.tidy() == 0
    row.refresh_from_db()
    assert (row.state, row.has_file, kept(row)) == (after, False, [])


def test_a_file_without_an_import_goes_when_it_is_an_hour_old():
    key = uuid.uuid4()
    keeping.seal(key, keeping.UPLOAD, b"left behind")
    assert services.tidy() == 0
    with travel(now() + timedelta(minutes=61)):
        assert services.tidy() == 1
    with pytest.raises(keeping.Lost):
        keeping.unseal(key, keeping.UPLOAD)


def test_how_far_it_is_is_seen_from_outside_the_transaction(officer, divisions, monkeypatch):
    rows = [ORGANIZATION | {"name": f"协会{n}", "uscc": factories.credit_code()} for n in range(30)]
    row = checked("organizations", as_csv("organizations", *rows), by=officer)
    services.confirm(row, by=officer)
    monkeypatch.setattr(services, "_TOLD_EVERY_SECONDS", 0)
    seen = []
    tell = keeping.tell
    monkeypatch.setattr(keeping, "tell", lambda *said: (tell(*said), seen.append(keeping.told(row.pk))))
    services.work(row.pk)
    assert [said.done for said in seen if said.total] == list(range(31))
    assert seen[-1].percent == 100
