"""What the registers of care have in common."""

from django.db.models import Exists, OuterRef, Q

from jinchuan.shared.admin import Panel
from jinchuan.shared.templatetags.house import zh_time
from organizations.filters import PlaceFilter

from ..models import Member, VisitHousehold

SHOWN = 10
SHOWN_IN_FILE = 1000


class WorkedOn:
    """What was seen and done is read as it is by those who work on it; others read that something is written."""

    worked_on = ()

    def _as_read(self, request):
        shown = super()._as_read(request)
        if request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}"):
            return {name: how for name, how in shown.items() if name not in self.worked_on}
        return shown


class VisitPlaceFilter(PlaceFilter):
    """Visits that reached a household in a division; each once, however many households it reached there."""

    def filter(self, qs, value):
        if not value:
            return qs
        there = VisitHousehold.objects.filter(
            visit=OuterRef("pk"), household__community__path__startswith=value.path
        )
        return qs.filter(Exists(there))


def households_called(word) -> Q:
    """Of people who live in a household: those found by a part of a name or its pinyin, as a condition on their table."""
    return Q(name__icontains=word) | Q(name_search__icontains=word)


def ids_of_households_called(word):
    return Member.objects.filter(households_called(word), left_on__isnull=True).values("household")


def counted_panel(request, title, heads, rows, cells, *, more_url="", **options) -> Panel:
    """A section with the number of all its rows in the title: the newest on the page, all of them in the file."""
    count = rows.count()
    most = SHOWN_IN_FILE if getattr(request.resolver_match, "url_name", "").endswith("_file") else SHOWN
    shown = [cells(row) for row in rows[:most]] if count else []
    return Panel(
        f"{title}（{count}）", heads, shown, more_url=more_url if count > len(shown) else "", **options
    )


def steps_panel(row) -> Panel:
    """How a row came to its state."""
    states = type(row)._meta.get_field("state").choices
    words = dict(states)
    return Panel(
        "办理经过",
        ("时间", "经办人", "状态", "原因"),
        [
            (
                zh_time(one.at),
                one.by.username if one.by else "系统",
                f"{words.get(one.from_state, one.from_state)} → {words.get(one.to_state, one.to_state)}",
                one.reason or "--",
            )
            for one in row.transitions.select_related("by")
        ],
        empty="登记以后还没有办理。",
    )
