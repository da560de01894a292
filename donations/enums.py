"""Words of the donations app and the moves they allow."""

from django.db.models import TextChoices

from jinchuan.shared.moves import States


class DonorKind(TextChoices):
    ORGANIZATION = "organization", "社会组织"
    ENTERPRISE = "enterprise", "爱心企业"
    INDIVIDUAL = "individual", "爱心人士"
    ANONYMOUS = "anonymous", "匿名"


class Route(TextChoices):
    """Lawful ways of a gift. The bureau itself is not a donee (公益事业捐赠法 §11; 慈善法 §35)."""

    ASSOCIATION = "association", "交区慈善协会"
    OTHER_CHARITY = "other_charity", "交其他慈善组织"
    COMMUNITY_FUND = "community_fund", "交村（社区）公益金"
    DIRECT_TO_HOUSEHOLD = "direct_to_household", "直接送到关爱户"
    GOVERNMENT_EXCEPTION = "government_exception", "政府代收（法定例外）"


# Routes an organisation may choose; the government exception is recorded by the bureau, with its reason.
PORTAL_ROUTES = (Route.ASSOCIATION, Route.OTHER_CHARITY, Route.COMMUNITY_FUND, Route.DIRECT_TO_HOUSEHOLD)


class Restriction(TextChoices):
    """What the donor asked the gift to be used for (慈善法 §35, §56)."""

    NONE = "none", "不指定用途"
    HOUSEHOLD = "household", "指定关爱户"
    CATEGORY = "category", "指定困难类别"
    PROGRAM = "program", "指定项目"
    COMMUNITY = "community", "指定社区（村）"


class LineKind(TextChoices):
    CASH = "cash", "捐款"
    GOODS = "goods", "捐物"


class GoodsCategory(TextChoices):
    FOOD = "food", "米面粮油等食品"
    CLOTHING = "clothing", "衣物被褥"
    FUEL = "fuel", "取暖用品"
    MEDICINE = "medicine", "药品和医疗用品"
    SCHOOL = "school", "学习用品"
    APPLIANCE = "appliance", "家用电器"
    ASSISTIVE = "assistive", "辅助器具"
    DAILY = "daily", "日用品"
    OTHER = "other", "其他"


# An expired one of these is not a gift but a danger (慈善法 §36).
PERISHABLE = (GoodsCategory.FOOD, GoodsCategory.MEDICINE)


class ValuationBasis(TextChoices):
    INVOICE = "invoice", "发票"
    DELIVERY_NOTE = "delivery_note", "送货单"
    CUSTOMS_FORM = "customs_form", "报关单"
    MARKET_PRICE = "market_price", "市场参考价"
    APPRAISAL = "appraisal", "评估"
    UNVALUED = "unvalued", "不计价（只记数量）"


class ReceiptStatus(TextChoices):
    """The official receipt, issued in the finance department's system; never blank (慈善法 §38)."""

    PENDING = "pending", "待开具"
    ISSUED = "issued", "已开具"
    WAIVED = "waived", "捐赠人放弃"
    ANONYMOUS = "anonymous", "匿名捐赠"
    NOT_APPLICABLE = "not_applicable", "不适用（直接捐赠）"


class DonationState(States):
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
