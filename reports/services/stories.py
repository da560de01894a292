"""Writes on good stories up to the day they stand still: write, put right, submit, check, have every consent, withdraw."""

import hashlib
import json

from jinchuan.audit.services import change, create, lock, move, record, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused
from organizations.services.organizations import reason_given

from .. import clearing, consenting
from ..enums import WRITABLE, StoryState
from ..models import FindingWaiver, Story
from ..models.stories import CHECK_OWN
from .editions import home_division

NOT_YOURS = "只有写稿的人和民政局能改这篇稿件。"
NOT_WAITING = "稿件现在是“{state}”，不用再审核。请刷新页面，按最新状态办理。"
STANDS_STILL = "稿件已经送出或撤下，不能再改。"
NOT_VISIBLE = "这一项不在您能看到的范围内，请重新选择。"
ACTIVITY_ELSEWHERE = "这场活动不属于所选的组织，请重新选择。"
PAIRING_ELSEWHERE = "所选的结对与所选的户不是同一户，请重新选择。"
FIND_FIRST = "文中还有 {count} 处个人信息没有处理，请按“个人信息检查”逐处修改或说明。"
CHECK_OWN_WORDS = "您改过这篇稿件，请由另一位工作人员再看一遍。"
CHANNEL_FIRST = "请至少选择一个发布渠道。"
CONSENT_MISSING = "还缺 {count} 项同意，不能送出：{first}"
NO_SUCH_FINDING = "文中没有找到这一处，可能已经改过，请刷新页面。"
NEVER_EXPLAINED = "这一处不能用理由代替，必须在文中改掉。"
STORY_FIELDS = ("title", "text", "happened_on", "organization", "activity", "program", "pairing", "household")


@verb
def write_story(*, by, **fields) -> Story:
    """Begin a story; it is a draft of whoever writes it. An organisation writes its own; related rows must be the writer's to
    see."""
    require(by, "reports.add_story")
    if by.organization_id:
        fields["organization"] = by.organization
    story = Story(code=next_code("GS", now().year), written_at=now(), written_by=by, text_by=by, **fields)
    _related(story, by)
    story.division = _division(story, by)
    return create(story, by=by, action="write")


@verb
def edit_story(story, *, by, version=None, **fields) -> Story:
    """Change the words or what they are about. The writer while it is with the writer; the bureau until it has left the house.

    What was found complete (``consented``) falls back to ``checked``, for consents were given to other words.
    """
    require(by, "reports.change_story", story)
    story = lock(story, version=version)
    if story.state not in WRITABLE:
        require(by, "reports.check_story", story)
    if story.state in (StoryState.RELEASED, StoryState.PUBLISHED, StoryState.WITHDRAWN):
        raise Refused(STANDS_STILL)
    story = fall_back(story, by=by)
    fresh = Story(
        written_by=story.written_by, **{name: getattr(story, name) for name in STORY_FIELDS} | fields
    )
    _related(fresh, by)
    return change(
        story, by=by, action="edit", text_by=by, division=_division(fresh, story.written_by), **fields
    )


@verb
def submit_story(story, *, by) -> Story:
    """Hand it to the bureau; a returned one again."""
    require(by, "reports.change_story", story)
    story = lock(story)
    if story.written_by_id != by.pk and story.written_by.organization_id != by.organization_id:
        raise Refused(NOT_YOURS)
    return move(story, StoryState.SUBMITTED, by=by, submitted_at=now(), checked_at=None, checked_by=None)


@verb
def return_story(story, *, by, reason) -> Story:
    require(by, "reports.check_story", story)
    return move(
        story,
        StoryState.RETURNED,
        by=by,
        reason=reason_given(reason),
        checked_at=None,
        checked_by=None,
        **_NOT_CONSENTED,
    )


@verb
def check_story(story, *, by) -> Story:
    """A second person finds the story true and fit to print. Nobody checks their own words; nothing found may be open, save
    names that wait for their consent."""
    require(by, "reports.check_story", story)
    story = lock(story)
    if story.written_by_id == by.pk:
        raise Refused(CHECK_OWN)
    if story.text_by_id == by.pk:
        raise Refused(CHECK_OWN_WORDS)
    if story.state != StoryState.SUBMITTED:
        raise Refused(NOT_WAITING.format(state=story.get_state_display()))
    return move(story, StoryState.CHECKED, by=by, checked_at=now(), checked_by=by)


