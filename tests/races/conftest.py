"""Threads that start together, and locks and rules taken away to see what they are good for."""

import threading
from contextlib import contextmanager

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

PATIENCE = 10


def pytest_collection_modifyitems(items):
    if connection.vendor != "postgresql":
        skip = pytest.mark.skip(reason="SQLite lets one writer in at a time; races are run on PostgreSQL")
        for item in items:
            if "tests/races/" in item.nodeid:
                item.add_marker(skip)


class Outcomes(list):
    """What each call returned or raised."""

    def of(self, kind) -> list:
        return [one for one in self if isinstance(one, kind)]


@pytest.fixture
def together(transactional_db):
    """``together(call, …)`` runs the calls at the same moment, each in a thread and a connection of its own."""

    def run(*calls) -> Outcomes:
        start = threading.Barrier(len(calls))
        outcomes = Outcomes([None] * len(calls))

        def play(place, call):
            try:
                connection.ensure_connection()
                start.wait(PATIENCE)
                outcomes[place] = call()
            except Exception as error:
                outcomes[place] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=play, args=each) for each in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return outcomes

    return run


@pytest.fixture
def no_locks(monkeypatch):
    """``no_locks(module, name, parties)``: rows are read without being held, and the threads wait for each other once
    before (or ``after``) they call that function, so that all have read before anybody writes."""

    def meet(module, name, parties, *, after=False):
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
        meeting, met = threading.Barrier(parties), threading.local()
        original = getattr(module, name)

        def wait_for_the_others():
            if threading.current_thread() is not threading.main_thread() and not hasattr(met, "once"):
                met.once = meeting.wait(PATIENCE)

        def with_meeting(*args, **kwargs):
            if not after:
                wait_for_the_others()
            result = original(*args, **kwargs)
            if after:
                wait_for_the_others()
            return result

        monkeypatch.setattr(module, name, with_meeting)

    return meet


@pytest.fixture
def without_rule():
    """``with without_rule(Model, column or constraint)``: the unique rule is not there for a while."""

    @contextmanager
    def lift(model, name):
        table = model._meta.db_table
        constraint = next((one for one in model._meta.constraints if one.name == name), None)
        if constraint:
            with connection.schema_editor() as editor:
                editor.remove_constraint(model, constraint)
        else:
            with connection.cursor() as cursor:
                found = connection.introspection.get_constraints(cursor, table)
                unique = next(key for key, one in found.items() if one["unique"] and one["columns"] == [name])
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{unique}"')
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {table} CASCADE")
            if constraint:
                with connection.schema_editor() as editor:
                    editor.add_constraint(model, constraint)
            else:
                with connection.cursor() as cursor:
                    cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{unique}" UNIQUE ({name})')

    return lift
