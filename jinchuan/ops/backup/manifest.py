"""The manifest: what lies in a backup, with a digest of every file and the number of rows of every table."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

FORMAT = 1
NAME = "manifest.json"


class BackupError(Exception):
    """Why a backup was not made or not taken back, in one sentence."""


@dataclass
class Manifest:
    made_at: str
    engine: str
    database: str
    tables: dict[str, int]
    key_sentinel: dict[str, str]
    files: dict[str, dict] = field(default_factory=dict)
    format: int = FORMAT

    def add(self, folder, name):
        """Note a file of the backup by its digest and size."""
        path = folder / name
        self.files[name] = {"sha256": digest_of(path), "bytes": path.stat().st_size}

    def write(self, folder):
        """Last of all: a folder without a manifest is no backup."""
        text = json.dumps(asdict(self) | {"sha256": self.digest()}, ensure_ascii=False, indent=1)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    def digest(self) -> str:
        """Over the manifest itself, so that a count or a name in it cannot change unnoticed."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def read(folder) -> Manifest:
    """The manifest of a backup whose every file is there and unchanged. Refuses anything less."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        said = content.pop("sha256")
        manifest = Manifest(**content)
    except FileNotFoundError as error:
        raise BackupError(f"{folder} 里没有 {NAME}：这不是完整的备份。") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(f"{NAME} 读不出来，备份已损坏，请换一份备份。") from error
    if manifest.format != FORMAT:
        raise BackupError(f"备份的格式是 {manifest.format}，本程序能读的是 {FORMAT}。")
    if manifest.digest() != said:
        raise BackupError(f"{NAME} 被改动过，备份不可信，请换一份备份。")
    if manifest.database not in manifest.files:
        raise BackupError(f"{NAME} 里没有数据库文件，请换一份备份。")
    for name, entry in manifest.files.items():
        _check(folder, name, entry)
    return manifest


def _check(folder, name, entry):
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise BackupError(f"{NAME} 里的文件名 {name} 指向备份以外，备份不可信。")
    path = folder / name
    if not path.is_file():
        raise BackupError(f"备份缺少文件 {name}，请换一份备份。")
    size = path.stat().st_size
    if size != entry["bytes"]:
        raise BackupError(f"备份文件 {name} 应为 {entry['bytes']} 字节，现在是 {size} 字节，请换一份备份。")
    if digest_of(path) != entry["sha256"]:
        raise BackupError(f"备份文件 {name} 的内容与清单不符，已损坏，请换一份备份。")


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
