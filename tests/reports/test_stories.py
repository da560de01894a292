"""A story's way: who may do what when, what is found in it, its pack, and what becomes of it when names go."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F
from docx import Document
from PIL import Image
from pypdf import PdfReader

from cases.enums import Relation
from cases.models import Household
from cases.services import households, merges, retention
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from reports import clearing, coming_down, consenting, consistency
from reports.enums import Item, Shown, StoryState
from reports.indicators import INDICATORS, read_all, shown
from reports.models import Story, StoryPerson, StoryRelease
from reports.services import releasing, stories, story_packs, story_people
from tests import factories
from tests import factories_stories as telling
from tests.attempts import Act, attempted, expected

pytestmark = pytest.mark.django_db
S = StoryState
REASON = "请写明是哪一天的事"
CHECKERS = {"officer", "second_officer", "reviewer"}
WRITERS = {*CHECKERS, "worker_a"}
ACTS = {
    "submit": Act(stories.submit_story, WRITERS | {"writer"}, {S.DRAFT, S.RETURNED}, S.SUBMITTED),
    "check": Act(stories.check_story, CHECKERS, {S.SUBMITTED}, S.CHECKED),
    "return": Act(
        lambda row, by: stories.return_story(row, by=by, reason=REASON),
        CHECKERS,
        {S.SUBMITTED, S.CHECKED, S.CONSENTED},
        S.RETURNED,
    ),
    "consents": Act(
        lambda row, by: stories.confirm_consents(row, by=by, channels=[telling.CENTRE]),
        CHECKERS,
        {S.CHECKED},
        S.CONSENTED,
    ),
    "release": Act(
        lambda row, by: releasing.release_story(row, by=by, channels=[telling.CENTRE]),
        {"reviewer"},
        {S.CONSENTED, S.RELEASED, S.PUBLISHED},
        S.RELEASED,
        stays={S.RELEASED, S.PUBLISHED},
    ),
    "publish": Act(
        lambda row, by: releasing.record_publication(
            row, by=by, channel=telling.CENTRE, title="一盏新灯", published_on=today()
        ),
        CHECKERS,
        {S.RELEASED, S.PUBLISHED},
        S.PUBLISHED,
        stays={S.PUBLISHED},
    ),
    "withdraw": Act(
        lambda row, by: stories.withdraw_story(row, by=by, reason=REASON),
        CHECKERS,
        set(S) - {S.WITHDRAWN},
        S.WITHDRAWN,
    ),
}


def _agreed(story):
    telling.agrees(telling.shows(story))
    return story


def _in_state(state):
    if state == S.DRAFT:
        return _agreed(telling.draft())
    if state == S.SUBMITTED:
        return _agreed(telling.submitted())
    if state == S.RETURNED:
        return stories.return_story(_agreed(telling.submitted()), by=factories.officer(), reason=REASON)
    if state == S.CHECKED:
        return _agreed(telling.checked())
    if state == S.CONSENTED:
        return telling.complete()
    if state == S.RELEASED:
        return telling.released()
    if state == S.PUBLISHED:
        return telling.published().story
    return stories.withdraw_story(_agreed(telling.submitted()), by=factories.officer(), reason=REASON)


@pytest.mark.parametrize("state", list(S))
def test_who_may_do_what_in_which_state(state, request):
    """Of a story of the bureau: whoever sees it and holds the permission, in the states the table names. A draft is its
    writer's alone."""
    row = _in_state(state)
    table = expected(ACTS, state)
    for name, actor in table:
        # The story is the district's, so a street does not see it; a draft is seen by its writer only.
        if actor == "worker_a" or state == S.DRAFT:
            table[name, actor] = "forbidden"

    assert attempted(ACTS, row, request.getfixturevalue) == table


def test_nobody_checks_their_own_story_or_their_own_words(officer, second_officer, reviewer):
    story = telling.submitted(by=officer)
    with pytest.raises(Refused, match="写稿的人不能审核"):
        stories.check_story(story, by=officer)
    story = stories.edit_story(story, by=second_officer, title="两盏灯")
    with pytest.raises(Refused, match="另一位工作人员再看一遍"):
        stories.check_story(story, by=second_officer)
    assert stories.check_story(story, by=reviewer).state == S.CHECKED


