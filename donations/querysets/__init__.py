from .corrections import AdjustmentQuerySet, DisposalQuerySet, PurposeChangeQuerySet, StockTakeQuerySet
from .distributions import DistributionLineQuerySet, DistributionQuerySet, VerificationQuerySet
from .funds import FundQuerySet, PlaceQuerySet
from .gifts import DonationLineQuerySet, DonationQuerySet, DonorQuerySet, ReceiptQuerySet, gift_called
from .lots import AllocationQuerySet, HoldingQuerySet, LotQuerySet, MovementQuerySet
from .papers import PaperQuerySet

__all__ = [
    "AdjustmentQuerySet",
    "AllocationQuerySet",
    "DisposalQuerySet",
    "DistributionLineQuerySet",
    "DistributionQuerySet",
    "DonationLineQuerySet",
    "DonationQuerySet",
    "DonorQuerySet",
    "FundQuerySet",
    "HoldingQuerySet",
    "LotQuerySet",
    "MovementQuerySet",
    "PaperQuerySet",
    "PlaceQuerySet",
    "PurposeChangeQuerySet",
    "ReceiptQuerySet",
    "StockTakeQuerySet",
    "VerificationQuerySet",
    "gift_called",
]
