"""What must always hold of duties: judged by a day, met by a visit that qualifies, let off by somebody."""

from django.db.models import Count, Exists, F, OuterRef, Q

from .enums import Outcome, VisitState
from .models import Obligation, ObligationTransition, VisitHousehold
from .services.obligations import DONE_BY


def duties_are_met_by_what_qualifies():
    """A confirmed visit that was made, of the duty's kind, under its pairing, inside the window or its grace."""
    under = VisitHousehold.objects.filter(pairing=OuterRef("pairing"), visit=OuterRef("met_by"))
    done = Obligation.objects.filter(state__in=[Outcome.MET, Outcome.LATE])
    done = done.select_related("met_by", "rule", "pairing").defer("met_by__notes")
    done = done.annotate(under=Exists(under)).order_by("pk")
    for duty in done.iterator(chunk_size=1000):
        visit = duty.met_by
        last = duty.window_end if duty.state == Outcome.MET else duty.grace_until
        first = duty.window_start if duty.state == Outcome.MET else duty.window_end
        # A voided visit stands until the night opens its duty again.
        counts = visit.state in (VisitState.CONFIRMED, VisitState.VOIDED) and visit.was_made
        if not (counts and duty.under and visit.kind == DONE_BY[duty.rule.kind]):
            yield f"任务 {duty} 记为由走访 {visit} 完成，这次走访却不能算数。"
        elif not first <= visit.visited_on < last:
            yield f"任务 {duty} 记为{duty.get_state_display()}，走访 {visit} 的日期却不在那段时间。"


def a_visit_meets_a_rule_once():
    """Two duties of one rule are two visits."""
    twice = Obligation.objects.filter(met_by__isnull=False).order_by("pairing", "rule", "met_by")
    twice = twice.values("pairing__code", "met_by__code").annotate(n=Count("pk", distinct=True), r=F("rule"))
    for row in twice.filter(n__gt=1):
        yield f"结对 {row['pairing__code']} 的走访 {row['met_by__code']} 被同一条标准算了 {row['n']} 次。"


def judgements_are_kept():
    """What people decide leaves a transition; what the night judges leaves its day."""
    step = ObligationTransition.objects.filter(obligation=OuterRef("pk"), to_state=Outcome.WAIVED)
    for duty in Obligation.objects.filter(~Exists(step), state=Outcome.WAIVED).order_by("pk"):
        yield f"任务 {duty} 记为已免除，却没有免除的记录。"
    judged = Q(state__in=[Outcome.MET, Outcome.LATE, Outcome.MISSED, Outcome.LAPSED])
    for duty in Obligation.objects.filter(judged, judged_on__isnull=True).order_by("pk"):
        yield f"任务 {duty} 记为{duty.get_state_display()}，却没有判定日期。"


DUTY_CHECKS = [duties_are_met_by_what_qualifies, a_visit_meets_a_rule_once, judgements_are_kept]
