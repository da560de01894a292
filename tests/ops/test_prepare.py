import pytest
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection
from django.db.migrations import Migration

from jinchuan.shared import guards

pytestmark = pytest.mark.django_db


@pytest.fixture
def static_root(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    return settings.STATIC_ROOT


def test_twice_is_once(static_root):
    call_command("prepare", verbosity=0)
    stylesheet = static_root / "admin" / "css" / "base.css"
    assert stylesheet.exists()
    stylesheet.unlink()
    call_command("prepare", verbosity=0)
    assert not stylesheet.exists(), "nothing changed, so nothing was collected again"


def test_a_changed_file_is_collected(static_root):
    call_command("prepare", verbosity=0)
    (static_root / ".collected").write_text("another state")
    (static_root / "admin" / "css" / "base.css").unlink()
    call_command("prepare", verbosity=0)
    assert (static_root / "admin" / "css" / "base.css").exists()


def test_guards_step_aside_while_sqlite_rebuilds_tables_and_stand_again_afterwards():
    def standing():
        return [guard for guard in guards.registered() if guard.is_installed(connection)]

    emit_pre_migrate_signal(0, False, "default", plan=[])
    assert standing() == guards.registered(), "nothing is to be migrated"
    emit_pre_migrate_signal(0, False, "default", plan=[(Migration("0002_more", "cases"), False)])
    assert standing() == ([] if connection.vendor == "sqlite" else guards.registered())
    emit_post_migrate_signal(0, False, "default", plan=[])
    assert standing() == guards.registered()
