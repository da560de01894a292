"""Taking a backup back, into an empty installation that has the right keys."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from jinchuan.audit import keycheck
from jinchuan.ops.emptiness import holds_data

from . import engines, manifest
from .making import FILES
from .manifest import BackupError, Manifest

WRONG_KEYS = "当前的密钥不是写入这份备份时用的密钥。请先放回原来的密钥（docs/operations.md），再恢复。"


def restore(folder) -> Manifest:
    """Fill the empty database and the empty folder of files from a backup; refuses before it touches anything.

    The manifest is checked first, then the engine, the keys, and that there is nothing here to lose. Afterwards the
    database is brought to this version of the program, and the rows of every table are counted again.
    """
    folder = Path(folder).resolve()
    backup = manifest.read(folder)
    if backup.engine != connection.vendor:
        raise BackupError(
            f"备份来自 {backup.engine}，当前数据库是 {connection.vendor}，请用同样的数据库恢复。"
        )
    if not keycheck.fits(**backup.key_sentinel):
        raise BackupError(WRONG_KEYS)
    files = Path(settings.MEDIA_ROOT)
    if holds_data():
        raise BackupError("当前数据库里已有数据。备份只能恢复到空的数据库，请换一个新的数据库。")
    if any(path.is_file() for path in files.rglob("*")):
        raise BackupError(f"附件文件夹 {files} 里已有文件。请换一个新的数据文件夹再恢复。")
    engines.load(folder, backup.database)
    _compare(backup.tables, engines.count_rows())
    call_command("migrate", interactive=False, verbosity=0)
    try:
        keycheck.verify()
    except ImproperlyConfigured as error:
        raise BackupError(WRONG_KEYS) from error
    for name in backup.files:
        if name != backup.database:
            target = files / Path(name).relative_to(FILES)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(folder / name, target)
    return backup


def _compare(expected, found):
    for table, rows in expected.items():
        if found.get(table) != rows:
            raise BackupError(f"表 {table} 应有 {rows} 行，恢复后有 {found.get(table, 0)} 行，恢复没有完成。")
