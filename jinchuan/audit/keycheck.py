"""Wrong or missing keys are noticed before the first request, not when the first record is read."""

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.db.models.signals import post_migrate

from jinchuan.shared import crypto

_WORD, _CONTEXT = "结对帮扶·爱心金川", "audit.KeySentinel.sealed"

WRONG_KEYS = (
    "FIELD_KEYS or INDEX_KEY are not the ones this database was made with. Put the saved keys back "
    "(docs/operations.md, “Keys”); with other keys the personal data cannot be read and duplicates are not found."
)


def verify() -> None:
    """Raise ImproperlyConfigured when the configured keys do not belong to the data."""
    from .models import KeySentinel

    try:
        sentinel = KeySentinel.objects.order_by("id").first()
    except DatabaseError:  # not migrated yet
        return
    if sentinel is None:
        return
    if not fits(sentinel.sealed, sentinel.fingerprint):
        raise ImproperlyConfigured(WRONG_KEYS)


def fits(sealed, fingerprint) -> bool:
    """Do the configured keys open the sealed word, and make the same fingerprint of it?"""
    try:
        word = crypto.decrypt(sealed, context=_CONTEXT)
    except (crypto.DecryptionError, ValueError):
        return False
    return word == _WORD and fingerprint == _fingerprint()


def enter(using="default", **kwargs) -> None:
    """Leave the mark of the configured keys in a database that has none yet."""
    from .models import KeySentinel

    rows = KeySentinel.objects.using(using)
    if not rows.exists():
        rows.create(sealed=crypto.encrypt(_WORD, context=_CONTEXT), fingerprint=_fingerprint())


def enter_after_migrate(app_config) -> None:
    """Called from ``AppConfig.ready()``."""
    post_migrate.connect(enter, sender=app_config, dispatch_uid="audit.keycheck")


def _fingerprint() -> str:
    return crypto.keyed_hash(_WORD, purpose="audit.keycheck")
