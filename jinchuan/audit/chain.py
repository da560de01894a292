"""The hash chain over the log: append to it, and find where it was broken."""

import json
from datetime import UTC

from jinchuan.shared import crypto
from jinchuan.shared.packed import Packed

from .models import AuditEvent, ChainHead

_CHAINED = (
    "action",
    "actor",
    "actor_role",
    "target_type",
    "target_id",
    "target_label",
    "before",
    "after",
    "reason",
    "address",
    "request_id",
)


def append(events: Packed) -> None:
    """Write ``events`` as the next links. Call as the last write of a transaction: it locks the head of the chain."""
    if not len(events):
        return
    head = hold()
    for piece in events.pieces():
        for event in piece:
            event.previous_digest = head.digest
            event.digest = head.digest = digest_of(event)
        AuditEvent.objects.bulk_create(piece)
        head.last_event, head.count = piece[-1].pk, head.count + len(piece)
    head.save()


def hold() -> ChainHead:
    """The head of the chain, locked until the transaction ends. Whoever holds it first lets nobody else finish an act: what is
    read meanwhile is of one moment."""
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        ChainHead.objects.get_or_create(pk=1)
        head = ChainHead.objects.select_for_update().get(pk=1)
    return head


def digest_of(event: AuditEvent) -> str:
    content = {name: getattr(event, name) for name in _CHAINED}
    content["at"] = event.at.astimezone(UTC).isoformat()
    text = event.previous_digest + json.dumps(content, ensure_ascii=False, sort_keys=True)
    return crypto.keyed_hash(text, purpose="audit.chain")


def breaks() -> list[str]:
    """Sentences, one for each place where the log was edited, shortened or reordered; empty when it is whole."""
    found, previous, count, last = [], "", 0, 0
    for event in AuditEvent.objects.order_by("id").iterator(chunk_size=2000):
        count, last = count + 1, event.pk
        if event.previous_digest != previous:
            found.append(f"操作记录 {event.pk} 之前有记录被删除或插入。")
        if digest_of(event) != event.digest:
            found.append(f"操作记录 {event.pk} 的内容被改动。")
        previous = event.digest
    head = ChainHead.objects.filter(pk=1).first() or ChainHead()
    if (head.count, head.last_event, head.digest) != (count, last, previous):
        found.append(f"操作记录应有 {head.count} 条，现有 {count} 条，末尾的记录被删除或改动。")
    return found
