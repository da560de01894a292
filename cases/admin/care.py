"""What the registers of care have in common."""

from django.contrib import messages
from django.db.models import Exists, OuterRef

from jinchuan.shared.admin import OneFilter, Panel
from jinchuan.shared.templatetags.house import zh_time
from organizations.filters import PlaceFilter

from ..enums import VisitState
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


class PutRight:
    """What was returned is a form again for the one who entered it, and goes to be confirmed once more when it is saved."""

    change_words = "重新提交"

    def stands_alone(self, row) -> bool:
        return True

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        mine = obj is None or (obj.state == VisitState.RETURNED and obj.submitted_by_id == request.user.pk)
        return mine and (obj is None or self.stands_alone(obj))

    def get_fieldsets(self, request, obj=None):
        if obj and self.has_change_permission(request, obj):
            return [("修改", self.add_fieldsets[0][1]), self.fieldsets[-1]]
        return super().get_fieldsets(request, obj)

    def page_note(self, request, obj):
        """Why it was returned, and who puts it right."""
        if obj is None or obj.state != VisitState.RETURNED:
            return super().page_note(request, obj)
        last = obj.transitions.order_by("-at", "-id").first()
        reason = f"退回意见：{last.reason}" if last else "已退回。"
        if not self.stands_alone(obj):
            return f"{reason}　随走访一起修改。"
        return reason if self.has_change_permission(request, obj) else f"{reason}　由登记人修改后重新提交。"

    def response_change(self, request, obj):
        self.message_user(
            request, f"{self.choice_label(obj)} 已重新提交，由另一位工作人员确认。", messages.SUCCESS
        )
        return self.response_post_save_change(request, obj)


class WaitingCare(OneFilter):
    """The slices of a register of care, and what was returned to the one who asks."""

    title = "办理情况"
    parameter_name = "waiting"

    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), ("mine", "退回给我修改")]

    def queryset(self, request, queryset):
        if self.value() == "mine":
            return returned_to(request.user, queryset)
        return super().queryset(request, queryset)


def returned_to(user, rows):
    return rows.returned().filter(submitted_by=user)


class VisitPlaceFilter(PlaceFilter):
    """Visits that reached a household in a division; each once, however many households it reached there."""

    def filter(self, qs, value):
        if not value:
            return qs
        there = VisitHousehold.objects.filter(
            visit=OuterRef("pk"), household__community__path__startswith=value.path
        )
        return qs.filter(Exists(there))


def ids_of_households_called(word):
    """Of the households in which somebody lives who is found by a part of the name or its pinyin."""
    return Member.objects.filter(left_on__isnull=True).called(word).values("household")


def is_file(request) -> bool:
    """Is this the page that is printed, with all there is, and not the one that is worked on?"""
    return getattr(request.resolver_match, "url_name", "").endswith("_file")


def counted_panel(request, title, heads, rows, cells, *, more_url="", **options) -> Panel:
    """A section with the number of all its rows in the title: the newest on the page, all of them in the file."""
    most = SHOWN_IN_FILE if is_file(request) else SHOWN
    found = list(rows[: most + 1])
    count = len(found) if len(found) <= most else rows.count()
    shown = [cells(row) for row in found[:most]]
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
