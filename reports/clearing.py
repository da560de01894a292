"""What of a story still tells more than was agreed to: everything found in its words, and what covers each find."""

from dataclasses import dataclass

from cases.models import Household, Member
from cases.retaining import NAMELESS
from jinchuan.shared import crypto
from organizations.enums import DivisionLevel
from organizations.models import Division
from volunteers.models import Volunteer

from .consenting import missing_of, protected_households
from .enums import NEVER_WAIVED, FindingKind, Item, Shown
from .finding import Found, Known, find
from .models import Story

_CHUNK = 5000
_WHAT_TO_DO = {
    FindingKind.ID_NUMBER: "删去号码。",
    FindingKind.CERTIFICATE: "删去号码。",
    FindingKind.BANK_CARD: "删去号码。",
    FindingKind.PHONE: "删去号码；要留联系方式的，写单位名称。",
    FindingKind.ADDRESS: "改成“某社区”，不写楼栋、单元、门牌。",
    FindingKind.NAME: "改成化名或“张某某”；要用真名的，在“故事里的人”登记真名和同意。不是人名的，写明理由。",
    FindingKind.BIRTH_DATE: "删去出生日期，或改成年龄段。",
    FindingKind.MINOR: "删去年龄，或改成“小学生”等说法；监护人同意用真名的，写明理由。",
    FindingKind.SCHOOL: "改成“某小学”；与未成年人无关的，写明理由。",
    FindingKind.COMMUNITY: "改成“某社区”：文中有不得识别的儿童。",
}
CHANGE_IT = "必须改"
EXPLAIN_IT = "改，或说明理由"
AGREED = "已有同意"
EXPLAINED = "已说明"


@dataclass(frozen=True)
class Finding:
    """One find with its place in words, and what became of it."""

    found: Found
    where: str
    status: str
    mark: str
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.status in (CHANGE_IT, EXPLAIN_IT)

    @property
    def may_be_explained(self) -> bool:
        return self.status == EXPLAIN_IT

    @property
    def what_to_do(self) -> str:
        return _WHAT_TO_DO[self.found.kind]


def findings(story: Story, channels=None) -> list[Finding]:
    """Everything found in title, text and captions. With ``channels`` a name is covered only where all of them may tell it."""
    people = list(story.people.select_related("member", "volunteer", "story"))
    protected = protected_households(people).get(story.pk, {})
    told = _names_agreed(story, people, channels or story.channels)
    waived = {waiver.mark: waiver for waiver in story.waivers.all()}
    known = Known(
        names=set(_names(story, people)),
        addresses=_addresses(story, people),
        communities=_communities(story, protected),
    )
    found = []
    for part, text in _parts(story):
        for one in find(text, known):
            mark = crypto.keyed_hash(one.mark, purpose="story_finding")
            status = _status(one, told, people, protected, waived.get(mark))
            reason = waived[mark].reason if status == EXPLAINED else ""
            found.append(Finding(one, _where(part, text, one.start), status, mark, reason))
    return found


def open_findings(story, channels=None) -> list[Finding]:
    return [one for one in findings(story, channels) if one.is_open]


def _parts(story):
    yield "标题", story.title
    yield "正文", story.text
    for photo in story.photos.used():
        yield f"照片{photo.number}说明", photo.caption


def _where(part, text, start) -> str:
    if part != "正文":
        return part
    before = text[:start]
    paragraph = before.count("\n") + 1
    return f"正文第 {paragraph} 段第 {start - (before.rfind(chr(10)) + 1) + 1} 字"


def _status(one, told, people, protected, waiver) -> str:
    name = "".join(one.words.split())
    if one.kind == FindingKind.NAME and name in told:
        return AGREED
    if one.kind in NEVER_WAIVED or _tells_of_protected(one, name, people, protected):
        return CHANGE_IT
    return EXPLAINED if waiver else EXPLAIN_IT


def _tells_of_protected(one, name, people, protected) -> bool:
    """Who must never be recognised is not told by name, school, community or age either; nor is, by a real name that was not
    agreed to, anybody whom the story itself says not to name."""
    if one.kind == FindingKind.NAME:
        return any(person.name == name for person in people)
    return bool(protected) and one.kind in (FindingKind.SCHOOL, FindingKind.COMMUNITY, FindingKind.BIRTH_DATE)


def _names_agreed(story, people, channels) -> set[str]:
    """Real names that may stand: told in full, with nothing missing for the name on any of the channels."""
    lacking = missing_of([story])
    without = {
        one.person.pk for channel in channels for one in lacking(story, channel) if one.item == Item.NAME
    }
    return {
        person.name
        for person in people
        if person.shown == Shown.FULL and channels and person.pk not in without
    }


def _names(story, people):
    """Everybody the house knows by name: those concerned, then the registers, a chunk at a time."""
    yield from (person.name for person in people)
    for model in (Member, Volunteer):
        rows = model.objects.exclude(name=NAMELESS).order_by().values_list("name", flat=True)
        yield from rows.distinct().iterator(chunk_size=_CHUNK)


def _concerned(story, people) -> set[int]:
    households = {story.household_id, story.pairing.household_id if story.pairing_id else None}
    return {*households, *(person.member.household_id for person in people if person.member_id)} - {None}


def _addresses(story, people) -> list[str]:
    return [one.address for one in Household.objects.filter(pk__in=_concerned(story, people)) if one.address]


def _communities(story, protected) -> list[str]:
    if not protected:
        return []
    grassroots = Division.objects.filter(level__in=[DivisionLevel.COMMUNITY, DivisionLevel.VILLAGE])
    own = grassroots.filter(households__in=list(protected))
    return [name for one in own.distinct() for name in (one.name, one.short_name)]
