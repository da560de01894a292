"""The parts by which a figure is told, in words: streets, funds, programmes, kinds of givers, hardships."""

from cases.enums import Channel, HardshipCategory
from donations.enums import DonorKind, Restriction, Route
from donations.models import Fund
from organizations.enums import OrganizationKind, ProgramKind
from organizations.models import Division, Organization, Program
from volunteers.enums import Party

from ..indicators import Figure

NOWHERE = "没有指明"
TITLES = {
    "route": "捐赠去向",
    "restriction": "用途指定",
    "donor_kind": "捐赠方类别",
    "fund": "基金（账户）",
    "program": "服务品牌和项目",
    "street": "街道（镇）",
    "organization": "社会组织",
    "kind": "类别",
    "channel": "发布渠道",
    "parties": "参加的各方",
}
BY_CATEGORY = "困难类别"
_CHOICES = {
    "route": Route.choices,
    "restriction": Restriction.choices,
    "donor_kind": DonorKind.choices,
    "kind": [*OrganizationKind.choices, *ProgramKind.choices],
    "channel": Channel.choices,
    "parties": Party.choices,
}
_NAMED = {"fund": Fund, "program": Program, "street": Division, "organization": Organization}


def told(figure: Figure) -> list[tuple[str, list[tuple[str, Figure]]]]:
    """(title, [(part in words, its figure)]) of every breakdown that has something in it, parts by their codes."""
    found = [(TITLES[name], _in_words(name, parts)) for name, parts in figure.by.items() if _says_more(parts)]
    categories = {part: one for part, one in figure.by_category.items() if one.cumulative or one.previous}
    if categories:
        words = dict(HardshipCategory.choices)
        found.append((BY_CATEGORY, [(words[part], one) for part, one in categories.items()]))
    return found


def _says_more(parts) -> bool:
    return bool(set(parts) - {""})


def _in_words(name, parts):
    if name in _NAMED:
        rows = _NAMED[name]._default_manager.filter(code__in=[part for part in parts if part])
        words = {row.code: getattr(row, "short_name", None) or row.name for row in rows}
    else:
        words = dict(_CHOICES[name])
    return [
        ("＋".join(words.get(one, one) for one in part.split("+")) if part else NOWHERE, figure)
        for part, figure in parts.items()
    ]
