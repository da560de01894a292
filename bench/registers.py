"""Registers of 100,000 households and 1,000,000 visits: pages, searches, the due list, a household's page.

The baseline is the stock admin over tables of its own with the same rows (``bench.stock``), with as many rows a page; the limit
is the bare SQL of what the page shows, the number of all rows included. Whole requests are measured, with middleware and templates.
"""

from datetime import datetime, time, timedelta

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from cases.models import Household, Member, Obligation
from cases.services import obligations
from jinchuan.shared.clock import SHANGHAI, travel
from organizations.models import User

from . import care
from .measuring import PAGE, Row, interleaved
from .models import PlainMember, copy_care, is_copied

PART, INITIALS = "秀兰", "wxl"
ID_NUMBER = "620301195001010018"
# When the year's duties fall due.
_DUE = datetime.combine(care.STANDARD_FROM.replace(month=12, day=10), time(9), SHANGHAI)
_UNTIL = _DUE.date() + timedelta(days=30)

_HOUSEHOLDS = "FROM cases_household h JOIN organizations_division d ON d.id = h.community_id WHERE d.path LIKE '/620302000000/%%'"
_SHOWN = (
    "SELECT h.id, h.code, h.need_level, h.registered_on, h.state, d.name, (SELECT m.name FROM cases_member m "
    "WHERE m.household_id = h.id AND m.relation = 'head' AND m.left_on IS NULL)"
)
_CALLED = (
    " AND EXISTS (SELECT 1 FROM cases_member p WHERE p.household_id = h.id AND p.left_on IS NULL "
    "AND (p.name LIKE %s OR p.name_search LIKE %s))"
)
_DUTIES = (
    "FROM cases_obligation o JOIN cases_pairing p ON p.id = o.pairing_id JOIN cases_household h ON h.id = p.household_id "
    "JOIN organizations_organization g ON g.id = p.organization_id "
    "WHERE o.state = 'open' AND o.window_end > %s AND o.window_end <= %s"
)


def first() -> Row:
    return _list("register.first", "", _register(0))


def deep() -> Row:
    page = Household.objects.count() // PAGE * 3 // 4
    return _list("register.deep", f"?p={page}", _register((page - 1) * PAGE))


def by_name() -> Row:
    return _list("search.name", f"?q={PART}", _register(0, PART))


def by_initials() -> Row:
    return _list("search.initials", f"?q={INITIALS}", _register(0, INITIALS))


def by_id() -> Row:
    """A number that may stand in no address is asked for by POST; the stock admin searches a column of hashes. One look-up takes
    less than anything a server can answer with, so the limit is an empty page, with session and account, and the look-up."""
    member = Member.objects.filter(relation="head").order_by("pk").last()
    digest = Member._meta.get_field("id_hash").digest(ID_NUMBER)
    Member.objects.filter(pk=member.pk).update(id_number=ID_NUMBER, id_hash=digest)
    PlainMember.objects.filter(pk=member.pk).update(id_hash=digest)
    return _measure(
        "find.id",
        lambda client: client.get(f"/stock/bench/plainhousehold/?q={digest}"),
        lambda client: client.post("/admin/cases/household/find/", {"id_number": ID_NUMBER}),
        [("SELECT household_id FROM cases_member WHERE id_hash = %s", [digest])],
        answer=302,
        on_a_page=True,
    )


def due() -> Row:
    """Duties that fall due within 30 days."""
    since = _DUE.date()
    between = f"window_end__gte={since + timedelta(days=1)}&window_end__lt={_UNTIL + timedelta(days=1)}"
    raw = [
        (
            f"SELECT o.id, o.window_start, o.window_end, o.rule_id, o.ordinal, o.state, p.code, h.code, g.name {_DUTIES} "
            f"ORDER BY o.window_end, o.pairing_id, o.ordinal LIMIT {PAGE}",
            [since, _UNTIL],
        ),
        (f"SELECT count(*) {_DUTIES}", [since, _UNTIL]),
    ]
    return _measure(
        "due.list",
        lambda client: client.get(f"/stock/bench/plainobligation/?state__exact=open&{between}"),
        lambda client: client.get("/admin/cases/obligation/?waiting=due"),
        raw,
    )


