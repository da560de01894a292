"""A database with all its guards is brought up to date."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from jinchuan.shared import guards


@pytest.mark.django_db(transaction=True)
def test_a_migration_rebuilds_a_table_that_a_guard_of_another_asks():
    for guard in guards.registered():
        guard.remove(connection)
    MigrationExecutor(connection).migrate([("reports", "0006_batches")])
    guards.install([guard for guard in guards.registered() if guard.name == "entry_fixed"])

    call_command("migrate", verbosity=0)

    assert all(guard.is_installed(connection) for guard in guards.registered())
