"""Organisations: registered, approved, paused."""

from django.contrib import admin
from django.urls import reverse

from jinchuan.shared import masking, site
from jinchuan.shared.admin import (
    Cell,
    HouseFilterSet,
    Panel,
    ReasonForm,
    ScopedAdmin,
    ScopedRelatedFilter,
    Verb,
    row_link,
)

from ..enums import OrganizationState, Role
from ..filters import PlaceFilter
from ..forms import OrganizationForm
from ..models import Organization, User
from ..services import organizations

S = OrganizationState


class OrganizationFilter(HouseFilterSet):
    place = PlaceFilter(field_name="division")

    class Meta(HouseFilterSet.Meta):
        model = Organization
        fields = []


@admin.register(Organization)
class OrganizationAdmin(ScopedAdmin):
    sheet = "organizations"
    form = OrganizationForm
    list_display = [
        "code",
        "name",
        "kind",
        "division",
        "shown_contact",
        "shown_phone",
        "capacity",
        "badge_state",
    ]
    list_display_links = ["code", "name"]
    list_filter = ["state", "kind", ("supervising_unit", ScopedRelatedFilter), "has_party_group"]
    filterset_class = OrganizationFilter
    search_fields = ["code", "name", "name_search", "uscc"]
    search_help_text = "按名称、拼音首字母、编号或统一社会信用代码查找。"
    empty_list = "还没有社会组织。可以逐个登记，也可以用表格导入。"
    autocomplete_fields = ["supervising_unit"]
    fieldsets = [
        ("基本", {"fields": ["name", "kind", "uscc", "division", "supervising_unit", "has_party_group"]}),
        ("联系", {"fields": ["responsible_person", "contact_name", "contact_phone"]}),
        ("帮扶", {"fields": ["capacity", "strengths"]}),
        ("资格", {"fields": ["is_charitable", "may_raise_funds", "is_tax_deductible"]}),
        ("办理", {"fields": ["code", "created_by", "approved_by", "approved_at"]}),
    ]
    add_fieldsets = fieldsets[:-1]
    read_as = {"strengths": "shown_strengths"}
    readonly_fields = ["shown_strengths"]
    verbs = (
        Verb(
            "approve",
            "批准",
            "organizations.approve_organization",
            organizations.approve_organization,
            states=(S.SUBMITTED,),
            explain="批准以后，组织可以结对、登记捐赠和服务。登记人不能批准自己登记的组织。",
        ),
        Verb(
            "return",
            "退回",
            "organizations.approve_organization",
            organizations.return_organization,
            states=(S.SUBMITTED,),
            form=ReasonForm,
            explain="退回给登记人修改，修改后再提交。",
        ),
        Verb(
            "submit",
            "重新提交",
            "organizations.change_organization",
            organizations.resubmit_organization,
            states=(S.DRAFT, S.RETURNED),
            explain="交给审核人员批准。",
        ),
        Verb(
            "suspend",
            "暂停",
            "organizations.approve_organization",
            organizations.suspend_organization,
            states=(S.APPROVED,),
            form=ReasonForm,
            explain="暂停期间不能新结对，已有的结对继续。",
            caution=True,
        ),
        Verb(
            "resume",
            "恢复",
            "organizations.approve_organization",
            organizations.resume_organization,
            states=(S.SUSPENDED,),
            explain="恢复以后可以继续结对。",
        ),
    )

    @admin.display(description="联系人")
    def shown_contact(self, row):
        return masking.mask_name(row.contact_name or row.responsible_person)

    @admin.display(description="帮扶专长")
    def shown_strengths(self, row):
        return "、".join(row.strength_labels) or "--"

    @admin.display(description="联系电话")
    def shown_phone(self, row):
        return masking.mask_phone(row.contact_phone) or "--"

    def choices_for(self, name, rows):
        return rows.active() if name == "division" else rows

    def choice_label(self, row):
        return f"{row.name}（{row.code}）"

    def service_create(self, request, form):
        return organizations.register_organization(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return organizations.update_organization(row, by=by, version=version, **fields)

    def panels(self, request, row):
        if request.user.has_perm("organizations.view_user") or request.user.has_perm(
            "organizations.invite_user"
        ):
            yield accounts_panel(request, row)


def accounts_panel(request, organization):
    users = User.objects.visible_to(request.user).filter(organization=organization)
    add = reverse("admin:organizations_user_add")
    return Panel(
        "账号",
        ("账号", "姓名", "角色", "启用"),
        [
            (
                Cell(user.username, row_link(user)),
                masking.mask_name(user.name),
                user.get_role_display(),
                yes(user.is_active),
            )
            for user in users
        ],
        empty="还没有账号。开通以后打印激活单交给对方。",
        add_url=f"{add}?organization={organization.pk}&role={Role.ORG_ADMIN}"
        if request.user.has_perm("organizations.invite_user")
        else "",
        add_label="开通账号",
    )


def yes(value) -> str:
    return "是" if value else "否"


@site.worklist
def organizations_waiting(user):
    if not user.has_perm("organizations.approve_organization"):
        return
    submitted = Organization.objects.visible_to(user).filter(state=S.SUBMITTED)
    yield site.Waiting(
        "待批准组织",
        submitted.count(),
        site.list_url("organizations.organization", state__exact=S.SUBMITTED),
        act="去审批",
    )


site.shortcut("导入与导出表格", "sheets:index", "sheets.export_sheet")
