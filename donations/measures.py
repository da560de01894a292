"""How a part of the book is written: money in 元, goods in their own unit."""

from jinchuan.shared.templatetags.house import quantity, yuan


def measured(amount, lot) -> str:
    """``1,000.00 元``, ``12.5 袋``; ``--`` where there is none."""
    if amount is None:
        return "--"
    return f"{yuan(amount)} 元" if lot.is_cash else f"{quantity(amount)} {lot.unit}"
