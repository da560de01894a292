"""Kinds of sessions under the four brands and beside them."""

from dataclasses import dataclass

from organizations.enums import NeedCode
from volunteers.enums import Party

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
