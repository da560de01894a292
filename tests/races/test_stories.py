"""A consent is withdrawn in the very moment of a release. The control: without what holds the consent, the story goes out
after it was withdrawn."""

import threading

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from cases.models import Consent
from cases.services import households
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.errors import Refused
from reports import coming_down, consenting
from reports.models import StoryRelease
from reports.services import releasing, stories
from tests import factories
from tests import factories_stories as telling
from tests.guarding import guards_removed

MOMENT = 1.5


@pytest.fixture
def at_once(together, monkeypatch):
    """The release has looked, and goes on only when the consent is withdrawn, or cannot be."""

    def run():
        story = telling.complete()
        consent = Consent.objects.get(
            member=story.people.get().member, channel=telling.CENTRE, purpose="publish_story"
        )
        reviewer, officer = factories.reviewer(), factories.officer()
        looked, withdrawn = threading.Event(), threading.Event()
        original = stories.refuse_what_is_missing

        def look(*args, **kwargs):
            original(*args, **kwargs)
            looked.set()
            withdrawn.wait(MOMENT)

        def withdraw():
            looked.wait(MOMENT)
            row = households.withdraw_consent(consent, by=officer)
            withdrawn.set()
            return row

        monkeypatch.setattr(releasing, "refuse_what_is_missing", look)
        outcomes = together(
            lambda: releasing.release_story(story, by=reviewer, channels=[telling.CENTRE]), withdraw
        )
        return story, outcomes

    return run


def _order() -> list[str]:
    told = AuditEvent.objects.filter(action__in=["release_story", "withdraw"]).order_by("id")
    return list(told.values_list("action", flat=True))


def test_the_withdrawal_waits_for_the_release_and_raises_the_list(at_once):
    story, outcomes = at_once()

    assert [type(one) for one in outcomes] == [StoryRelease, Consent]
    assert _order() == ["release_story", "withdraw"]
    assert list(coming_down.stories()) == [story.pk]


def _unheld(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)


def test_without_the_lock_the_database_itself_refuses(at_once, monkeypatch):
    _unheld(monkeypatch)

    story, outcomes = at_once()

    assert isinstance(outcomes[1], Consent)
    assert isinstance(outcomes[0], IntegrityError | Refused)
    assert _order() == ["withdraw"]
    assert consenting.missing(story, telling.CENTRE)


def test_control_without_lock_and_guard_a_story_goes_out_after_the_withdrawal(at_once, monkeypatch):
    _unheld(monkeypatch)

    with guards_removed():
        story, outcomes = at_once()

    assert [type(one) for one in outcomes] == [StoryRelease, Consent]
    assert _order() == ["withdraw", "release_story"]
    assert consenting.missing(story, telling.CENTRE)
