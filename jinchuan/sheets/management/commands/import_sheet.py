"""manage.py import_sheet households 关爱户.xlsx --dry-run --by officer"""

from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.errors import Refused
from jinchuan.sheets import importing, marking, reading
from jinchuan.sheets.registers import named, names

NO_SUCH_USER = "没有启用的账号“{username}”。"
_BAR = 40
MARKED_AT = "标红的文件在 {path}"


class Command(BaseCommand):
    help = (
        "Import a sheet (xlsx or csv, at most 10,000 rows) into a register, whole or not at all. Every problem goes to "
        "stderr with row, column, value and what to do, the file with red cells beside the original; the exit code "
        "is 1 then. Registers that keep who entered a row need --by."
    )

    def add_arguments(self, parser):
        parser.add_argument("register", choices=names(), metavar="REGISTER", help=", ".join(names()))
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="count and report, write nothing")
        parser.add_argument("--by", metavar="USERNAME", help="the account that enters the rows")

    def handle(self, *, register, file, dry_run, by, **options):
        register, path, user = named(register), Path(file), self._user(by)
        if register.out_only:
            raise CommandError(register.out_only)
        if user and not register.may_import(user):
            raise CommandError(NOT_ALLOWED)
        try:
            with self._bar("读取") as tell:
                sheet = reading.read(path.read_bytes(), path.name, register, tell=tell)
            run = importing.rehearse if dry_run else importing.carry_out
            with self._bar("检查" if dry_run else "写入", len(sheet.rows)) as tell:
                outcome = run(register, sheet, by=user, tell=tell)
        except OSError as error:
            raise CommandError(f"读不到 {file}：{error.strerror}。请检查路径。") from error
        except Refused as refusal:
            raise CommandError("；".join(refusal.messages)) from refusal
        self._report(register, outcome)
        if outcome.problems:
            beside = path.with_name(f"{path.stem}-需修改.xlsx")
            try:
                beside.write_bytes(marking.marked(register, sheet, outcome.problems))
                self.stderr.write(MARKED_AT.format(path=beside))
            except OSError as error:
                self.stderr.write(f"标红的文件写不到 {beside}：{error.strerror}。")
            raise CommandError(importing.NOTHING_WRITTEN.format(count=outcome.bad_rows))
        if dry_run:
            self.stdout.write("试运行，没有写入任何数据。")

    def _user(self, username):
        if username is None:
            return None
        users = get_user_model()._default_manager
        user = users.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(NO_SUCH_USER.format(username=username))
        return user

    @contextmanager
    def _bar(self, what, total=0):
        """How far it is, on one line that is wiped out at the end; silent where nobody looks."""
        if not self.stderr.isatty():
            yield reading.untold
            return

        def tell(rows):
            filled = _BAR * rows // total if total else 0
            bar = f" [{'#' * filled}{'.' * (_BAR - filled)}]" if total else ""
            self.stderr.write(f"\r{what}{bar} {rows}{f' / {total}' if total else ''} 行", ending="")

        try:
            yield tell
        finally:
            self.stderr.write("\r\033[K", ending="")

    def _report(self, register, outcome):
        for notice in filter(None, [outcome.earlier, *outcome.notices]):
            self.stdout.write(notice)
        self.stdout.write(
            f"{register.title}：新增 {outcome.new}，更新 {outcome.changed}，无变化 {outcome.same}，"
            f"问题 {len(outcome.problems)}"
        )
        for update in outcome.updates:
            for label, old, new in update.changes:
                self.stdout.write(f"第 {update.row} 行 {update.label} {label}：{old} → {new}")
        if (more := outcome.changed - len(outcome.updates)) > 0:
            self.stdout.write(f"另有 {more} 条更新没有列出。")
        for problem in outcome.problems:
            value = f"“{problem.value}”" if problem.value else ""
            self.stderr.write(f"第 {problem.row} 行 {problem.label}{value}：{problem.sentence}")
