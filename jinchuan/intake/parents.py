"""Which records may carry attachments, and who may see them.

This room knows no app above it; each app says in its ``AppConfig.ready()`` what its rows are visible to:

    parents.register(Donation)
"""

from django.db.models import CharField, UUIDField
from django.db.models.functions import Cast

_visible = {}
_refusals = {}


def register(model, *, refuse=None) -> None:
    """Attachments of ``model`` are visible to whoever sees the row through ``visible_to``.

    ``refuse(row)`` may give the sentence why a row takes no more files.
    """

    def ids(user):
        if isinstance(model._meta.pk, UUIDField):  # SQLite keeps these without dashes
            return [str(pk) for pk in model.objects.visible_to(user).values_list("pk", flat=True)]
        return model.objects.visible_to(user).annotate(_id=Cast("pk", CharField())).values("_id")

    _visible[model._meta.label] = ids
    _refusals[model._meta.label] = refuse


def registered() -> dict:
    return dict(_visible)


def refusal(row) -> str:
    """Why the row takes no more files; empty where it does."""
    refuse = _refusals.get(row._meta.label)
    return (refuse and refuse(row)) or ""
