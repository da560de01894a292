"""Words of the cases app and the moves they allow."""

from django.db.models import TextChoices

from jinchuan.shared.moves import States


class HouseholdState(States):
    REGISTERED = "registered", "已登记"
    VERIFIED = "verified", "已核实"
    ACTIVE = "active", "帮扶中"
    EXITED = "exited", "已退出"

    @classmethod
    def moves(cls):
        return {
            cls.REGISTERED: {cls.VERIFIED, cls.EXITED},
            cls.VERIFIED: {cls.ACTIVE, cls.EXITED},
            cls.ACTIVE: {cls.VERIFIED, cls.EXITED},
        }


class ExitReason(TextChoices):
    """Why a household leaves the programme (domain.md 5)."""

    DECEASED = "deceased", "对象去世"
    MOVED_AWAY = "moved_away", "迁出"
    INSTITUTIONAL_CARE = "institutional_care", "转机构集中供养"
    ADOPTED = "adopted", "被收养"
    HARDSHIP_RELIEVED = "hardship_relieved", "困难解除"
    UNWILLING = "unwilling", "对象不愿意"
    OTHER = "other", "其他"
    MERGED = "merged", "与另一户重复，已合并"

    @classmethod
    def offered(cls) -> list:
        """What a person may choose; a merged household leaves by ``merge_households`` alone."""
        return [(value, label) for value, label in cls.choices if value != cls.MERGED]


class NeedLevel(TextChoices):
    ORDINARY = "ordinary", "一般"
    MARKED = "marked", "较重"
    SEVERE = "severe", "严重"


class Relation(TextChoices):
    """Relation to the head of the household, after GB/T 4761."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶"
    CHILD = "child", "子女"
    GRANDCHILD = "grandchild", "孙子女"
    PARENT = "parent", "父母"
    GRANDPARENT = "grandparent", "祖父母"
    SIBLING = "sibling", "兄弟姐妹"
    OTHER = "other", "其他亲属"
    UNRELATED = "unrelated", "非亲属"


class Sex(TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"
    UNKNOWN = "unknown", "未说明"


class HardshipCategory(TextChoices):
    """Three core classes of the programme and the wider list (domain.md 2.2)."""

    ORPHAN = "orphan", "孤儿"
    DE_FACTO_UNATTENDED_CHILD = "de_facto_unattended_child", "事实无人抚养儿童"
    SEVERE_DISABILITY = "severe_disability", "困难重度残疾人"
    DESTITUTE_PERSON = "destitute_person", "特困人员"
    SUBSISTENCE_ALLOWANCE = "subsistence_allowance", "最低生活保障对象"
    SUBSISTENCE_MARGINAL = "subsistence_marginal", "最低生活保障边缘家庭"
    RIGID_EXPENDITURE_HARDSHIP = "rigid_expenditure_hardship", "刚性支出困难家庭"
    POVERTY_RELAPSE_MONITORED = "poverty_relapse_monitored", "防止返贫监测对象"
    TEMPORARY_ASSISTANCE = "temporary_assistance", "临时救助对象"
    CHILD_IN_DIFFICULTY = "child_in_difficulty", "困境儿童"
    LEFT_BEHIND_CHILD = "left_behind_child", "留守儿童"
    PERSON_WITH_DISABILITY = "person_with_disability", "残疾人"
    OLDEST_OLD = "oldest_old", "高龄老人"
    LIVING_ALONE = "living_alone", "独居老人"
    EMPTY_NEST = "empty_nest", "空巢老人"
    LEFT_BEHIND_ELDER = "left_behind_elder", "留守老人"
    DISABLED_ELDER = "disabled_elder", "失能老人"
    STUDENT_IN_HARDSHIP = "student_in_hardship", "家庭经济困难学生"
    CRITICAL_ILLNESS = "critical_illness", "重病患者"
    OTHER = "other", "其他"


class ReviewMethod(TextChoices):
    """How a household's situation was established."""

    HOME_VISIT = "home_visit", "入户调查"
    NEIGHBOURS = "neighbours", "邻里访问"
    DEPARTMENTS = "departments", "部门联审"


