from .cash import CashForm
from .gifts import GiftForm, OwnDonor
from .goods import GoodsForm
from .pledges import LapseForm, PledgeForm, ReceiveForm

__all__ = ["CashForm", "GiftForm", "GoodsForm", "LapseForm", "OwnDonor", "PledgeForm", "ReceiveForm"]
