"""Packs for the media centre: make one, sweep up what was left lying. The edition's row is the order (docs/adr/0002)."""

import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import F

from jinchuan.printing import PrintError
from jinchuan.shared.clock import now

from .. import packing
from ..models import StoryRelease
from ..models.released_stories import pack_path

NEVER_FINISHED = "生成反复中断，请联系系统管理员查看后台任务。"
UNEXPECTED = "生成时出错，请联系系统管理员。"


def make_pack(release_id) -> StoryRelease | None:
    """Make the pack of an edition that waits for one; None when there is none. Two at once make the same, and one file stays."""
    waiting = StoryRelease.objects.waiting().filter(pk=release_id)
    if not waiting.update(attempts=F("attempts") + 1):
        return None
    release = StoryRelease.objects.select_related("story").get(pk=release_id)
    try:
        if release.attempts > settings.PAPER_ATTEMPTS_MOST:
            return _finish(release, failure=NEVER_FINISHED)
        data = packing.pack(release)
    except PrintError as error:
        return _finish(release, failure=str(error)[:300])
    except Exception:
        _finish(release, failure=UNEXPECTED)
        raise
    return _finish(release, data=data)


def forgotten() -> list[int]:
    return list(StoryRelease.objects.forgotten().values_list("pk", flat=True))


def _finish(release, *, data=b"", failure=""):
    """The file is written under a name of its own and becomes the edition's in one step, or goes again."""
    storage, name = release.pack.storage, ""
    fields = {"finished_at": now(), "failure": failure}
    if data:
        name = storage.save(pack_path(release), ContentFile(data))
        fields |= {"pack": name, "sha256": hashlib.sha256(data).hexdigest()}
    mine = StoryRelease.objects.waiting().filter(pk=release.pk).update(**fields)
    if not mine and name:
        storage.delete(name)
    return StoryRelease.objects.get(pk=release.pk) if mine else None
