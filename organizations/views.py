"""Getting in with an activation slip, and the organisation's own affairs: its members, its particulars."""

from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from jinchuan.printing import qr_svg
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import EmailFormField, LineFormField, NameFormField, PhoneFormField
from jinchuan.shared.forms import Form

from .enums import ORGANIZATION_ROLES, Role
from .models import Division, Organization, User
from .services import accounts
from .services import organizations as services

DISABLED = "账号已停用，对方立即不能再登录。"
PROFILE_SAVED = "联系方式已保存。"
EMAIL_SAVED = "电子邮箱已保存。有新提醒时，早上会收到一封邮件。"
EMAIL_REMOVED = "电子邮箱已删去，不再发邮件。通知仍在这里看。"
PROMISE_NEEDED = "请勾选保密承诺；不同意的，不能使用本系统。"


class ActivationForm(Form):
    code = LineFormField(label="激活码", max_chars=60, help_text="在激活单上，大小写和短横都可以不管。")
    password = forms.CharField(
        label="新密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 8 位（民政局、街道、协会的账号至少 12 位），不要用生日、手机号。可以粘贴。",
    )
    promise = forms.BooleanField(
        label="我承诺：看到的姓名、住址、电话和困难情况只用于结对帮扶，不转发、不公开。",
        error_messages={"required": PROMISE_NEEDED},
    )


@method_decorator(never_cache, name="dispatch")  # the code stands on it
@method_decorator(login_not_required, name="dispatch")
class Activate(Page):
    """P02: the slip's code and a password of one's own lead straight in."""

    def get(self, request):
        code = request.GET.get("code", "")[:60]
        return self.show(request, ActivationForm(initial={"code": code}))

    def post(self, request):
        form = ActivationForm(request.POST)
        if form.is_valid():
            try:
                user = accounts.activate(form.cleaned_data["code"], form.cleaned_data["password"])
            except Refused as refusal:
                form.refuse(refusal)
            except ValidationError as weak:
                form.add_error("password", weak)
            else:
                return perform_login(request, user, email_verification="none")
        return self.show(request, form)

    @staticmethod
    def show(request, form):
        summary = form.summary if form.is_bound else []
        context = {"form": form, "summary": summary, "page_has_errors": bool(summary)}
        return render(request, "organizations/activate.html", context)


@method_decorator(login_not_required, name="dispatch")
class Forgotten(Page):
    """P03: nobody resets a password by e-mail here; a new slip does it."""

    def get(self, request):
        return render(request, "organizations/forgotten.html")


class Communities(Page):
    """The communities of a street as options, for the second of the two selects."""

    permission = "organizations.view_division"

    def get(self, request):
        street = request.GET.get("street", "")
        rows = Division.objects.visible_to(request.user).active().grassroots()
        rows = rows.filter(parent=int(street[:12])) if street.isascii() and street.isdigit() else rows.none()
        return render(request, "organizations/communities.html", {"communities": rows})


class Members(ListPage):
    permission = "organizations.invite_user"
    organization_only = True
    template_name = "organizations/members.html"

    def rows(self):
        rows = User.objects.visible_to(self.request.user).filter(role__in=sorted(ORGANIZATION_ROLES))
        return rows.for_list().order_by("-is_active", "username")


class InviteForm(Form):
    name = NameFormField(label="姓名")
    username = LineFormField(label="账号", max_chars=60, help_text="建议用手机号，登录时填它。")
    phone = PhoneFormField(label="手机号码", required=False)
    role = forms.ChoiceField(
        label="岗位",
        widget=forms.RadioSelect,
        choices=[
            (Role.ORG_MEMBER.value, "组织成员：登记捐赠和服务"),
            (Role.ORG_ADMIN.value, "组织管理员：另可邀请成员、答复结对意向"),
        ],
    )


