"""Nothing is made public without everybody's consent, for every item, on every channel, by no door at all."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cases.enums import Channel
from cases.models import Consent
from cases.services import households
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused
from reports import coming_down, consenting
from reports.enums import Item, Shown, StoryState
from reports.models import Publication, PublicationConsent, ReleaseChannel, Story, StoryRelease
from reports.services import releasing, stories, story_people
from tests import factories
from tests import factories_stories as telling
from tests.guarding import guards_removed

pytestmark = pytest.mark.django_db
ITEMS, CHANNELS = list(Item), list(Channel)
# A full name and a photo need all three; ``who`` is a member of a household, a volunteer, or somebody else.
WHO = ("member", "volunteer", "other")


def _person(story, who, **fields):
    fields = {"shown": Shown.FULL, "photo": True, **fields}
    if who == "volunteer":
        fields["volunteer"] = factories.volunteer(factories.approved_organization())
    if who == "other":
        fields["other_name"] = factories.person_name()
    return telling.shows(story, **fields)


def _row(person, item, channel):
    """The one consent of that item on that channel."""
    if person.member_id:
        return Consent.objects.get(member=person.member, purpose=item, channel=channel)
    return PublicationConsent.objects.get(person=person, item=item, channel=channel)


def _withdraw(person, item, channel):
    row = _row(person, item, channel)
    if person.member_id:
        return households.withdraw_consent(row, by=factories.officer())
    return story_people.withdraw_publication_consent(row, by=factories.officer())


def _consented(who="member", channels=CHANNELS):
    """A story at rest, everybody's consents there for all channels."""
    story = telling.checked()
    person = _person(story, who)
    telling.agrees(person, channels=channels)
    return stories.confirm_consents(story, by=factories.officer(), channels=list(channels)), person


# The doors: each tries to bring the story out for a channel. ------------------------------------------------------


def _by_service(story, channel):
    releasing.release_story(story, by=factories.reviewer(), channels=[channel])


def _release_row(story):
    return StoryRelease.objects.create(
        story=story,
        number=1,
        title=story.title,
        text=story.text,
        digest=story.digest,
        released_on=today(),
        released_at=now(),
        released_by=factories.reviewer(),
    )


def _by_rows(story, channel):
    """The rows the service would write, past the service."""
    ReleaseChannel.objects.create(release=_release_row(story), channel=channel)
    Story.objects.filter(pk=story.pk).update(state=StoryState.RELEASED, released_on=today())


def _by_bulk(story, channel):
    ReleaseChannel.objects.bulk_create([ReleaseChannel(release=_release_row(story), channel=channel)])
    story.state, story.released_on = StoryState.RELEASED, today()
    Story.objects.bulk_update([story], ["state", "released_on"])


def _by_sql(story, channel):
    release = _release_row(story)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reports_releasechannel (release_id, channel) VALUES (%s, %s)", [release.pk, channel]
        )
        cursor.execute(
            "UPDATE reports_story SET state = 'released', released_on = %s WHERE id = %s", [today(), story.pk]
        )


DOORS = {"service": _by_service, "rows": _by_rows, "bulk": _by_bulk, "sql": _by_sql}


def _goes_out(story, channel, door) -> bool:
    try:
        with transaction.atomic():
            DOORS[door](story, channel)
    except (Refused, IntegrityError):
        return False
    finally:
        story.refresh_from_db()
    return story.state == StoryState.RELEASED


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("door", DOORS)
def test_every_item_on_every_channel_keeps_every_door_shut(who, door):
    """One consent of fifteen withdrawn: that channel is shut; the positive control is every other channel."""
    story, person = _consented(who)
    for item, channel in product(ITEMS, CHANNELS):
        with transaction.atomic():
            _withdraw(person, item, channel)
            assert [(m.item, m.channel) for m in consenting.missing(story, channel)] == [(item, channel)]
            assert not _goes_out(story, channel, door), (item, channel)
            other = next(one for one in CHANNELS if one != channel)
            assert _goes_out(story, other, door), (item, other)
            transaction.set_rollback(True)
        story.refresh_from_db()


