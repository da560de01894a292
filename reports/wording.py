"""The bureau's own phrases, composed from figures. Zero, one, first month and falling all read right."""

from decimal import ROUND_HALF_UP, Decimal

from jinchuan.shared.money import about_wan, wan, yuan

HIDDEN = "不足3"
NO_PROBLEM = "本期未发现逾期未办事项。"
NEXT_STEPS = "\n".join(
    [
        "一是继续做好对接。会同街道、社区逐户了解尚未结对关爱户的需求，动员专长相符的社会组织达成意向，抓紧落实双方确认和知情同意。",
        "二是规范款物管理。督促各社会组织及时登记捐款捐物，按时确认、按规定公开，做到来源清楚、去向明白。",
        "三是深化服务品牌。依托社工服务品牌和五社联动常态化开展志愿服务，如实记录服务时间，保护服务对象隐私。",
    ]
)


def compared(this, last) -> str:
    """环比 of a month's own figure: growth in per cent with one place; “上月无” where there is nothing to divide by."""
    if not last:
        return "上月无" if this else "与上月同为零"
    if this == last:
        return "与上月持平"
    percent = abs(Decimal(this - last) * 100 / Decimal(last)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"环比{'增长' if this > last else '下降'}{percent}%"


def moved(this, last, unit) -> str:
    """How a month's own count stands to the month before: 较上月增加×户 / 较上月减少×户 / 与上月持平."""
    if not last:
        return "上月无" if this else "上月亦无"
    if this == last:
        return "与上月持平"
    return f"较上月{'增加' if this > last else '减少'}{abs(this - last)}{unit}"


def added(count, unit) -> str:
    """本月新增×户, or 本月无新增."""
    return f"本月新增{count}{unit}" if count else "本月无新增"


def money(amount) -> str:
    """An amount in a sentence: 万元 with two places, or 元 where that would be nothing."""
    return f"{wan(amount)}万元" if amount >= 100 else f"{yuan(amount)}元"


def about(amount) -> str:
    """15余万元; an amount below 1万 is written out."""
    return about_wan(amount) if amount >= 10000 else f"{yuan(amount)}元"


def hidden_below_three(count) -> str:
    """For a paper about one street or community: a count of people or households below 3 could be recognised."""
    return HIDDEN if 0 < count < 3 else str(count)