class ConsentPurpose(TextChoices):
    """Each purpose is a consent of its own (PIPL §14, §23, §25, §29)."""

    RECORD = "record", "建立档案"
    SHARE_WITH_ORGANIZATION = "share_with_organization", "向指定组织提供信息"
    PHOTO = "photo", "拍摄照片"
    PUBLISH_STORY = "publish_story", "公开本人的事迹"
    PUBLISH_NAME = "publish_name", "公开姓名"
    PUBLISH_PHOTO = "publish_photo", "公开照片"


# What is made public is agreed to by each person, for each channel.
PUBLISHING = (ConsentPurpose.PUBLISH_STORY, ConsentPurpose.PUBLISH_NAME, ConsentPurpose.PUBLISH_PHOTO)


class Channel(TextChoices):
    """Where something is made public; a consent names one."""

    MEDIA_CENTRE = "media_centre", "区融媒体中心"
    WECHAT = "wechat", "微信公众号"
    NEWSPAPER = "newspaper", "报纸"
    TELEVISION = "television", "电视"
    BULLETIN = "bulletin", "本局简报"


class ConsentGiver(TextChoices):
    SELF = "self", "本人"
    GUARDIAN = "guardian", "监护人"


class PairingRole(TextChoices):
    LEAD = "lead", "结对帮扶（结对干部所在单位）"
    AUXILIARY = "auxiliary", "辅助结对（社会组织）"


class PairingState(States):
    INTENTION = "intention", "意向"
    ACTIVE = "active", "结对中"
    SUSPENDED = "suspended", "已暂停"
    ENDING = "ending", "结束办理中"
    ENDED = "ended", "已结束"
    DECLINED = "declined", "已谢绝"
    EXPIRED = "expired", "已过期"
    CANCELLED = "cancelled", "已撤销"

    @classmethod
    def moves(cls):
        return {
            cls.INTENTION: {cls.ACTIVE, cls.DECLINED, cls.EXPIRED, cls.CANCELLED},
            cls.ACTIVE: {cls.SUSPENDED, cls.ENDING, cls.ENDED},
            cls.SUSPENDED: {cls.ACTIVE, cls.ENDING, cls.ENDED},
            cls.ENDING: {cls.ENDED},
        }


# Begun and not over: the household has this helper, and the helper sees the household.
RUNNING_PAIRING_STATES = (PairingState.ACTIVE, PairingState.SUSPENDED, PairingState.ENDING)
OPEN_PAIRING_STATES = (PairingState.INTENTION, *RUNNING_PAIRING_STATES)
STARTED_PAIRING_STATES = (*RUNNING_PAIRING_STATES, PairingState.ENDED)
# Somebody can still do something for the household.
REMINDED_PAIRING_STATES = (PairingState.ACTIVE, PairingState.ENDING)
# An intention that came to nothing is not counted as reached.
REACHED_PAIRING_STATES = (PairingState.INTENTION, *STARTED_PAIRING_STATES)


class PairingEndReason(TextChoices):
    DECEASED = "deceased", "对象去世"
    MOVED_AWAY = "moved_away", "迁出"
    INSTITUTIONAL_CARE = "institutional_care", "转机构集中供养"
    ADOPTED = "adopted", "被收养"
    TURNED_18 = "turned_18", "年满十八周岁"
    HARDSHIP_RELIEVED = "hardship_relieved", "困难解除"
    UNWILLING = "unwilling", "对象不愿意"
    ORGANIZATION_CLOSED = "organization_closed", "组织注销或撤销"
    ORGANIZATION_UNABLE = "organization_unable", "组织无力承担"
    ADJUSTED = "adjusted", "调整更换"
    OTHER = "other", "其他"


class VisitKind(TextChoices):
    """Two different counts (domain.md 5); a visit is one of them, never both."""

    HOME_VISIT = "home_visit", "走访探视"
    CONTACT = "contact", "联系交流"


class VisitChannel(TextChoices):
    IN_PERSON = "in_person", "当面"
    PHONE = "phone", "电话"
    VIDEO = "video", "视频"
    MESSAGE = "message", "微信或短信"


class VisitCondition(TextChoices):
    """What was seen, in one word."""

    GOOD = "good", "平稳"
    FAIR = "fair", "一般"
    DIFFICULT = "difficult", "有困难"
    WORSE = "worse", "比上次差"
    URGENT = "urgent", "需要马上处理"


