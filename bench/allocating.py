"""Many people at one pot of money, and at many pots: what the order of locks is worth. PostgreSQL only; SQLite has one writer.

Eight processes, as a web server has them, propose 0.01 元 each, over and over. All think for 2 ms inside their transaction, as a
service does that reads and judges before it writes. The baseline holds the holding from the first read on
(``select_for_update`` first); ours takes nothing before the running number. Running number, trigger and the hash chain's head
take part in both. The limit is ours without thinking.
"""

import multiprocessing
import os
import time
import traceback
from decimal import Decimal
from statistics import median

from django.db import connection, connections, transaction

from cases.models import Household
from donations.enums import Route
from donations.models import Holding
from donations.services import allocations, gifts
from donations.services.gifts import Line
from jinchuan.shared.clock import today
from organizations.models import Division, User

from .care import community
from .measuring import Row

PROCESSES, EACH, THINK = 8, 12, 0.002
ROUNDS = 3


def hot() -> Row | None:
    return _measured("alloc.hot", pots=1)


def spread() -> Row | None:
    return _measured("alloc.spread", pots=PROCESSES)


def _measured(name, pots) -> Row | None:
    if connection.vendor != "postgresql":
        return None
    officer, household, holdings = _ground(pots)

    def propose(holding):
        allocations.propose_allocation(holding, by=officer, amount=Decimal("0.01"), household=household)

    def held_first(holding):
        with transaction.atomic():
            Holding.objects.select_for_update(of=("self",)).get(pk=holding.pk)
            time.sleep(THINK)
            propose(holding)

    def ours(holding):
        with transaction.atomic():
            Holding.objects.get(pk=holding.pk)
            time.sleep(THINK)
            propose(holding)

    acts = held_first, ours, propose
    rounds = [[_together(act, holdings) for act in acts] for _ in range(ROUNDS + 1)]
    baseline, mine, limit = (median(taken) for taken in zip(*rounds[1:], strict=True))
    done = PROCESSES * EACH
    counters = " | ".join(f"{done / seconds:.0f}" for seconds in (baseline, mine, limit))
    return Row(
        name, baseline / done, mine / done, limit / done, f"{counters} a second, {PROCESSES} processes"
    )


def _together(act, holdings) -> float:
    """Seconds from when all are ready to when all are done."""
    here = multiprocessing.get_context("fork")
    start, done = here.Barrier(PROCESSES + 1), here.Barrier(PROCESSES + 1)
    connections.close_all()  # none is to be shared
    workers = [
        here.Process(target=_work, args=[act, holdings, place, start, done]) for place in range(PROCESSES)
    ]
    for one in workers:
        one.start()
    start.wait(60)
    began = time.perf_counter()
    done.wait(600)
    taken = time.perf_counter() - began
    for one in workers:
        one.join()
    return taken


def _work(act, holdings, place, start, done) -> None:
    try:
        rows = Holding.objects.select_related("lot__line__donation", "fund")
        holding = rows.get(pk=holdings[place % len(holdings)])
        start.wait(60)
        for _ in range(EACH):
            act(holding)
        done.wait(600)
    except BaseException:
        traceback.print_exc()
        done.abort()
    os._exit(0)  # nothing of the parent is to be tidied up here


def _ground(pots):
    """A household, and as many pots of money as are wanted, each from a confirmed gift."""
    officer, reviewer = (User.objects.get(username=name) for name in ("officer", "reviewer"))
    county = Division.objects.get(level="county")
    household, _ = Household.objects.get_or_create(
        code="HJ-BENCH",
        defaults={
            "community": community(county, 0),
            "registered_on": today(),
            "registered_by": officer,
            "state": "active",
        },
    )
    holdings = []
    for _ in range(pots):
        gift = gifts.log_donation(
            by=officer,
            donor={"kind": "anonymous"},
            lines=[Line(kind="cash", value=Decimal(100_000))],
            received_on=today(),
            route=Route.ASSOCIATION,
        )
        gifts.confirm_donation(gift, by=reviewer)
        holdings.append(Holding.objects.get(lot__line__donation=gift).pk)
    return officer, household, holdings