@pytest.mark.parametrize("door", ["update", "save", "bulk_update", "sql"])
@pytest.mark.parametrize("state", [StoryState.RELEASED, StoryState.PUBLISHED])
def test_no_state_is_set_without_a_release(door, state):
    story, _ = _consented(channels=[telling.CENTRE])
    story.state, story.released_on = state, today()
    ways = {
        "update": lambda: Story.objects.filter(pk=story.pk).update(state=state, released_on=today()),
        "save": story.save,
        "bulk_update": lambda: Story.objects.bulk_update([story], ["state", "released_on"]),
        "sql": lambda: connection.cursor().execute(
            f"UPDATE reports_story SET state = '{state}', released_on = '2026-11-01' WHERE id = {story.pk}"
        ),
    }
    with pytest.raises(IntegrityError, match="story_out_by_release"), transaction.atomic():
        ways[door]()
    with guards_removed(), transaction.atomic():  # the control: it is the guard that refuses
        ways[door]()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "column", ["title", "text", "digest", "happened_on", "released_on", "written_by_id", "code"]
)
def test_what_is_out_never_changes(column):
    story = telling.released()
    other = {"happened_on": today(), "released_on": telling.DAY, "written_by_id": factories.officer().pk}
    with pytest.raises(IntegrityError, match="story_out"), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(**{column: other.get(column, "另写一篇")})


def test_people_and_photos_stand_still_with_the_story():
    story = telling.checked()
    person, photo = telling.shows(story), telling.photo(story, by=telling.writer())
    telling.agrees(person)
    type(person).objects.filter(pk=person.pk).update(photo=True)  # still open
    stories.confirm_consents(story, by=factories.officer(), channels=[telling.CENTRE])
    for attempt in (
        lambda: type(person).objects.filter(pk=person.pk).update(photo=False),
        lambda: type(person).objects.filter(pk=person.pk).delete(),
        lambda: type(person).objects.create(story=story, other_name="赵某", shown=Shown.HIDDEN),
        lambda: type(photo).objects.filter(pk=photo.pk).update(is_used=False),
        lambda: photo.delete(),
    ):
        with pytest.raises(IntegrityError, match="stands_still"), transaction.atomic():
            attempt()


def test_a_change_takes_a_complete_story_back_to_be_checked(officer):
    story = telling.complete()

    story = stories.edit_story(story, by=officer, title="两盏新灯")

    assert (story.state, story.digest, story.consented_at) == (StoryState.CHECKED, "", None)
    with pytest.raises(Refused, match="另一位工作人员再看一遍"):
        stories.confirm_consents(story, by=officer, channels=[telling.CENTRE])


def test_what_was_never_agreed_to_is_missing(officer):
    story = telling.checked()
    person = telling.shows(story, shown=Shown.FULL, photo=True)

    def lacking():
        return {one.item for one in consenting.missing(story, telling.CENTRE)}

    assert lacking() == set(ITEMS)
    telling.agrees(person, Item.STORY, Item.NAME)
    assert lacking() == {Item.PHOTO}
    telling.agrees(person, Item.PHOTO, expires_on=today() + timedelta(days=1))
    assert lacking() == set()
    assert [m.item for m in consenting.missing(story, telling.CENTRE, today() + timedelta(days=1))] == [
        Item.PHOTO
    ]


@pytest.mark.parametrize(
    ("shown", "needs"),
    [
        (Shown.HIDDEN, set()),
        (Shown.ALIAS, {Item.STORY}),
        (Shown.SURNAME, {Item.STORY}),
        (Shown.FULL, {Item.STORY, Item.NAME}),
    ],
)
def test_how_somebody_is_shown_says_what_they_must_agree_to(shown, needs):
    story = telling.checked()
    telling.shows(story, shown=shown)

    assert {one.item for one in consenting.missing(story, telling.CENTRE)} == needs


# Children ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hardship", ["orphan", "de_facto_unattended_child"])
@pytest.mark.parametrize(
    "how", [{"shown": Shown.FULL}, {"shown": Shown.SURNAME}, {"shown": Shown.ALIAS, "photo": True}]
)
def test_a_protected_child_is_never_recognisable_whoever_agrees(hardship, how):
    child = telling.child(hardship=hardship)
    with pytest.raises(ValidationError, match="孤儿和事实无人抚养儿童"):
        telling.shows(telling.checked(), child, **how)


def test_a_protected_child_may_appear_under_another_name_with_the_guardians_consent():
    story = telling.checked()
    person = telling.shows(story, telling.child(hardship="orphan"), alias="小雨")
    assert person.is_protected
    assert len(consenting.missing(story, telling.CENTRE)) == 1
    telling.agrees(person, Item.STORY, given_by="guardian", guardian_name="赵卫国")
    assert consenting.missing(story, telling.CENTRE) == []