class VisitState(States):
    SUBMITTED = "submitted", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"
    VOIDED = "voided", "已作废"

    @classmethod
    def moves(cls):
        return {
            cls.SUBMITTED: {cls.CONFIRMED, cls.RETURNED},
            cls.RETURNED: {cls.SUBMITTED},
            cls.CONFIRMED: {cls.VOIDED},
        }


class MatterKind(TextChoices):
    """What was settled for a household, in the words leaders count (件)."""

    DIFFICULTY_SOLVED = "difficulty_solved", "帮助解决实际困难"
    DEED_DONE = "deed_done", "帮办实事"
    POLICY_DELIVERED = "policy_delivered", "宣传和落实政策"


class CareNeedState(States):
    OPEN = "open", "待对接"
    CLAIMED = "claimed", "已对接"
    MET = "met", "已解决"
    WITHDRAWN = "withdrawn", "已撤回"
    EXPIRED = "expired", "已过期"

    @classmethod
    def moves(cls):
        return {
            cls.OPEN: {cls.CLAIMED, cls.MET, cls.WITHDRAWN, cls.EXPIRED},
            cls.CLAIMED: {cls.OPEN, cls.MET, cls.WITHDRAWN, cls.EXPIRED},
            cls.MET: {cls.OPEN},  # what met it was voided
        }


class ClaimState(States):
    LIVE = "live", "认领中"
    FULFILLED = "fulfilled", "已兑现"
    RELEASED = "released", "已放弃"
    EXPIRED = "expired", "已过期"

    @classmethod
    def moves(cls):
        return {
            cls.LIVE: {cls.FULFILLED, cls.RELEASED, cls.EXPIRED},
            cls.FULFILLED: {cls.RELEASED},  # what fulfilled it was voided
        }


class ObligationKind(TextChoices):
    CONTACT = "contact", "联系交流"
    HOME_VISIT = "home_visit", "走访探视"
    WINTER_CHECK = "winter_check", "冬季排查"
    FESTIVAL_VISIT = "festival_visit", "节日慰问"


class WindowKind(TextChoices):
    """The stretch of time within which a duty is to be done. A season is given by its first and last day of the year."""

    YEAR = "year", "每年"
    HALF_YEAR = "half_year", "每半年"
    QUARTER = "quarter", "每季度"
    SEASON = "season", "每年的一段时间"


class Outcome(States):
    OPEN = "open", "待完成"
    MET = "met", "按时完成"
    LATE = "late", "逾期完成"
    MISSED = "missed", "未完成"
    WAIVED = "waived", "已免除"
    LAPSED = "lapsed", "不再要求"

    @classmethod
    def moves(cls):
        """What people decide. The nightly judging is set-based: it also lets duties lapse that a pairing's end leaves
        without time to be done in, and opens those again whose visit was voided."""
        return {cls.OPEN: {cls.MET, cls.LATE, cls.MISSED, cls.WAIVED}, cls.MISSED: {cls.WAIVED}}


class DigestOutcome(TextChoices):
    """What became of a mail. ``UNCLEAR``: it was handed over and no answer came; it is not sent again."""

    SENDING = "sending", "正在发"
    SENT = "sent", "已发出"
    FAILED = "failed", "没有发出"
    UNCLEAR = "unclear", "不能确定"


class SchoolStage(TextChoices):
    """What school somebody goes to. Which one it is, and how well they do there, is not kept."""

    SENIOR_HIGH = "senior_high", "高中"
    VOCATIONAL = "vocational", "中职"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    GRADUATE = "graduate", "研究生"


class StudentHardship(TextChoices):
    """教财〔2018〕16号."""

    GENERAL = "general", "一般困难"
    MARKED = "marked", "困难"
    SEVERE = "severe", "特别困难"


class StudentAidState(States):
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    COMPLETED = "completed", "已完成"
    WITHDRAWN = "withdrawn", "已撤回"
    DECLINED = "declined", "未批准"

    @classmethod
    def moves(cls):
        return {
            cls.PROPOSED: {cls.APPROVED, cls.DECLINED, cls.WITHDRAWN},
            cls.APPROVED: {cls.COMPLETED, cls.WITHDRAWN},
        }
