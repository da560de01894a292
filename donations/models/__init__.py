from .allocations import Allocation, AllocationTransition
from .corrections import (
    Adjustment,
    AdjustmentTransition,
    Disposal,
    DisposalTransition,
    PurposeChange,
    PurposeChangeTransition,
    StockTake,
    StockTakeLine,
    StockTakeTransition,
)
from .distributions import (
    Distribution,
    DistributionLine,
    DistributionLineTransition,
    DistributionTransition,
    Verification,
)
from .funds import Fund, Place
from .gifts import (
    DECLARATION_NEEDED,
    EXCEPTION_REASON_NEEDED,
    EXPIRED_GOODS,
    GOODS_NEED_NAME,
    Donation,
    DonationLine,
    DonationTransition,
    Receipt,
)
from .givers import ANONYMOUS_NAME, Donor, DonorNamePart
from .lots import BUCKETS, SOURCES, WHEREABOUTS, Holding, Lot, Movement
from .papers import Paper
from .tallies import DonationTally

__all__ = [
    "ANONYMOUS_NAME",
    "BUCKETS",
    "DECLARATION_NEEDED",
    "EXCEPTION_REASON_NEEDED",
    "EXPIRED_GOODS",
    "GOODS_NEED_NAME",
    "SOURCES",
    "WHEREABOUTS",
    "Adjustment",
    "AdjustmentTransition",
    "Allocation",
    "AllocationTransition",
    "Disposal",
    "DisposalTransition",
    "Distribution",
    "DistributionLine",
    "DistributionLineTransition",
    "DistributionTransition",
    "Donation",
    "DonationLine",
    "DonationTally",
    "DonationTransition",
    "Donor",
    "DonorNamePart",
    "Fund",
    "Holding",
    "Lot",
    "Movement",
    "Paper",
    "Place",
    "PurposeChange",
    "PurposeChangeTransition",
    "Receipt",
    "StockTake",
    "StockTakeLine",
    "StockTakeTransition",
    "Verification",
]
