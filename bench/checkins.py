"""One scan on the day of a session: the POST of the public page beside the bare lookup and INSERT of the same check-in.

Ours does what the bare one does not: two rate limits, the person held so that nobody is noted twice, the checks of the row, the
hash chain. The issue asks for 500 in five minutes, which is 600 ms each on one process; the counter says how long 500 take.
"""

import itertools
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jinchuan.shared import clock
from organizations.models import Organization, User
from volunteers.models import CheckIn, Volunteer
from volunteers.services import checkins, people, plans

from .measuring import Row, interleaved

PEOPLE, ROUNDS = 500, 101


def desk() -> Row:
    window, roll = _hall()
    scans, bare = iter(roll), iter(roll)
    client, page = Client(), reverse("checkin:desk", args=[window.code])

    def scan():
        one = next(scans)
        answer = client.post(page, {"name": one.name, "tail": one.phone[-4:]})
        if answer.status_code != 200 or "已签到" not in answer.content.decode():
            raise RuntimeError(answer.status_code)

    def plain():
        one = next(bare)
        with transaction.atomic():
            person = Volunteer.objects.get(name=one.name)
            CheckIn.objects.create(activity=window.activity, volunteer=person, number=1001, at=clock.now())

    with override_settings(PUBLIC_LIMITS={**settings.PUBLIC_LIMITS, "check_in": (100_000, 300)}):
        with CaptureQueriesContext(connection) as asked:
            scan()
            queries = len(asked)  # now: the next request empties the log
        baseline, ours = interleaved(plain, scan, rounds=ROUNDS)
    told = f"{queries} queries; {PEOPLE} in {ours * PEOPLE:.0f} s"
    return Row("checkins.desk", baseline, ours, None, told)


def _hall():
    """A session that begins in five minutes, and a roll of 500."""
    organization = Organization.objects.order_by("pk").first()
    by = User.objects.create(
        username="organiser", name="测试", role="org_admin", organization=organization, password="!"
    )
    day = clock.today()
    names = itertools.product("赵钱孙李周吴郑王冯陈", "甲乙丙丁戊己庚辛壬癸", "东南西北中")
    roll = [
        people.register_volunteer(
            by=by, organization=organization, name="".join(name), phone=f"139{number:08}", joined_on=day
        )
        for number, name in zip(range(PEOPLE), names, strict=False)
    ]
    start = clock.now() + timedelta(minutes=5)
    what = {"title": "服务", "responsible_person": "测试", "place": "社区", "content": "服务"}
    activity = plans.plan_activity(
        by=by,
        organization=organization,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        phone="13909350001",
        what=what,
    )
    return checkins.open_check_in(activity, by=by), roll


BENCHMARKS = {"checkins.desk": desk}
