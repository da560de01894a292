import pytest

from jinchuan.ops import demo
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_database_without_the_demo_shows_no_passwords():
    factories.user("officer", username="officer")
    assert not demo.is_loaded()
    assert demo.accounts() == []
