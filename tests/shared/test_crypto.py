import base64
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from jinchuan.shared import crypto
from jinchuan.shared.crypto import DecryptionError, decrypt, encrypt, keyed_hash

OLD = base64.b64encode(b"1" * 32).decode()
NEW = base64.b64encode(b"2" * 32).decode()


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_KEYS = f"k1:{OLD}"
    settings.INDEX_KEY = NEW
    return settings


def test_text_comes_back_and_is_not_seen():
    token = encrypt("620301194103150017", context="cases.member.id_number")
    assert token.startswith("k1:")
    assert len(token) == 67
    assert "620301" not in token
    assert decrypt(token, context="cases.member.id_number") == "620301194103150017"


def test_the_same_text_never_looks_the_same_twice():
    assert encrypt("一", context="a") != encrypt("一", context="a")


@given(st.text(max_size=200))
def test_any_text_comes_back(text):
    token = encrypt(text, context="a")
    assert decrypt(token, context="a") == text


def test_a_value_moved_to_another_column_does_not_decrypt():
    with pytest.raises(DecryptionError):
        decrypt(encrypt("一", context="cases.member.id_number"), context="cases.member.phone")


@pytest.mark.parametrize("position", [3, 20, -1])
def test_a_damaged_value_does_not_decrypt(position):
    token = list(encrypt("六二〇三〇一", context="a"))
    token[position] = "A" if token[position] != "A" else "B"
    with pytest.raises(DecryptionError):
        decrypt("".join(token), context="a")


@pytest.mark.parametrize(
    "token", ["", "620301194103150017", "k1:", "k1:!!!!", "k1:AAAA", "k9:AAAA", ":", "明文"]
)
def test_what_is_no_token_is_never_returned_as_text(token):
    with pytest.raises(DecryptionError):
        decrypt(token, context="a")


def test_a_new_key_writes_and_the_old_one_still_reads(keys):
    old = encrypt("一", context="a")
    keys.FIELD_KEYS = f"k2:{NEW},k1:{OLD}"
    assert decrypt(old, context="a") == "一"
    assert encrypt("一", context="a").startswith("k2:")
    assert (crypto.writes_with(old), crypto.writes_with(encrypt("一", context="a"))) == (False, True)
    keys.FIELD_KEYS = f"k2:{NEW}"
    with pytest.raises(DecryptionError, match="old key missing from FIELD_KEYS"):
        decrypt(old, context="a")


def test_a_keyed_hash_depends_on_text_purpose_and_key(keys):
    one = keyed_hash("620301194103150017", purpose="citizen_id")
    assert len(one) == 64
    assert keyed_hash("620301194103150017", purpose="citizen_id") == one
    assert keyed_hash("620301194103150017", purpose="phone") != one
    assert keyed_hash("620301194708220022", purpose="citizen_id") != one
    keys.INDEX_KEY = OLD
    assert keyed_hash("620301194103150017", purpose="citizen_id") != one


@pytest.mark.parametrize(
    "ring",
    ["", "k1", f"k1{OLD}", "k1:short", "k1:****", f"k1:{OLD},k1:{NEW}", f"{OLD}:", f"k1:{OLD},", "k1:AAAA"],
)
def test_a_wrong_ring_says_how_to_put_it_right(keys, ring):
    keys.FIELD_KEYS = ring
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        encrypt("一", context="a")


def test_missing_keys_say_how_to_make_one(keys):
    keys.INDEX_KEY = ""
    with pytest.raises(ImproperlyConfigured, match="Make a key with: python -c") as caught:
        keyed_hash("一", purpose="a")
    command = str(caught.value).split("Make a key with: ")[1].split('"')[1]
    made = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    ).stdout.strip()
    keys.INDEX_KEY = made
    assert keyed_hash("一", purpose="a")


def test_keys_are_checked_at_start(keys):
    crypto.check_keys()
    keys.INDEX_KEY = OLD
    with pytest.raises(ImproperlyConfigured, match="must not be one of FIELD_KEYS"):
        crypto.check_keys()
