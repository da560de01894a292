"""What must always hold of the log, the guards, the keys, and of every row that has a state.

A check is a function without arguments that yields one sentence for each thing that is wrong. Each app lists its own in
``CHECKS``; ``manage.py check_consistency`` runs them all.
"""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from jinchuan.shared import guards

from . import chain, keycheck


def guards_installed():
    for guard in guards.registered():
        if not guard.is_installed(connection):
            yield f"数据库里缺少保护规则 {guard.name}，请运行 manage.py migrate 重新安装。"


def log_is_whole():
    yield from chain.breaks()


def keys_belong():
    try:
        keycheck.verify()
    except ImproperlyConfigured:
        yield "当前密钥不是写入这些数据时用的密钥，请放回原来的密钥。"


def state_follows_transitions(model):
    """Rows whose state is not where their last move took them: somebody wrote it past the services."""
    rows = model._meta.get_field("transitions")
    moves = rows.related_model.objects.filter(**{rows.field.name: OuterRef("pk")}).order_by("-id")
    beginning = Value(str(model._meta.get_field("state").default))
    reached = Coalesce(Subquery(moves.values("to_state")[:1]), beginning)
    for row in model.objects.annotate(reached=reached).exclude(state=F("reached")).order_by("pk"):
        label = f"{model._meta.verbose_name} {getattr(row, 'code', row)}"
        yield f"{label} 的状态是 {row.state}，最后一次状态变更却到 {row.reached}。"


CHECKS = [guards_installed, log_is_whole, keys_belong]
