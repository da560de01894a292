"""Each named constraint of stories and what leaves the house, broken at the database."""

from datetime import timedelta

import pytest

from cases.models import Consent
from jinchuan.shared.clock import now, today
from reports.enums import Item, Shown
from reports.models import FindingWaiver, PublicationConsent
from reports.services import releasing
from tests import factories
from tests import factories_stories as telling
from tests.provoking import provoke


def _person(**fields):
    return telling.shows(telling.draft(), **{"shown": Shown.FULL, **fields})


def _twice(name):
    story = telling.draft()
    if name == "member":
        first, second = telling.shows(story), telling.shows(story)
    else:
        group = factories.approved_organization()
        first, second = (telling.shows(story, volunteer=factories.volunteer(group)) for _ in range(2))
    return second, {name: getattr(first, name)}


def _photos():
    story = telling.draft()
    telling.photo(story)
    return telling.photo(story), {"number": 1}


def _waiver(mark="a"):
    story = telling.draft()
    rows = [
        FindingWaiver.objects.create(
            story=story,
            kind="name",
            mark=one,
            reason="公开人物",
            waived_at=now(),
            waived_by=factories.officer(),
        )
        for one in (mark, "b")
    ]
    return rows[0]


def _publicity() -> PublicationConsent:
    person = telling.shows(telling.submitted(), other_name=factories.person_name())
    return telling.agrees(person, Item.STORY)[0]


def _editions():
    story = telling.released()
    telling.agrees(story.people.get(), Item.STORY, channels=[telling.WECHAT])
    second = releasing.release_story(story, by=factories.reviewer(), channels=[telling.WECHAT])
    return second, {"number": 1}


def _channels():
    story = telling.released(channels=(telling.CENTRE, telling.WECHAT))
    return story.releases.get().channels.get(channel=telling.WECHAT), {"channel": telling.CENTRE}


def _yesterday():
    return today() - timedelta(days=1)


PROVOCATIONS = {
    "story_state_known": lambda: (telling.draft(), {"state": "lost"}),
    "story_submitted_with_date": lambda: (telling.draft(), {"state": "submitted"}),
    "story_checked_at_with_by": lambda: (telling.draft(), {"checked_at": now()}),
    "story_checked_with_date": lambda: (telling.submitted(), {"state": "checked"}),
    "story_checked_by_second_person": lambda: (
        telling.draft(),
        {"checked_at": now(), "checked_by": telling.writer()},
    ),
    "story_consented_at_with_by": lambda: (telling.draft(), {"consented_at": now()}),
    "story_consented_with_date": lambda: (telling.checked(), {"state": "consented", "digest": "a"}),
    "story_consented_with_digest": lambda: (telling.complete(), {"digest": ""}),
    "story_released_with_date": lambda: (telling.complete(), {"state": "released"}),
    "story_withdrawn_at_with_by": lambda: (telling.draft(), {"state": "withdrawn", "withdrawn_at": now()}),
    "story_withdrawn_with_date": lambda: (telling.draft(), {"state": "withdrawn"}),
    "story_person_shown_known": lambda: (_person(), {"shown": "somehow"}),
    "story_person_is_one": lambda: (_person(), {"other_name": "赵秀兰"}),
    "story_person_alias_named": lambda: (_person(), {"alias": "秋奶奶"}),
    "story_person_protected_not_shown": lambda: (_person(), {"is_protected": True}),
    "story_person_hidden_without_photo": lambda: (_person(), {"shown": "hidden", "photo": True}),
    "story_member_once": lambda: _twice("member"),
    "story_volunteer_once": lambda: _twice("volunteer"),
    "story_photo_number_once": _photos,
    "finding_kind_known": lambda: (_waiver(), {"kind": "smell"}),
    "finding_waived_once": lambda: (_waiver(), {"mark": "b"}),
    "publicity_item_known": lambda: (_publicity(), {"item": "voice"}),
    "publicity_channel_known": lambda: (_publicity(), {"channel": "radio"}),
    "publicity_guardian_named": lambda: (_publicity(), {"given_by": "guardian"}),
    "publicity_dates_order": lambda: (_publicity(), {"expires_on": _yesterday()}),
    "publicity_withdrawal_order": lambda: (_publicity(), {"withdrawn_on": _yesterday()}),
    "story_release_number_once": _editions,
    "story_release_with_digest": lambda: (telling.released().releases.get(), {"digest": ""}),
    "story_release_finished_with_file_or_failure": lambda: (
        telling.released().releases.get(),
        {"finished_at": now()},
    ),
    "release_channel_known": lambda: (telling.released().releases.get().channels.get(), {"channel": "radio"}),
    "release_channel_once": _channels,
    "publication_taken_down_with_by": lambda: (
        telling.published(),
        {"taken_down_on": today(), "taken_down_how": "已删除"},
    ),
    "publication_taken_down_with_how": lambda: (
        telling.published(),
        {"taken_down_on": today(), "taken_down_by": factories.officer()},
    ),
    "publication_dates_order": lambda: (
        telling.published(),
        {"taken_down_on": _yesterday(), "taken_down_how": "已删除", "taken_down_by": factories.officer()},
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses(name):
    row, columns = PROVOCATIONS[name]()
    provoke(name, row, **columns)


@pytest.mark.django_db
def test_a_consent_of_the_register_is_for_one_channel():
    """The control of the three rules on ``cases.Consent``: what the service writes fits them."""
    person = telling.shows(telling.submitted())
    telling.agrees(person)
    assert Consent.objects.filter(member=person.member).count() == 3
