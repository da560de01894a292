"""Pairings: intention, both sides' word, activation on its conditions, end."""

from django.contrib import admin
from django.db.models import Q

from jinchuan.shared import masking, site
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    HouseFilterSet,
    OneFilter,
    ScopedAdmin,
    link_to,
    row_link,
)
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_date, zh_time
from organizations.filters import PlaceFilter

from .. import asof
from ..enums import OPEN_PAIRING_STATES, PairingState
from ..models import Pairing
from ..services import pairings
from .as_of import AsOfMixin
from .care import WorkedOn, ids_of_households_called
from .pairing_verbs import PAIRING_VERBS

P = PairingState


class PairingFilter(HouseFilterSet):
    place = PlaceFilter(field_name="household__community")
    intended_from = DayFilter(field_name="intended_on", lookup_expr="gte", label="意向日期从")
    intended_to = DayFilter(field_name="intended_on", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = Pairing
        fields = []


class WaitingPairings(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {
        "intention": ("意向待办理", lambda rows: rows.filter(state=P.INTENTION, hold_until__gte=today())),
        "ending": ("意向即将到期", lambda rows: rows.hold_ending()),
        "over": ("意向已过期", lambda rows: rows.hold_over()),
    }


@admin.register(Pairing)
class PairingAdmin(AsOfMixin, WorkedOn, ScopedAdmin):
    add_words = "登记结对意向"
    worked_on = ("handover_note",)
    as_of_heads = ("编号", "关爱户", "组织", "方式", "意向日期", "结对日期", "状态")
    sheet = "pairings"
    list_display = [
        "code",
        "shown_household",
        "shown_community",
        "shown_organization",
        "brief_role",
        "shown_intended",
        "shown_hold",
        "badge_state",
    ]
    list_filter = [WaitingPairings, "state", "role"]
    filterset_class = PairingFilter
    search_fields = ["code", "household__code", "organization__name", "organization__name_search"]
    search_help_text = "按结对编号、户编号、户主姓名、组织名称或拼音首字母查找。"
    empty_list = "还没有结对。"
    autocomplete_fields = ["household", "organization", "previous"]
    readonly_fields = [
        "linked_household",
        "linked_organization",
        "shown_role",
        "shown_confirmed",
        "shown_previous",
    ]
    fieldsets = [
        (
            "基本",
            {
                "fields": [
                    "linked_household",
                    "linked_organization",
                    "shown_role",
                    "liaison_name",
                    "hold_until",
                ]
            },
        ),
        (
            "办理",
            {
                "fields": [
                    "code",
                    "shown_confirmed",
                    "capacity_override",
                    ("intended_on", "started_on", "ended_on"),
                    "shown_previous",
                    ("last_contact_on", "goods_outstanding"),
                    "handover_note",
                    "closeout_waiver",
                    "end_reason",
                    "end_note",
                    "created_by",
                ]
            },
        ),
    ]
    add_fieldsets = [
        (None, {"fields": ["household", "organization", "role", "liaison_name", "intended_on", "hold_until"]})
    ]
    verbs = PAIRING_VERBS

    @admin.display(description="关爱户", ordering="household__code")
    def shown_household(self, row):
        return " ".join(filter(None, [row.household.code, masking.mask_name(row.head_name or "")]))

    @admin.display(description="关爱户")
    def linked_household(self, row):
        return link_to(row.household, self.shown_household(row))

    @admin.display(description="组织")
    def linked_organization(self, row):
        return link_to(row.organization, row.organization.name)

    @admin.display(description="方式", ordering="role")
    def brief_role(self, row):
        return row.get_role_display().split("（")[0]

    @admin.display(description="社区（村）", ordering="household__community__code")
    def shown_community(self, row):
        return row.household.community.short_name

    @admin.display(description="组织", ordering="organization__code")
    def shown_organization(self, row):
        return row.organization.name

    @admin.display(description="结对方式")
    def shown_role(self, row):
        return row.get_role_display()

    @admin.display(description="意向日期", ordering="intended_on")
    def shown_intended(self, row):
        return zh(row.intended_on)

    @admin.display(description="保留至", ordering="hold_until")
    def shown_hold(self, row):
        if row.state != P.INTENTION:
            return "--"
        return f"{zh(row.hold_until)}（已过）" if row.hold_until < today() else zh(row.hold_until)

    @admin.display(description="上一段结对")
    def shown_previous(self, row):
        return link_to(row.previous) if row.previous else "--"

    @admin.display(description="双方确认")
    def shown_confirmed(self, row):
        words = []
        for side, at in (("关爱户", row.household_confirmed_at), ("组织", row.organization_confirmed_at)):
            words.append(f"{side}{zh_time(at)}确认" if at else f"{side}还没有确认")
        return "；".join(words)

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        return f"{row.code}　{self.shown_household(row)}　{row.organization.name}"

    def choices_for(self, name, rows):
        if name == "household":
            return rows.present()
        return rows.approved() if name == "organization" else rows

    def search_for(self, word):
        return super().search_for(word) | Q(household__in=ids_of_households_called(word))

    def has_change_permission(self, request, obj=None):
        """What is over stays as it is."""
        return super().has_change_permission(request, obj) and (
            obj is None or obj.state in OPEN_PAIRING_STATES
        )

    def get_fieldsets(self, request, obj=None):
        """How long an intention holds matters as long as it is one."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or obj.state == P.INTENTION:
            return fieldsets
        (title, options), *others = fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "hold_until"]}),
            *others,
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if not change and "hold_until" in form.base_fields:
            field = form.base_fields["hold_until"]
            field.required = False
            field.help_text = "不填为意向日期后 30 天；到期未结对的意向自动失效。"
        return form

    def get_changeform_initial_data(self, request):
        asked = {name: request.GET[name] for name in ("household", "organization") if name in request.GET}
        return {"intended_on": today(), **asked}

    def page_note(self, request, obj):
        if obj is None or obj.state != P.INTENTION:
            return ""
        missing = pairings.obstacles(obj)
        return "".join(["现在还不能正式结对：", *missing]) if missing else "条件已齐备，可以正式结对。"

    def as_of_rows(self, user, day):
        rows = asof.pairings(Pairing.objects.visible_to(user), day)
        return rows.for_list().order_by("-intended_on", "-pk")

    def as_of_cells(self, row):
        return (
            Cell(row.code, row_link(row)),
            self.shown_household(row),
            row.organization.name,
            row.get_role_display(),
            zh(row.intended_on),
            zh_date(row.started_on),
            P(row.state_then).label,
        )

    def service_create(self, request, form):
        return pairings.register_intention(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return pairings.update_intention(row, by=by, version=version, **fields)


@site.worklist
def pairings_waiting(user):
    if not user.has_perm("cases.change_pairing"):
        return
    seen = Pairing.objects.visible_to(user)
    for title, rows, value, urgent in (
        ("意向待办理", seen.filter(state=P.INTENTION, hold_until__gte=today()), "intention", False),
        ("意向即将到期", seen.hold_ending(), "ending", True),
        ("意向已过期", seen.hold_over(), "over", True),
    ):
        yield site.Waiting(title, rows.count(), site.list_url("cases.pairing", waiting=value), urgent=urgent)


@site.worklist
def pairings_ending(user):
    """Those being wound up, and those on hold: neither is to be forgotten."""
    if not user.has_perm("cases.end_pairing"):
        return
    seen = Pairing.objects.visible_to(user)
    for title, state in (("结束办理中的结对", P.ENDING), ("已暂停的结对", P.SUSPENDED)):
        yield site.Waiting(
            title, seen.filter(state=state).count(), site.list_url("cases.pairing", state__exact=state)
        )


site.shortcut("登记结对意向", "admin:cases_pairing_add", "cases.add_pairing")