def test_an_organisation_tells_only_of_what_it_sees(member_a, household_a, household_b, org_b):
    assert telling.draft(by=member_a, household=household_a).organization == member_a.organization
    for fields in ({"household": household_b}, {"activity": factories.submitted_activity(org_b)}):
        with pytest.raises(Refused, match="不在您能看到的范围内"):
            telling.draft(by=member_a, **fields)
    story = telling.draft(by=member_a)
    with pytest.raises(Refused, match="不在您能看到的范围内"):
        telling.shows(story, household_b.members.get(), by=member_a)


def test_stories_are_seen_by_those_they_concern(
    officer, worker_a, worker_b, member_a, member_b, household_a, leader
):
    draft, story = telling.draft(by=member_a), telling.submitted(by=member_a, household=household_a)

    def seen(user):
        return set(Story.objects.visible_to(user))

    assert seen(member_a) == {draft, story}
    assert seen(officer) == seen(leader) == seen(worker_a) == {story}
    assert seen(worker_b) == seen(member_b) == set()
    with pytest.raises(PermissionDenied):
        stories.check_story(story, by=worker_a)


# What is found ----------------------------------------------------------------------------------------------------


def test_a_name_of_the_register_must_be_changed_or_agreed_to(officer):
    member = telling.member()
    story = telling.checked(text=f"志愿者去看望{member.name}。", by=telling.writer())
    [found] = clearing.open_findings(story)
    assert (found.where, found.status) == ("正文第 1 段第 7 字", clearing.EXPLAIN_IT)
    person = telling.shows(story, member, shown=Shown.FULL)
    assert [one.status for one in clearing.findings(story, [telling.CENTRE])] == [clearing.CHANGE_IT]

    telling.agrees(person, Item.STORY, Item.NAME)

    assert [one.status for one in clearing.findings(story, [telling.CENTRE])] == [clearing.AGREED]
    assert len(clearing.open_findings(story, [telling.CENTRE, telling.WECHAT])) == 1
    stories.confirm_consents(story, by=officer, channels=[telling.CENTRE])


def test_who_is_told_under_another_name_is_not_named(officer):
    member = telling.member()
    story = telling.checked(text=f"秋奶奶，其实是{member.name}。")
    telling.agrees(telling.shows(story, member))
    [found] = clearing.open_findings(story, [telling.CENTRE])
    with pytest.raises(Refused, match="不能用理由代替"):
        stories.explain_finding(story, by=officer, mark=found.mark, reason="大家都认识她")
    with pytest.raises(Refused, match="还有 1 处个人信息"):
        stories.confirm_consents(story, by=officer, channels=[telling.CENTRE])


@pytest.mark.parametrize(
    "words", ["电话13812345678", "身份证620301194708220024", "住在3栋2单元401", "卡号6228480402564890018"]
)
def test_numbers_and_addresses_are_never_explained(words, officer):
    story = telling.checked(text=f"老人{words}。")
    [found] = clearing.open_findings(story)
    assert found.status == clearing.CHANGE_IT
    with pytest.raises(Refused, match="不能用理由代替"):
        stories.explain_finding(story, by=officer, mark=found.mark, reason="单位的公开信息")


def test_what_is_no_name_is_explained_once_and_found_again_when_it_changes(officer):
    factories.volunteer(factories.approved_organization(), name="高兴")
    story = telling.checked(text="老人很高兴。高兴得唱了起来。")
    found = clearing.open_findings(story)
    assert len({one.mark for one in found}) == 1

    stories.explain_finding(story, by=officer, mark=found[0].mark, reason="“高兴”在这里不是人名")

    assert clearing.open_findings(story) == []
    factories.volunteer(factories.approved_organization(), name="唱了")
    assert [one.found.words for one in clearing.open_findings(story)] == ["唱了"]


