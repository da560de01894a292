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
    PLEDGED = "pledged", "已认捐"
    SUBMITTED = "submitted", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "已退回"
    VOIDED = "voided", "已作废"
    LAPSED = "lapsed", "认捐已取消"

    @classmethod
    def moves(cls):
        return {
            cls.PLEDGED: {cls.SUBMITTED, cls.LAPSED},
            cls.SUBMITTED: {cls.CONFIRMED, cls.RETURNED},
            cls.RETURNED: {cls.SUBMITTED},
            cls.CONFIRMED: {cls.VOIDED},
        }


class FundKind(TextChoices):
    """Who holds what was given. What goes straight to a household passes through without being held."""

    ASSOCIATION = "association", "慈善协会账户"
    PURPOSE = "purpose", "专项基金"
    STUDENT_AID = "student_aid", "助学金"
    COMMUNITY = "community", "村（社区）公益金"
    OTHER_CHARITY = "other_charity", "其他慈善组织"
    GOVERNMENT = "government", "政府代收待转交"
    DIRECT = "direct", "直接送到户（不经手）"


# Of each of these there is one in a division; it is opened at the first gift.
FUND_OF_ROUTE = {
    Route.ASSOCIATION: FundKind.ASSOCIATION,
    Route.OTHER_CHARITY: FundKind.OTHER_CHARITY,
    Route.COMMUNITY_FUND: FundKind.COMMUNITY,
    Route.GOVERNMENT_EXCEPTION: FundKind.GOVERNMENT,
    Route.DIRECT_TO_HOUSEHOLD: FundKind.DIRECT,
}


class PlaceKind(TextChoices):
    WAREHOUSE = "warehouse", "库房"
    STATION = "station", "社区存放点"
    SHOP = "shop", "慈善超市"


class MovementKind(TextChoices):
    """What can happen to a part of a gift. What each does to the columns of a holding stands in ``EFFECTS``."""

    RECEIVE = "receive", "收到"
    ADJUST = "adjust", "更正"
    COUNT = "count", "盘点差额"
    VOID = "void", "作废冲销"
    MOVE_OUT = "move_out", "转出"
    MOVE_IN = "move_in", "转入"
    ALLOCATE = "allocate", "分配"
    RELEASE = "release", "取消分配"
    HAND_ON = "hand_on", "拨付基金"
    LOAD = "load", "装车发放"
    UNLOAD = "unload", "未送出退回"
    DELIVER = "deliver", "交付"
    TAKE_BACK = "take_back", "交付收回"
    RETURN = "return", "退还捐赠人"
    WRITE_OFF = "write_off", "损耗核销"
    SELL = "sell", "变卖"


# By how much of a movement's amount each column of its holding goes up or down. A signed movement (更正, 盘点, 作废) lowers both
# with a negative amount. Every row keeps the two sides of ``Holding``'s equation equal.
EFFECTS = {
    MovementKind.RECEIVE: {"received": 1, "free": 1},
    MovementKind.ADJUST: {"adjusted": 1, "free": 1},
    MovementKind.COUNT: {"adjusted": 1, "free": 1},
    MovementKind.VOID: {"adjusted": 1, "free": 1},
    MovementKind.MOVE_OUT: {"free": -1, "moved_out": 1},
    MovementKind.MOVE_IN: {"moved_in": 1, "free": 1},
    MovementKind.ALLOCATE: {"free": -1, "promised": 1},
    MovementKind.RELEASE: {"promised": -1, "free": 1},
    MovementKind.HAND_ON: {"promised": -1, "moved_out": 1},
    MovementKind.LOAD: {"promised": -1, "in_transit": 1},
    MovementKind.UNLOAD: {"in_transit": -1, "promised": 1},
    MovementKind.DELIVER: {"in_transit": -1, "delivered": 1},
    MovementKind.TAKE_BACK: {"delivered": -1, "promised": 1},
    MovementKind.RETURN: {"free": -1, "returned": 1},
    MovementKind.WRITE_OFF: {"free": -1, "written_off": 1},
    MovementKind.SELL: {"free": -1, "sold": 1},
}
SIGNED_MOVEMENTS = (MovementKind.ADJUST, MovementKind.COUNT, MovementKind.VOID)


class TargetKind(TextChoices):
    HOUSEHOLD = "household", "关爱户"
    NEED = "need", "需求"
    FUND = "fund", "基金"
    PROGRAM = "program", "项目"


class AllocationState(States):
    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    SETTLED = "settled", "已办结"
    CANCELLED = "cancelled", "已取消"

    @classmethod
    def moves(cls):
        return {
            cls.PROPOSED: {cls.APPROVED, cls.CANCELLED},
            cls.APPROVED: {cls.SETTLED, cls.CANCELLED},
            # What was delivered has been taken back, and is to be delivered again or cancelled.
            cls.SETTLED: {cls.APPROVED},
        }


class DecisionState(States):
    """Of what one person proposes and another decides: corrections, disposals, counts, changes of purpose."""

    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "未批准"

    @classmethod
    def moves(cls):
        return {cls.PROPOSED: {cls.APPROVED, cls.REFUSED}}


class DisposalKind(TextChoices):
    RETURNED = "returned", "退还捐赠人"
    SPOILED = "spoiled", "损坏或过期"
    SOLD = "sold", "变卖"


class DistributionKind(TextChoices):
    BATCH = "batch", "集中发放"
    SINGLE = "single", "单独交付"


class DistributionState(States):
    PLANNED = "planned", "筹备中"
    OUT = "out", "发放中"
    CLOSED = "closed", "已结束"
    CANCELLED = "cancelled", "已取消"

    @classmethod
    def moves(cls):
        return {cls.PLANNED: {cls.OUT, cls.CANCELLED}, cls.OUT: {cls.CLOSED}}


class DeliveryState(States):
    PLANNED = "planned", "待发放"
    OUT = "out", "待签收"
    DELIVERED = "delivered", "已签收"
    REFUSED = "refused", "拒收"
    UNDELIVERABLE = "undeliverable", "无法送达"
    TAKEN_BACK = "taken_back", "已收回"
    DROPPED = "dropped", "已移出"

    @classmethod
    def moves(cls):
        return {
            cls.PLANNED: {cls.OUT, cls.DROPPED},
            cls.OUT: {cls.DELIVERED, cls.REFUSED, cls.UNDELIVERABLE},
            cls.DELIVERED: {cls.TAKEN_BACK},
        }


class Signing(TextChoices):
    SELF = "self", "本人签字"
    FAMILY = "family", "家人代签"
    PROXY = "proxy", "他人代领"
    FINGERPRINT = "fingerprint", "按手印"
    DIRECT = "direct", "捐赠方直接送达"


class VerificationResult(TextChoices):
    RECEIVED = "received", "已收到，无问题"
    WITH_ISSUES = "with_issues", "已收到，有问题"
    NOT_RECEIVED = "not_received", "没有收到"
    UNREACHABLE = "unreachable", "联系不上"


class PaperKind(TextChoices):
    """What we print about gifts. None of them stands in for the official receipt (财综〔2024〕1号)."""

    SIGNING_SHEET = "signing_sheet", "款物发放签收单"
    GOODS_RECEIVED = "goods_received", "捐赠物资接收确认单"
    HANDOVER = "handover", "款物交接单"
    THANKS = "thanks", "感谢信"
    WHEREABOUTS = "whereabouts", "捐赠去向单"
    GIVER_WHEREABOUTS = "giver_whereabouts", "捐赠去向单（全部捐赠）"
    HELP_RECEIVED = "help_received", "受助明细"
    DISCLOSURE = "disclosure", "捐赠公示"
