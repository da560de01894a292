"""The commands that scripts call: exit codes, stderr, and that nothing is half done."""

import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cases.models import Household
from jinchuan.sheets.registers import every, named, names
from organizations.models import Organization
from tests import factories
from tests.sheets.filling import HEAD, ORGANIZATION, as_csv, fill, opened

pytestmark = pytest.mark.django_db


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.parametrize("register", [register.name for register in every() if register.write])
def test_sheet_template_writes_the_template(register, tmp_path, divisions):
    path = tmp_path / "模板.xlsx"
    run("sheet_template", register, "-o", str(path))
    assert opened(path.read_bytes()).sheetnames == [named(register).title, "选项", "填写说明"]


def test_sheet_template_says_why_it_cannot_write(tmp_path):
    with pytest.raises(CommandError, match="写不到"):
        run("sheet_template", "households", "-o", str(tmp_path / "没有" / "a.xlsx"))


def test_a_dry_run_writes_nothing(tmp_path, officer):
    path = tmp_path / "a.xlsx"
    path.write_bytes(fill("organizations", ORGANIZATION))
    out, _ = run("import_sheet", "organizations", str(path), "--dry-run", "--by", "officer")
    assert "新增 1，更新 0，无变化 0，问题 0" in out and "没有写入任何数据" in out
    assert Organization.objects.count() == 0


def test_an_import_writes_and_says_how_much(tmp_path, officer, divisions):
    path = tmp_path / "a.xlsx"
    path.write_bytes(fill("households", HEAD))
    out, _ = run("import_sheet", "households", str(path), "--by", "officer")
    assert "关爱户：新增 1，更新 0，无变化 0，问题 0" in out
    assert Household.objects.get().registered_by == officer


def test_organizations_need_no_author(tmp_path, divisions):
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv("organizations", ORGANIZATION))
    run("import_sheet", "organizations", str(path))
    assert Organization.objects.count() == 1


def test_households_need_an_author(tmp_path, divisions):
    path = tmp_path / "a.xlsx"
    path.write_bytes(fill("households", HEAD))
    with pytest.raises(CommandError, match="--by"):
        run("import_sheet", "households", str(path))


def test_problems_go_to_stderr_masked_with_the_marked_file_beside(tmp_path, officer, divisions, capsys):
    path = tmp_path / "a.xlsx"
    path.write_bytes(fill("households", HEAD, HEAD | {"number": "2", "id_number": "620301194708220023"}))
    err = StringIO()
    with pytest.raises(CommandError, match="有 1 行要改，没有写入任何数据。"):
        call_command(
            "import_sheet", "households", str(path), "--by", "officer", stdout=StringIO(), stderr=err
        )
    assert "第 4 行 身份证号“****************23”：身份证号最后一位对不上" in err.getvalue()
    assert "620301194708220023" not in err.getvalue()
    assert opened((tmp_path / "a-需修改.xlsx").read_bytes()).sheetnames[-1] == "需要修改的行"
    assert Household.objects.count() == 0


def test_the_same_file_again_is_said_and_fine(tmp_path, officer):
    path = tmp_path / "a.xlsx"
    path.write_bytes(fill("organizations", ORGANIZATION))
    run("import_sheet", "organizations", str(path), "--by", "officer")
    out, _ = run("import_sheet", "organizations", str(path), "--by", "officer")
    assert "已导入" in out and "无变化 1" in out
    assert Organization.objects.count() == 1


@pytest.mark.parametrize("who", ["leader", "worker_a", "admin_a"])
def test_an_account_without_the_right_is_refused(who, request, tmp_path):
    request.getfixturevalue(who)
    path = tmp_path / "a.xlsx"
    path.write_bytes(fill("organizations", ORGANIZATION))
    before = Organization.objects.count()
    with pytest.raises(CommandError, match="没有办理这件事的权限"):
        run("import_sheet", "organizations", str(path), "--by", who)
    assert Organization.objects.count() == before


def test_unknown_accounts_files_and_formats_are_told(tmp_path, db):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\x89PNG\0")
    with pytest.raises(CommandError, match="没有启用的账号“谁”"):
        run("import_sheet", "organizations", str(path), "--by", "谁")
    with pytest.raises(CommandError, match="读不到"):
        run("import_sheet", "organizations", str(tmp_path / "b.xlsx"))
    with pytest.raises(CommandError, match="这不是表格文件"):
        run("import_sheet", "organizations", str(path))


@pytest.mark.parametrize("command", ["sheet_template", "import_sheet"])
def test_each_has_help_and_refuses_an_unknown_register(command):
    def start(*arguments):
        return subprocess.run(
            [sys.executable, "manage.py", command, *arguments],
            cwd=settings.ROOT,
            capture_output=True,
            text=True,
        )

    told = start("--help")
    assert told.returncode == 0 and "REGISTER" in told.stdout
    assert all(register in told.stdout for register in names())
    refused = start("rumours", "x", "-o" if command == "sheet_template" else "--dry-run")
    assert refused.returncode != 0 and refused.stderr and not refused.stdout


def test_more_than_a_page_holds_goes_in_by_command(tmp_path, officer):
    rows = [ORGANIZATION | {"name": f"协会{n}", "uscc": factories.credit_code()} for n in range(30)]
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv("organizations", *rows))
    run("import_sheet", "organizations", str(path), "--by", "officer")
    assert Organization.objects.count() == 30
