import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from jinchuan.settings import keys


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path):
    file = tmp_path / "keys.env"
    made = keys.load_or_make(file, database=tmp_path / "db.sqlite3")
    assert keys.load_or_make(file, database=tmp_path / "db.sqlite3") == made
    assert set(made) == set(keys.NAMES)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_no_new_keys_beside_data_that_old_ones_wrote(tmp_path):
    database = tmp_path / "db.sqlite3"
    database.touch()
    with pytest.raises(ImproperlyConfigured, match=r"Put keys\.env back from your own copy"):
        keys.load_or_make(tmp_path / "keys.env", database=database)
    assert list(tmp_path.iterdir()) == [database]


def test_file_that_lost_a_key_is_refused(tmp_path):
    file = tmp_path / "keys.env"
    file.write_text("SECRET_KEY=a\nFIELD_KEYS=\n")
    with pytest.raises(ImproperlyConfigured, match="has no FIELD_KEYS"):
        keys.load_or_make(file, database=None)
