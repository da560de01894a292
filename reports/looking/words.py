"""What rows come to, in words."""

from jinchuan.shared.money import yuan


def measured(amount, unit, *, named=False) -> str:
    """What a row adds to its figure: ``3,600.00``, ``2小时30分``; ``named`` with its unit."""
    if unit == "小时":
        hours, minutes = divmod(amount, 60)
        return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"
    text = yuan(amount) if unit == "元" else f"{amount:,}"
    return f"{text} {unit}" if named else text


def sum_words(one, hide=False) -> str:
    """``列出 12 条，合计 3,600.00 元。另有 2 条记录不在您的查看范围内。``"""
    said = f"列出 {one.seen} 条"
    if one.is_measured:
        said += f"，合计 {measured(one.sum(), one.indicator.unit, named=True)}"
    elif one.key:
        said += f"，去重后 {one.sum()} {one.indicator.unit}"
    if not one.unseen:
        return f"{said}。"
    return f"{said}。另有{'' if hide else f' {one.unseen} 条'}记录不在您的查看范围内。"
