"""The bureau's pages on divisions, organisations, programmes and accounts."""

from django.conf import settings
from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse

from jinchuan.printing.qr import qr_svg
from jinchuan.shared import masking, site
from jinchuan.shared.admin import Cell, HouseFilterSet, Panel, ReasonForm, ScopedAdmin, Verb, row_link
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import zh_time

from .enums import OrganizationState, Role
from .filters import PlaceFilter
from .forms import AccountForm, DisableForm, OrganizationForm
from .models import Division, Organization, Program, SupervisingUnit, User
from .services import accounts, organizations

S = OrganizationState


class RetireForm(Form):
    on = DayFormField(label="停用日期", initial=today)


# Organisations ----------------------------------------------------------------------------------------------


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
    list_filter = ["state", "kind", "has_party_group"]
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


@admin.register(SupervisingUnit)
class SupervisingUnitAdmin(ScopedAdmin):
    list_display = ["name"]
    search_fields = ["name", "name_search"]
    ordering = ["name_pinyin", "id"]
    fieldsets = [(None, {"fields": ["name"]})]
    empty_list = "还没有业务主管单位。"

    def service_create(self, request, form):
        return organizations.register_supervising_unit(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return organizations.update_supervising_unit(row, by=by, **fields)


@admin.register(Program)
class ProgramAdmin(ScopedAdmin):
    list_display = ["code", "name", "lead_organization", "shown_start", "shown_end"]
    list_display_links = ["code", "name"]
    search_fields = ["code", "name", "name_search"]
    search_help_text = "按名称、拼音首字母或编号查找。"
    autocomplete_fields = ["lead_organization"]
    fieldsets = [(None, {"fields": ["name", "lead_organization", "summary", "started_on", "ended_on"]})]
    empty_list = "还没有服务品牌和项目。"

    @admin.display(description="开始", ordering="started_on")
    def shown_start(self, row):
        return zh(row.started_on)

    @admin.display(description="结束", ordering="ended_on")
    def shown_end(self, row):
        return zh(row.ended_on) if row.ended_on else "进行中"

    def service_create(self, request, form):
        return organizations.register_program(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return organizations.update_program(row, by=by, version=version, **fields)


# Divisions --------------------------------------------------------------------------------------------------


class DivisionFilter(HouseFilterSet):
    place = PlaceFilter(field_name="pk", label="上级区划")

    class Meta(HouseFilterSet.Meta):
        model = Division
        fields = []

    def filter_queryset(self, queryset):
        place = self.form.cleaned_data.get("place")
        return queryset.filter(path__startswith=place.path) if place else queryset


@admin.register(Division)
class DivisionAdmin(ScopedAdmin):
    list_display = ["code", "name", "level", "parent", "shown_active"]
    list_display_links = ["code", "name"]
    list_filter = ["level", "is_active"]
    filterset_class = DivisionFilter
    search_fields = ["code", "name", "name_search"]
    search_help_text = "按名称、拼音首字母或 12 位代码查找。"
    empty_list = "还没有行政区划。"
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["code", "name", "level", "parent", "valid_from", "shown_active", "valid_to"]})
    ]
    add_fieldsets = [(None, {"fields": ["code", "name", "level", "parent", "valid_from"]})]
    readonly_fields = ["shown_active", "valid_to"]
    verbs = (
        Verb(
            "retire",
            "停用",
            "organizations.change_division",
            organizations.retire_division,
            form=RetireForm,
            applies=lambda row: row.is_active,
            explain="撤并的区划停用后不能再选，历史记录保留。还有在册关爱户或下级区划的不能停用。",
            bulk=False,
            caution=True,
        ),
    )

    @admin.display(description="在用", ordering="is_active")
    def shown_active(self, row):
        return "在用" if row.is_active else "已停用"

    def choice_label(self, row):
        return row.short_name

    def service_create(self, request, form):
        return organizations.add_division(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return organizations.update_division(row, by=by, version=version, **fields)


# Accounts ---------------------------------------------------------------------------------------------------


def slip_page(model_admin, request, user, code):
    """The activation slip, once: the code is kept nowhere."""
    try:
        address = settings.SITE_URL + reverse("organizations:activate")
    except NoReverseMatch:
        address = settings.SITE_URL
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"激活单：{user.username}",
        "subtitle": None,
        "opts": model_admin.opts,
        "account": user,
        "place": user.organization or user.division,
        "code": code,
        "address": address,
        "qr": qr_svg(f"{address}?code={code}", size=132, label="扫码打开激活页面"),
        "days": settings.INVITATION_DAYS,
        "help_phone": settings.HELP_PHONE,
        "bureau": settings.BUREAU_NAME,
        "back": model_admin._page_address(user),
    }
    return TemplateResponse(request, "admin/slip.html", context)


