"""Good stories of the demo district: written by organisations, checked, agreed to, published; one came down again, one must."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from cases.enums import PUBLISHING, Channel, ConsentPurpose
from cases.models import Pairing
from cases.services import households as cases
from jinchuan.shared.clock import today
from jinchuan.shared.months import Month
from reports import clearing
from reports.enums import Shown
from reports.models import Story
from reports.services import handing_in, releasing, stories

from .organizations import SHOWN
from .timeline import workday

_CENTRE, _WECHAT, _PAPER, _BULLETIN = (
    Channel.MEDIA_CENTRE,
    Channel.WECHAT,
    Channel.NEWSPAPER,
    Channel.BULLETIN,
)
_NO_NAME = "这里是普通词语，不是人的姓名。"
_BECAUSE = "请补充这件事是在哪一天、由哪些志愿者做的，再提交。"


@dataclass(frozen=True)
class Told:
    """One story: what is written, under which name the person of the household appears, where it goes, what becomes of it."""

    day: date
    title: str
    text: str
    alias: str
    channels: tuple = field(default=(_CENTRE,))
    withdrawn: int = 0
    down: bool = True


_TOLD = (
    Told(
        date(2023, 10, 24),
        "一盏新灯",
        "重阳节前，志愿者走进秋奶奶（化名）家。厨房的灯坏了半个多月，老人舍不得叫人来修，天一黑就不再做饭。\n"
        "两位志愿者当天买来灯管换上，又把松动的插座固定好。灯亮起来的时候，老人把每个人的手都握了一遍。\n"
        "此后每个月，志愿者都会来坐一坐，看看水电，聊聊家常。秋奶奶说，现在最盼的就是敲门声。",
        "秋奶奶",
        (_CENTRE, _WECHAT),
    ),
    Told(
        date(2023, 12, 19),
        "腊月里的棉被",
        "腊月的一天，社会组织的工作人员和社区干部一起，把新棉被和米面送到老石（化名）家。\n"
        "老石腿脚不便，床靠着北墙，夜里总觉得凉。大家商量着把床挪到向阳的一面，又用旧毯子挡住了窗缝。\n"
        "“被子是暖的，心里更暖。”老石说。临走时，他坚持拄着拐把大家送到了楼道口。",
        "老石",
        (_CENTRE,),
        withdrawn=60,
    ),
    Told(
        date(2024, 5, 16),
        "剪刀下的笑声",
        "社区活动室门口排起了队，志愿者的理发推子从早上响到中午。\n"
        "梅阿姨（化名）照料卧床的家人，已经很久没有出门理发。听说志愿者可以上门，她打来电话，只问了一句：方便吗？\n"
        "当天下午，两位志愿者带着围布和镜子去了。剪完头发，梅阿姨对着镜子笑了很久。",
        "梅阿姨",
        (_CENTRE, _PAPER),
    ),
    Told(
        date(2024, 8, 27),
        "书桌靠窗",
        "暑假里，志愿者帮一户人家收拾出一张靠窗的书桌。\n"
        "家里的长辈林伯（化名）说，孩子爱看书，就是没有一块能放书的地方。志愿者量好尺寸，找来木板，花了两个下午做成一张桌子。\n"
        "开学前一天，书桌上摆好了新文具。林伯说，日子是一点一点好起来的。",
        "林伯",
        (_BULLETIN,),
    ),
)


def plan(district):
    for told in _TOLD:
        district.timeline.on(told.day, _write, district, told, at="19:30")
    month = Month.of(district.until)
    if month < Month(2024, 12):
        return
    before = month.previous
    lately = Told(
        before.plus(-1).first + timedelta(days=9),
        "药盒上的字",
        "春叔（化名）记性不好，常常忘了吃药。志愿者在药盒上用大字写好早、中、晚，又教会他看手机上的闹钟。\n"
        "现在每次上门，春叔都会先把药盒拿出来，让志愿者看一看：“今天的，吃了。”",
        "春叔",
        (_CENTRE, _WECHAT),
        withdrawn=24,
        down=False,
    )
    district.timeline.on(lately.day, _write, district, lately, at="19:30")
    district.timeline.on(before.last, _hand_in, district, _WAITING, at="20:10")
    district.timeline.on(before.last - timedelta(days=4), _came_back, district, _RETURNED, at="20:20")


_WAITING = Told(
    date(2024, 1, 1),
    "一碗长寿面",
    "生日那天，志愿者在云爷爷（化名）家里煮了一碗长寿面。\n老人说，已经好几年没有人陪着过生日了。",
    "云爷爷",
)
_RETURNED = Told(
    date(2024, 1, 1), "一起去看病", "志愿者陪夏姨（化名）去医院看病，挂号、取药，忙了一个上午。", "夏姨"
)


def _helped(district, told):
    """A household that an organisation with an account helps now, and of which no story tells yet."""
    running = [
        pairing
        for key, pairing in sorted(district.pairings.items())
        if district.organization_users.get(key[1])
        and Pairing.objects.running().filter(pk=pairing.pk).exists()
        and not Story.objects.filter(household=pairing.household_id).exists()
    ]
    shown = [one for one in running if one.organization.name == SHOWN]
    chosen = shown if told in (_WAITING, _RETURNED) and shown else running
    return district.rng(f"story:{told.title}").choice(chosen) if chosen else None


def _hand_in(district, told):
    pairing = _helped(district, told)
    if pairing is None:
        return None
    member = next(
        (one for one in pairing.household.members.present().order_by("pk") if not one.is_minor_on(today())),
        None,
    )
    if member is None:
        return None
    return handing_in.hand_in(
        by=district.organization_users[pairing.organization.name][0],
        people=[
            {"member": member, "shown": Shown.ALIAS, "alias": told.alias, "photo": False, "is_minor": False}
        ],
        photos=[],
        title=told.title,
        text=told.text,
        happened_on=today() - timedelta(days=2),
        household=pairing.household,
        pairing=pairing,
    )


def _came_back(district, told):
    story = _hand_in(district, told)
    if story:
        after = workday(today() + timedelta(days=1))
        district.timeline.on(after, _return, district, story, at="09:40")


def _return(district, story):
    stories.return_story(story, by=district.staff["officer"], reason=_BECAUSE)


def _write(district, told):
    story = _hand_in(district, told)
    if story:
        district.timeline.on(workday(today() + timedelta(days=2)), _check, district, story, told, at="10:20")


def _check(district, story, told):
    """The officer looks it through; the worker of the household's street brings back the signed consent."""
    officer = district.staff["officer"]
    stories.check_story(story, by=officer)
    for one in clearing.open_findings(story, told.channels):
        stories.explain_finding(story, by=officer, mark=one.mark, reason=_NO_NAME)
    person = story.people.get()
    cases.record_publishing(
        person.member,
        by=officer,
        items=[ConsentPurpose.PUBLISH_STORY],
        channels=told.channels,
        evidence="公开宣传同意书，本人签字，存民政局宣传档案第1盒",
        expires_on=today() + timedelta(days=5 * 365),
    )
    stories.confirm_consents(story, by=officer, channels=list(told.channels))
    district.timeline.on(workday(today() + timedelta(days=1)), _release, district, story, told, at="15:30")