@verb
def explain_finding(story, *, by, mark, reason) -> FindingWaiver:
    """Say why something that was found may stay (a public figure, not a name at all). Refuses what no reason makes fit."""
    require(by, "reports.check_story", story)
    story = fall_back(lock(story), by=by)
    found = next((one for one in clearing.findings(story) if one.mark == mark), None)
    if found is None:
        raise Refused(NO_SUCH_FINDING)
    if not found.may_be_explained:
        raise Refused(NEVER_EXPLAINED)
    return create(
        FindingWaiver(
            story=story,
            kind=found.found.kind,
            mark=mark,
            reason=reason_given(reason),
            waived_at=now(),
            waived_by=by,
        ),
        by=by,
        action="explain",
    )


@verb
def confirm_consents(story, *, by, channels) -> Story:
    """Find that every consent for these channels is there and nothing found is open: from here on the story stands still.

    A second look: not by the person who last changed the words.
    """
    require(by, "reports.check_story", story)
    story = lock(story)
    if story.text_by_id == by.pk:
        raise Refused(CHECK_OWN_WORDS)
    refuse_what_is_missing(story, channels)
    return move(
        story,
        StoryState.CONSENTED,
        by=by,
        channels=list(channels),
        consented_at=now(),
        consented_by=by,
        digest=digest_of(story),
    )


@verb
def withdraw_story(story, *, by, reason) -> Story:
    """Take a story back for good. Where it was published, the list of what must come down says so until it is down."""
    require(by, "reports.check_story", story)
    return move(
        story, StoryState.WITHDRAWN, by=by, reason=reason_given(reason), withdrawn_at=now(), withdrawn_by=by
    )


@verb
def note_opened(row, *, by) -> None:
    """Somebody took the pack: it may name people."""
    record("open_file", row, by=by)


def refuse_what_is_missing(story, channels, *, hold=False) -> None:
    """Refuse while a find is open or a consent is missing on any of the channels."""
    if not channels:
        raise Refused({"channels": CHANNEL_FIRST})
    lacking = consenting.missing_of([story], hold=hold)
    missing = [one for channel in channels for one in lacking(story, channel)]
    if missing:
        raise Refused(CONSENT_MISSING.format(count=len(missing), first=missing[0].sentence))
    if left := clearing.open_findings(story, channels):
        raise Refused(FIND_FIRST.format(count=len(left)))


def digest_of(story) -> str:
    """Stands for exactly these words, people and photos."""
    told = {
        "title": story.title,
        "text": story.text,
        "happened_on": story.happened_on.isoformat(),
        "people": [
            [
                one.pk,
                one.member_id,
                one.volunteer_id,
                one.other_name,
                one.shown,
                one.alias,
                one.photo,
                one.is_minor,
            ]
            for one in story.people.order_by("pk")
        ],
        "photos": [
            [one.number, one.caption, one.attachment.sha256]
            for one in story.photos.used().select_related("attachment").order_by("number")
        ],
    }
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


_NOT_CONSENTED = {"consented_at": None, "consented_by": None, "digest": ""}


def fall_back(story, *, by) -> Story:
    """What was complete is no longer, now that it changes; what is out or withdrawn does not change."""
    if story.state in (StoryState.RELEASED, StoryState.PUBLISHED, StoryState.WITHDRAWN):
        raise Refused(STANDS_STILL)
    if story.state == StoryState.CONSENTED:
        return move(story, StoryState.CHECKED, by=by, reason="稿件有改动，重新核对同意", **_NOT_CONSENTED)
    return story


def _related(story, by) -> None:
    """What the story is about must be the writer's to see, and fit together."""
    for name in ("organization", "activity", "program", "pairing", "household"):
        row = getattr(story, name)
        if row is not None and by and not type(row).objects.visible_to(by).filter(pk=row.pk).exists():
            raise Refused({name: NOT_VISIBLE})
    if story.activity_id and story.organization_id not in (None, story.activity.organization_id):
        raise Refused({"activity": ACTIVITY_ELSEWHERE})
    if story.pairing_id and story.household_id not in (None, story.pairing.household_id):
        raise Refused({"pairing": PAIRING_ELSEWHERE})


def _division(story, by):
    """Whose street it belongs to: the household's, the activity's, the organisation's, or the writer's."""
    if story.household_id or story.pairing_id:
        return (story.household or story.pairing.household).community
    if story.activity_id and story.activity.community_id:
        return story.activity.community
    if story.organization_id:
        return story.organization.division
    return by.division or home_division()
