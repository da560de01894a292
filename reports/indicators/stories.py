"""Good stories that left the house, and where they stood."""

from ..models import Publication, ReleaseChannel
from .definition import Indicator


def _told_by(way, channel) -> dict:
    """``way`` leads from a row to its story."""
    return {
        "street": f"{way}division__code",
        "organization": f"{way}organization__code",
        "channel": channel,
    }


STORIES = (
    Indicator(
        "stories_released",
        "好故事送出",
        "篇",
        "审核通过、同意齐备、已经送出的好故事，一篇计一次，按首次送出日期计；送往几个渠道的，分渠道各计一篇；后来撤下的不减。",
        ReleaseChannel.objects.all,
        "release__released_on",
        "release__story__division",
        key="release__story",
        splits=_told_by("release__story__", "channel"),
        organization="release__story__organization",
    ),
    Indicator(
        "publications",
        "宣传报道",
        "篇次",
        "送出的好故事在各渠道发布，登记一处计一篇次，按发布日期计；后来撤下的不减。",
        Publication.objects.all,
        "published_on",
        "outlet__release__story__division",
        splits=_told_by("outlet__release__story__", "outlet__channel"),
        organization="outlet__release__story__organization",
    ),
)
