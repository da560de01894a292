"""A backup that is damaged, incomplete or foreign is refused; a good one gives the same figures back."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as house
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from PIL import Image

from cases.models import Household
from donations.models import Donation, DonationLine
from jinchuan.intake.models import Attachment
from jinchuan.intake.services import attach
from jinchuan.ops import backup
from jinchuan.ops.backup import manifest
from jinchuan.settings.test import PREFIX
from organizations.models import Organization
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def data(files):
    """A little of everything, with a photo."""
    pairing = factories.active_pairing()
    donation = factories.confirmed_donation(household=pairing.household, lines=[factories.cash("1234.50")])
    photo = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(photo, "PNG")
    upload = SimpleUploadedFile("送货单.png", photo.getvalue())
    attach(Donation._meta.label, donation.pk, upload, by=factories.officer())


@pytest.fixture
def folder(data, tmp_path):
    folder = tmp_path / "backup"
    backup.make(folder)
    return folder


def refusal(folder) -> str:
    with pytest.raises(backup.BackupError) as refused:
        backup.restore(folder)
    return str(refused.value)


def dump_in(folder) -> Path:
    return folder / json.loads((folder / manifest.NAME).read_text())["database"]


# Making ------------------------------------------------------------------------------------------------------


def test_what_lies_in_it(folder, files):
    listed = manifest.read(folder)
    assert listed.tables["cases_household"] == 1
    assert listed.tables["donations_donationline"] == 1
    attachment = Attachment.objects.get()
    assert listed.files[f"files/{attachment.file.name}"]["sha256"] == attachment.sha256
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        *listed.files,
        manifest.NAME,
    }


def test_no_key_and_no_clear_number_lies_in_it(folder, settings):
    secrets = [
        settings.SECRET_KEY,
        settings.INDEX_KEY,
        settings.FIELD_KEYS,
        settings.FIELD_KEYS.split(":")[1],
    ]
    number = Household.objects.get().members.get().id_number
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [word for word in [*secrets, number] if word.encode() in content]


def test_only_its_owner_may_look_in(folder):
    assert folder.stat().st_mode & 0o077 == 0


def test_never_into_a_folder_with_something_in_it(folder):
    with pytest.raises(CommandError, match="不是空文件夹"):
        call_command("backup", str(folder))


def test_never_into_the_files_it_copies(data, files):
    with pytest.raises(CommandError, match="不能放在附件文件夹里"):
        call_command("backup", str(files / "backup"))


def test_the_command_reminds_of_the_keys(data, tmp_path, capsys):
    call_command("backup", str(tmp_path / "another"))
    assert "备份里没有密钥" in capsys.readouterr().out


# Refusing ----------------------------------------------------------------------------------------------------


def test_a_flipped_byte(folder):
    path = dump_in(folder)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert refusal(folder) == f"备份文件 {path.name} 的内容与清单不符，已损坏，请换一份备份。"


def test_a_truncated_dump(folder):
    path = dump_in(folder)
    content = path.read_bytes()
    path.write_bytes(content[:-1000])
    assert refusal(folder).startswith(f"备份文件 {path.name} 应为 {len(content)} 字节")


def test_a_missing_dump(folder):
    path = dump_in(folder)
    path.unlink()
    assert refusal(folder) == f"备份缺少文件 {path.name}，请换一份备份。"


def test_a_missing_attachment(folder):
    name = f"files/{Attachment.objects.get().file.name}"
    (folder / name).unlink()
    assert refusal(folder) == f"备份缺少文件 {name}，请换一份备份。"


def test_a_changed_attachment(folder):
    name = f"files/{Attachment.objects.get().file.name}"
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    assert "内容与清单不符" in refusal(folder)


def test_no_manifest(folder):
    (folder / manifest.NAME).unlink()
    assert "这不是完整的备份" in refusal(folder)


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "{}", '{"sha256": ""}'])
def test_a_manifest_that_is_none(folder, content):
    (folder / manifest.NAME).write_text(content)
    assert "备份已损坏" in refusal(folder)


def rewrite(folder, change, *, signed=False):
    path = folder / manifest.NAME
    content = json.loads(path.read_text())
    content.pop("sha256") if signed else None
    change(content)
    if signed:
        manifest.Manifest(**content).write(folder)
    else:
        path.write_text(json.dumps(content))


def test_an_edited_count(folder):
    rewrite(folder, lambda content: content["tables"].update(cases_household=2))
    assert "被改动过" in refusal(folder)


def test_another_format(folder):
    rewrite(folder, lambda content: content.update(format=99))
    assert "备份的格式是 99" in refusal(folder)


def test_a_file_outside_the_backup(folder):
    rewrite(
        folder,
        lambda content: content["files"].update({"../keys.env": {"sha256": "", "bytes": 0}}),
        signed=True,
    )
    assert "指向备份以外" in refusal(folder)


def test_another_engine(folder):
    rewrite(folder, lambda content: content.update(engine="oracle"), signed=True)
    assert "备份来自 oracle" in refusal(folder)


@pytest.mark.parametrize("key", ["FIELD_KEYS", "INDEX_KEY"])
def test_wrong_keys(folder, settings, key):
    other = "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItMDE="
    setattr(settings, key, f"t1:{other}" if key == "FIELD_KEYS" else other)
    assert "当前的密钥不是写入这份备份时用的密钥" in refusal(folder)


def test_a_database_that_is_not_empty(folder):
    assert "备份只能恢复到空的数据库" in refusal(folder)
    assert Organization.objects.count() == 1, "and nothing was touched"


# Taking back -------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(process_environment, tmp_path):
    """The environment of a second installation: an empty database and an empty data folder, the same keys."""
    data = tmp_path / f"{PREFIX}elsewhere"
    environment = process_environment | {"JINCHUAN_DATA": str(data)}
    if house.EMBEDDED:
        yield environment | {"DATABASE_URL": f"sqlite:///{data / 'db.sqlite3'}"}
        return
    name = f"restored_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield environment | {"DATABASE_URL": process_environment["DATABASE_URL"].rpartition("/")[0] + f"/{name}"}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(environment, *arguments):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=house.ROOT, env=environment, capture_output=True, text=True, timeout=120
    )


SUMS = """
from django.db.models import Sum
from cases.models import Household
from donations.models import DonationLine
household = Household.objects.get()
print(DonationLine.objects.confirmed().aggregate(total=Sum("value"))["total"], household.code, household.address)
print(household.members.get().id_number)
"""


def test_a_restored_copy_gives_the_same(folder, elsewhere, capsys):
    household = Household.objects.get()
    total = DonationLine.objects.confirmed().aggregate(total=Sum("value"))["total"]

    done = manage(elsewhere, "restore", str(folder))
    assert done.returncode == 0, done.stderr
    assert "1 个附件" in done.stdout

    looked = manage(elsewhere, "shell", "--no-imports", "-c", SUMS)
    assert looked.stdout.splitlines() == [
        f"{total} {household.code} {household.address}",
        household.members.get().id_number,
    ]
    figures = manage(elsewhere, "figures", "--as-of", "2026-10-31", "--json")
    capsys.readouterr()
    call_command("figures", "--as-of", "2026-10-31", "--json")
    assert figures.stdout == capsys.readouterr().out
    checked = manage(elsewhere, "check_consistency")
    assert checked.returncode == 0, checked.stderr
    attachment = Attachment.objects.get()
    copied = Path(elsewhere["JINCHUAN_DATA"], "files", attachment.file.name)
    assert manifest.digest_of(copied) == attachment.sha256

    again = manage(elsewhere, "restore", str(folder))
    assert again.returncode != 0
    assert "已有数据" in again.stderr


def test_over_an_empty_installation_that_was_prepared(folder, elsewhere):
    assert manage(elsewhere, "migrate", "--verbosity=0").returncode == 0
    done = manage(elsewhere, "restore", str(folder))
    assert done.returncode == 0, done.stderr
    assert manage(elsewhere, "check_consistency").returncode == 0