def test_a_protected_childs_school_and_community_are_not_told(officer):
    child = telling.child(hardship="orphan")
    community = child.household.community.short_name
    story = telling.checked(text=f"小雨住在{community}，在金川区第三小学读书。")
    assert [one.found.kind for one in clearing.findings(story)] == ["school"]  # nobody is named yet
    telling.shows(story, child, alias="小雨")
    assert [(one.found.kind, one.status) for one in clearing.open_findings(story)] == [
        ("community", clearing.CHANGE_IT),
        ("school", clearing.CHANGE_IT),
    ]


def test_captions_and_titles_are_read_too():
    story = telling.draft(title="拨打13812345678")
    telling.photo(story, caption="住在3号楼402室")
    assert [one.where for one in clearing.open_findings(story)] == ["标题", "照片1说明"]


# The pack ---------------------------------------------------------------------------------------------------------


def _with_place() -> bytes:
    """A photo that tells where it was taken and by which camera."""
    exif = Image.Exif()
    exif[271] = "Pretend camera"
    exif.get_ifd(34853)[2] = (38.0, 31.0, 12.0)
    return telling.jpeg(exif=exif)


def _released_with_photo(officer):
    story = telling.checked()
    person = telling.shows(story, photo=True)
    telling.agrees(person, expires_on=today() + timedelta(days=90))
    photo = telling.photo(story, data=_with_place())
    # As if a photo had come in past the door that takes these out.
    attachment = photo.attachment
    with attachment.file.storage.open(attachment.file.name, "wb") as file:
        file.write(_with_place())
    story = stories.confirm_consents(story, by=officer, channels=[telling.CENTRE])
    release = releasing.release_story(story, by=factories.reviewer(), channels=[telling.CENTRE])
    return story_packs.make_pack(release.pk)


def test_the_pack_holds_the_story_its_photos_without_a_place_and_how_to_use_it(officer):
    assert Image.open(io.BytesIO(_with_place())).getexif().get_ifd(34853)  # the control
    release = _released_with_photo(officer)
    with release.pack.open() as file:
        archive = zipfile.ZipFile(io.BytesIO(file.read()))

    assert sorted(archive.namelist()) == sorted(
        ["用稿说明.pdf", f"{release}.pdf", f"{release}.docx", "照片1.jpg"]
    )
    photo = Image.open(io.BytesIO(archive.read("照片1.jpg")))
    assert (dict(photo.getexif()), "exif" in photo.info) == ({}, False)
    for name in archive.namelist():
        assert b"Pretend camera" not in archive.read(name)
    word = Document(io.BytesIO(archive.read(f"{release}.docx")))
    assert [p.text for p in word.paragraphs][:2] == ["一盏新灯", telling.TEXT.splitlines()[0]]
    assert len(word.inline_shapes) == 1
    assert len(PdfReader(io.BytesIO(archive.read("用稿说明.pdf"))).pages) == 1
    assert list(consistency.files_are_whole()) == []


def test_the_note_says_where_and_until_when_and_nobodys_real_name(officer):
    from reports import packing

    release = _released_with_photo(officer)
    told = packing.facts(release, [])
    assert told["channels"] == ["区融媒体中心"]
    assert told["people"] == ["秋奶奶：化名，请不要改回真名，照片中有本人，已同意公开。"]
    assert f"{(today() + timedelta(days=90)).day}日" in told["until"]
    assert release.story.people.get().name not in str(told)


def test_a_pack_is_made_once_and_a_forgotten_one_is_found(officer):
    release = _released_with_photo(officer)
    assert story_packs.make_pack(release.pk) is None
    StoryRelease.objects.filter(pk=release.pk).update(pack="", sha256="", finished_at=None, attempts=9)
    assert story_packs.forgotten() == []
    failed = story_packs.make_pack(release.pk)
    assert failed.failure == story_packs.NEVER_FINISHED


# Households that merge, leave, lose their names --------------------------------------------------------------------


