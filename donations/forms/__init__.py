from .cash import CashForm
from .gifts import GiftForm, OwnDonor
from .goods import GoodsForm

__all__ = ["CashForm", "GiftForm", "GoodsForm", "OwnDonor"]
