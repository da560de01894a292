"""What households need, and who has taken it on."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse

from jinchuan.shared import site
from jinchuan.shared.admin import (
    Cell,
    HouseFilterSet,
    OneFilter,
    Panel,
    ReasonForm,
    ScopedAdmin,
    Verb,
    badge,
    link_to,
    row_link,
)
from jinchuan.shared.admin.preview import step
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import quantity, zh_date
from organizations.filters import PlaceFilter

from ..enums import CareNeedState
from ..forms import MeetForm, OpenForm, ReleaseClaimForm
from ..models import CareNeed, Claim
from ..services import needs
from .care import WorkedOn, counted_panel, ids_of_households_called, steps_panel

N = CareNeedState
UNMET = (N.OPEN, N.CLAIMED)


class NeedFilter(HouseFilterSet):
    place = PlaceFilter(field_name="household__community")

    class Meta(HouseFilterSet.Meta):
        model = CareNeed
        fields = []


class WaitingNeeds(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {
        "overdue": ("待认领，已超期", lambda rows: rows.open().overdue()),
        "unworded": ("还没有写给组织看的说明", lambda rows: rows.open().filter(public_words="")),
        "urgent": ("急需", lambda rows: rows.unmet().filter(is_urgent=True)),
    }


def withdraw(need, *, by, reason):
    """The need as it is then, and the organisations whose claims go back with it."""
    claims = need.claims.live().select_related("organization").order_by("pk")
    held = [claim.organization.name for claim in claims]
    return needs.withdraw_need(need, by=by, reason=reason), held


def withdrawn(row, result) -> list[str]:
    need, held = result
    return [*step(row, need), *(f"{name}的认领同时退回。" for name in held)]


def release(need, *, by, claim, reason):
    return needs.release_claim(claim, by=by, reason=reason)


@admin.register(CareNeed)
class CareNeedAdmin(WorkedOn, ScopedAdmin):
    form = OpenForm
    worked_on = ("description",)
    list_display = [
        "code",
        "shown_household",
        "shown_community",
        "need",
        "shown_quantity",
        "shown_raised",
        "shown_due",
        "badge_state",
    ]
    list_filter = [WaitingNeeds, "state", "need", "is_urgent"]
    filterset_class = NeedFilter
    search_fields = ["code", "household__code", "public_words"]
    search_help_text = "按需求编号、户编号、户主姓名或说明里的词查找。"
    empty_list = "还没有需求。登记关爱户、走访或社区反映时发现的需求登记在这里。"
    autocomplete_fields = ["household"]
    readonly_fields = ["linked_household", "shown_visit"]
    fieldsets = [
        (
            "需求",
            {
                "fields": [
                    "linked_household",
                    "need",
                    "description",
                    "public_words",
                    ("quantity", "unit"),
                    "is_urgent",
                    "due_on",
                ]
            },
        ),
        ("登记", {"fields": ["code", "open_quantity", "raised_by", "shown_visit", ("met_on", "met_by")]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "household",
                    "need",
                    "description",
                    "public_words",
                    ("quantity", "unit"),
                    "is_urgent",
                    ("raised_on", "due_on"),
                ]
            },
        )
    ]
    verbs = (
        Verb(
            "meet",
            "登记已解决",
            "cases.change_careneed",
            needs.meet_need,
            states=UNMET,
            form=MeetForm,
            explain="写明由什么解决：捐赠、志愿服务或办理事项的编号。还在进行的认领同时记为已兑现。",
            bulk=False,
        ),
        Verb(
            "withdraw",
            "撤回",
            "cases.change_careneed",
            withdraw,
            states=UNMET,
            form=ReasonForm,
            explain="需求不再需要了，或登记有误。组织的认领同时退回。",
            caution=True,
            previewed=True,
            says=withdrawn,
        ),
        Verb(
            "release",
            "退回一条认领",
            "cases.change_careneed",
            release,
            states=UNMET,
            form=ReleaseClaimForm,
            explain="组织办不了的，把它认领的数量退回来，让别的组织认领。",
            bulk=False,
        ),
    )

    def has_change_permission(self, request, obj=None):
        """A need that is over stays as it is."""
        return super().has_change_permission(request, obj) and (obj is None or obj.state in UNMET)

    @admin.display(description="关爱户", ordering="household__code")
    def shown_household(self, row):
        return row.household.code

    @admin.display(description="关爱户")
    def linked_household(self, row):
        return link_to(row.household)

    @admin.display(description="由哪次走访发现")
    def shown_visit(self, row):
        return link_to(row.visit) if row.visit else "--"

    @admin.display(description="社区（村）", ordering="household__community__code")
    def shown_community(self, row):
        return row.household.community.short_name

    @admin.display(description="尚缺 / 需要")
    def shown_quantity(self, row):
        return f"{quantity(row.open_quantity)} / {quantity(row.quantity)} {row.unit}"

    @admin.display(description="提出日期", ordering="raised_on")
    def shown_raised(self, row):
        return zh(row.raised_on)

    @admin.display(description="希望解决", ordering="due_on")
    def shown_due(self, row):
        late = row.due_on and row.due_on < today() and row.state in UNMET
        return f"{zh(row.due_on)}（已超期）" if late else zh_date(row.due_on)

    def choice_label(self, row):
        return f"{row.code} {row.get_need_display()}"

    def act_label(self, row):
        return f"{row.code}　{row.household.code}　{row.get_need_display()}　{self.shown_quantity(row)}"

    def choices_for(self, name, rows):
        return rows.present() if name == "household" else rows

    def search_for(self, word):
        return super().search_for(word) | Q(household__in=ids_of_households_called(word))

    def get_changeform_initial_data(self, request):
        return {"raised_on": today(), "household": request.GET.get("household", "")}

    def page_note(self, request, obj):
        if obj and obj.state == N.OPEN and not obj.public_words:
            return "还没有写给组织看的说明，组织现在看不到这条需求。"
        return ""

    def service_create(self, request, form):
        return needs.raise_need(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return needs.update_need(row, by=by, version=version, **fields)

    def panels(self, request, row):
        yield Panel(
            "认领",
            ("编号", "组织", "数量", "认领日期", "保留至", "状态"),
            [
                (
                    one.code,
                    one.organization.name,
                    f"{quantity(one.quantity)} {row.unit}",
                    zh(one.claimed_on),
                    zh(one.hold_until),
                    badge(one),
                )
                for one in Claim.objects.visible_to(request.user).filter(need=row).for_list()
            ],
            empty="还没有组织认领。",
            leads=True,
        )
        yield steps_panel(row)


@site.panel("cases.household")
def needs_of_household(request, household):
    user = request.user
    if not user.has_perm("cases.view_careneed"):
        return None
    return counted_panel(
        request,
        "需求",
        ("编号", "类别", "尚缺 / 需要", "提出日期", "希望解决", "状态"),
        CareNeed.objects.visible_to(user).filter(household=household),
        lambda one: (
            Cell(one.code, row_link(one)),
            one.get_need_display(),
            f"{quantity(one.open_quantity)} / {quantity(one.quantity)} {one.unit}",
            zh(one.raised_on),
            zh_date(one.due_on),
            badge(one),
        ),
        empty="还没有需求。",
        add_url=f"{reverse('admin:cases_careneed_add')}?household={household.pk}"
        if user.has_perm("cases.add_careneed")
        else "",
        add_label="登记需求",
        more_url=site.list_url("cases.careneed", q=household.code),
    )


@site.worklist
def needs_waiting(user):
    if not user.has_perm("cases.change_careneed"):
        return
    seen = CareNeed.objects.visible_to(user)
    yield site.Waiting(
        "待认领超期需求",
        seen.open().overdue().count(),
        site.list_url("cases.careneed", waiting="overdue"),
        urgent=True,
    )
    yield site.Waiting(
        "需求待写说明",
        seen.open().filter(public_words="").count(),
        site.list_url("cases.careneed", waiting="unworded"),
        act="去写",
    )


site.shortcut("登记需求", "admin:cases_careneed_add", "cases.add_careneed")
