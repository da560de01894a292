"""Good stories on the bureau's pages: the whole way by hand, and what each page costs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.models import Consent
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import today
from reports.enums import Item, StoryState
from reports.models import Publication, PublicationConsent, Story, StoryPerson, StoryRelease
from reports.services import story_packs
from tests import factories_stories as telling
from tests.pages import act, listing, page, shown
from tests.sheets.filling import fill
from tests.sheets.handing_in import checked, written

pytestmark = pytest.mark.django_db
CENTRE = str(telling.CENTRE)


def test_the_whole_way_by_hand(
    client_for, officer, reviewer, worker_a, household_a, django_capture_on_commit_callbacks
):
    """A worker writes and hands in, the officer finds a name, covers it and checks, the reviewer releases."""
    member = household_a.members.get()
    worker, desk, chief = client_for(worker_a), client_for(officer), client_for(reviewer)
    typed = {
        "title": "一盏新灯",
        "happened_on": "2026-10-12",
        "text": f"志愿者去看望{member.name}。",
        "household": household_a.pk,
    }
    assert worker.post(listing(Story, "add"), typed).status_code == 302
    story = Story.objects.get()
    person = {"member": member.pk, "shown": "full"}
    assert worker.post(act(story, "person"), person).status_code == 302
    photo = {
        "photo": SimpleUploadedFile("a.jpg", telling.jpeg(), content_type="image/jpeg"),
        "caption": "换灯泡",
    }
    assert worker.post(act(story, "photo"), photo).status_code == 302
    assert worker.post(act(story, "submit")).status_code == 302

    text = shown(desk.get(page(story)))
    assert "个人信息检查" in text
    assert "必须改" in text
    assert member.name not in text.replace(f"志愿者去看望{member.name}", "")
    assert desk.post(act(story, "check")).status_code == 302
    refused = desk.post(act(story, "consents"), {"channels": [CENTRE]})
    assert "还缺 2 项同意" in shown(refused)
    agreed = {
        "items": [Item.STORY, Item.NAME],
        "channels": [CENTRE],
        "given_by": "self",
        "given_on": "2026-10-20",
        "evidence": "签字同意书存于宣传档案第 2 盒",
    }
    assert desk.post(act(story.people.get(), "agree"), agreed).status_code == 302
    assert Consent.objects.filter(member=member, channel=CENTRE).count() == 2
    assert desk.post(act(story, "consents"), {"channels": [CENTRE]}).status_code == 302
    assert desk.get(act(story, "release")).status_code == 403

    with django_capture_on_commit_callbacks():
        answer = chief.post(act(story, "release"), {"channels": [CENTRE]})
    release = StoryRelease.objects.get()
    assert answer.url == page(release)
    assert "正在生成稿件包" in shown(chief.get(page(release)))
    story_packs.make_pack(release.pk)
    pack = chief.get(reverse("admin:reports_storyrelease_pack", args=[release.pk]))
    assert pack.getvalue()[:2] == b"PK"
    assert AuditEvent.objects.of(release).filter(action="open_file", actor="reviewer").exists()
    stood = {"channel": CENTRE, "title": "一盏新灯亮起来", "published_on": str(today())}
    assert desk.post(act(story, "publication"), stood).status_code == 302
    story.refresh_from_db()
    assert story.state == StoryState.PUBLISHED


def test_what_must_come_down_stands_on_the_desk_and_leads_to_exactly_that(client_for, officer):
    publication = telling.published()
    telling.published()
    client = client_for(officer)
    consent = publication.story.people.get().member.consents.get(purpose="publish_story", channel=CENTRE)
    assert client.post(act(consent, "withdraw"), {"on": str(today())}).status_code == 302

    desk = shown(client.get(reverse("admin:index")))
    assert "要撤下的报道" in desk
    listed = client.get(f"{listing(Publication)}?down=1").context["cl"]
    assert list(listed.result_list) == [publication]
    assert list(client.get(f"{listing(Story)}?down=1").context["cl"].result_list) == [publication.story]
    assert "有人撤回了同意" in shown(client.get(page(publication.story)))
    assert client.post(act(publication, "down"), {"on": str(today()), "how": "当日删除"}).status_code == 302
    assert list(client.get(f"{listing(Publication)}?down=1").context["cl"].result_list) == []


def test_another_persons_consent_is_recorded_and_withdrawn(client_for, officer):
    story = telling.submitted()
    person = telling.shows(story, other_name="赵长青")
    client = client_for(officer)
    agreed = {
        "items": [Item.STORY],
        "channels": [CENTRE, "wechat"],
        "given_by": "self",
        "given_on": "2026-10-20",
        "evidence": "签字同意书存于宣传档案第 2 盒",
    }
    assert client.post(act(person, "agree"), agreed).status_code == 302
    first, _ = PublicationConsent.objects.order_by("pk")
    assert client.post(act(first, "withdraw"), {"on": str(today())}).status_code == 302
    assert PublicationConsent.objects.in_force().count() == 1
    assert "赵长青" not in shown(client.get(listing(PublicationConsent)))


def test_somebody_is_shown_another_way(client_for, officer):
    person = telling.shows(telling.submitted(), by=telling.writer())
    client = client_for(officer)
    typed = {"shown": "hidden", "alias": "", "version": person.version}
    assert client.post(page(person), typed).status_code == 302
    person.refresh_from_db()
    assert (person.shown, person.alias) == ("hidden", "")


@pytest.mark.parametrize(
    ("model", "make"),
    [
        (Story, telling.submitted),
        (Publication, telling.published),
        (StoryRelease, telling.released),
        (
            PublicationConsent,
            lambda: telling.agrees(telling.shows(telling.submitted(), other_name="赵长青"), Item.STORY),
        ),
        (StoryPerson, lambda: telling.shows(telling.submitted())),
    ],
)
def test_a_list_takes_the_same_queries_for_one_and_three(
    model, make, client_for, officer, django_assert_num_queries
):
    client = client_for(officer)
    queries = {Story: 4, Publication: 4, StoryRelease: 5, PublicationConsent: 4, StoryPerson: 4}[model]
    make()
    client.get(listing(model))
    with django_assert_num_queries(queries):
        client.get(listing(model))
    make()
    make()
    with django_assert_num_queries(queries):
        client.get(listing(model))


def test_an_imported_story_is_a_draft_and_is_not_written_twice(officer):
    data = fill("stories", {"title": "一盏新灯", "happened_on": "2026-10-12", "text": "好事。"})
    assert written("stories", data, by=officer).new == 1
    assert checked("stories", data, by=officer).same == 1
    story = Story.objects.get()
    assert (story.state, story.written_by) == (StoryState.DRAFT, officer)
