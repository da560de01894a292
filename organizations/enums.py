"""Words of the organisations app and the moves they allow."""

from django.db.models import TextChoices

from jinchuan.shared.moves import States


class DivisionLevel(TextChoices):
    PROVINCE = "province", "省"
    PREFECTURE = "prefecture", "市"
    COUNTY = "county", "区县"
    SUBDISTRICT = "subdistrict", "街道"
    TOWN = "town", "镇"
    COMMUNITY = "community", "社区"
    VILLAGE = "village", "村"


class Role(TextChoices):
    OFFICER = "officer", "民政局经办"
    REVIEWER = "reviewer", "民政局审核"
    LEADER = "leader", "民政局领导"
    DIVISION_WORKER = "division_worker", "街道社区工作人员"
    ASSOCIATION_CLERK = "association_clerk", "慈善协会经办"
    ORG_ADMIN = "org_admin", "组织管理员"
    ORG_MEMBER = "org_member", "组织成员"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "系统管理员"

    @property
    def is_of_organization(self) -> bool:
        return self in ORGANIZATION_ROLES

    @property
    def is_of_bureau(self) -> bool:
        return self in BUREAU_ROLES


ORGANIZATION_ROLES = frozenset({Role.ORG_ADMIN, Role.ORG_MEMBER})
BUREAU_ROLES = frozenset({Role.OFFICER, Role.REVIEWER, Role.LEADER})
STAFF_ROLES = frozenset(set(Role) - ORGANIZATION_ROLES)


class OrganizationKind(TextChoices):
    SOCIAL_ASSOCIATION = "social_association", "社会团体"
    SOCIAL_SERVICE_ORG = "social_service_org", "社会服务机构（民办非企业单位）"
    FOUNDATION = "foundation", "基金会"
    COMMUNITY_SOCIAL_ORG = "community_social_org", "社区社会组织（备案）"
    ENTERPRISE = "enterprise", "爱心企业"
    PUBLIC_BODY = "public_body", "机关事业单位"
    CHARITY_ASSOCIATION = "charity_association", "慈善协会"
    GRASSROOTS_COMMITTEE = "grassroots_committee", "村（居）民委员会"


# Those counted as 参与社会组织: a lead partner's public body, an enterprise or a village committee is not one.
SOCIAL_ORGANIZATION_KINDS = (
    OrganizationKind.SOCIAL_ASSOCIATION,
    OrganizationKind.SOCIAL_SERVICE_ORG,
    OrganizationKind.FOUNDATION,
    OrganizationKind.COMMUNITY_SOCIAL_ORG,
    OrganizationKind.CHARITY_ASSOCIATION,
)


class OrganizationState(States):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审批"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已批准"
    SUSPENDED = "suspended", "已暂停"
    DEREGISTERED = "deregistered", "已注销"

    @classmethod
    def moves(cls):
        return {
            cls.DRAFT: {cls.SUBMITTED},
            cls.SUBMITTED: {cls.APPROVED, cls.RETURNED},
            cls.RETURNED: {cls.SUBMITTED},
            cls.APPROVED: {cls.SUSPENDED, cls.DEREGISTERED},
            cls.SUSPENDED: {cls.APPROVED, cls.DEREGISTERED},
        }


class NeedCode(TextChoices):
    """What organisations are good at and households need (domain.md 2.3)."""

    LIVING_SUPPLIES = "living_supplies", "生活物资"
    CASH_RELIEF = "cash_relief", "生活资金"
    SCHOOLING = "schooling", "助学"
    MEDICAL = "medical", "就医"
    EMPLOYMENT = "employment", "就业"
    HOUSING = "housing", "住房修缮"
    WINTER_WARMTH = "winter_warmth", "温暖过冬"
    ASSISTIVE_DEVICE = "assistive_device", "辅具"
    DAILY_CARE = "daily_care", "生活照料"
    COMPANIONSHIP = "companionship", "精神陪伴"
    TUTORING = "tutoring", "学业辅导"
    COUNSELLING = "counselling", "心理疏导"
    POLICY = "policy", "政策落实"
    LEGAL = "legal", "权益维护"
    OTHER = "other", "其他"


class ProgramKind(TextChoices):
    SERVICE = "service", "服务品牌"
    STUDENT_AID = "student_aid", "助学"
    COMMUNITY_FUND = "community_fund", "公益金"
    SEASONAL = "seasonal", "季节性行动"


class MobilizationKind(TextChoices):
    MEETING = "meeting", "动员会"
    APPEAL = "appeal", "倡议书"


class MobilizationState(States):
    PLANNED = "planned", "准备中"
    HELD = "held", "已召开（发出）"
    CLOSED = "closed", "已办结"
    CANCELLED = "cancelled", "已取消"

    @classmethod
    def moves(cls):
        return {
            cls.PLANNED: {cls.HELD, cls.CANCELLED},
            cls.HELD: {cls.CLOSED},
        }


class Answer(TextChoices):
    """What an invited organisation says. Nobody has to: this counts nowhere as a duty (整治形式主义)."""

    NONE = "none", "未答复"
    ATTENDING = "attending", "参加"
    SUPPORTS = "supports", "响应"
    DECLINED = "declined", "不能参加"


# What an organisation may say to a meeting, and to an appeal.
ANSWERS = {
    MobilizationKind.MEETING: (Answer.ATTENDING, Answer.DECLINED),
    MobilizationKind.APPEAL: (Answer.SUPPORTS, Answer.DECLINED),
}
