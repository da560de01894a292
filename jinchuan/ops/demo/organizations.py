"""The 46 social organisations of the demo district, its charity association, enterprises, public bodies, programmes.

Name, kind, strengths, how many households it can take, supervising unit. All are made up.
"""

from organizations.enums import NeedCode, OrganizationKind

ASSOCIATION, SERVICE, FILED = (
    OrganizationKind.SOCIAL_ASSOCIATION,
    OrganizationKind.SOCIAL_SERVICE_ORG,
    OrganizationKind.COMMUNITY_SOCIAL_ORG,
)
TAKING_PART = (ASSOCIATION, SERVICE, FILED)
N = NeedCode

SUPERVISING_UNITS = (
    "金川区民政局",
    "金川区教育局",
    "金川区文体广电和旅游局",
    "金川区农业农村局",
    "金川区工业和信息化局",
    "金川区残疾人联合会",
    "金川区卫生健康局",
    "金川区商务局",
)
_CIVIL, _SCHOOL, _CULTURE, _FARM, _TRADE, _DISABLED, _HEALTH, _SHOPS = SUPERVISING_UNITS

SOCIAL_ORGANIZATIONS = [
    ("金川区向阳志愿服务协会", ASSOCIATION, (N.DAILY_CARE, N.COMPANIONSHIP), 4, _CIVIL),
    ("金川区晚晴老年互助协会", ASSOCIATION, (N.COMPANIONSHIP, N.DAILY_CARE), 3, _CIVIL),
    ("金川区金秋书画协会", ASSOCIATION, (N.COMPANIONSHIP,), 2, _CULTURE),
    ("金川区雪绒花女性创业协会", ASSOCIATION, (N.EMPLOYMENT, N.SCHOOLING), 3, _TRADE),
    ("金川区戈壁红徒步运动协会", ASSOCIATION, (N.COMPANIONSHIP, N.LIVING_SUPPLIES), 2, _CULTURE),
    ("金川区镍城餐饮行业协会", ASSOCIATION, (N.LIVING_SUPPLIES, N.EMPLOYMENT), 3, _SHOPS),
    ("金川区五金机电商会", ASSOCIATION, (N.HOUSING, N.CASH_RELIEF), 3, _TRADE),
    ("金川区丝路商贸流通商会", ASSOCIATION, (N.CASH_RELIEF, N.LIVING_SUPPLIES), 4, _SHOPS),
    ("金川区个体经营者联谊会", ASSOCIATION, (N.LIVING_SUPPLIES, N.EMPLOYMENT), 3, _TRADE),
    ("金川区家政服务行业协会", ASSOCIATION, (N.DAILY_CARE, N.EMPLOYMENT), 3, _SHOPS),
    ("金川区物业服务行业协会", ASSOCIATION, (N.HOUSING, N.DAILY_CARE), 3, _SHOPS),
    ("金川区高原蔬菜种植协会", ASSOCIATION, (N.LIVING_SUPPLIES, N.EMPLOYMENT), 3, _FARM),
    ("金川区肉羊养殖协会", ASSOCIATION, (N.EMPLOYMENT, N.CASH_RELIEF), 2, _FARM),
    ("金川区驼峰摄影协会", ASSOCIATION, (N.COMPANIONSHIP,), 2, _CULTURE),
    ("金川区太极拳运动协会", ASSOCIATION, (N.COMPANIONSHIP,), 2, _CULTURE),
    ("金川区乒乓球运动协会", ASSOCIATION, (N.COMPANIONSHIP,), 2, _CULTURE),
    ("金川区春韵广场舞协会", ASSOCIATION, (N.COMPANIONSHIP,), 2, _CULTURE),
    ("金川区书香阅读推广协会", ASSOCIATION, (N.TUTORING, N.SCHOOLING), 3, _CULTURE),
    ("金川区青年创业联谊会", ASSOCIATION, (N.EMPLOYMENT, N.SCHOOLING), 3, _TRADE),
    ("金川区老兵先锋志愿者协会", ASSOCIATION, (N.DAILY_CARE, N.POLICY), 3, _CIVIL),
    ("金川区民间手工艺协会", ASSOCIATION, (N.EMPLOYMENT,), 2, _CULTURE),
    ("金川区心理健康促进会", ASSOCIATION, (N.COUNSELLING, N.COMPANIONSHIP), 3, _HEALTH),
    ("金川区春晖社会工作服务中心", SERVICE, (N.COUNSELLING, N.POLICY, N.COMPANIONSHIP), 4, _CIVIL),
    ("金川区暖阳居家养老服务中心", SERVICE, (N.DAILY_CARE, N.COMPANIONSHIP), 4, _CIVIL),
    ("金川区蒲公英儿童成长中心", SERVICE, (N.TUTORING, N.COMPANIONSHIP), 3, _CIVIL),
    ("金川区星光残疾人托养中心", SERVICE, (N.DAILY_CARE, N.ASSISTIVE_DEVICE), 4, _DISABLED),
    ("金川区同行康复服务中心", SERVICE, (N.MEDICAL, N.ASSISTIVE_DEVICE), 3, _DISABLED),
    ("金川区启明职业技能培训学校", SERVICE, (N.EMPLOYMENT,), 2, _SCHOOL),
    ("金川区小橘灯托育服务中心", SERVICE, (N.TUTORING, N.LIVING_SUPPLIES), 2, _SCHOOL),
    ("金川区安心养老院", SERVICE, (N.DAILY_CARE, N.MEDICAL), 3, _CIVIL),
    ("金川区和风法律援助服务中心", SERVICE, (N.LEGAL, N.POLICY), 2, _CIVIL),
    ("金川区禾苗课后服务中心", SERVICE, (N.TUTORING,), 2, _SCHOOL),
    ("金川区北辰应急救援队", SERVICE, (N.DAILY_CARE, N.WINTER_WARMTH), 3, _CIVIL),
    ("金川区常青树社区养老服务站", SERVICE, (N.DAILY_CARE, N.COMPANIONSHIP), 3, _CIVIL),
    ("金川区巧手残疾人就业帮扶中心", SERVICE, (N.EMPLOYMENT, N.ASSISTIVE_DEVICE), 3, _DISABLED),
    ("金川区白杨心理咨询服务中心", SERVICE, (N.COUNSELLING,), 2, _HEALTH),
    ("金川区百灵艺术培训中心", SERVICE, (N.TUTORING, N.COMPANIONSHIP), 2, _CULTURE),
    ("金川区睿思教育培训中心", SERVICE, (N.TUTORING, N.SCHOOLING), 2, _SCHOOL),
    ("金川区康宁护理服务中心", SERVICE, (N.MEDICAL, N.DAILY_CARE), 3, _HEALTH),
    ("金川区微光公益服务中心", SERVICE, (N.LIVING_SUPPLIES, N.COMPANIONSHIP), 4, _CIVIL),
    ("龙集里社区邻里互助队", FILED, (N.DAILY_CARE, N.COMPANIONSHIP), 2, None),
    ("昌文里社区夕阳红文艺队", FILED, (N.COMPANIONSHIP,), 2, None),
    ("金冶里社区巧娘手工坊", FILED, (N.EMPLOYMENT, N.COMPANIONSHIP), 2, None),
    ("宝晶里社区爱心理发队", FILED, (N.DAILY_CARE,), 2, None),
    ("西湾村邻里守望互助组", FILED, (N.DAILY_CARE, N.LIVING_SUPPLIES), 2, None),
    ("古城村爱心助农小组", FILED, (N.EMPLOYMENT, N.LIVING_SUPPLIES), 2, None),
]

