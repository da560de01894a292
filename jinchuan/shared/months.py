"""Calendar months as values: the unit in which the programme closes its books."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One calendar month. Orders by time, prints as ``2023-09``, reads as ``2023年9月``."""

    year: int
    month: int

    def __post_init__(self):
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 2999):
            raise ValueError(f"not a month: {self.year!r}-{self.month!r}")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month written ``2023-09``; anything else raises ValueError."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"not a month: {text!r}; write it as 2023-09")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that holds a date. For an instant, ask ``clock.day_of`` first."""
        return cls(day.year, day.month)

    @classmethod
    def range(cls, first: "Month", last: "Month") -> "Iterator[Month]":
        """Every month from ``first`` to ``last``, both included; nothing when they are the wrong way round."""
        month = first
        while month <= last:
            yield month
            month = month.next

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The first day *after* it: the open end of ``[first, end)``."""
        return self.next.first

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def next(self) -> "Month":
        return self.plus(1)

    @property
    def previous(self) -> "Month":
        return self.plus(-1)

    @property
    def label(self) -> str:
        """As printed: ``2023年9月``."""
        return f"{self.year}年{self.month}月"

    def plus(self, months: int) -> "Month":
        """The month so many months later (earlier when negative)."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
