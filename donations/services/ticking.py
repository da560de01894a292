"""Many lines of a sheet at once: put on it, ticked when it comes back, and its photos. All of a page or nothing of it."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError

from jinchuan.audit.services import verb
from jinchuan.intake import services as intake
from jinchuan.intake.models import Attachment
from jinchuan.shared.access import require
from jinchuan.shared.errors import Refused

from ..enums import DeliveryState, Signing
from ..models import Distribution, DistributionLine
from . import distributions

NOTHING_CHOSEN = "请至少勾选一笔分配。"
NOTHING_TICKED = "还没有登记任何一行，请选择结果后再提交。"
OF_ANOTHER_SHEET = "有一行不在这张签收单上，请刷新页面后重新登记。"
IN_LINE = "第 {number} 行：{sentence}"
IN_ALLOCATION = "{code}：{sentence}"


@dataclass(frozen=True)
class Tick:
    """What the paper says of one line: ``state`` delivered, refused or undeliverable."""

    line: DistributionLine
    state: DeliveryState
    delivered_on: date | None = None
    signing: str = Signing.SELF
    receiver_name: str = ""
    relation: str = ""
    note: str = ""


@verb
def add_lines(distribution, *, by, allocations) -> list[DistributionLine]:
    """Put all that is open of several approved allocations on a sheet. One that cannot go on it keeps all of them off."""
    require(by, "donations.change_distribution", distribution)
    if not allocations:
        raise Refused(NOTHING_CHOSEN)
    lines = []
    for allocation in allocations:
        try:
            lines.append(distributions.add_line(distribution, by=by, allocation=allocation))
        except ValidationError as refusal:
            sentence = " ".join(refusal.messages)
            raise Refused(IN_ALLOCATION.format(code=allocation, sentence=sentence)) from refusal
    return lines


@verb
def tick_lines(distribution, *, by, ticks) -> list[DistributionLine]:
    """Note what became of several lines, as the signed sheet says. A refusal names its line, and nothing is noted."""
    require(by, "donations.change_distributionline", distribution)
    if not ticks:
        raise Refused(NOTHING_TICKED)
    if any(tick.line.distribution_id != distribution.pk for tick in ticks):
        raise Refused(OF_ANOTHER_SHEET)
    return [_tick(tick, by=by) for tick in sorted(ticks, key=lambda tick: tick.line.number)]


@verb
def attach_sheet(distribution, upload, *, by) -> Attachment:
    """Keep a photo or scan of the signed sheet with its batch."""
    require(by, "donations.change_distributionline", distribution)
    return intake.attach(
        Distribution._meta.label, distribution.pk, upload, by=by, most=settings.SIGNED_SHEETS_MOST
    )


@verb
def assign_sheet(attachment, distribution, *, by) -> Attachment:
    """Give a photo whose code could not be read to the batch that somebody chose."""
    require(by, "donations.change_distributionline", distribution)
    return intake.assign(attachment, distribution, by=by)


def _tick(tick, *, by) -> DistributionLine:
    try:
        if tick.state == DeliveryState.DELIVERED:
            return distributions.note_delivered(
                tick.line,
                by=by,
                delivered_on=tick.delivered_on,
                signing=tick.signing,
                receiver_name=tick.receiver_name,
                relation=tick.relation,
                note=tick.note,
            )
        return distributions.note_undelivered(tick.line, by=by, state=tick.state, note=tick.note)
    except ValidationError as refusal:
        sentence = " ".join(refusal.messages)
        raise Refused(IN_LINE.format(number=tick.line.number, sentence=sentence)) from refusal
