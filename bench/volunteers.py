"""The volunteer side of a large district: 2,000,000 service records, one volunteer's own record and the hours of a year.

The baseline asks the ORM row by row, as one would write it in an afternoon; the limit is the bare SQL of what is shown.
Rows are made inside the database, and only when one of these is asked for by name.
"""

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from jinchuan.shared.clock import SHANGHAI
from organizations.models import Organization, User
from volunteers import hours
from volunteers.models import Activity, Enrollment, QueryCode, ServiceRecord, Volunteer
from volunteers.own_record import own_record

from .care import _table, insert, settle
from .measuring import Row, interleaved

RECORDS, PEOPLE, EACH = 2_000_000, 20_000, 20
SESSIONS = RECORDS // EACH
BASE = 20_000_000  # ids of what is made here begin above those of anything else
FIRST, DAYS, YEAR = date(2022, 1, 1), 1_800, 2025
THEN = datetime.combine(FIRST, time(9), SHANGHAI)
TRIED = 100


def record_page() -> Row:
    """One volunteer's record as the holder of the slip sees it: every session, its organisation, what was asked about it."""
    _filled()
    code = QueryCode(volunteer=Volunteer.objects.get(pk=BASE), organization=None)

    def one_by_one():
        rows = ServiceRecord.objects.filter(volunteer=code.volunteer_id)
        return [
            (row.activity.title, row.activity.organization.name, list(row.correction_requests.all()))
            for row in rows
            if row.activity.state == "confirmed"
        ]

    sql = (
        "SELECT a.held_on, a.title, o.name, r.minutes FROM volunteers_servicerecord r "
        "JOIN volunteers_activity a ON a.id = r.activity_id JOIN organizations_organization o "
        "ON o.id = a.organization_id WHERE r.volunteer_id = %s AND a.state = 'confirmed' ORDER BY a.held_on DESC"
    )
    beside = [
        f"SELECT * FROM volunteers_{table} WHERE volunteer_id = %s"
        for table in ("enrollment", "training", "commendation", "evaluation")
    ]
    beside.append(
        "SELECT q.* FROM volunteers_correctionrequest q "
        "JOIN volunteers_servicerecord r ON r.id = q.record_id WHERE r.volunteer_id = %s"
    )
    return _measured("record.page", one_by_one, lambda: own_record(code), [sql, *beside], [code.volunteer_id])


def hours_year() -> Row:
    """Who served how long in a year, all organisations together; the baseline is reckoned up from a hundred volunteers."""
    _filled()
    officer = User.objects.get(username="officer")

    def one_by_one():
        for pk in range(BASE, BASE + TRIED):
            rows = ServiceRecord.objects.filter(volunteer=pk, activity__held_on__year=YEAR)
            rows.filter(activity__state="confirmed").aggregate(total=Sum("minutes"))

    sql = (
        "SELECT r.volunteer_id, v.name, v.national_number, count(*), sum(r.minutes) AS total "
        "FROM volunteers_servicerecord r JOIN volunteers_activity a ON a.id = r.activity_id "
        "JOIN volunteers_volunteer v ON v.id = r.volunteer_id WHERE a.state = 'confirmed' "
        "AND a.held_on >= %s AND a.held_on < %s GROUP BY 1, 2, 3 ORDER BY total DESC, 1"
    )
    values = [date(YEAR, 1, 1), date(YEAR + 1, 1, 1)]
    return _measured(
        "hours.year", one_by_one, lambda: hours.table(officer, YEAR), [sql], values, PEOPLE / TRIED
    )


def _measured(name, baseline, ours, statements, values, times=1) -> Row:
    def bare():
        with connection.cursor() as cursor:
            found = []
            for sql in statements:
                cursor.execute(sql, values)
                found.append(cursor.fetchall())
            return found[0]

    with CaptureQueriesContext(connection) as queries:
        ours()
    theirs, mine, limit = interleaved(baseline, ours, bare, rounds=3)
    return Row(name, theirs * times, mine, limit, f"{len(queries)} queries, {len(bare()):,} rows")


def _filled() -> None:
    if ServiceRecord.objects.filter(activity__pk__gte=BASE).exists():
        return
    officer, reviewer = (User.objects.get(username=name).pk for name in ("officer", "reviewer"))
    helpers = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    _table("bench_person", "n integer PRIMARY KEY", ((n,) for n in range(PEOPLE)))
    instant = ServiceRecord._meta.get_field("started_at").db_type(connection)
    stored = connection.ops.adapt_datetimefield_value
    _table(
        "bench_session",
        f"n integer PRIMARY KEY, day date, starts {instant}, ends {instant}, organization bigint",
        (
            (
                n,
                FIRST + timedelta(days=n % DAYS),
                stored(THEN + timedelta(days=n % DAYS)),
                stored(THEN + timedelta(days=n % DAYS, hours=4)),
                helpers[n % len(helpers)],
            )
            for n in range(SESSIONS)
        ),
    )
    _table("bench_place", "n integer PRIMARY KEY", ((n,) for n in range(EACH)))
    insert(
        Volunteer,
        "bench_person b",
        id=f"{BASE} + b.n",
        name="'测试'",
        name_pinyin="'ceshi'",
        name_search="'测试'",
        registered_on=FIRST,
    )
    _table("bench_roll", "n integer PRIMARY KEY, organization bigint", enumerate(helpers))
    insert(
        Enrollment,
        f"bench_person b JOIN bench_roll o ON o.n = b.n % {len(helpers)}",
        volunteer_id=f"{BASE} + b.n",
        organization_id="o.organization",
        joined_on=FIRST,
    )
    insert(
        Activity,
        "bench_session s",
        id=f"{BASE} + s.n",
        code="'HB-' || s.n",
        title="'服务'",
        organization_id="s.organization",
        responsible_person="'测试'",
        place="'社区'",
        held_on="s.day",
        content="'服务'",
        state="'confirmed'",
        submitted_at=THEN,
        submitted_by_id=officer,
        confirmed_at=THEN,
        confirmed_by_id=reviewer,
    )
    insert(
        ServiceRecord,
        "bench_session s CROSS JOIN bench_place p",
        activity_id=f"{BASE} + s.n",
        volunteer_id=f"{BASE} + (s.n * {EACH} + p.n * 7 + s.n / 1000) % {PEOPLE}",
        started_at="s.starts",
        ended_at="s.ends",
        minutes="30 + (s.n + p.n) % 200",
        state="'confirmed'",
        recorded_at=THEN,
        recorded_by_id=officer,
        confirmed_at=THEN,
        confirmed_by_id=reviewer,
    )
    settle()


BENCHMARKS = {"record.page": record_page, "hours.year": hours_year}
