"""What a report is about in time: a month, or the quarter, half-year or year that its months make."""

import re
from dataclasses import dataclass
from datetime import date

from jinchuan.shared.months import Month

from .enums import ReportKind

_MONTHS = {ReportKind.MONTH: 1, ReportKind.QUARTER: 3, ReportKind.HALF_YEAR: 6, ReportKind.YEAR: 12}
_WRITTEN = {
    ReportKind.QUARTER: (re.compile(r"([0-9]{4})-Q([1-4])"), "2026-Q3"),
    ReportKind.HALF_YEAR: (re.compile(r"([0-9]{4})-H([12])"), "2026-H1"),
    ReportKind.YEAR: (re.compile(r"([0-9]{4})()"), "2026"),
}
_WORD = {ReportKind.MONTH: "月", ReportKind.QUARTER: "季度", ReportKind.YEAR: "年"}


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """A kind of report and the first of its months. Prints as ``2026-10``, ``2026-Q3``, ``2026-H1``, ``2025``."""

    kind: ReportKind
    opening: Month

    @classmethod
    def parse(cls, kind, text: str) -> "Period":
        """The period of a kind as it is written; anything else raises ValueError."""
        kind = ReportKind(kind)
        if kind == ReportKind.MONTH:
            return cls(kind, Month.parse(text))
        pattern, example = _WRITTEN[kind]
        match = pattern.fullmatch(text)
        if match is None:
            raise ValueError(f"not a {kind}: {text!r}; write it as {example}")
        return cls(kind, Month(int(match[1]), (int(match[2] or 1) - 1) * _MONTHS[kind] + 1))

    @classmethod
    def read(cls, text: str) -> "Period":
        """The period as it is written, of whatever kind that is; anything else raises ValueError."""
        for kind, (pattern, _) in _WRITTEN.items():
            if pattern.fullmatch(text):
                return cls.parse(kind, text)
        return cls.parse(ReportKind.MONTH, text)

    @classmethod
    def of(cls, kind, month: Month) -> "Period":
        """The period of a kind that holds a month."""
        kind = ReportKind(kind)
        return cls(kind, month.plus(-((month.month - 1) % _MONTHS[kind])))

    @property
    def closing(self) -> Month:
        """The last of its months."""
        return self.opening.plus(_MONTHS[self.kind] - 1)

    @property
    def months(self) -> list[Month]:
        return list(Month.range(self.opening, self.closing))

    @property
    def first(self) -> date:
        return self.opening.first

    @property
    def last(self) -> date:
        return self.closing.last

    @property
    def end(self) -> date:
        """The first day after it: the open end of ``[first, end)``."""
        return self.closing.end

    @property
    def previous(self) -> "Period":
        return Period(self.kind, self.opening.plus(-_MONTHS[self.kind]))

    @property
    def year_before(self) -> "Period":
        """The same months of the year before: 上年同期."""
        return Period(self.kind, self.opening.plus(-12))

    @property
    def next(self) -> "Period":
        return Period(self.kind, self.closing.next)

    @property
    def label(self) -> str:
        """As printed: 2026年10月, 2026年第三季度, 2026年上半年, 2025年."""
        year = f"{self.opening.year}年"
        match self.kind:
            case ReportKind.MONTH:
                return self.opening.label
            case ReportKind.QUARTER:
                return f"{year}第{'一二三四'[(self.opening.month - 1) // 3]}季度"
            case ReportKind.HALF_YEAR:
                return f"{year}{self._half}"
        return year

    @property
    def this(self) -> str:
        """本月, 本季度, 上半年 or 下半年, 本年."""
        return self._half if self.kind == ReportKind.HALF_YEAR else f"本{_WORD[self.kind]}"

    @property
    def last_one(self) -> str:
        """上月, 上季度, 上年; before July to December came 上半年, before January to June 上年下半年."""
        if self.kind == ReportKind.HALF_YEAR:
            return "上年下半年" if self.opening.month == 1 else "上半年"
        return f"上{_WORD[self.kind]}"

    @property
    def totals(self) -> tuple[str, str]:
        """What stood before it and stands after it, from the first day of all: 上月累计, 本月累计. Of longer ones that would be read
        as the sum of their own months: 上季度末累计, 本季度末累计; 上年末累计, 上半年末累计."""
        if self.kind == ReportKind.MONTH:
            return "上月累计", "本月累计"
        before = "上年" if self.opening.month == 1 and self.kind == ReportKind.HALF_YEAR else self.last_one
        return f"{before}末累计", f"{self.this}末累计"

    @property
    def _half(self) -> str:
        return "上半年" if self.opening.month == 1 else "下半年"

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    def __str__(self) -> str:
        year, month = self.opening.year, self.opening.month
        match self.kind:
            case ReportKind.MONTH:
                return str(self.opening)
            case ReportKind.QUARTER:
                return f"{year}-Q{(month - 1) // 3 + 1}"
            case ReportKind.HALF_YEAR:
                return f"{year}-H{(month - 1) // 6 + 1}"
        return str(year)
