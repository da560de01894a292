"""What others changed in a row since somebody opened it: for the page that lets the person choose, field by field."""

from typing import NamedTuple

from jinchuan.shared.clock import now

from .models import AuditEvent
from .words import column_words, value_words


class Told(NamedTuple):
    """One column that changed: its name, what happened to it in words, and who did it when (“reviewer，11月3日 14:02”)."""

    name: str
    words: str
    who: str

    @property
    def sentence(self) -> str:
        return f"{self.words}（{self.who}）"


def told_since(row, version) -> list[Told]:
    """The changes after ``version``, oldest first; personal values masked, as the log keeps them."""
    told = []
    for event in AuditEvent.objects.of(row).order_by("id"):
        reached = event.after.get("version")
        if reached is None or int(reached) <= version:
            continue
        when = event.at.astimezone(now().tzinfo)
        who = f"{event.actor or '系统'}，{when.month}月{when.day}日 {when:%H:%M}"
        for name, value in event.after.items():
            if name == "version":
                continue
            label = column_words(type(row), name)
            old = value_words(type(row), name, event.before.get(name))
            new = value_words(type(row), name, value)
            told.append(Told(name, f"{label}：{old} → {new}", who))
    return told
