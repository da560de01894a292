"""How every row of ours is written: one verb, one transaction, one line in the log.

@verb
def confirm_donation(donation, *, by):
    donation = lock(donation)
    …
    return move(donation, DonationState.CONFIRMED, by=by, confirmed_at=now(), confirmed_by=by)
"""

import inspect
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import cache, wraps

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from jinchuan.shared.clock import now
from jinchuan.shared.errors import Conflict, Refused
from jinchuan.shared.fields.model import EncryptedTextField
from jinchuan.shared.packed import Packed

from . import chain, context
from .meanwhile import told_since
from .models import AuditEvent
from .refusals import refusal_for

STALE = "这条记录在您打开之后已被他人修改。下面列出了变化，请核对后重新保存。"

_unit: ContextVar[Packed | None] = ContextVar("audit_unit", default=None)
_database_checks: ContextVar[bool] = ContextVar("database_checks", default=False)


@contextmanager
def constraints_by_database():
    """Inside, only the database judges constraints: for thousands of rows at once, as asking it beforehand, one query a
    constraint and row, doubles the time. A breach comes as IntegrityError; ``refusal_for`` has its sentence."""
    token = _database_checks.set(True)
    try:
        yield
    finally:
        _database_checks.reset(token)


def verb(function):
    """Make ``function`` a public act of a service.

    It runs in one transaction; events recorded inside are chained into the log as its last writes, and vanish with it
    when it fails. ``by`` (a user, or None for the system) must be a keyword-only parameter. A row that the database
    itself refuses is answered with the sentence of the constraint it broke (``Refused``).
    """
    by = inspect.signature(function).parameters.get("by")
    if by is None or by.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{function.__qualname__} must take a keyword-only `by`")

    @wraps(function)
    def call(*args, **kwargs):
        events = _unit.get()
        if events is not None:
            return _nested(events, function, args, kwargs)
        token = _unit.set(Packed())
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                chain.append(_unit.get())
            return result
        except IntegrityError as error:
            raise refusal_for(error) from error
        finally:
            _unit.reset(token)

    return call


def _nested(events, function, args, kwargs):
    mark = len(events)
    try:
        with transaction.atomic():
            return function(*args, **kwargs)
    except BaseException:
        events.cut(mark)
        raise


def record(action, row, *, by, before=None, after=None, reason="") -> None:
    """Note an act for the log. Values of personal fields must come masked (``create``/``change`` see to it)."""
    events = _unit.get()
    if events is None:
        raise RuntimeError(
            "record() was called outside a @verb, so nothing would keep the event with its act"
        )
    origin = context.current()
    events.append(
        AuditEvent(
            at=now(),
            action=action,
            actor=by.get_username() if by else "",
            actor_role=str(getattr(by, "role", "")) if by else "",
            target_type=row._meta.label,
            target_id=str(row.pk),
            target_label=str(row)[:200],
            before=before or {},
            after=after or {},
            reason=reason,
            address=origin.address,
            request_id=origin.request_id,
        )
    )


def lock(row, *, version=None):
    """The row as it is now, held until the transaction ends. Decide on this copy, never on the one you were given.

    With ``version`` a row that others changed since is refused (``Conflict``), with what they changed. Rows that point to
    it may be entered meanwhile (``no_key``): PostgreSQL asks after their parents at the commit, when all hold the log's head.
    """
    row = row._meta.model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    if version is not None and row.version != version:
        raise Conflict(STALE, changes=changes_since(row, version))
    return row


def check(row) -> None:
    """Raise what the row's fields, its ``clean`` and its constraints say against it."""
    if not _database_checks.get():
        _check_all(row)
        return
    # A row that is in hand is there, and a code we drew ourselves is new: no need to ask for each, for the database asks as well.
    known = [
        field.name
        for field in row._meta.concrete_fields
        if (isinstance(field, models.ForeignKey) and field.is_cached(row) and getattr(row, field.attname))
        or (field.unique and not field.editable and not field.primary_key)
    ]
    row.full_clean(exclude=known, validate_constraints=False)


