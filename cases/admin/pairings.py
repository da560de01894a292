"""Pairings: intention, both sides' word, activation on its conditions, end."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse

from jinchuan.shared import masking, site
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    HouseFilterSet,
    OneFilter,
    Panel,
    ReasonForm,
    ScopedAdmin,
    Verb,
    badge,
    row_link,
)
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_date, zh_time
from organizations.enums import OrganizationState
from organizations.filters import PlaceFilter

from ..enums import PairingState
from ..forms import (
    ActivateForm,
    EndForm,
)
from ..models import Member, Pairing
from ..services import pairings

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


def pairing_facts(pairing) -> list[tuple[str, str]]:
    """What a person must know before activating: what is missing still, and how full the organisation is."""
    taken = Pairing.objects.active().filter(organization=pairing.organization_id).count()
    facts = [
        (
            "结对户数",
            f"{pairing.organization.name}已结对 {taken} 户，可结对 {pairing.organization.capacity} 户。",
        )
    ]
    missing = pairings.obstacles(pairing)
    return facts + [("还差", sentence) for sentence in missing] or facts


@admin.register(Pairing)
class PairingAdmin(ScopedAdmin):
    add_words = "登记结对意向"
    sheet = "pairings"
    list_display = [
        "code",
        "shown_household",
        "shown_community",
        "shown_organization",
        "role",
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
    readonly_fields = ["shown_household", "shown_organization", "shown_role", "shown_confirmed"]
    fieldsets = [
        (
            "基本",
            {"fields": ["shown_household", "shown_organization", "shown_role", "liaison_name", "hold_until"]},
        ),
        (
            "办理",
            {
                "fields": [
                    "code",
                    "shown_confirmed",
                    "capacity_override",
                    ("intended_on", "started_on", "ended_on"),
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
    verbs = (
        Verb(
            "household",
            "关爱户已同意结对",
            "cases.change_pairing",
            pairings.confirm_for_household,
            states=(P.INTENTION,),
            applies=lambda row: not row.household_confirmed_at,
            explain="记下关爱户当面或电话同意结对。",
        ),
        Verb(
            "organization",
            "组织已同意结对",
            "cases.change_pairing",
            pairings.confirm_for_organization,
            states=(P.INTENTION,),
            applies=lambda row: not row.organization_confirmed_at,
            explain="记下组织同意结对。组织也可以在自己的页面上确认。",
        ),
        Verb(
            "activate",
            "正式结对",
            "cases.activate_pairing",
            pairings.activate_pairing,
            states=(P.INTENTION,),
            form=ActivateForm,
            facts=pairing_facts,
            explain="条件齐备后正式结对，组织从此能看到这一户的信息。",
            bulk=False,
        ),
        Verb(
            "decline",
            "登记谢绝",
            "cases.change_pairing",
            pairings.decline_intention,
            states=(P.INTENTION,),
            form=ReasonForm,
            explain="有一方不同意，意向到此为止。",
            bulk=False,
        ),
        Verb(
            "cancel",
            "撤销意向",
            "cases.change_pairing",
            pairings.cancel_intention,
            states=(P.INTENTION,),
            form=ReasonForm,
            explain="登记有误或情况有变，撤销这条意向。",
            caution=True,
        ),
        Verb(
            "end",
            "结束结对",
            "cases.end_pairing",
            pairings.end_pairing,
            states=(P.ACTIVE,),
            form=EndForm,
            explain="从结束日期起不再计为结对。这一户没有别的结对时，回到“待结对”。",
            caution=True,
        ),
    )

    @admin.display(description="关爱户", ordering="household__code")
    def shown_household(self, row):
        return " ".join(filter(None, [row.household.code, masking.mask_name(row.head_name or "")]))

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
        people = Member.objects.filter(left_on__isnull=True).filter(
            Q(name__icontains=word) | Q(name_search__icontains=word)
        )
        return super().search_for(word) | Q(household__in=people.values("household"))

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

    def service_create(self, request, form):
        return pairings.register_intention(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return pairings.update_intention(row, by=by, version=version, **fields)


# What cases adds to the pages of the rooms below ------------------------------------------------------------


site.add_verb(
    "organizations.organization",
    Verb(
        "deregister",
        "注销",
        "organizations.deregister_organization",
        pairings.deregister_organization,
        states=(OrganizationState.APPROVED, OrganizationState.SUSPENDED),
        form=ReasonForm,
        facts=lambda row: [
            ("正在结对", f"{row.pairings.open().count()} 户的结对和意向会同时结束，账号全部停用。")
        ],
        explain="注销不能撤回。",
        bulk=False,
        caution=True,
    ),
)


@site.panel("organizations.organization")
def pairings_of_organization(request, organization):
    if not request.user.has_perm("cases.view_pairing"):
        return None
    rows = Pairing.objects.visible_to(request.user).filter(organization=organization).for_list()
    return Panel(
        "结对",
        ("编号", "关爱户", "社区（村）", "方式", "结对日期", "状态"),
        [
            (
                Cell(one.code, row_link(one)),
                " ".join(filter(None, [one.household.code, masking.mask_name(one.head_name or "")])),
                one.household.community.short_name,
                one.get_role_display(),
                zh_date(one.started_on),
                badge(one),
            )
            for one in rows[:50]
        ],
        empty="还没有结对。",
        add_url=f"{reverse('admin:cases_pairing_add')}?organization={organization.pk}"
        if request.user.has_perm("cases.add_pairing") and organization.is_approved
        else "",
        add_label="登记意向",
        more_url=site.list_url("cases.pairing", q=organization.name),
    )


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


site.shortcut("登记结对意向", "admin:cases_pairing_add", "cases.add_pairing")