def test_a_merged_person_keeps_consents_and_stories(officer, reviewer):
    kept = factories.verified_household()
    born = {"id_number": "", "no_id_reason": "尚未办证", "birth_date": telling.DAY.replace(year=1950)}
    ours = telling.member(kept, name="赵秀兰", **born)
    twin = telling.member(name="赵秀兰", **born)
    story = telling.checked()
    person = telling.shows(story, twin)
    telling.agrees(person)
    stories.confirm_consents(story, by=officer, channels=[telling.CENTRE])
    story = releasing.release_story(story, by=reviewer, channels=[telling.CENTRE]).story

    merges.merge_households(
        kept,
        twin.household,
        by=officer,
        choices={"relations": {twin.household.members.get(relation=Relation.HEAD).pk: Relation.OTHER}},
    )

    person.refresh_from_db()
    assert person.member == ours
    assert consenting.missing(story, telling.CENTRE) == []


def test_no_story_tells_of_a_household_whose_names_are_gone(officer, reviewer):
    publication = telling.published(text="秋奶奶（化名）的故事。")
    story, release = publication.story, publication.outlet.release
    story_packs.make_pack(release.pk)
    household = story.people.get().member.household
    households.exit_household(household, by=officer, reason="moved_away")
    Household.objects.filter(pk=household.pk).update(
        exited_on=today().replace(year=today().year - 9),
        registered_on=today().replace(year=today().year - 10),
    )
    before = {code: figure.cumulative for code, figure in read_all(today()).items()}
    household.refresh_from_db()
    retention.propose_deidentification(household, by=officer)
    retention.deidentify_household(household, by=reviewer)

    story.refresh_from_db()
    release.refresh_from_db()
    person = StoryPerson.objects.get(story=story)
    assert (story.text, story.title, release.text, person.alias) == ("", "已去标识", "", "已去标识")
    assert not story.photos.exists()
    assert {code: figure.cumulative for code, figure in read_all(today()).items()} == before
    assert list(consistency.what_is_out_is_what_was_agreed_to()) == []


# Figures and checks -----------------------------------------------------------------------------------------------


def test_a_story_counts_once_and_in_every_channel_it_went_to(org_a, member_a, household_a):
    story = telling.released(
        by=member_a, household=household_a, channels=(telling.CENTRE, telling.WECHAT), organization=org_a
    )
    telling.published()

    told = {code: shown(read_all(today())[code]) for code in ("stories_released", "publications")}

    assert told["stories_released"]["cumulative"] == 2
    assert {k: v["cumulative"] for k, v in told["stories_released"]["by"]["channel"].items()} == {
        "media_centre": 2,
        "wechat": 1,
    }
    assert told["stories_released"]["by"]["organization"][org_a.code]["cumulative"] == 1
    assert told["stories_released"]["by"]["street"][factories.STREET_A]["cumulative"] == 1
    assert told["publications"]["by"]["channel"]["media_centre"]["cumulative"] == 1
    assert INDICATORS["publications"].unit == "篇次"
    assert story.division == household_a.community


def test_the_checks_find_what_got_past_the_guards():
    from tests.guarding import guards_removed

    story = telling.released()
    assert [line for check in consistency.CHECKS for line in check()] == []
    with guards_removed():
        Story.objects.filter(pk=story.pk).update(text=F("title"))
        story.people.get().member.consents.all().delete()
        lines = [line for check in consistency.CHECKS for line in check()]
    assert any("与送出时不一样" in line for line in lines)
    assert any("送出当天缺少同意" in line for line in lines)


def test_the_list_of_what_must_come_down_takes_the_same_queries_for_one_and_three(django_assert_num_queries):
    telling.published()
    with django_assert_num_queries(4):
        coming_down.publications()
    telling.published()
    telling.published()
    with django_assert_num_queries(4):
        coming_down.publications()


def test_a_changed_photo_takes_a_complete_story_back(officer):
    story = telling.checked()
    photo = telling.photo(story)
    stories.confirm_consents(story, by=officer, channels=[telling.CENTRE])
    story_people.change_photo(photo, by=officer, caption="换灯泡")
    story.refresh_from_db()
    assert (story.state, story.digest) == (S.CHECKED, "")