def _check_all(row) -> None:
    """``full_clean``, with all CHECKs of the row in one question. Where something is wrong each is asked for its sentence."""
    try:
        row.full_clean(validate_constraints=False)
        for constraint in _constraints_together(type(row)):
            constraint.validate(type(row), row)
    except ValidationError:
        row.full_clean()
        raise


@cache
def _constraints_together(model) -> list:
    checks = [one for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    others = [one for one in model._meta.constraints if one not in checks]
    if checks:
        others.append(
            models.CheckConstraint(condition=Q(*(one.condition for one in checks)), name="all_checks")
        )
    return others


def create(row, *, by, action="create", reason="", number=None):
    """Check and insert ``row``. Refuses what its fields and constraints refuse.

    ``number()`` gives its running number, which is drawn when all is judged: everybody else who needs one waits from then on.
    """
    check(row)
    if number is not None:
        row.code = number()
    row.save(force_insert=True)
    record(action, row, by=by, after=_shown(row), reason=reason)
    return row


def change(row, *, by, version=None, action="change", reason="", **fields):
    """Set ``fields`` on the locked row. With ``version`` a stale save is refused and says what changed meanwhile.

    A state is no field to set: ``move`` alone knows which step may follow.
    """
    if "state" in fields:
        raise TypeError("a state is changed by move()")
    row = lock(row, version=version)
    before = _shown(row)
    for name, value in fields.items():
        setattr(row, name, value)
    if hasattr(row, "version"):
        row.version += 1
    check(row)
    row.save()
    after = _shown(row)
    changed = [name for name in after if before.get(name) != after[name]]
    record(
        action,
        row,
        by=by,
        before={name: before.get(name) for name in changed},
        after={name: after[name] for name in changed},
        reason=reason,
    )
    return row


class Move(Refused):
    """The table of moves has no such step from the state the row is in now."""


def move(row, to, *, by, reason="", **fields):
    """Take ``row`` to the state ``to`` and set the fields that travel with it.

    Refuses (``Move``) a step that the table of the state does not allow, judged on the locked row: of two people who
    press the same button at once, one succeeds and the other is told what the state is now.
    """
    row = lock(row)
    states = type(to)
    old = states(row.state)
    if not old.can_become(to):
        raise Move(f"“{row}”现在是“{old.label}”，不能改为“{to.label}”。请刷新页面，按最新状态办理。")
    for name, value in fields.items():
        setattr(row, name, value)
    row.state = to
    if hasattr(row, "version"):
        row.version += 1
    check(row)
    row.save()
    row.transitions.create(from_state=old, to_state=to, by=by, at=now(), reason=reason)
    after = {"state": to.label}
    if hasattr(row, "version"):
        after["version"] = str(row.version)
    record(f"move:{to}", row, by=by, before={"state": old.label}, after=after, reason=reason)
    return row


def changes_since(row, version) -> list[str]:
    """What others changed after ``version``, one sentence a field: “联系人：张* → 李*（民政局经办，11月3日 14:02）”."""
    return [one.sentence for one in told_since(row, version)]


def _shown(row) -> dict[str, str]:
    """The row's own columns as text for the log; personal ones masked by the model's ``PERSONAL`` table."""
    personal = getattr(row, "PERSONAL", {})
    shown = {}
    for field in row._meta.concrete_fields:
        if not field.editable and field.name != "version":
            continue
        value = getattr(row, field.attname)
        if value in (None, ""):
            shown[field.name] = ""
        elif field.name in personal:
            shown[field.name] = personal[field.name](value)
        elif isinstance(field, EncryptedTextField):
            shown[field.name] = "已填写"
        elif isinstance(field, models.ForeignKey):
            shown[field.name] = str(value)
        else:
            shown[field.name] = (
                str(dict(field.flatchoices).get(value, value)) if field.choices else _text(value)
            )
    return shown


def _text(value) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


__all__ = [
    "Move",
    "change",
    "changes_since",
    "check",
    "constraints_by_database",
    "create",
    "lock",
    "move",
    "record",
    "verb",
]
