"""Good stories on the organisation's pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jinchuan.shared.clock import today
from reports.enums import Shown, StoryState
from reports.models import Story
from reports.services import stories
from tests import factories_stories as telling
from tests.intake import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


def typed(**fields) -> dict:
    """A complete story about nobody in particular."""
    return {
        "title": "一盏新灯",
        "day": today().isoformat(),
        "text": telling.TEXT,
        "lines": ["0"],
        "intent": "check",
        **fields,
    }


def test_a_story_with_a_person_and_a_photo_becomes_one_row(client, member_a, household_a):
    member = household_a.members.get()
    data = typed(
        household=str(household_a.pk),
        captions="擦窗户",
        files=[SimpleUploadedFile("IMG_1.jpg", telling.jpeg(), content_type="image/jpeg")],
        **{
            "line-0-who": f"m:{member.pk}",
            "line-0-shown": "alias",
            "line-0-alias": "秋奶奶",
            "line-0-photo": "on",
        },
    )
    answer = pages.logged(client, data, "stories:write_new")

    story = Story.objects.get()
    assert answer.url == reverse("stories:receipt", kwargs={"code": story.code})
    assert (story.state, story.written_by, story.organization) == (
        StoryState.SUBMITTED,
        member_a,
        member_a.organization,
    )
    assert story.pairing.household == story.household == household_a
    person, photo = story.people.get(), story.photos.get()
    assert (person.member, person.shown, person.alias, person.photo) == (member, Shown.ALIAS, "秋奶奶", True)
    assert (photo.caption, photo.number) == ("擦窗户", 1)
    assert photo.attachment.parent_id == str(story.pk)
    text = client.get(answer.url).content.decode()
    assert story.code in text
    assert member.name not in text


def test_what_is_missing_is_named(client):
    address = pages.opened(client, "stories:write_new")
    answer = client.post(address, typed(**{"line-0-name": "赵长青", "line-0-shown": "alias"}))
    assert "第 1 位：请填写化名，例如“秋奶奶”。" in [sentence for _, sentence in answer.context["summary"]]


def test_a_number_in_the_text_is_asked_about(client):
    address = pages.opened(client, "stories:write_new")
    client.post(address, typed(text="老人的电话是13812345678。"))
    assert "“正文”里有手机号，建议删去" in client.get(f"{address}check/").content.decode()


def test_a_returned_story_is_put_right(client, member_a, household_a, officer):
    story = telling.draft(by=member_a, household=household_a)
    telling.shows(story, household_a.members.get(), by=member_a)
    stories.submit_story(story, by=member_a)
    stories.return_story(story, by=officer, reason="请写明是哪一天的事")
    page = client.get(reverse("stories:story", kwargs={"code": story.code})).content.decode()
    assert "请写明是哪一天的事" in page

    address = client.get(reverse("stories:correct_new", kwargs={"code": story.code})).url
    shown = client.get(address).context["form"]
    assert shown.data["line-0-alias"] == "秋奶奶"
    data = {name: shown.data.getlist(name) for name in shown.data} | {
        "title": "秋天的灯",
        "lines": ["0"],
        "line-0-who": "",
        "line-0-alias": "",
        "intent": "check",
    }
    client.post(address, data)
    digest = client.get(f"{address}check/").context["digest"]
    client.post(f"{address}check/", {"intent": "submit", "content": digest})

    story.refresh_from_db()
    assert (story.state, story.title, story.people.get().shown) == (
        StoryState.SUBMITTED,
        "秋天的灯",
        Shown.HIDDEN,
    )


def test_others_stories_are_not_there(client, member_b, officer, client_for):
    theirs = telling.submitted(by=member_b)
    for name in ("stories:story", "stories:receipt", "stories:correct_new"):
        assert client.get(reverse(name, kwargs={"code": theirs.code})).status_code == 404
    assert theirs.code not in client.get(reverse("stories:stories")).content.decode()
    assert client_for(officer).get(reverse("stories:stories")).status_code == 302


def test_the_list_takes_the_same_queries_for_one_and_three(client, member_a, django_assert_num_queries):
    telling.submitted(by=member_a)
    client.get(reverse("stories:stories"))
    with django_assert_num_queries(5):
        client.get(reverse("stories:stories"))
    telling.submitted(by=member_a)
    telling.submitted(by=member_a)
    with django_assert_num_queries(5):
        client.get(reverse("stories:stories"))


def test_only_photos_go_with_a_story(client, member_a):
    files = [
        SimpleUploadedFile(f"{n}.jpg", telling.jpeg(n), content_type="image/jpeg") for n in ("red", "blue")
    ]
    data = typed(files=files)
    pages.logged(client, data, "stories:write_new")
    assert [one.number for one in Story.objects.get().photos.all()] == [1, 2]
