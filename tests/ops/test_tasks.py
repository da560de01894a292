from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from jinchuan.ops.tasks import clear_sessions

pytestmark = pytest.mark.django_db


def test_only_sessions_that_ended_are_removed():
    for key, hours in (("ended", -1), ("open", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=timezone.now() + timedelta(hours=hours)
        )
    clear_sessions()
    clear_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["open"]
