"""Words of the volunteers app and the moves they allow."""

from django.db.models import TextChoices

from jinchuan.shared.moves import States


class VolunteerKind(TextChoices):
    """Of the five of 五社联动, the two that are persons."""

    COMMUNITY = "community", "社区志愿者"
    SOCIAL_WORKER = "social_worker", "社会工作者"


class DocumentKind(TextChoices):
    """What proves who somebody is. The number of a citizen ID says the birth date and the sex."""

    CITIZEN_ID = "citizen_id", "居民身份证"
    PASSPORT = "passport", "护照"
    HONG_KONG_MACAO_PERMIT = "hk_macao_permit", "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证"
    FOREIGN_RESIDENT_ID = "foreign_resident", "外国人永久居留身份证"
    OTHER = "other", "其他"
    NOT_GIVEN = "not_given", "未提供"


class SocialWorkerLevel(TextChoices):
    ASSISTANT = "assistant", "助理社会工作师"
    PROFESSIONAL = "professional", "社会工作师"
    SENIOR = "senior", "高级社会工作师"


class Skill(TextChoices):
    """专业技能."""

    MEDICAL = "medical", "医疗护理"
    COUNSELLING = "counselling", "心理疏导"
    LEGAL = "legal", "法律"
    TEACHING = "teaching", "教育辅导"
    SOCIAL_WORK = "social_work", "社会工作"
    ARTS = "arts", "文艺"
    SPORTS = "sports", "体育"
    HAIRDRESSING = "hairdressing", "理发"
    REPAIR = "repair", "维修"
    COOKING = "cooking", "厨艺"
    DRIVING = "driving", "驾驶"
    COMPUTER = "computer", "计算机"
    PHOTOGRAPHY = "photography", "摄影摄像"
    SIGN_LANGUAGE = "sign_language", "手语"
    FOREIGN_LANGUAGE = "foreign_language", "外语"
    RESCUE = "rescue", "应急救援"
    OTHER = "other", "其他"


class ServiceCategory(TextChoices):
    """服务类别: what somebody wants to do."""

    ELDERLY = "elderly", "助老"
    CHILDREN = "children", "关爱儿童"
    DISABILITY = "disability", "助残"
    POVERTY = "poverty", "济困"
    STUDENT_AID = "student_aid", "助学"
    COMMUNITY = "community", "社区服务"
    HEALTH = "health", "医疗健康"
    CULTURE = "culture", "文化体育"
    ENVIRONMENT = "environment", "生态环保"
    LEGAL_AID = "legal_aid", "法律援助"
    EMERGENCY = "emergency", "应急救援"
    OTHER = "other", "其他"


class ServiceQuality(TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "良好"
    PASSED = "passed", "合格"
    TO_IMPROVE = "to_improve", "需改进"


class CorrectionState(States):
    OPEN = "open", "待答复"
    ACCEPTED = "accepted", "已更正"
    DECLINED = "declined", "不予更正"

    @classmethod
    def moves(cls):
        return {cls.OPEN: {cls.ACCEPTED, cls.DECLINED}}


class Party(TextChoices):
    """五社联动: which of the five took part."""

    COMMUNITY = "community", "社区"
    SOCIAL_ORG = "social_org", "社会组织"
    SOCIAL_WORKER = "social_worker", "社会工作者"
    VOLUNTEER = "volunteer", "社区志愿者"
    CHARITY_RESOURCE = "charity_resource", "社会慈善资源"


class ActivityState(States):
    """A session from the plan to the figures. What has happened may be logged at once: it begins with 待确认."""

    PLANNED = "planned", "计划中"
    OPEN = "open", "报名中"
    HELD = "held", "已举办"
    CANCELLED = "cancelled", "已取消"
    UNTOLD = "untold", "时长无从查明"
    SUBMITTED = "submitted", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"
    VOIDED = "voided", "已作废"

    @classmethod
    def moves(cls):
        return {
            cls.PLANNED: {cls.OPEN, cls.HELD, cls.CANCELLED},
            cls.OPEN: {cls.HELD, cls.CANCELLED},
            cls.HELD: {cls.SUBMITTED, cls.UNTOLD},
            cls.SUBMITTED: {cls.CONFIRMED, cls.RETURNED},
            cls.RETURNED: {cls.SUBMITTED},
            cls.CONFIRMED: {cls.VOIDED},
        }

    @classmethod
    def ahead(cls) -> set["ActivityState"]:
        """Still to be held."""
        return {cls.PLANNED, cls.OPEN}

    @classmethod
    def logged(cls) -> set["ActivityState"]:
        """With the hours served."""
        return {cls.SUBMITTED, cls.CONFIRMED, cls.RETURNED, cls.VOIDED}


class RecordState(States):
    """Hours of one person. Confirmed ones never change: a correction is a row of its own, decided by a second person."""

    RECORDED = "recorded", "待确认"
    CONFIRMED = "confirmed", "已确认"
    CORRECTED = "corrected", "已更正"
    DECLINED = "declined", "不予更正"

    @classmethod
    def moves(cls):
        return {
            cls.RECORDED: {cls.CONFIRMED, cls.DECLINED},
            cls.CONFIRMED: {cls.CORRECTED},
        }


class SignUpState(States):
    SIGNED = "signed", "已报名"
    WAITING = "waiting", "候补"
    WITHDRAWN = "withdrawn", "已退出"

    @classmethod
    def moves(cls):
        return {cls.SIGNED: {cls.WITHDRAWN}, cls.WAITING: {cls.SIGNED, cls.WITHDRAWN}}


class CheckInWay(TextChoices):
    SCAN = "scan", "扫码"
    BY_HAND = "by_hand", "现场代签"
