"""How the rows behind figures are shown: one entry for each table they come from. Masked as in the registers; a household is
a code, a person's name is covered."""

from collections.abc import Callable
from dataclasses import dataclass

from cases.models import CareNeed, Household, Matter, Member, Obligation, Pairing, VisitHousehold
from donations.measures import measured
from donations.models import Adjustment, Allocation, DistributionLine, Donation, DonationLine, Donor, Lot
from donations.naming import working_name
from jinchuan.shared.masking import mask_name
from organizations.models import Mobilization, Organization, Program
from volunteers.models import Activity, ServiceRecord, Volunteer

from ..models import Publication, ReleaseChannel, Story

STAFF = "工作人员"


@dataclass(frozen=True)
class Source:
    """A table behind figures. The first column names the row and leads to its page: ``row`` gives the row whose page in the
    admin that is, ``page`` (name of the address, code) the organisations' page. Who lacks ``permission`` sees none of it."""

    model: type
    permission: str
    columns: tuple[tuple[str, Callable], ...]
    related: tuple[str, ...] = ()
    row: Callable = lambda row: row
    page: Callable = lambda row: None
    inside: tuple[str, ...] = ()
    """Heads of columns that hold words the bureau wrote for itself: organisations are not told them."""

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(head for head, _ in self.columns)

    def cells(self, row) -> list:
        return [shown(row) or "--" for _, shown in self.columns]

    def cells_outside(self, row) -> list:
        """As organisations are told them."""
        return [shown(row) or "--" for head, shown in self.columns if head not in self.inside]


def _helper(row) -> str:
    return row.organization.name if row.organization else STAFF


def _community(row) -> str:
    return row.household.community.short_name


def _target(row) -> str:
    if row.household:
        return row.household.code
    return row.fund.name if row.fund else row.program.name


_LOT_OF_LINE = "allocation__holding__lot"

