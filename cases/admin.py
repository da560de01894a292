"""The bureau's pages on households, their people, consents and pairings."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse

from jinchuan.shared import masking, site
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    FindForm,
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
from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.templatetags.house import zh_date, zh_time
from organizations.enums import OrganizationState
from organizations.filters import PlaceFilter

from .enums import HouseholdState, PairingState, Relation
from .forms import (
    ActivateForm,
    EndForm,
    ExitForm,
    HardshipForm,
    LeaveForm,
    RegisterHouseholdForm,
    VerifyForm,
    WithdrawForm,
)
from .models import Consent, Hardship, Household, Member, Pairing
from .services import households, pairings

H, P = HouseholdState, PairingState


# Households -------------------------------------------------------------------------------------------------


class HouseholdFilter(HouseFilterSet):
    place = PlaceFilter(field_name="community")

    class Meta(HouseFilterSet.Meta):
        model = Household
        fields = []


class WaitingHouseholds(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {
        "unverified": ("待核实", lambda rows: rows.filter(state=H.REGISTERED)),
        "unpaired": ("待结对", lambda rows: rows.unpaired()),
    }


@admin.register(Household)
class HouseholdAdmin(ScopedAdmin):
    sheet = "households"
    add_form = RegisterHouseholdForm
    find_form = FindForm
    list_display = ["code", "shown_head", "shown_community", "need_level", "shown_registered", "badge_state"]
    list_display_links = ["code", "shown_head"]
    list_filter = [WaitingHouseholds, "state", "need_level"]
    filterset_class = HouseholdFilter
    search_fields = ["code", "community__name", "community__name_search"]
    search_help_text = "按姓名、拼音首字母、户编号或社区查找。"
    empty_list = "还没有关爱户。可以逐户登记，也可以用表格导入。"
    fieldsets = [
        ("基本", {"fields": ["community", "address", "phone", "need_level", "summary", "registered_on"]}),
        ("登记", {"fields": ["code", "registered_by", "exited_on", "exit_reason"]}),
    ]
    add_fieldsets = [
        (
            "户主",
            {
                "fields": [
                    "id_number",
                    "name",
                    "no_id_reason",
                    ("sex", "birth_date"),
                    ("guardian_name", "guardian_phone"),
                    ("category", "basis"),
                ]
            },
        ),
        ("这一户", {"fields": ["community", "address", "phone", "need_level", "summary", "registered_on"]}),
    ]
    verbs = (
        Verb(
            "verify",
            "核实",
            "cases.verify_household",
            households.verify_household,
            states=(H.REGISTERED,),
            form=VerifyForm,
            explain="由登记人以外的第二人核实。核实以后才能结对。",
            bulk=False,
        ),
        Verb(
            "exit",
            "退出",
            "cases.exit_household",
            households.exit_household,
            states=(H.REGISTERED, H.VERIFIED, H.ACTIVE),
            form=ExitForm,
            explain="这一户退出帮扶，正在进行的结对和意向同时结束。历史记录保留。",
            bulk=False,
            caution=True,
        ),
    )

    @admin.display(description="户主", ordering="head_pinyin")
    def shown_head(self, row):
        return masking.mask_name(row.head_name or "") or "--"

    @admin.display(description="社区（村）", ordering="community__code")
    def shown_community(self, row):
        return row.community.short_name

    @admin.display(description="登记日期", ordering="registered_on")
    def shown_registered(self, row):
        return zh(row.registered_on)

    def choice_label(self, row):
        head = masking.mask_name(getattr(row, "head_name", None) or "")
        return " ".join(filter(None, [row.code, head]))

    def choices_for(self, name, rows):
        return rows.active().grassroots() if name == "community" else rows

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "address":
            kwargs["form_class"] = LineFormField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def search_for(self, word):
        people = Member.objects.filter(left_on__isnull=True).filter(
            Q(name__icontains=word) | Q(name_search__icontains=word)
        )
        return super().search_for(word) | Q(pk__in=people.values("household"))

    def get_changeform_initial_data(self, request):
        return {"registered_on": today()}

    def find(self, request, id_number):
        member = (
            Member.objects.visible_to(request.user).filter(id_hash__of=id_number).order_by("left_on").last()
        )
        if member is None:
            return None
        return self.get_queryset(request).filter(pk=member.household_id).first()

    def service_create(self, request, form):
        head = {"relation": Relation.HEAD, **form.head}
        return households.register_household(by=request.user, members=[head], **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return households.update_household(row, by=by, version=version, **fields)

    def panels(self, request, row):
        user = request.user
        day = today()
        here = f"?household={row.pk}"
        members = Member.objects.visible_to(user).filter(household=row).prefetch_related("hardships")
        yield Panel(
            "家庭",
            ("姓名", "关系", "性别", "年龄", "困难类别", "状态"),
            [
                (
                    Cell(member.name, row_link(member)),
                    member.get_relation_display(),
                    member.get_sex_display(),
                    member.age_on(day) if member.birth_date else "--",
                    "、".join(
                        one.get_category_display() for one in member.hardships.all() if not one.ended_on
                    )
                    or "--",
                    f"{zh(member.left_on)}离开" if member.left_on else "同住",
                )
                for member in members
            ],
            add_url=reverse("admin:cases_member_add") + here if user.has_perm("cases.add_member") else "",
            add_label="登记成员",
        )
        consents = row.consents.select_related("organization", "member", "household")
        yield Panel(
            "同意",
            ("用途", "提供给", "同意人", "同意日期", "凭据", "状态"),
            [
                (
                    Cell(one.get_purpose_display(), row_link(one)),
                    one.organization or "--",
                    one.get_given_by_display(),
                    zh(one.given_on),
                    one.evidence,
                    consent_words(one, day),
                )
                for one in consents
            ],
            empty="还没有同意书。向组织提供这一户的信息，要先有写明组织名称的同意书。",
            add_url=reverse("admin:cases_consent_add") + here if user.has_perm("cases.add_consent") else "",
            add_label="登记同意书",
        )
        yield Panel(
            "结对",
            ("编号", "组织", "方式", "意向日期", "结对日期", "结束日期", "状态"),
            [
                (
                    Cell(one.code, row_link(one)),
                    one.organization.name,
                    one.get_role_display(),
                    zh_date(one.intended_on),
                    zh_date(one.started_on),
                    zh_date(one.ended_on),
                    badge(one),
                )
                for one in Pairing.objects.visible_to(user).filter(household=row).for_list()
            ],
            empty="还没有结对。",
            add_url=reverse("admin:cases_pairing_add") + here if user.has_perm("cases.add_pairing") else "",
            add_label="登记意向",
        )
        yield Panel(
            "核实",
            ("日期", "方式", "依据", "登记人", "核实人", "有效期至"),
            [
                (
                    zh(one.reviewed_on),
                    one.get_method_display(),
                    one.evidence,
                    one.submitted_by.username,
                    one.reviewed_by.username,
                    zh_date(one.valid_until),
                )
                for one in row.reviews.select_related("submitted_by", "reviewed_by")
            ],
            empty="还没有核实。请由登记人以外的第二人核实。",
        )


def consent_words(consent, day) -> str:
    if consent.withdrawn_on:
        return f"{zh(consent.withdrawn_on)}撤回"
    return "已到期" if consent.expires_on and consent.expires_on <= day else "有效"


# People -----------------------------------------------------------------------------------------------------


class MemberFilter(HouseFilterSet):
    place = PlaceFilter(field_name="household__community")

    class Meta(HouseFilterSet.Meta):
        model = Member
        fields = []


@admin.register(Member)
class MemberAdmin(ScopedAdmin):
    clear_to_readers = ("name",)
    find_form = FindForm
    list_display = [
        "shown_name",
        "shown_household",
        "shown_community",
        "relation",
        "sex",
        "shown_age",
        "shown_left",
    ]
    list_filter = ["relation", "sex"]
    filterset_class = MemberFilter
    search_fields = ["name", "name_search", "household__code"]
    search_help_text = "按姓名、拼音首字母或户编号查找。"
    empty_list = "还没有家庭成员。登记关爱户时先登记户主。"
    autocomplete_fields = ["household"]
    readonly_fields = ["shown_household"]
    fieldsets = [
        (
            "基本",
            {
                "fields": [
                    "shown_household",
                    "name",
                    "relation",
                    "id_number",
                    "no_id_reason",
                    ("sex", "birth_date"),
                    ("guardian_name", "guardian_phone"),
                    ("joined_on", "left_on"),
                ]
            },
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "id_number",
                    "household",
                    "name",
                    "relation",
                    "no_id_reason",
                    ("sex", "birth_date"),
                    ("guardian_name", "guardian_phone"),
                    "joined_on",
                ]
            },
        )
    ]
    verbs = (
        Verb(
            "hardship",
            "登记困难类别",
            "cases.change_member",
            households.add_hardship,
            form=HardshipForm,
            applies=lambda row: not row.left_on,
            explain="一个人可以同时有几个困难类别，每个都要有依据文件。",
            bulk=False,
        ),
        Verb(
            "leave",
            "登记离开",
            "cases.change_member",
            households.member_leaves,
            form=LeaveForm,
            applies=lambda row: not row.left_on and row.relation != Relation.HEAD,
            explain="从这一天起不再计入这一户，历史记录保留。",
            bulk=False,
            caution=True,
        ),
    )

    @admin.display(description="姓名", ordering="name_pinyin")
    def shown_name(self, row):
        return masking.mask_name(row.name)

    @admin.display(description="关爱户", ordering="household__code")
    def shown_household(self, row):
        return row.household.code

    @admin.display(description="社区（村）", ordering="household__community__code")
    def shown_community(self, row):
        return row.household.community.short_name

    @admin.display(description="年龄")
    def shown_age(self, row):
        age = row.age_on(today())
        return "--" if age is None else age

    @admin.display(description="在户", ordering="left_on")
    def shown_left(self, row):
        return f"{zh(row.left_on)}离开" if row.left_on else "同住"

    def choice_label(self, row):
        return f"{row.household.code} {masking.mask_name(row.name)}"

    def choices_for(self, name, rows):
        return rows.present() if name == "household" else rows

    def get_changeform_initial_data(self, request):
        return {"household": request.GET.get("household", ""), "joined_on": today()}

    def find(self, request, id_number):
        return self.get_queryset(request).filter(id_hash__of=id_number).order_by("left_on").last()

    def service_create(self, request, form):
        fields = self.typed(form)
        return households.add_member(fields.pop("household"), by=request.user, **fields)

    def service_update(self, row, *, by, version, **fields):
        return households.update_member(row, by=by, version=version, **fields)

    def panels(self, request, row):
        hardships = Hardship.objects.visible_to(request.user).filter(member=row)
        yield Panel(
            "困难类别",
            ("类别", "依据文件", "开始", "结束"),
            [
                (one.get_category_display(), one.basis, zh(one.started_on), zh_date(one.ended_on))
                for one in hardships
            ],
            empty="还没有困难类别。",
        )
        yield Panel("关爱户", ("户编号",), [(Cell(row.household.code, row_link(row.household)),)])


@admin.register(Consent)
class ConsentAdmin(ScopedAdmin):
    list_display = ["shown_household", "purpose", "organization", "given_by", "shown_given", "shown_state"]
    list_filter = ["purpose"]
    search_fields = ["household__code", "organization__name", "organization__name_search"]
    search_help_text = "按户编号或组织名称查找。"
    empty_list = "还没有同意书。"
    autocomplete_fields = ["household", "organization"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "household",
                    "purpose",
                    "organization",
                    ("given_by", "guardian_name"),
                    ("given_on", "expires_on"),
                    "evidence",
                    "text_version",
                    "withdrawn_on",
                    "recorded_by",
                ]
            },
        )
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "household",
                    "purpose",
                    "organization",
                    ("given_by", "guardian_name"),
                    ("given_on", "expires_on"),
                    "evidence",
                    "text_version",
                ]
            },
        )
    ]
    verbs = (
        Verb(
            "withdraw",
            "撤回",
            "cases.add_consent",
            households.withdraw_consent,
            form=WithdrawForm,
            applies=lambda row: not row.withdrawn_on,
            explain="撤回立即生效：组织马上看不到这一户的信息。",
            bulk=False,
            caution=True,
        ),
    )

    @admin.display(description="关爱户", ordering="household__code")
    def shown_household(self, row):
        return row.household.code

    @admin.display(description="同意日期", ordering="given_on")
    def shown_given(self, row):
        return zh(row.given_on)

    @admin.display(description="状态")
    def shown_state(self, row):
        return consent_words(row, today())

    def choice_label(self, row):
        return f"{row.household.code} {row.get_purpose_display()}"

    def choices_for(self, name, rows):
        if name == "household":
            return rows.present()
        return rows.approved() if name == "organization" else rows

    def get_changeform_initial_data(self, request):
        asked = {
            name: request.GET[name]
            for name in ("household", "organization", "purpose")
            if name in request.GET
        }
        return {"given_on": today(), **asked}

    def service_create(self, request, form):
        return households.record_consent(by=request.user, **self.typed(form))


# Pairings ---------------------------------------------------------------------------------------------------


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
        return "".join(["正式结对还差：", *missing]) if missing else "条件已齐备，可以正式结对。"

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
def cases_waiting(user):
    if user.has_perm("cases.verify_household"):
        seen = Household.objects.visible_to(user)
        yield site.Waiting(
            "待核实户",
            seen.filter(state=H.REGISTERED).count(),
            site.list_url("cases.household", waiting="unverified"),
            act="去核实",
        )
    if user.has_perm("cases.add_pairing"):
        yield site.Waiting(
            "待结对户",
            Household.objects.visible_to(user).unpaired().count(),
            site.list_url("cases.household", waiting="unpaired"),
            act="去结对",
        )
    if user.has_perm("cases.change_pairing"):
        seen = Pairing.objects.visible_to(user)
        for title, rows, value, urgent in (
            ("意向待办理", seen.filter(state=P.INTENTION, hold_until__gte=today()), "intention", False),
            ("意向即将到期", seen.hold_ending(), "ending", True),
            ("意向已过期", seen.hold_over(), "over", True),
        ):
            yield site.Waiting(
                title, rows.count(), site.list_url("cases.pairing", waiting=value), urgent=urgent
            )


site.shortcut("登记关爱户", "admin:cases_household_add", "cases.add_household")
site.shortcut("登记结对意向", "admin:cases_pairing_add", "cases.add_pairing")
site.shortcut("按身份证号查找", "admin:cases_household_find", "cases.view_household")