@admin.register(User)
class UserAdmin(ScopedAdmin):
    add_words = "开通账号"
    add_form = AccountForm
    form = AccountForm
    list_display = ["username", "shown_name", "role", "shown_place", "shown_active", "shown_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "organization__name", "organization__name_search"]
    search_help_text = "按账号或所属组织查找。"
    empty_list = "还没有账号。"
    autocomplete_fields = ["organization", "division"]
    fieldsets = [
        (None, {"fields": ["username", "name", "phone", "role", "organization", "division"]}),
        ("使用", {"fields": ["shown_active", "shown_login", "shown_slip", "created_at"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["role", "organization", "division", "username", "name", "phone"],
                "description": "保存后生成激活单，打印出来交给本人，由本人设置密码。",
            },
        )
    ]
    readonly_fields = ["created_at", "shown_active", "shown_login", "shown_slip"]
    verbs = (
        Verb(
            "slip",
            "重发激活单",
            "organizations.invite_user",
            accounts.issue_slip,
            explain="生成新的激活单，旧的立即失效。本人用它设置新密码。激活码只显示一次，请当场打印。",
            bulk=False,
            respond=slip_page,
        ),
        Verb(
            "disable",
            "停用",
            "organizations.invite_user",
            accounts.disable_account,
            form=DisableForm,
            applies=lambda row: row.is_active,
            explain="停用后不能登录，正在使用的页面立即退出。已登记的记录不受影响。",
            caution=True,
        ),
        Verb(
            "unlock",
            "解除锁定",
            "organizations.invite_user",
            accounts.unlock_account,
            applies=lambda row: row.is_active,
            explain="密码连续输错会锁定 15 分钟。核对本人身份后可以提前解除。",
            bulk=False,
        ),
    )

    def has_view_permission(self, request, obj=None):
        user = request.user
        return user.has_perm("organizations.view_user") or user.has_perm("organizations.invite_user")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return request.user.has_perm("organizations.invite_user")

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("organizations.manage_accounts")

    @admin.display(description="姓名")
    def shown_name(self, user):
        return masking.mask_name(user.name)

    @admin.display(description="所属")
    def shown_place(self, user):
        return user.organization or user.division

    @admin.display(description="启用", ordering="is_active")
    def shown_active(self, user):
        return "启用" if user.is_active else "未启用或已停用"

    @admin.display(description="最近登录", ordering="last_login")
    def shown_login(self, user):
        return zh_time(user.last_login) if user.last_login else "还没有登录过"

    @admin.display(description="激活单")
    def shown_slip(self, user):
        last = user.invitations.first()
        if last is None:
            return "还没有发过"
        if last.used_at:
            return f"{zh_time(last.used_at)}已启用"
        if last.revoked_at:
            return "已收回"
        return f"{zh_time(last.created_at)}发出，有效期至 {zh_time(last.expires_at)}"

    def choice_label(self, user):
        return user.username

    def choices_for(self, name, rows):
        return rows.approved() if name == "organization" else rows

    def get_changeform_initial_data(self, request):
        asked = super().get_changeform_initial_data(request)
        return {name: asked[name] for name in ("organization", "role") if name in asked}

    def service_create(self, request, form):
        user, request._slip_code = accounts.invite(by=request.user, **self.typed(form))
        return user

    def service_update(self, row, *, by, version, **fields):
        return accounts.update_account(row, by=by, version=version, **fields)

    def response_add(self, request, obj, post_url_continue=None):
        return slip_page(self, request, obj, request._slip_code)


# What waits -------------------------------------------------------------------------------------------------


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
