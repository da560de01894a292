"""Days and times of day."""

import re
from datetime import date, datetime, time

from django.core.exceptions import ValidationError

from jinchuan.shared import clock, text
from jinchuan.shared.dates import DATE_FORM, parse_day, zh

from .base import TypedField, plain_number

DAY_IN_FUTURE = "{label}不能晚于今天"
DAY_TOO_EARLY = "{label}不能早于{day}"
DAY_HINT = "例如 2025-07-01"
TIME_FORM = "时间请写成 14:30"
TIME_HINT = "例如 14:30"


def check_day(day, *, label, past=False, earliest=None):
    """Refuse a day after today when only the past makes sense, and a day before ``earliest``."""
    if past and day > clock.today():
        raise ValidationError(DAY_IN_FUTURE.format(label=label), code="future")
    if earliest is not None and day < earliest:
        raise ValidationError(DAY_TOO_EARLY.format(label=label, day=zh(earliest)), code="early")


class DayFormField(TypedField):
    """A day, typed in any usual way. ``past`` refuses days after today, ``earliest`` days before it."""

    noun = "日期"
    hint = DAY_HINT
    empty_value = None

    def __init__(self, *, past=False, earliest=None, **kwargs):
        self.past, self.earliest = past, earliest
        super().__init__(**kwargs)

    def read(self, typed):
        return parse_day(typed)

    def take_cell(self, value):
        if isinstance(value, datetime):
            return clock.day_of(value)
        if isinstance(value, date):
            return value
        if isinstance(value, bool | time):
            raise ValidationError(DATE_FORM, code="format")
        return parse_day(plain_number(value))

    def validate(self, value):
        super().validate(value)
        if value is not None:
            check_day(value, label=self.label or self.noun, past=self.past, earliest=self.earliest)

    def prepare_value(self, value):
        return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


class TimeFormField(TypedField):
    """A time of day to the minute: 14:30, 14：30, 1430, 14点30分, 14点半, 下午2:30."""

    noun = "时间"
    hint = TIME_HINT
    empty_value = None
    _TIME = re.compile(
        r"(?P<half>上午|早上|中午|下午|晚上)?(?P<hour>[0-9]{1,2})(?:[:.点时](?P<minute>[0-9]{1,2}|半|整)?分?(?::00)?)"
    )
    _RUN_TOGETHER = re.compile(r"(?P<half>)(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})")

    def read(self, typed):
        folded = text.fold_digits(typed)
        match = self._TIME.fullmatch(folded) or self._RUN_TOGETHER.fullmatch(folded)
        if match is None:
            raise ValidationError(TIME_FORM, code="format")
        minute = {None: 0, "整": 0, "半": 30}.get(match["minute"])
        minute = int(match["minute"]) if minute is None else minute
        hour = int(match["hour"])
        if match["half"] in {"下午", "晚上", "中午"} and hour < (10 if match["half"] == "中午" else 12):
            hour += 12
        if hour > 23 or minute > 59:
            raise ValidationError(TIME_FORM, code="format")
        return time(hour, minute)

    def take_cell(self, value):
        if isinstance(value, datetime):
            value = value.time()
        if isinstance(value, time):
            return value.replace(second=0, microsecond=0, tzinfo=None)
        raise ValidationError(TIME_FORM, code="format")

    def prepare_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, time) else value
