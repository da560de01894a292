"""Making a backup."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection

from jinchuan.audit.models import KeySentinel
from jinchuan.shared.clock import now

from . import engines
from .manifest import BackupError, Manifest

FILES = "files"


def make(folder) -> Manifest:
    """Write a backup into a folder that is new or empty. The database first, then the files, the manifest last."""
    folder = Path(folder).resolve()
    files = Path(settings.MEDIA_ROOT)
    if folder.is_relative_to(files):
        raise BackupError("备份不能放在附件文件夹里，请换一个位置。")
    _prepare(folder)
    sentinel = KeySentinel.objects.order_by("id").values("sealed", "fingerprint").first()
    if sentinel is None:
        raise BackupError("数据库还没有初始化，没有可以备份的内容。请先运行 manage.py prepare。")
    database, tables = engines.dump(folder)
    manifest = Manifest(
        made_at=now().isoformat(timespec="seconds"),
        engine=connection.vendor,
        database=database,
        tables=tables,
        key_sentinel=sentinel,
    )
    manifest.add(folder, database)
    for path in sorted(files.rglob("*")):
        name = f"{FILES}/{path.relative_to(files).as_posix()}"
        if path.is_file() and not name.startswith(f"{FILES}/healthz/"):
            (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(path, folder / name)
            manifest.add(folder, name)
    manifest.write(folder)
    return manifest


def _prepare(folder):
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BackupError(f"{folder} 不是空文件夹，请换一个新文件夹，例如以日期命名。")
    except OSError as error:
        raise BackupError(f"{folder} 不能写入：{error.strerror}。") from error
