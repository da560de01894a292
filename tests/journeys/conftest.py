import pytest

from tests.journeys.portal import sign_in


@pytest.fixture
def signed_in(page, live_server, member_a):
    """A page on which organisation A's member has just signed in."""
    sign_in(page, live_server, member_a)
    return page