# Where the filed ones live: the division code of their community or village.
FILED_IN = {
    "龙集里社区邻里互助队": "620302001001",
    "昌文里社区夕阳红文艺队": "620302002001",
    "金冶里社区巧娘手工坊": "620302003001",
    "宝晶里社区爱心理发队": "620302006001",
    "西湾村邻里守望互助组": "620302100205",
    "古城村爱心助农小组": "620302101211",
}

# The one whose administrator and member have a demo account.
SHOWN = "金川区向阳志愿服务协会"
CLOSES = "金川区百灵艺术培训中心"
PAUSES = "金川区小橘灯托育服务中心"
CHARITY = "金川区慈善协会"

OTHERS = [
    (CHARITY, OrganizationKind.CHARITY_ASSOCIATION, (N.CASH_RELIEF, N.LIVING_SUPPLIES), 1),
    ("金川区麦香源粮油有限公司", OrganizationKind.ENTERPRISE, (N.LIVING_SUPPLIES,), 1),
    ("金川区恒泽供热服务有限公司", OrganizationKind.ENTERPRISE, (N.WINTER_WARMTH,), 1),
    ("金川区驼铃商贸有限责任公司", OrganizationKind.ENTERPRISE, (N.LIVING_SUPPLIES, N.CASH_RELIEF), 1),
    ("金川区祁连雪乳业有限公司", OrganizationKind.ENTERPRISE, (N.LIVING_SUPPLIES,), 1),
    ("金川区锦程物流有限公司", OrganizationKind.ENTERPRISE, (N.EMPLOYMENT, N.CASH_RELIEF), 1),
    ("金川区城乡社区服务中心", OrganizationKind.PUBLIC_BODY, (N.POLICY,), 12),
    ("金川区基层便民服务中心", OrganizationKind.PUBLIC_BODY, (N.POLICY,), 12),
]
LEAD_BODIES = [name for name, kind, *_ in OTHERS if kind == OrganizationKind.PUBLIC_BODY]
ENTERPRISES = [name for name, kind, *_ in OTHERS if kind == OrganizationKind.ENTERPRISE]

# What stands at the front of a credit code: who registered it, and the series of its organisation code.
CODE_PREFIX = {
    ASSOCIATION: ("51", "MJ"),
    SERVICE: ("52", "MJ"),
    OrganizationKind.CHARITY_ASSOCIATION: ("51", "MJ"),
    OrganizationKind.ENTERPRISE: ("91", "MA"),
    OrganizationKind.PUBLIC_BODY: ("12", "MB"),
}

PROGRAMS = [
    (
        "助老护小",
        "金川区春晖社会工作服务中心",
        "为独居、空巢老人送餐、理发、打扫，为困境儿童辅导功课、陪伴成长。",
    ),
    ("乐享银龄", "金川区晚晴老年互助协会", "组织老年人健康讲座、文艺活动和互助聊天，让老人走出家门。"),
    ("残疾人手工坊", "金川区巧手残疾人就业帮扶中心", "教残疾人编织、剪纸、串珠，帮助居家就业、增加收入。"),
    (
        "圆梦大学·成就梦想",
        "金川区丝路商贸流通商会",
        "民营经济人士资助家庭经济困难的大学新生，助他们安心入学。",
    ),
]
