"""The care side of a large district, made inside the database with INSERT … SELECT: for measuring only, committed.

100,000 households of two people, each paired and called on ten times in five years: 1,000,000 visits. The same every time.
"""

import itertools
from datetime import date, datetime, time, timedelta

from django.db import connection

from cases.models import (
    CareNeed,
    Consent,
    EligibilityReview,
    Hardship,
    Household,
    Matter,
    Member,
    MemberNamePart,
    Pairing,
    Visit,
    VisitHousehold,
)
from cases.services.standards import add_standard
from jinchuan.audit.models import AuditEvent
from jinchuan.shared import pinyin
from jinchuan.shared.clock import SHANGHAI, travel
from jinchuan.shared.naming import parts_of
from organizations.models import Division, Organization, User

HOUSEHOLDS = 100_000
VISITS_EACH = 10
FIRST, LAST = date(2021, 6, 20), date(2026, 6, 1)
STARTED = date(2025, 1, 1)
THEN = datetime.combine(STARTED, time(9), SHANGHAI)
STANDARD_FROM = date(2026, 1, 1)
# The ids of what is made here begin above those of anything else, so that sequences stay out of the way.
BASE = 1_000_000
COMMUNITIES = 40

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚"
)
_FIRST, _SECOND = "建德永志长玉生国天根秀桂淑凤菊春素翠兰月", "英兰梅珍花萍娥云福祥"


def is_filled() -> bool:
    return Household.objects.filter(pk__gte=BASE).exists()


