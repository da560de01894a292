"""Encryption of personal fields at rest: AES-256-GCM under a ring of keys, and keyed hashes to search by.

``FIELD_KEYS`` is ``id:base64,id:base64``: the first key writes, all of them read, so a key is replaced by putting a
new one in front. ``INDEX_KEY`` is one base64 key, apart from these. Losing the keys loses the data.
Nothing here logs or returns ciphertext in place of text: what cannot be decrypted raises.
"""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NONCE = 12
_MAKE_KEY = 'Make a key with: python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'


class DecryptionError(Exception):
    """A stored value is damaged, belongs to another column, or its key is not in FIELD_KEYS."""


def encrypt(text: str, *, context: str) -> str:
    """``key id:base64`` of the text, readable only with the same ``context`` (the column it belongs to)."""
    ring = _ring(getattr(settings, "FIELD_KEYS", ""))
    key_id, cipher = next(iter(ring.items()))
    nonce = os.urandom(_NONCE)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), context.encode())
    return f"{key_id}:{base64.urlsafe_b64encode(sealed).decode()}"


def decrypt(token: str, *, context: str) -> str:
    """The text of a token; raises DecryptionError rather than return anything else."""
    key_id, separator, body = token.partition(":")
    cipher = _ring(getattr(settings, "FIELD_KEYS", "")).get(key_id)
    if not separator or cipher is None:
        raise DecryptionError(f"No key for a value of {context}: is an old key missing from FIELD_KEYS?")
    try:
        sealed = base64.b64decode(body, altchars=b"-_", validate=True)
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise DecryptionError(f"A value of {context} does not decrypt under key {key_id!r}.") from error


def writes_with(token: str) -> bool:
    """Whether a token was written by the key that writes now; if not, rotation should write it again."""
    return token.partition(":")[0] == next(iter(_ring(getattr(settings, "FIELD_KEYS", ""))))


def keyed_hash(text: str, *, purpose: str) -> str:
    """64 hex digits, the same for the same text and purpose; without INDEX_KEY nobody can compute or test them."""
    key = _index_key(getattr(settings, "INDEX_KEY", ""))
    return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def check_keys() -> None:
    """Raise ImproperlyConfigured unless both settings hold usable, different keys. For a check at start."""
    index_key = _index_key(getattr(settings, "INDEX_KEY", ""))
    _ring(getattr(settings, "FIELD_KEYS", ""))
    if any(
        _key(part.partition(":")[2], "FIELD_KEYS") == index_key for part in settings.FIELD_KEYS.split(",")
    ):
        raise ImproperlyConfigured(f"INDEX_KEY must not be one of FIELD_KEYS. {_MAKE_KEY}")


@lru_cache(maxsize=8)
def _ring(setting: str) -> dict[str, AESGCM]:
    if not setting:
        raise ImproperlyConfigured(f"FIELD_KEYS is empty; set it to “k1:<key>”. {_MAKE_KEY}")
    ring = {}
    for part in setting.split(","):
        key_id, separator, encoded = part.strip().partition(":")
        if not separator or not key_id.isalnum():
            raise ImproperlyConfigured(
                f"FIELD_KEYS must read “id:base64,id:base64”, such as “k1:<key>”. {_MAKE_KEY}"
            )
        if key_id in ring:
            raise ImproperlyConfigured(
                f"FIELD_KEYS has the key id {key_id!r} twice; give each key an id of its own."
            )
        ring[key_id] = AESGCM(_key(encoded, "FIELD_KEYS"))
    return ring


@lru_cache(maxsize=8)
def _index_key(setting: str) -> bytes:
    if not setting:
        raise ImproperlyConfigured(f"INDEX_KEY is empty; set it to a key. {_MAKE_KEY}")
    return _key(setting, "INDEX_KEY")


def _key(encoded: str, setting: str) -> bytes:
    try:
        key = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"{setting} holds a key that is not base64. {_MAKE_KEY}") from error
    if len(key) != 32:
        raise ImproperlyConfigured(f"{setting} holds a key of {len(key)} bytes instead of 32. {_MAKE_KEY}")
    return key
