"""Writes on who holds gifts, and where goods lie."""

from django.conf import settings

from jinchuan.audit.services import change, create, verb
from jinchuan.intake.services import next_code
from jinchuan.shared.access import require
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from organizations.models import Division

from ..enums import FUND_OF_ROUTE, FundKind
from ..models import Fund, Place

OPENED_BY_ITSELF = "这类账户在收到第一笔捐赠时自动建立，请选择“专项基金”或“助学金”。"


@verb
def open_fund(*, by, kind, name, division, **fields) -> Fund:
    """Enter a special fund or student aid with its rules. The accounts of the routes open by themselves."""
    require(by, "donations.add_fund")
    if kind in FUND_OF_ROUTE.values():
        raise Refused({"kind": OPENED_BY_ITSELF})
    return _create(by=by, kind=kind, name=name, division=division, **fields)


@verb
def update_fund(fund, *, by, version=None, **fields) -> Fund:
    require(by, "donations.change_fund", fund)
    return change(fund, by=by, version=version, **fields)


@verb
def add_place(*, by, **fields) -> Place:
    require(by, "donations.add_place")
    return create(Place(**fields), by=by)


@verb
def update_place(place, *, by, version=None, **fields) -> Place:
    require(by, "donations.change_place", place)
    return change(place, by=by, version=version, **fields)


@verb
def fund_for(donation, *, by) -> Fund:
    """Who holds a gift of this route: the community's 公益金 where it was meant for one, else the district's account."""
    kind = FUND_OF_ROUTE[donation.route]
    home = Division.objects.get(code=settings.HOME_DIVISION)
    division = donation.division if kind == FundKind.COMMUNITY else home
    found = Fund.objects.filter(kind=kind, division=division).first()
    if found:
        return found
    name = f"{division.short_name}公益金" if kind == FundKind.COMMUNITY else f"{division.name}{kind.label}"
    return _create(by=by, kind=kind, name=name, division=division)


def _create(*, by, **fields) -> Fund:
    return create(Fund(code=next_code("JJ", today().year), **fields), by=by)
