"""Words of the volunteers app and the moves they allow."""

from django.db.models import TextChoices

from jinchuan.shared.moves import States


class Party(TextChoices):
    """五社联动: which of the five took part."""

    COMMUNITY = "community", "社区"
    SOCIAL_ORG = "social_org", "社会组织"
    SOCIAL_WORKER = "social_worker", "社会工作者"
    VOLUNTEER = "volunteer", "社区志愿者"
    CHARITY_RESOURCE = "charity_resource", "社会慈善资源"


class ActivityState(States):
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