def fill(households=HOUSEHOLDS, visits_each=VISITS_EACH) -> None:
    """Everything but the duties, which ``run_night`` makes."""
    county = Division.objects.get(level="county")
    officer, reviewer = (User.objects.get(username=name).pk for name in ("officer", "reviewer"))
    organizations = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
    communities = [community(county, number).pk for number in range(COMMUNITIES)]
    names = [family + one + two for family, one, two in itertools.product(_SURNAMES, _FIRST, _SECOND)]
    _table("bench_number", "n integer PRIMARY KEY", ((n,) for n in range(max(households, len(names)))))
    _table(
        "bench_day",
        "n integer PRIMARY KEY, day date",
        ((n, FIRST + timedelta(days=n)) for n in range((LAST - FIRST).days)),
    )
    _table(
        "bench_name",
        "n integer PRIMARY KEY, name varchar(50), pinyin varchar(400), search varchar(1000)",
        ((n, name, pinyin.pinyin_of(name), pinyin.search_key(name)) for n, name in enumerate(names)),
    )
    _table("bench_place", "n integer PRIMARY KEY, pk bigint", enumerate(communities))
    _table("bench_helper", "n integer PRIMARY KEY, pk bigint", enumerate(organizations))
    each = f"bench_number b WHERE b.n < {households}"
    place = f"JOIN bench_place place ON place.n = b.n % {len(communities)}"
    helper = f"JOIN bench_helper helper ON helper.n = b.n % {len(organizations)}"
    confirmed = {
        "state": "'confirmed'",
        "submitted_at": THEN,
        "submitted_by_id": officer,
        "confirmed_at": THEN,
        "confirmed_by_id": reviewer,
    }
    insert(
        Household,
        f"bench_number b {place} WHERE b.n < {households}",
        id=f"{BASE} + b.n",
        code="'HJ-' || (10000 + b.n)",
        community_id="place.pk",
        phone=Household(phone="13800000000"),
        need_level="CASE b.n % 10 WHEN 0 THEN 'severe' WHEN 1 THEN 'marked' ELSE 'ordinary' END",
        registered_on=STARTED,
        registered_by_id=officer,
        state="'active'",
    )
    for number, relation in enumerate(("head", "spouse")):
        insert(
            Member,
            f"bench_number b JOIN bench_name name ON name.n = (b.n * 7 + {number * 3}) % {len(names)} "
            f"WHERE b.n < {households}",
            id=f"{BASE} + b.n * 2 + {number}",
            household_id=f"{BASE} + b.n",
            name="name.name",
            name_pinyin="name.pinyin",
            name_search="name.search",
            relation=f"'{relation}'",
            id_hash=f"'hash-' || (b.n * 2 + {number})",
            birth_date=date(1950, 1, 1),
            joined_on=STARTED,
        )
    _table(
        "bench_part",
        "n integer, part varchar(1000)",
        (
            (n, part)
            for n, name in enumerate(names)
            for part in sorted(parts_of(name, pinyin.search_key(name)))
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX bench_part_n ON bench_part (n)")
    for number in range(2):
        insert(
            MemberNamePart,
            f"bench_number b JOIN bench_part named ON named.n = (b.n * 7 + {number * 3}) % {len(names)} "
            f"WHERE b.n < {households}",
            named_id=f"{BASE} + b.n * 2 + {number}",
            part="named.part",
        )
    insert(
        Hardship,
        each,
        member_id=f"{BASE} + b.n * 2",
        category="'destitute_person'",
        basis="'低保证'",
        started_on=STARTED,
    )
    insert(
        EligibilityReview,
        each,
        household_id=f"{BASE} + b.n",
        method="'home_visit'",
        evidence="'入户'",
        reviewed_on=STARTED,
        submitted_by_id=officer,
        reviewed_by_id=reviewer,
    )
    insert(
        Consent,
        f"bench_number b {helper} WHERE b.n < {households}",
        household_id=f"{BASE} + b.n",
        purpose="'share_with_organization'",
        organization_id="helper.pk",
        given_on=STARTED,
        evidence="'签字'",
        recorded_by_id=officer,
    )
    insert(
        Pairing,
        f"bench_number b {helper} WHERE b.n < {households}",
        id=f"{BASE} + b.n",
        code=f"'JD-' || ({BASE} + b.n)",
        household_id=f"{BASE} + b.n",
        organization_id="helper.pk",
        intended_on=STARTED,
        hold_until=STARTED + timedelta(days=30),
        started_on=STARTED,
        organization_confirmed_at=THEN,
        organization_confirmed_by_id=officer,
        household_confirmed_at=THEN,
        household_confirmed_by_id=officer,
        state="'active'",
        created_by_id=officer,
    )
    step = (LAST - FIRST).days // visits_each
    for turn in range(visits_each):
        visit = f"{BASE} + {turn * households} + b.n"
        # The last call is a contact, as most are.
        home = (visits_each - turn) % 2 == 0
        insert(
            Visit,
            f"bench_number b {helper} JOIN bench_day day ON day.n = {turn * step} + b.n % {step} "
            f"WHERE b.n < {households}",
            id=visit,
            code=f"'ZF-' || ({visit})",
            kind="'home_visit'" if home else "'contact'",
            channel="'in_person'" if home else "'phone'",
            visited_on="day.day",
            organization_id="helper.pk",
            visitors="'测试'",
            condition="'good'",
            **confirmed,
        )
        insert(
            VisitHousehold,
            each,
            visit_id=visit,
            household_id=f"{BASE} + b.n",
            pairing_id=f"{BASE} + b.n",
        )
    insert(
        Matter,
        f"bench_number b {helper} WHERE b.n < {households}",
        code=f"'SX-' || ({BASE} + b.n)",
        kind="'policy_delivered'",
        household_id=f"{BASE} + b.n",
        organization_id="helper.pk",
        settled_on=STARTED,
        description=Matter(description="办理"),
        **confirmed,
    )
    insert(
        CareNeed,
        each,
        code=f"'XQ-' || ({BASE} + b.n)",
        household_id=f"{BASE} + b.n",
        need="'medical'",
        public_words="'一位老人需要陪同就医'",
        open_quantity=1,
        raised_on=STARTED,
        raised_by_id=officer,
    )
    insert(
        AuditEvent,
        each,
        id=f"{BASE} + b.n",
        at=THEN,
        action="'create'",
        actor="'officer'",
        actor_role="'officer'",
        target_type=f"'{Household._meta.label}'",
        target_id=f"CAST({BASE} + b.n AS varchar(60))",
        target_label="'HJ-' || (10000 + b.n)",
    )
    rules = [
        {"kind": "contact", "window": "year", "times": 4},
        {"kind": "home_visit", "window": "year", "times": 2},
    ]
    with travel(THEN):
        add_standard(by=None, name="测量", basis="测量", effective_from=STANDARD_FROM, rules=rules)
    settle()


def settle() -> None:
    """What PostgreSQL does by itself in a quiet hour; SQLite has no statistics in an installation, either."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def insert(model, source, **columns) -> None:
    """INSERT … SELECT from a source: a column is SQL when it is text, a value otherwise; a row of the model stands for
    that column of its. What is not named gets the default of its field, as it would from the model."""
    names, expressions, values = [], [], []
    for field in model._meta.concrete_fields:
        given = columns.pop(field.attname, None)
        if given is None and field.primary_key:
            continue
        names.append(connection.ops.quote_name(field.column))
        if isinstance(given, str):
            expressions.append(given)
            continue
        if isinstance(given, model):
            given = getattr(given, field.attname)
        value = field.get_default() if given is None else given
        expressions.append("%s")
        values.append(field.get_db_prep_save(value, connection))
    if columns:
        raise LookupError(f"{model._meta.label} has no {', '.join(columns)}")
    table = connection.ops.quote_name(model._meta.db_table)
    cast = [_typed(expression, name, model) for expression, name in zip(expressions, names, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(cast)} FROM {_escaped(source)}",
            values,
        )


def _typed(expression, name, model) -> str:
    """PostgreSQL takes a parameter of a SELECT for text unless it is told the column's type."""
    if expression != "%s":
        return _escaped(expression)
    if connection.vendor != "postgresql":
        return expression
    field = next(one for one in model._meta.concrete_fields if connection.ops.quote_name(one.column) == name)
    return f"%s::{field.db_type(connection).split(' GENERATED')[0]}"


def _escaped(sql) -> str:
    return sql.replace("%", "%%")


def _table(name, columns, rows) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns})")
        batch = iter(rows)
        while some := list(itertools.islice(batch, 5_000)):
            marks = ", ".join(["%s"] * len(some[0]))
            cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", some)
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {name}")


def community(county, number) -> Division:
    """A community of one of eight streets, made with its street when that is new."""
    code = f"6203029{number % 8 + 1:02d}"
    street, _ = Division.objects.get_or_create(
        code=f"{code}000",
        defaults={
            "name": code,
            "level": "subdistrict",
            "parent": county,
            "path": f"{county.path}{code}000/",
        },
    )
    code = f"{code}{number + 1:03d}"
    made, _ = Division.objects.get_or_create(
        code=code,
        defaults={"name": code, "level": "community", "parent": street, "path": f"{street.path}{code}/"},
    )
    return made
