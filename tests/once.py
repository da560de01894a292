"""What a module's tests look at is made once for all of them."""

import pytest
from django.db import transaction


def built_once(build):
    """A fixture of a whole module: what ``build()`` returned. Ask for ``db`` beside it, whose rollback undoes a test's own doing."""

    @pytest.fixture(scope="module")
    def built(django_db_setup, django_db_blocker):
        with django_db_blocker.unblock(), transaction.atomic():
            yield build()
            transaction.set_rollback(True)

    return built
