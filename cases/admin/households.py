"""Households: register, verify, exit; everything about one on one page."""

from django.contrib import admin
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse

from jinchuan.shared import masking, site
from jinchuan.shared.admin import (
    Cell,
    FindForm,
    HouseFilterSet,
    OneFilter,
    Panel,
    ScopedAdmin,
    Verb,
    badge,
    row_link,
)
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.templatetags.house import zh_date
from organizations.filters import PlaceFilter
from organizations.models import Division

from .. import asof
from ..enums import HouseholdState, Relation
from ..forms import (
    ExitForm,
    RegisterHouseholdForm,
    VerifyForm,
)
from ..models import Household, HouseholdTally, Member, Pairing
from ..services import households
from ..services.suggestions import suggest
from .as_of import AsOfMixin
from .assigning import ASSIGN
from .care import ids_of_households_called
from .consents import consent_words
from .files import FileMixin, viewers
from .merges import MergeMixin
from .retention import RETENTION_VERBS, proposed, time_is_over

H = HouseholdState
FOUND_AT_ONCE = 2_000
CODE_BEGINS = "HJ-"


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
        "over": ("到期可去标识化", time_is_over),
        "proposed": ("已提出去标识，待确认", proposed),
    }


@admin.register(Household)
class HouseholdAdmin(FileMixin, MergeMixin, AsOfMixin, ScopedAdmin):
    sheet = "households"
    as_of_heads = ("户编号", "户主", "社区（村）", "人数", "结对组织", "状态")
    add_form = RegisterHouseholdForm
    find_form = FindForm
    list_display = ["code", "shown_head", "shown_community", "need_level", "shown_registered", "badge_state"]
    list_display_links = ["code", "shown_head"]
    list_filter = [WaitingHouseholds, "state", "need_level"]
    filterset_class = HouseholdFilter
    list_counted = 10_000
    list_tally = HouseholdTally
    list_untold = ("address", "phone", "summary")
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
        ASSIGN,
        *RETENTION_VERBS,
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

    def get_object(self, request, object_id, from_field=None):
        """With the households merged into it, which several sections of its page ask for."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            prefetch_related_objects([row], Prefetch("merged_from", Household.objects.only("merged_into")))
        return row

    def has_change_permission(self, request, obj=None):
        return not (obj and obj.deidentified_at) and super().has_change_permission(request, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "address":
            kwargs["form_class"] = LineFormField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def search_for(self, word):
        """Households are looked for by their keys, so that not all of them are read for a name."""
        called = ids_of_households_called(word)
        keys = list(called[: FOUND_AT_ONCE + 1].values_list("household", flat=True))
        found = Q(pk__in=keys if len(keys) <= FOUND_AT_ONCE else called)
        places = Division.objects.filter(Q(name__icontains=word) | Q(name_search__icontains=word))
        if there := list(places.values_list("pk", flat=True)):
            found |= Q(community__in=there)
        if word.isascii() and (word.upper() in CODE_BEGINS or not word.isalpha()):
            found |= Q(code__icontains=word)
        return found

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

    def as_of_rows(self, user, day):
        rows = asof.households(Household.objects.visible_to(user), day)
        return rows.select_related("community__parent").order_by("code")

    def as_of_cells(self, row):
        return (
            Cell(row.code, row_link(row)),
            masking.mask_name(row.head_then or "") or "--",
            row.community.short_name,
            len(row.members_then),
            "、".join(one.organization.name for one in row.pairings_then) or "--",
            H(row.state_then).label,
        )

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
            screen_only=True,
        )
        consents = row.consents.select_related("organization").only(
            *("household", "purpose", "given_by", "given_on", "evidence", "withdrawn_on", "expires_on"),
            "organization__name",
        )
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
        pairings = Pairing.objects.visible_to(user).filter(household=row).select_related("organization")
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
                for one in pairings.only(
                    *("code", "role", "intended_on", "started_on", "ended_on", "state", "organization__name")
                )
            ],
            empty="还没有结对。",
            add_url=reverse("admin:cases_pairing_add") + here if user.has_perm("cases.add_pairing") else "",
            add_label="登记意向",
        )
        if user.has_perm("cases.add_pairing") and self._waits(row):
            yield suggested(row, by=user)
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
        yield viewers(row)

    @staticmethod
    def _waits(row):
        return row.state == H.VERIFIED and Household.objects.unpaired().filter(pk=row.pk).exists()


def suggested(household, *, by) -> Panel:
    """The organisations that suit a household which waits, best first, each with its reasons."""
    here = f"{reverse('admin:cases_pairing_add')}?household={household.pk}&organization="
    return Panel(
        "推荐的组织",
        ("组织", "理由", "办理"),
        [
            (
                one.organization.name,
                "；".join(one.texts),
                Cell("登记意向", f"{here}{one.organization.pk}"),
            )
            for one in suggest(household, by=by)
        ],
        empty="现在没有还可以结对的组织。",
        screen_only=True,
    )


@site.worklist
def households_waiting(user):
    seen = Household.objects.visible_to(user)
    if user.has_perm("cases.verify_household"):
        yield site.Waiting(
            "待核实户",
            seen.filter(state=H.REGISTERED).count(),
            site.list_url("cases.household", waiting="unverified"),
            act="去核实",
        )
    if user.has_perm("cases.add_pairing"):
        yield site.Waiting(
            "待结对户",
            seen.unpaired().count(),
            site.list_url("cases.household", waiting="unpaired"),
            act="去结对",
        )


site.shortcut("登记关爱户", "admin:cases_household_add", "cases.add_household")
site.shortcut("按身份证号查找", "admin:cases_household_find", "cases.view_household")
