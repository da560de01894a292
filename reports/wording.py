"""The bureau's own phrases, composed from figures. Zero, one, first month and falling all read right."""

from decimal import ROUND_HALF_UP, Decimal

from jinchuan.shared.money import WAN, about_wan, wan, yuan

HIDDEN = "不足3"
LAST_YEAR, SAME_MONTHS = "上年", "上年同期"
NO_PROBLEM = "本期未发现逾期未办事项。"
NEXT_STEPS = "\n".join(
    [
        "一是继续做好对接。会同街道、社区逐户了解尚未结对关爱户的需求，动员专长相符的社会组织达成意向，抓紧落实双方确认和知情同意。",
        "二是规范款物管理。督促各社会组织及时登记捐款捐物，按时确认、按规定公开，做到来源清楚、去向明白。",
        "三是深化服务品牌。依托社工服务品牌和五社联动常态化开展志愿服务，如实记录服务时间，保护服务对象隐私。",
    ]
)

OWN_NEXT_STEPS = "\n".join(
    [
        "一是继续做好关爱。按照约定走访联系关爱户，了解需求变化，办成的实事及时登记。",
        "二是规范款物管理。收到的款物及时登记，发放后交回签收单，尚未分配的尽快安排使用。",
        "三是坚持志愿服务。按计划开展活动，如实记录服务时间，保护服务对象隐私。",
    ]
)


def compared(this, last, before="上月") -> str:
    """环比 of a period's own figure: growth in per cent with one place; “上月无” where there is nothing to divide by.

    A year's is no 环比 but 较上年增长; measured against the same months of the year before it is 同比.
    """
    if not last:
        return f"{before}无" if this else f"与{before}同为零"
    if this == last:
        return f"与{before}持平"
    percent = abs(Decimal(this - last) * 100 / Decimal(last)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    against = {LAST_YEAR: f"较{LAST_YEAR}", SAME_MONTHS: "同比"}.get(before, "环比")
    return f"{against}{'增长' if this > last else '下降'}{percent}%"


def moved(this, last, unit, before="上月") -> str:
    """How a period's own count stands to the one before: 较上月增加×户 / 较上月减少×户 / 与上月持平."""
    if not last:
        return f"{before}无" if this else f"{before}亦无"
    if this == last:
        return f"与{before}持平"
    return f"较{before}{'增加' if this > last else '减少'}{abs(this - last)}{unit}"


def added(count, unit, now="本月") -> str:
    """本月新增×户, or 本月无新增."""
    return f"{now}新增{count}{unit}" if count else f"{now}无新增"


def apart(late, correction, say) -> str:
    """What of a new figure was entered late, and what of older ones was put right: 其中补报2户，另更正以前月份-1户. Nothing where
    nothing was. ``say`` writes an amount with its unit."""
    told = [f"其中补报{say(late)}"] if late else []
    if correction:
        told.append(f"另更正以前月份{'+' if correction > 0 else '-'}{say(abs(correction))}")
    return f"（{'，'.join(told)}）" if told else ""


def money(amount) -> str:
    """An amount in a sentence: 万元 with two places; what is less than one 万元 to the 分."""
    return f"{wan(amount)}万元" if amount >= WAN else f"{yuan(amount)}元"


def hours_of(hours) -> str:
    """86.2小时; whole hours without a place."""
    return f"{hours:.1f}".removesuffix(".0") + "小时"


def about(amount) -> str:
    """15余万元; an amount below 1万 is written out."""
    return about_wan(amount) if amount >= WAN else f"{yuan(amount)}元"


def hidden_below_three(count) -> str:
    """For a paper about one street or community: a count of people or households below 3 could be recognised."""
    return HIDDEN if 0 < count < 3 else str(count)
