"""Accounts: opened with an activation slip, disabled, unlocked. Nobody types a password for somebody else."""

from django.conf import settings
from django.contrib import admin
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from jinchuan.printing.qr import qr_svg
from jinchuan.shared import masking
from jinchuan.shared.admin import ScopedAdmin, Verb
from jinchuan.shared.templatetags.house import zh_time

from ..forms import AccountForm, DisableForm
from ..models import User
from ..services import accounts


def slip_page(model_admin, request, user, code):
    """The activation slip, once: the code is kept nowhere."""
    address = settings.SITE_URL + reverse("organizations:activate")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"激活单：{user.username}",
        "subtitle": None,
        "opts": model_admin.opts,
        "account": user,
        "place": user.organization or user.division,
        "code": code,
        "address": address,
        "qr": qr_svg(f"{address}?{urlencode({'code': code})}", size=132, label="扫码打开激活页面"),
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
        (None, {"fields": ["username", "name", "phone", "email", "role", "organization", "division"]}),
        ("使用", {"fields": ["shown_active", "shown_login", "shown_slip", "created_at"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["role", "organization", "division", "username", "name", "phone", "email"],
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
