import pytest
from django.core.management import call_command

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