def _release(district, story, told):
    releasing.release_story(story, by=district.staff["reviewer"], channels=list(told.channels))
    day = workday(today() + timedelta(days=4))
    district.timeline.on(day, _publish, district, story, told, at="16:00")


def _publish(district, story, told):
    for channel in told.channels:
        releasing.record_publication(
            story, by=district.staff["officer"], channel=channel, title=told.title, published_on=today()
        )
    if told.withdrawn:
        day = workday(today() + timedelta(days=told.withdrawn))
        district.timeline.on(day, _withdraw, district, story, told, at="09:20")


def _withdraw(district, story, told):
    """The person has thought better of it. Where the demo ends with it, it stands on the list of what must come down."""
    officer = district.staff["officer"]
    for consent in story.people.get().member.consents.filter(purpose__in=PUBLISHING, withdrawn_on=None):
        cases.withdraw_consent(consent, by=officer)
    if told.down:
        district.timeline.on(workday(today() + timedelta(days=1)), _take_down, district, story, at="10:00")


def _take_down(district, story):
    officer = district.staff["officer"]
    for release in story.releases.all():
        for outlet in release.channels.all():
            for publication in outlet.publications.standing():
                releasing.take_down(publication, by=officer, how="电话通知发布单位，当日删除并回复")
    stories.withdraw_story(story, by=officer, reason="本人撤回同意，已全部撤下")