@pytest.mark.parametrize("door", DOORS)
def test_a_child_found_to_be_an_orphan_later_shuts_every_door(door):
    """The register learns of it after the consents were there."""
    story = telling.checked()
    child = telling.child()
    person = telling.shows(story, child, shown=Shown.FULL)
    telling.agrees(person, given_by="guardian", guardian_name="赵卫国")
    story = stories.confirm_consents(story, by=factories.officer(), channels=[telling.CENTRE])
    households.add_hardship(
        child, by=factories.officer(), category="orphan", basis="认定表", started_on=telling.DAY
    )

    assert [one.why for one in consenting.missing(story, telling.CENTRE)] == [consenting.NEVER]
    assert not _goes_out(story, telling.CENTRE, door)


def test_the_family_of_a_protected_child_does_not_give_it_away():
    story = telling.checked()
    child = telling.child(hardship="orphan")
    grandmother = child.household.members.get(relation="head")
    telling.agrees(telling.shows(story, child, alias="小雨"), given_by="guardian", guardian_name="赵卫国")
    person = telling.shows(story, grandmother, shown=Shown.FULL)
    telling.agrees(person)

    assert [one.why for one in consenting.missing(story, telling.CENTRE)] == [consenting.FAMILY]
    story_people.change_person(person, by=telling.writer(), shown=Shown.ALIAS, alias="秋奶奶")
    assert consenting.missing(story, telling.CENTRE) == []


@pytest.mark.parametrize("shown", [Shown.FULL, Shown.SURNAME])
@pytest.mark.parametrize("door", DOORS)
def test_a_childs_name_needs_the_guardian(shown, door):
    story = telling.checked()
    person = telling.shows(story, other_name=factories.person_name(), shown=shown, is_minor=True)
    row = telling.agrees(person, given_by="guardian", guardian_name="赵卫国")
    story = stories.confirm_consents(story, by=factories.officer(), channels=[telling.CENTRE])
    PublicationConsent.objects.filter(pk__in=[one.pk for one in row]).update(
        given_by="self", guardian_name=""
    )

    assert {one.why for one in consenting.missing(story, telling.CENTRE)} == {consenting.GUARDIANS}
    assert not _goes_out(story, telling.CENTRE, door)
    with pytest.raises(ValidationError, match="监护人"):
        telling.agrees(telling.shows(telling.checked(), telling.child()))


# What must come down ----------------------------------------------------------------------------------------------


def test_a_withdrawn_consent_raises_the_list_until_it_is_down(officer):
    publication = telling.published()
    story = publication.story
    assert (coming_down.publications(), coming_down.stories()) == ([], {})

    _withdraw(story.people.get(), Item.STORY, telling.CENTRE)

    [(listed, missing)] = coming_down.publications()
    assert (listed, [one.item for one in missing]) == (publication, [Item.STORY])
    assert list(coming_down.stories()) == [story.pk]
    releasing.take_down(publication, by=officer, how="电话通知融媒体中心，当日删除")
    assert coming_down.publications() == []


def test_an_expired_consent_and_a_withdrawn_story_stand_on_the_list(officer):
    publication = telling.published()
    Consent.objects.filter(channel=telling.CENTRE).update(given_on=telling.DAY, expires_on=today())
    assert [one for one, _ in coming_down.publications()] == [publication]
    Consent.objects.filter(channel=telling.CENTRE).update(expires_on=None)
    assert coming_down.publications() == []
    stories.withdraw_story(publication.story, by=officer, reason="本人要求不再宣传")
    assert [one for one, _ in coming_down.publications()] == [publication]


def test_where_nobody_released_it_nothing_is_published(officer):
    story = telling.released()
    with pytest.raises(Refused, match="没有向这个渠道送出"):
        releasing.record_publication(
            story, by=officer, channel=telling.WECHAT, title="一盏新灯", published_on=today()
        )
    assert not Publication.objects.exists()


def test_a_second_edition_goes_to_a_further_channel_with_its_own_consents(reviewer):
    story = telling.released()
    with pytest.raises(Refused, match="还缺 1 项同意"):
        releasing.release_story(story, by=reviewer, channels=[telling.WECHAT])
    telling.agrees(story.people.get(), Item.STORY, channels=[telling.WECHAT])

    release = releasing.release_story(story, by=reviewer, channels=[telling.WECHAT])

    assert (release.number, [one.channel for one in release.channels.all()]) == (2, [telling.WECHAT])
