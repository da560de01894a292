"""Writes of the intake app: drafts, one-use submissions, attachments, running numbers."""

import hashlib
import json

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from jinchuan.audit.services import record, verb
from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused

from . import parents, uploads
from .models import Attachment, Draft, Sequence, Submission

TOO_MANY_FILES = "每张表最多附 {most} 个文件，请删去一些再上传。"


def next_code(prefix, year=None) -> str:
    """The next running number: ``JZ2026-0031``, or ``HJ-0001`` without a year. Call inside a transaction."""
    name = f"{prefix}{year or ''}"
    last = _next(name)
    if last is None:
        Sequence.objects.get_or_create(name=name)
        last = _next(name)
    return f"{name}-{last:04d}"


def _next(name) -> int | None:
    """Counts on and tells in one statement: from here to the end of the transaction everybody else who needs a number waits."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_sequence SET last = last + 1 WHERE name = %s RETURNING last", [name])
        counted = cursor.fetchone()
    return counted and counted[0]


def save_draft(draft_id, *, by, form, content, title="") -> Draft | None:
    """Keep what was typed so far. None when the id is somebody else's, or the form was submitted already.

    Saving a draft is no act on a record, so it leaves no event.
    """
    if Submission.objects.filter(token=draft_id).exists():
        return None
    if Draft.objects.filter(pk=draft_id).exclude(owner=by, form=form).exists():
        return None
    values = {"content": json.dumps(content, ensure_ascii=False), "title": title[:60], "saved_at": now()}
    draft, _ = Draft.objects.update_or_create(pk=draft_id, owner=by, form=form, defaults=values)
    return draft


def draft_content(draft_id, *, by, form) -> dict | None:
    """What was typed so far, or None."""
    draft = Draft.objects.visible_to(by).filter(pk=draft_id, form=form).first()
    return json.loads(draft.content) if draft else None


class Repeated(Refused):
    """The form was sent before with other content; ``target`` is the record it became."""

    def __init__(self, message, target):
        super().__init__(message)
        self.target = target


NOT_WAITING = "这个文件已经附到记录，不能再改。"
SENT_BY_ANOTHER = "这张表已由另一个账号提交，请重新打开表单填写。"
ALREADY_SENT = "这张表已经提交过，后来填写的内容没有保存。"


def once(token, *, by, form, payload, create):
    """Run ``create()`` for this token at most once; the row it made is the answer every time.

    A second call with the same token and payload, be it a double click, a refresh or another tab, gets the first row. With
    another payload it is refused (``Repeated``), and the page shows both. ``create`` runs in the same transaction as
    the token, so there is never a token without its row.
    """
    digest = _digest(payload)
    try:
        with transaction.atomic():
            submission = Submission(token=token, owner=by, form=form, digest=digest, at=now())
            submission.save(force_insert=True)
            target = create()
            submission.target_type, submission.target_id = target._meta.label, str(target.pk)
            submission.save(update_fields=["target_type", "target_id"])
            return target
    except IntegrityError:
        if (earlier := _sent_before(token, by=by, digest=digest)) is None:
            raise
        return earlier


def submit_draft(draft_id, *, by, form, payload, create):
    """Like ``once``, for what was drafted: ``create(content)`` makes a record of it, and the files go with it.

    Taking the draft away comes first. Who presses the button at the same moment waits for it, finds it gone, and gets the
    row. None when there is neither draft nor record; a refusal of ``create`` leaves the draft as it was.
    """
    digest = _digest(payload)
    try:
        with transaction.atomic():
            for draft in _taken(draft_id, by=by, form=form):
                target = create(json.loads(draft.content))
                Submission(
                    token=draft_id,
                    owner=by,
                    form=form,
                    digest=digest,
                    target_type=target._meta.label,
                    target_id=str(target.pk),
                    at=now(),
                ).save(force_insert=True)
                if draft.has_files:
                    _hand_over_files(draft, target)
                return target
    except IntegrityError:  # somebody kept the draft once more in the moment it was submitted
        if (earlier := _sent_before(draft_id, by=by, digest=digest)) is None:
            raise
        return earlier
    return _sent_before(draft_id, by=by, digest=digest)


def _taken(draft_id, *, by, form):
    """The draft, or none: read, deleted, and asked for its files in one statement."""
    key = Draft._meta.pk.get_db_prep_value(draft_id, connection)
    return Draft.objects.raw(
        "DELETE FROM intake_draft WHERE id = %s AND owner_id = %s AND form = %s RETURNING *, "
        "EXISTS (SELECT 1 FROM intake_attachment WHERE parent_type = %s AND parent_id = %s) AS has_files",
        [key, by.pk, form, Draft._meta.label, str(draft_id)],
    )


def _digest(payload) -> str:
    return hashlib.sha256(json.dumps(payload, sort_keys=True, default=str).encode()).hexdigest()


def _sent_before(token, *, by, digest):
    """The row that this token became, or None. Refuses the token of somebody else, and other content than was sent then."""
    earlier = Submission.objects.filter(token=token).first()
    if earlier is None:
        return None
    if earlier.owner_id != by.pk:
        raise Refused(SENT_BY_ANOTHER) from None
    target = _target(earlier)
    if earlier.digest != digest:
        raise Repeated(ALREADY_SENT, target) from None
    return target


def submitted(token, *, by):
    """The record that this token became, or None."""
    submission = Submission.objects.filter(token=token, owner=by).first()
    return submission and _target(submission)


def _target(submission):
    return apps.get_model(submission.target_type)._default_manager.get(pk=submission.target_id)


def _hand_over_files(draft, target) -> None:
    """What was attached to the draft belongs to the record now."""
    files = Attachment.objects.of(draft).filter(uploaded_by=draft.owner_id)
    files.update(parent_type=target._meta.label, parent_id=str(target.pk))


@verb
def attach(parent_type, parent_id, upload, *, by, most=settings.ATTACHMENTS_MOST) -> Attachment:
    """Store an uploaded photo or PDF with a record or a draft.

    Photos are decoded and written anew, without their metadata; refuses what is not a photo or a plain PDF
    (``uploads.Upload``, which may be given as well), and more than ``most`` files.
    """
    if parent_type != Draft._meta.label:
        _parent(parent_type, parent_id, by=by)
    siblings = Attachment.objects.filter(parent_type=parent_type, parent_id=str(parent_id))
    if siblings.count() >= most:
        raise Refused(TOO_MANY_FILES.format(most=most))
    clean = upload if isinstance(upload, uploads.Upload) else uploads.read(upload)
    attachment = Attachment(
        parent_type=parent_type,
        parent_id=str(parent_id),
        name=clean.name,
        content_type=clean.content_type,
        extension=clean.extension,
        size=len(clean.data),
        sha256=hashlib.sha256(clean.data).hexdigest(),
        uploaded_at=now(),
        uploaded_by=by,
    )
    attachment.file.save("", clean.as_file(), save=False)
    attachment.full_clean()
    attachment.save(force_insert=True)
    record(
        "attach",
        attachment,
        by=by,
        after={"parent": f"{parent_type}#{parent_id}", "size": str(attachment.size)},
    )
    return attachment


@verb
def detach(attachment, *, by) -> None:
    """Take a file off a form that is not submitted yet. What belongs to a record stays with it."""
    if attachment.parent_type != Draft._meta.label or attachment.uploaded_by_id != by.pk:
        raise Refused("已提交的附件不能删除。")
    record("detach", attachment, by=by)
    file = attachment.file
    attachment.delete()
    transaction.on_commit(lambda: file.storage.delete(file.name))


@verb
def assign(attachment, row, *, by) -> Attachment:
    """Give a file that waits in one's own draft to the record it belongs to."""
    if attachment.parent_type != Draft._meta.label or attachment.uploaded_by_id != by.pk:
        raise Refused(NOT_WAITING)
    _parent(row._meta.label, row.pk, by=by)
    Attachment.objects.filter(pk=attachment.pk).update(parent_type=row._meta.label, parent_id=str(row.pk))
    attachment.refresh_from_db()
    record("assign_file", attachment, by=by, after={"parent": f"{row._meta.label}#{row.pk}"})
    return attachment


def drop_draft(draft, *, by) -> None:
    """Throw one's own draft away, with its files."""
    if draft.owner_id != by.pk:
        raise Refused("只能删除自己的草稿。")
    with transaction.atomic():
        for attachment in Attachment.objects.of(draft):
            detach(attachment, by=by)
        draft.delete()


def _parent(label, pk, *, by):
    """The record a file is given to: of a kind that carries files, seen by this person, and open to more of them."""
    if label not in parents.registered():
        raise PermissionDenied(NOT_ALLOWED)
    row = apps.get_model(label).objects.visible_to(by).filter(pk=pk).first()
    if row is None:
        raise PermissionDenied(NOT_ALLOWED)
    if sentence := parents.refusal(row):
        raise Refused(sentence)


def purge_drafts() -> int:
    """Delete drafts nobody has touched for ``DRAFT_DAYS``, with their files; returns how many."""
    forgotten = list(Draft.objects.forgotten())
    for draft in forgotten:
        for attachment in Attachment.objects.of(draft):
            attachment.file.delete(save=False)
            attachment.delete()
        draft.delete()
    return len(forgotten)