def page() -> Row:
    """A household with its people, consents, pairing, duties, visits, needs, matters, gifts and history. The stock page shows
    the same but for the history, who read what, and suggestions."""
    pk = care.BASE + Household.objects.count() // 2
    tables = (
        "cases_member",
        "cases_consent",
        "cases_pairing",
        "cases_eligibilityreview",
        "cases_careneed",
        "cases_matter",
        "cases_careplan",
        "donations_donation",
        "donations_allocation",
        "donations_distributionline",
    )
    raw = [
        (f"{_SHOWN} {_HOUSEHOLDS} AND h.id = %s", [pk]),
        *((f"SELECT * FROM {table} WHERE household_id = %s", [pk]) for table in tables),
        (
            "SELECT h.* FROM cases_hardship h JOIN cases_member m ON m.id = h.member_id WHERE m.household_id = %s",
            [pk],
        ),
        (
            "SELECT v.* FROM cases_visit v JOIN cases_visithousehold r ON r.visit_id = v.id WHERE r.household_id = %s "
            "ORDER BY v.visited_on DESC LIMIT 10",
            [pk],
        ),
        ("SELECT count(*) FROM cases_visithousehold WHERE household_id = %s", [pk]),
        (
            "SELECT o.* FROM cases_obligation o JOIN cases_pairing p ON p.id = o.pairing_id WHERE p.household_id = %s",
            [pk],
        ),
        (
            "SELECT * FROM audit_auditevent WHERE target_type = 'cases.Household' AND target_id = %s "
            "ORDER BY id DESC LIMIT 20",
            [str(pk)],
        ),
    ]
    return _measure(
        "household.page",
        lambda client: client.get(f"/stock/bench/plainhousehold/{pk}/change/"),
        lambda client: client.get(f"/admin/cases/household/{pk}/change/"),
        raw,
    )


# How -----------------------------------------------------------------------------------------------------------


def _list(name, query, raw) -> Row:
    return _measure(
        name,
        lambda client: client.get(f"/stock/bench/plainhousehold/{query}"),
        lambda client: client.get(f"/admin/cases/household/{query}"),
        raw,
    )


def _register(offset, word="") -> list:
    """The SQL of a page of the register, and of its number of rows."""
    called, words = (_CALLED, [f"%{word}%"] * 2) if word else ("", [])
    return [
        (f"{_SHOWN} {_HOUSEHOLDS}{called} ORDER BY h.code LIMIT {PAGE} OFFSET {offset}", words),
        (f"SELECT count(*) {_HOUSEHOLDS}{called}", words),
    ]


def _measure(name, stock, ours, raw, *, answer=200, on_a_page=False) -> Row:
    with travel(_DUE), override_settings(ROOT_URLCONF="bench.stock"):
        if not is_copied(Household):
            if not Obligation.objects.exists():
                obligations.run_night(on=care.LAST)
            copy_care()
            care.settle()
        client = Client()
        client.force_login(User.objects.get(username="officer"))

        def asked(way, status):
            response = way(client)
            if response.status_code != status:
                raise RuntimeError(f"{name}: {response.status_code} for {response.request['PATH_INFO']}")
            return response

        asked(ours, answer)
        with CaptureQueriesContext(connection) as our_queries:
            got = asked(ours, answer)
            our_spent = _spent(our_queries)
        with CaptureQueriesContext(connection) as stock_queries:
            asked(stock, 200)
            stock_spent = _spent(stock_queries)

        def empty_page():
            asked(lambda client: client.get("/stock/empty/"), 200)
            _run(raw)

        baseline, mine, bare, page = interleaved(
            lambda: asked(stock, 200), lambda: asked(ours, answer), lambda: _run(raw), empty_page
        )
    (theirs, their_time), (mine_too, my_time) = stock_spent, our_spent
    counters = f"queries {theirs} | {mine_too} | {len(raw)}, SQL {their_time:.0f} | {my_time:.0f} ms, {len(got.content) // 1024} KB"
    if on_a_page:
        return Row(name, baseline, mine, page, f"{counters}; the look-up alone {bare * 1000:.2f} ms")
    return Row(name, baseline, mine, bare, f"{counters}; an empty page {(page - bare) * 1000:.1f} ms")


def _run(statements) -> None:
    with connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)
            cursor.fetchall()


def _spent(queries) -> tuple[int, float]:
    """How many, and their milliseconds; read before another request forgets them."""
    return len(queries), sum(float(one["time"]) for one in queries.captured_queries) * 1000


BENCHMARKS = {
    "register.first": first,
    "register.deep": deep,
    "search.name": by_name,
    "search.initials": by_initials,
    "find.id": by_id,
    "due.list": due,
    "household.page": page,
}