_ALL = (
    Source(
        Pairing,
        "cases.view_pairing",
        (
            ("结对编号", lambda r: r.code),
            ("关爱户", lambda r: r.household.code),
            ("社区（村）", _community),
            ("社会组织", lambda r: r.organization.name),
            ("状态", lambda r: r.get_state_display()),
        ),
        ("household__community", "organization"),
        page=lambda r: ("cases:pairing", r.code),
    ),
    Source(
        Member,
        "cases.view_member",
        (
            ("成员", lambda r: f"{r.household.code} {mask_name(r.name)}"),
            ("与户主关系", lambda r: r.get_relation_display()),
            ("社区（村）", _community),
        ),
        ("household__community",),
    ),
    Source(
        VisitHousehold,
        "cases.view_visit",
        (
            ("走访编号", lambda r: r.visit.code),
            ("关爱户", lambda r: r.household.code),
            ("社区（村）", _community),
            ("走访的人", lambda r: _helper(r.visit)),
            ("途径", lambda r: r.visit.get_channel_display()),
        ),
        ("visit__organization", "household__community"),
        row=lambda r: r.visit,
        page=lambda r: ("care:visit", r.visit.code),
    ),
    Source(
        Matter,
        "cases.view_matter",
        (
            ("事项编号", lambda r: r.code),
            ("关爱户", lambda r: r.household.code),
            ("社区（村）", _community),
            ("办理的人", _helper),
            ("类别", lambda r: r.get_kind_display()),
        ),
        ("household__community", "organization"),
    ),
    Source(
        CareNeed,
        "cases.view_careneed",
        (
            ("需求编号", lambda r: r.code),
            ("关爱户", lambda r: r.household.code),
            ("社区（村）", _community),
            ("类别", lambda r: r.get_need_display()),
            ("状态", lambda r: r.get_state_display()),
        ),
        ("household__community",),
    ),
    Source(
        Obligation,
        "cases.view_obligation",
        (
            ("任务", lambda r: str(r.rule)),
            ("结对编号", lambda r: r.pairing.code),
            ("关爱户", lambda r: r.pairing.household.code),
            ("社区（村）", lambda r: _community(r.pairing)),
            ("社会组织", lambda r: r.pairing.organization.name),
        ),
        ("rule", "pairing__household__community", "pairing__organization"),
    ),
    Source(
        Household,
        "cases.view_household",
        (
            ("户编号", lambda r: r.code),
            ("社区（村）", lambda r: r.community.short_name),
            ("困难程度", lambda r: r.get_need_level_display()),
            ("状态", lambda r: r.get_state_display()),
        ),
        ("community",),
        page=lambda r: ("cases:household", r.code),
    ),
    Source(
        Donation,
        "donations.view_donation",
        (
            ("捐赠编号", lambda r: r.code),
            ("捐赠方", lambda r: working_name(r.donor)),
            ("捐赠去向", lambda r: r.get_route_display()),
            ("登记的组织", _helper),
        ),
        ("donor", "organization"),
        page=lambda r: ("donations:donation", r.code),
    ),
    Source(
        DonationLine,
        "donations.view_donation",
        (
            ("捐赠编号", lambda r: r.donation.code),
            ("捐赠方", lambda r: working_name(r.donation.donor)),
            ("捐赠去向", lambda r: r.donation.get_route_display()),
            ("款物", lambda r: r.item or r.get_kind_display()),
            ("登记的组织", lambda r: _helper(r.donation)),
        ),
        ("donation__donor", "donation__organization"),
        row=lambda r: r.donation,
        page=lambda r: ("donations:donation", r.donation.code),
    ),
    Source(
        Adjustment,
        "donations.view_adjustment",
        (
            ("更正编号", lambda r: r.code),
            ("捐赠编号", lambda r: r.holding.lot.line.donation.code),
            ("款物", lambda r: r.holding.lot.item),
            ("原因", lambda r: r.reason),
        ),
        ("holding__lot__line__donation",),
        page=lambda r: ("donations:donation", r.holding.lot.line.donation.code),
        inside=("原因",),
    ),
    Source(
        Lot,
        "donations.view_lot",
        (
            ("批次", lambda r: r.code),
            ("款物", lambda r: r.item),
            ("捐赠编号", lambda r: r.line.donation.code),
            ("捐赠方", lambda r: working_name(r.line.donation.donor)),
        ),
        ("line__donation__donor",),
        row=lambda r: r.line.donation,
        page=lambda r: ("donations:donation", r.line.donation.code),
    ),
    Source(
        Allocation,
        "donations.view_allocation",
        (
            ("分配编号", lambda r: r.code),
            ("款物", lambda r: r.holding.lot.item),
            ("数量（金额）", lambda r: measured(r.amount - r.released, r.holding.lot)),
            ("分配给", lambda r: r.get_target_display()),
            ("对象", _target),
        ),
        ("holding__lot", "household", "fund", "program"),
    ),
    Source(
        DistributionLine,
        "donations.view_distributionline",
        (
            ("发放编号", str),
            ("关爱户（项目）", lambda r: r.household.code if r.household else r.recipient),
            ("款物", lambda r: r.allocation.holding.lot.item),
            ("数量（金额）", lambda r: measured(r.amount, r.allocation.holding.lot)),
            ("签收方式", lambda r: r.get_signing_display()),
        ),
        ("distribution", "household", _LOT_OF_LINE),
    ),
    Source(
        Donor,
        "donations.view_donor",
        (
            ("捐赠方", working_name),
            ("捐赠方类别", lambda r: r.get_kind_display()),
        ),
    ),
    Source(
        Volunteer,
        "volunteers.view_volunteer",
        (
            ("志愿者", lambda r: mask_name(r.name)),
            ("人员类别", lambda r: r.get_kind_display()),
        ),
    ),
    Source(
        Activity,
        "volunteers.view_activity",
        (
            ("活动编号", lambda r: r.code),
            ("活动名称", lambda r: r.title),
            ("社会组织", lambda r: r.organization.name),
            ("服务品牌", lambda r: r.program.name if r.program else ""),
        ),
        ("organization", "program"),
        page=lambda r: ("volunteers:activity", r.code),
    ),
    Source(
        ServiceRecord,
        "volunteers.view_servicerecord",
        (
            ("活动编号", lambda r: r.activity.code),
            ("活动名称", lambda r: r.activity.title),
            ("志愿者", lambda r: mask_name(r.volunteer.name)),
            ("社会组织", lambda r: r.activity.organization.name),
        ),
        ("activity__organization", "volunteer"),
        row=lambda r: r.activity,
        page=lambda r: ("volunteers:activity", r.activity.code),
    ),
    Source(
        ReleaseChannel,
        "reports.view_story",
        (
            ("好故事编号", lambda r: r.release.story.code),
            ("渠道", lambda r: r.get_channel_display()),
            ("涉及组织", lambda r: _helper(r.release.story)),
        ),
        ("release__story__organization",),
        row=lambda r: r.release.story,
        page=lambda r: ("stories:story", r.release.story.code),
    ),
    Source(
        Publication,
        "reports.view_publication",
        (
            ("好故事编号", lambda r: r.outlet.release.story.code),
            ("渠道", lambda r: r.outlet.get_channel_display()),
            ("涉及组织", lambda r: _helper(r.outlet.release.story)),
        ),
        ("outlet__release__story__organization",),
        page=lambda r: ("stories:story", r.outlet.release.story.code),
    ),
    Source(
        Story,
        "reports.view_story",
        (
            ("好故事编号", lambda r: r.code),
            ("涉及组织", _helper),
        ),
        ("organization",),
        page=lambda r: ("stories:story", r.code),
    ),
    Source(
        Mobilization,
        "organizations.view_mobilization",
        (
            ("编号", lambda r: r.code),
            ("标题", lambda r: r.title),
            ("主办单位", lambda r: r.host.name if r.host else "民政局"),
        ),
        ("host",),
    ),
    Source(
        Organization,
        "organizations.view_organization",
        (
            ("编号", lambda r: r.code),
            ("名称", lambda r: r.name),
            ("类别", lambda r: r.get_kind_display()),
        ),
    ),
    Source(
        Program,
        "organizations.view_program",
        (
            ("编号", lambda r: r.code),
            ("名称", lambda r: r.name),
            ("类别", lambda r: r.get_kind_display()),
        ),
        page=lambda r: ("organizations:program", r.code),
    ),
)
SOURCES = {source.model: source for source in _ALL}
