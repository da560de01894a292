"""The world of these tests is built once a file; each test gets a copy of it, and a savepoint of its own."""

from copy import deepcopy

import pytest

from tests.once import built_once

from .world import build

built = built_once(build)


@pytest.fixture
def world(built, db):
    return deepcopy(built)