class Invite(Page):
    """P18: a colleague gets a slip; nobody types a password for somebody else."""

    permission = "organizations.invite_user"
    organization_only = True

    def get(self, request):
        return self.show(request, InviteForm())

    def post(self, request):
        form = InviteForm(request.POST)
        if form.is_valid():
            try:
                user, code = accounts.invite(
                    by=request.user, organization=request.user.organization, **form.cleaned_data
                )
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                return slip(request, user, code)
        return self.show(request, form)

    @staticmethod
    def show(request, form):
        summary = form.summary if form.is_bound else []
        context = {"form": form, "summary": summary, "page_has_errors": bool(summary)}
        return render(request, "organizations/invite.html", context)


def slip(request, user, code):
    """The activation slip, on screen this once: the code is kept nowhere."""
    address = f"{settings.SITE_URL}{reverse('organizations:activate')}"
    context = {
        "member": user,
        "code": code,
        "address": address,
        "qr": qr_svg(f"{address}?{urlencode({'code': code})}", size=150, label="激活二维码"),
        "days": settings.INVITATION_DAYS,
        "until": user.invitations.latest("created_at").expires_at,
    }
    return render(request, "organizations/slip.html", context)


class Member(Page):
    """Ask before a new slip is printed or an account is shut."""

    permission = "organizations.invite_user"
    organization_only = True
    act = ""

    def get(self, request, pk):
        return render(request, f"organizations/{self.act}.html", {"member": self.find(request, pk)})

    def post(self, request, pk):
        member = self.find(request, pk)
        try:
            if self.act == "reissue":
                return slip(request, member, accounts.issue_slip(member, by=request.user))
            accounts.disable_account(member, by=request.user)
        except Refused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, DISABLED)
        return redirect("organizations:members")

    @staticmethod
    def find(request, pk):
        return get_object_or_404(User.objects.visible_to(request.user).for_list(), pk=pk)


class ContactForm(Form):
    contact_name = NameFormField(label="联系人", required=False)
    contact_phone = PhoneFormField(label="联系电话", required=False)


class Profile(Page):
    """P19: what the bureau registered, to read; the contact, for the administrator to keep current."""

    permission = "organizations.view_organization"
    organization_only = True

    def get(self, request):
        organization = self.find(request)
        initial = {"contact_name": organization.contact_name, "contact_phone": organization.contact_phone}
        return self.show(request, organization, ContactForm(initial=initial))

    def post(self, request):
        organization = self.find(request)
        form = ContactForm(request.POST)
        if form.is_valid():
            try:
                services.update_contact(organization, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, PROFILE_SAVED)
                return redirect("organizations:profile")
        return self.show(request, organization, form)

    @staticmethod
    def find(request):
        return get_object_or_404(Organization.objects.visible_to(request.user).for_list())

    @staticmethod
    def show(request, organization, form):
        summary = form.summary if form.is_bound else []
        context = {
            "organization": organization,
            "form": form,
            "summary": summary,
            "page_has_errors": bool(summary),
            "may_change": request.user.is_org_admin,
        }
        return render(request, "organizations/profile.html", context)


class AccountForm(Form):
    email = EmailFormField(
        label="电子邮箱",
        required=False,
        help_text="有新提醒时，每天早上发一封邮件，只写条数和户编号，不写姓名和住址。不想收到，留空即可。",
    )


class Account(Page):
    """P22: one's own particulars, and the address for mails: nobody else reads it in full."""

    def get(self, request):
        return self.show(request, AccountForm(initial={"email": request.user.email}))

    def post(self, request):
        form = AccountForm(request.POST)
        if form.is_valid():
            try:
                user = accounts.set_email(request.user, by=request.user, email=form.cleaned_data["email"])
            except Refused as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, EMAIL_SAVED if user.email else EMAIL_REMOVED)
                return redirect("organizations:account")
        return self.show(request, form)

    @staticmethod
    def show(request, form):
        summary = form.summary if form.is_bound else []
        context = {
            "form": form,
            "summary": summary,
            "page_has_errors": bool(summary),
            "mail_is_on": bool(settings.EMAIL_HOST),
        }
        return render(request, "organizations/account.html", context)
