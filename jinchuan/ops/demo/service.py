"""Volunteer service of the demo district: sessions under the four brands, with the minutes each volunteer served."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jinchuan.shared.clock import today
from jinchuan.shared.months import Month
from organizations.enums import NeedCode
from volunteers import services as serving
from volunteers.enums import Party
from volunteers.services import Service

from .timeline import workday

_FROM = Month(2023, 7)
_OWN_VOLUNTEERS = (Party.SOCIAL_ORG, Party.VOLUNTEER)


@dataclass(frozen=True)
class Session:
    """A kind of activity: title, brand or none, what was done, where, how long in minutes, in which months."""

    title: str
    program: str | None
    content: str
    place: str
    minutes: tuple[int, int]
    strengths: tuple[NeedCode, ...]
    households: tuple[int, int] = (0, 0)
    people: tuple[int, int] = (8, 30)
    parties: tuple[Party, ...] = (*_OWN_VOLUNTEERS, Party.COMMUNITY)
    months: tuple[int, ...] = tuple(range(1, 13))


N = NeedCode
_CARE, _SILVER, _CRAFT, _DREAM = "助老护小", "乐享银龄", "残疾人手工坊", "圆梦大学·成就梦想"
_WINTER, _SUMMER = (11, 12, 1, 2), (6, 7, 8)

SESSIONS = [
    Session(
        "为独居老人理发打扫",
        _CARE,
        "上门为行动不便的老人理发、剪指甲，打扫屋子，检查水电气。",
        "老人家中",
        (120, 210),
        (N.DAILY_CARE,),
        (3, 8),
        (3, 9),
    ),
    Session(
        "周末作业辅导",
        _CARE,
        "一对一辅导小学生作业，讲解错题，课后一起做游戏。",
        "社区儿童之家",
        (110, 180),
        (N.TUTORING, N.COMPANIONSHIP),
        (4, 10),
        (5, 14),
        (*_OWN_VOLUNTEERS, Party.SOCIAL_WORKER),
    ),
    Session(
        "送餐到家",
        _CARE,
        "把热饭热菜送到失能、半失能老人手中，陪老人聊一会儿天。",
        "社区老年餐厅及老人家中",
        (90, 150),
        (N.DAILY_CARE, N.LIVING_SUPPLIES),
        (5, 12),
        (6, 15),
    ),
    Session(
        "困境儿童陪伴阅读",
        _CARE,
        "和孩子们共读一本书，分享感想，送每人一本读物。",
        "社区图书室",
        (100, 160),
        (N.TUTORING, N.SCHOOLING),
        (4, 9),
        (6, 16),
    ),
    Session(
        "冬季取暖安全走访",
        _CARE,
        "逐户检查炉具烟道和一氧化碳报警器，讲解用火用电安全，帮助搬运取暖用煤。",
        "关爱户家中",
        (150, 240),
        (N.WINTER_WARMTH, N.DAILY_CARE, N.HOUSING),
        (5, 12),
        (8, 24),
        months=_WINTER,
    ),
    Session(
        "健康讲座与义诊",
        _SILVER,
        "测血压血糖，讲解老年人常见病预防和合理用药，登记随访需求。",
        "社区文化活动室",
        (120, 200),
        (N.MEDICAL, N.COMPANIONSHIP),
        (6, 20),
        (20, 55),
        (*_OWN_VOLUNTEERS, Party.COMMUNITY, Party.SOCIAL_WORKER),
    ),
    Session(
        "老年人学用智能手机",
        _SILVER,
        "手把手教老人视频通话、预约挂号、防范电信诈骗。",
        "社区日间照料中心",
        (100, 150),
        (N.COMPANIONSHIP, N.POLICY),
        (5, 12),
        (12, 28),
    ),
    Session(
        "银龄文艺联欢",
        _SILVER,
        "唱秦腔、跳健身舞、写书法，老人们自编自演，互相认识交朋友。",
        "社区文化广场",
        (120, 180),
        (N.COMPANIONSHIP,),
        (8, 20),
        (30, 70),
    ),
    Session(
        "集体过生日",
        _SILVER,
        "为当月过生日的老人煮长寿面、唱生日歌，聊家常、量血压。",
        "居家养老服务站",
        (90, 150),
        (N.COMPANIONSHIP, N.DAILY_CARE),
        (4, 10),
        (10, 26),
    ),
    Session(
        "编织串珠技能课",
        _CRAFT,
        "教残疾学员串珠、编织挂件，产品由合作商户收购，增加收入。",
        "残疾人手工坊",
        (150, 240),
        (N.EMPLOYMENT, N.ASSISTIVE_DEVICE),
        (4, 10),
        (8, 18),
        (*_OWN_VOLUNTEERS, Party.CHARITY_RESOURCE),
    ),
    Session(
        "剪纸与布艺手工课",
        _CRAFT,
        "学习剪纸、布贴画，练习手部协调，优秀作品在社区展出。",
        "残疾人手工坊",
        (130, 210),
        (N.EMPLOYMENT, N.COMPANIONSHIP),
        (4, 9),
        (8, 16),
    ),
    Session(
        "送教上门手工指导",
        _CRAFT,
        "为不能出门的残疾人送材料、教手法，取回成品帮助销售。",
        "残疾人家中",
        (110, 180),
        (N.EMPLOYMENT, N.DAILY_CARE),
        (3, 6),
        (3, 7),
    ),
    Session(
        "大学新生入学指导",
        _DREAM,
        "讲解助学贷款和奖助政策，帮助准备入学材料，分享大学生活经验。",
        "青少年活动中心",
        (120, 180),
        (N.SCHOOLING, N.TUTORING, N.EMPLOYMENT),
        (6, 16),
        (8, 24),
        (*_OWN_VOLUNTEERS, Party.CHARITY_RESOURCE),
        _SUMMER,
    ),
    Session(
        "助学走访",
        _DREAM,
        "到受助学生家中走访，了解学习生活情况，转交助学物资。",
        "学生家中",
        (120, 200),
        (N.SCHOOLING, N.CASH_RELIEF),
        (3, 7),
        (6, 14),
        months=(1, 2, *_SUMMER, 9),
    ),
    Session(
        "政策宣讲进社区",
        None,
        "讲解低保、临时救助、残疾人两项补贴等政策，现场解答群众提问。",
        "社区党群服务中心",
        (90, 150),
        (N.POLICY, N.LEGAL),
        (6, 18),
        (18, 45),
    ),
    Session(
        "心理疏导小组活动",
        None,
        "带领照护者说出压力、学习放松方法，建立互助小组。",
        "社区社工室",
        (100, 150),
        (N.COUNSELLING,),
        (4, 8),
        (6, 12),
        (*_OWN_VOLUNTEERS, Party.SOCIAL_WORKER),
    ),
    Session(
        "春节送温暖",
        None,
        "写春联、送年货，帮助困难家庭打扫卫生、贴窗花，一起过小年。",
        "关爱户家中",
        (150, 240),
        (N.LIVING_SUPPLIES, N.COMPANIONSHIP, N.CASH_RELIEF),
        (6, 14),
        (12, 30),
        (*_OWN_VOLUNTEERS, Party.COMMUNITY, Party.CHARITY_RESOURCE),
        (1, 2),
    ),
    Session(
        "秋收助农",
        None,
        "帮助缺劳力的家庭收玉米、摘辣椒、晾晒归仓。",
        "村民田间",
        (240, 420),
        (N.EMPLOYMENT, N.LIVING_SUPPLIES),
        (2, 5),
        (4, 12),
        months=(9, 10),
    ),
]

_RETURNS = (
    "服务时间与签到表不符，请核对后重新提交。",
    "请补充服务内容，写明服务了哪些人、做了什么。",
)


def plan(district):
    for month in Month.range(_FROM, Month.of(district.until)):
        district.timeline.on(month.first, _plan_month, district, month, at="00:20")


def _plan_month(district, month):
    """About ten sessions a month, more in winter and before the school year, fewer in the first summer."""
    rng = district.rng(f"service:{month}")
    number = 9 + rng.randint(0, 3) + (month.month in (1, 8, 12)) * 2
    number = number - 3 if month < Month(2023, 10) else number
    sessions = [session for session in SESSIONS if month.month in session.months]
    for place in range(number):
        day = month.first if place == 0 else month.first + timedelta(days=rng.randrange(month.last.day))
        held = max(day, date(2023, 7, 3))
        logged = held + timedelta(days=rng.choice((0, 0, 1, 1, 2, 4)))
        hour = 19 if logged == held else rng.randint(9, 20)
        at = f"{hour:02d}:{rng.randint(0, 59):02d}"
        district.timeline.on(logged, _session, district, rng.choice(sessions), held, rng, place, at=at)


def _session(district, session, held, rng, place):
    organization = _organizer(district, session, rng)
    by = rng.choice(district.organization_users[organization.name])
    community = organization.division if organization.division.level in ("community", "village") else None
    community = community or rng.choice(list(district.communities.values()))
    team = district.volunteers[organization.name]
    present = rng.sample(team, min(len(team), rng.randint(4, 9)))
    start = datetime.combine(held, datetime.min.time()) + timedelta(
        minutes=rng.choice((510, 540, 570, 840, 870, 900))
    )
    length = rng.randrange(*session.minutes, 10)
    activity = serving.log_activity(
        by=by,
        organization=organization,
        services=[_service(volunteer, start, length, rng) for volunteer in present],
        title=session.title,
        program=district.programs[session.program] if session.program else None,
        responsible_person=present[0].name,
        community=community,
        place=f"{community.short_name}{session.place}"[:60],
        held_on=held,
        content=session.content,
        beneficiary_households=rng.randint(*session.households),
        beneficiary_people=rng.randint(*session.people),
        parties=[str(party) for party in session.parties],
    )
    _plan_confirmation(district, activity, rng, place)


def _organizer(district, session, rng):
    """An organisation that is good at it; most often the one that leads the brand."""
    if session.program and rng.random() < 0.35:
        lead = district.programs[session.program].lead_organization
        return district.organizations[lead.name]
    able = [
        organization
        for organization in district.social_organizations()
        if set(organization.strengths) & set(session.strengths)
    ]
    return district.one_of(able, rng)


def _service(volunteer, start, length, rng):
    """From start to end; some come later or leave earlier, long sessions have a break."""
    late = rng.choice((0, 0, 0, 0, 10, 20))
    early = rng.choice((0, 0, 0, 15))
    return Service(
        volunteer=volunteer,
        started_at=(start + timedelta(minutes=late)).time(),
        ended_at=(start + timedelta(minutes=length - early)).time(),
        break_minutes=20 if length >= 200 else 0,
    )


def _plan_confirmation(district, activity, rng, place):
    on, day = district.timeline.on, workday(today() + timedelta(days=rng.choice((1, 2, 3))))
    if rng.random() < 0.05:
        on(day, _send_back, district, activity, rng.choice(_RETURNS), at="11:30")
        on(workday(day + timedelta(days=2)), _send_again, district, activity, at="18:10")
    else:
        on(day, _confirm, district, activity, at=f"{9 + place % 8:02d}:50")


def _confirm(district, activity):
    serving.confirm_activity(activity, by=district.staff["officer"])


def _send_back(district, activity, reason):
    serving.return_activity(activity, by=district.staff["officer"], reason=reason)


def _send_again(district, activity):
    services = [
        Service(row.volunteer, row.started_at, row.ended_at, row.break_minutes, row.crosses_midnight)
        for row in activity.records.select_related("volunteer")
    ]
    serving.correct_activity(activity, by=activity.submitted_by, services=services)
    district.timeline.on(workday(today() + timedelta(days=1)), _confirm, district, activity, at="09:10")
