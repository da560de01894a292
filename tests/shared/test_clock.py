from datetime import UTC, date, datetime

from jinchuan.shared import clock


def test_a_day_begins_at_midnight_in_shanghai():
    assert clock.day_of(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.day_of(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_a_naive_instant_is_already_local():
    assert clock.day_of(datetime(2026, 11, 22, 23, 59)) == date(2026, 11, 22)


def test_now_and_today_agree():
    before, today, after = clock.now(), clock.today(), clock.now()
    assert before.utcoffset().total_seconds() == 8 * 3600
    assert before.date() <= today <= after.date()


def test_another_time_lasts_as_long_as_its_block():
    instant = datetime(2023, 9, 30, 17, 0, tzinfo=UTC)
    with clock.travel(instant):
        assert clock.now() == instant
        assert clock.today() == date(2023, 10, 1)
    assert clock.today() > date(2025, 1, 1)
