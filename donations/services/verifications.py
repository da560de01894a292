"""Call-backs: a random sample of what was delivered is asked whether it arrived."""

import secrets
from math import ceil

from django.conf import settings

from jinchuan.audit.services import change, create, lock, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.errors import Refused

from ..enums import DistributionState
from ..models import Verification

NOTHING_TO_DRAW = "这次发放没有可以抽查的已签收明细。"
STILL_OPEN = "这次发放还没有结束，结束以后再抽取回访名单。"
ALREADY_DRAWN = "这次发放已经抽取过回访名单。"
CALL_OWN = "登记签收的人不能回访自己登记的明细，请由另一位工作人员回访。"
_LOT = secrets.SystemRandom()
IN_THE_FUTURE = "回访日期不能晚于今天。"


@verb
def draw_sample(distribution, *, by, lot=_LOT) -> list[Verification]:
    """Draw ``settings.VERIFICATION_SHARE`` of the delivered lines by ``lot``, at least one; once, when the distribution is over."""
    require(by, "donations.add_verification", distribution)
    distribution = lock(distribution)
    if distribution.state != DistributionState.CLOSED:
        raise Refused(STILL_OPEN)
    lines = list(distribution.lines.delivered().order_by("number"))
    if not lines:
        raise Refused(NOTHING_TO_DRAW)
    if Verification.objects.filter(line__in=lines).exists():
        raise Refused(ALREADY_DRAWN)
    drawn = lot.sample(lines, ceil(len(lines) * settings.VERIFICATION_SHARE))
    return [
        create(Verification(line=line, drawn_at=now(), drawn_by=by), by=by, action="draw")
        for line in sorted(drawn, key=lambda line: line.number)
    ]


@verb
def note_call(verification, *, by, result, called_on=None, note="") -> Verification:
    """Note what the household said. Not by who ticked the delivery."""
    require(by, "donations.change_verification", verification)
    day = called_on or today()
    if day > today():
        raise Refused({"called_on": IN_THE_FUTURE})
    if by and verification.line.noted_by_id == by.pk:
        raise Refused(CALL_OWN)
    return change(verification, by=by, action="call", result=result, called_on=day, called_by=by, note=note)
