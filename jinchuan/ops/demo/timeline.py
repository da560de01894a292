"""The order in which the demo district lives: acts with an instant, played one after another under a pretended clock."""

import heapq
import itertools
from datetime import datetime, time, timedelta

from jinchuan.shared import clock


class Timeline:
    """Acts to come, by instant. An act may put further ones on it; what lies after ``until`` never happens."""

    def __init__(self, until):
        self.until = until
        self._acts, self._count = [], itertools.count()

    def on(self, day, act, *args, at="10:00", **kwargs):
        """Let ``act(*args, **kwargs)`` happen on a day at a time of day, in Asia/Shanghai."""
        if day > self.until:
            return
        instant = datetime.combine(day, time.fromisoformat(at), clock.SHANGHAI)
        heapq.heappush(self._acts, (instant, next(self._count), act, args, kwargs))

    def play(self):
        """Run everything up to ``until``; on the present day the clock never runs ahead of the real one."""
        present = clock.now()
        while self._acts:
            instant, _, act, args, kwargs = heapq.heappop(self._acts)
            with clock.travel(min(instant, present)):
                act(*args, **kwargs)


def workday(day):
    """The day itself, or the Monday after it: offices do not confirm at weekends."""
    return day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])
