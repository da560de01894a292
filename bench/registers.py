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
from .measuring import PAGE, PAGES, Row, interleaved, warmed
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

# What the page of a household shows, as one writes it by hand: only the columns, with the names they are shown by.
_STORY = (
    "SELECT h.*, d.name, u.name, (SELECT m.name FROM cases_member m WHERE m.household_id = h.id AND m.relation = 'head' "
    "AND m.left_on IS NULL) FROM cases_household h JOIN organizations_division d ON d.id = h.community_id "
    "LEFT JOIN organizations_user u ON u.id = h.registered_by_id WHERE h.id = %s",
    "SELECT id, name FROM organizations_division WHERE is_active AND level IN ('community', 'village') "
    "AND path LIKE '/620302000000/%%' ORDER BY code",
    "SELECT id FROM cases_household WHERE merged_into_id = %s",
    "SELECT id, name, relation, sex, birth_date, left_on FROM cases_member WHERE household_id = %s",
    "SELECT s.member_id, s.category FROM cases_hardship s JOIN cases_member m ON m.id = s.member_id "
    "WHERE m.household_id = %s AND s.ended_on IS NULL",
    "SELECT c.id, c.purpose, g.name, c.given_by, c.given_on, c.evidence, c.withdrawn_on, c.expires_on FROM cases_consent c "
    "LEFT JOIN organizations_organization g ON g.id = c.organization_id WHERE c.household_id = %s",
    "SELECT p.id, p.code, g.name, p.role, p.intended_on, p.started_on, p.ended_on, p.state FROM cases_pairing p "
    "JOIN organizations_organization g ON g.id = p.organization_id WHERE p.household_id = %s",
    "SELECT r.reviewed_on, r.method, r.evidence, s.username, u.username, r.valid_until FROM cases_eligibilityreview r "
    "JOIN organizations_user s ON s.id = r.submitted_by_id JOIN organizations_user u ON u.id = r.reviewed_by_id "
    "WHERE r.household_id = %s",
    "SELECT o.id, u.kind, u.window, o.ordinal, g.name, o.window_end, o.judged_on, o.state FROM cases_obligation o "
    "JOIN cases_pairing p ON p.id = o.pairing_id JOIN organizations_organization g ON g.id = p.organization_id "
    "JOIN cases_standardrule u ON u.id = o.rule_id WHERE p.household_id = %s ORDER BY o.window_end DESC LIMIT 11",
    "SELECT v.id, v.code, v.visited_on, v.kind, v.channel, g.name, v.condition, v.was_made, v.state FROM cases_visit v "
    "JOIN cases_visithousehold r ON r.visit_id = v.id LEFT JOIN organizations_organization g ON g.id = v.organization_id "
    "WHERE r.household_id = %s ORDER BY v.visited_on DESC LIMIT 11",
    "SELECT count(*) FROM cases_visithousehold WHERE household_id = %s",
    "SELECT n.id, n.code, n.need, n.description, n.state FROM cases_careneed n WHERE n.household_id = %s",
    "SELECT m.id, m.kind, m.description, m.state, g.name FROM cases_matter m "
    "LEFT JOIN organizations_organization g ON g.id = m.organization_id WHERE m.household_id = %s",
    "SELECT id, year, goals, drawn_on, reviewed_on FROM cases_careplan WHERE household_id = %s",
    "SELECT a.id, a.code, m.name, p.name, a.school_year, a.stage, a.state, a.decided_at FROM cases_studentaid a "
    "JOIN cases_member m ON m.id = a.member_id JOIN organizations_program p ON p.id = a.program_id WHERE m.household_id = %s",
    "SELECT a.id, a.code, l.item, l.unit, a.amount, a.delivered, a.proposed_on, a.state, f.name, p.name FROM donations_allocation a "
    "JOIN donations_holding h ON h.id = a.holding_id JOIN donations_lot l ON l.id = h.lot_id "
    "LEFT JOIN donations_fund f ON f.id = a.fund_id LEFT JOIN organizations_program p ON p.id = a.program_id "
    "WHERE a.household_id = %s",
    "SELECT d.id, d.code, d.received_on, d.state, sum(l.value) FILTER (WHERE l.kind = 'cash'), "
    "sum(l.value) FILTER (WHERE l.kind = 'goods') FROM donations_donation d LEFT JOIN donations_donationline l "
    "ON l.donation_id = d.id WHERE d.household_id = %s GROUP BY d.id",
    "SELECT i.delivered_on, l.item, l.unit, i.amount, g.name, g.kind, g.agrees_to_be_named, d.code, b.code, i.number "
    "FROM donations_distributionline i JOIN donations_distribution b ON b.id = i.distribution_id "
    "JOIN donations_allocation a ON a.id = i.allocation_id JOIN donations_holding h ON h.id = a.holding_id "
    "JOIN donations_lot l ON l.id = h.lot_id JOIN donations_donationline n ON n.id = l.line_id "
    "JOIN donations_donation d ON d.id = n.donation_id JOIN donations_donor g ON g.id = d.donor_id "
    "WHERE i.state = 'delivered' AND i.household_id = %s",
    "SELECT id FROM intake_attachment WHERE parent_type = 'cases.Household' AND parent_id = %s",
    "SELECT at, actor, actor_role, action, reason FROM audit_auditevent WHERE target_type = 'cases.Household' AND target_id = %s "
    "AND action IN ('reveal', 'opened', 'printed') ORDER BY id DESC LIMIT 200",
    "SELECT * FROM audit_auditevent WHERE target_type = 'cases.Household' AND target_id = %s ORDER BY id DESC LIMIT 20",
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
    """A household with its people, consents, pairings, duties, visits, needs, matters, gifts, help, readers and history. The stock page
    shows the same but for help, history, who read what, and suggestions."""
    pk = care.BASE + Household.objects.count() // 2
    raw = [
        (sql, [str(pk) if "target_id" in sql or "parent_id" in sql else pk] * sql.count("%s"))
        for sql in _STORY
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

        ways = lambda: asked(stock, 200), lambda: asked(ours, answer), lambda: _run(raw), empty_page
        warmed(*ways)
        baseline, mine, bare, page = interleaved(*ways, rounds=PAGES)
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
