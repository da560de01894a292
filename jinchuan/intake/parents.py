"""Which records may carry attachments, and who may see them.

This room knows no app above it; each app says in its ``AppConfig.ready()`` what its rows are visible to:

    parents.register(Donation)
"""

from django.db.models import CharField, UUIDField
from django.db.models.functions import Cast

_visible = {}


def register(model) -> None:
    """Attachments of ``model`` are visible to whoever sees the row through ``visible_to``."""

    def ids(user):
        if isinstance(model._meta.pk, UUIDField):  # SQLite keeps these without dashes
            return [str(pk) for pk in model.objects.visible_to(user).values_list("pk", flat=True)]
        return model.objects.visible_to(user).annotate(_id=Cast("pk", CharField())).values("_id")

    _visible[model._meta.label] = ids


def registered() -> dict:
    return dict(_visible)
