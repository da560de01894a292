"""The forms of signing in, from the library, in the words and manners of our own."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp

from .forms import FormBase

LABELS = {
    "login": "账号（手机号）",
    "password": "密码",
    "oldpassword": "现在的密码",
    "password1": "新密码",
    "password2": "再输一次新密码",
    "code": "验证码",
}


class _Ours(FormBase):
    """Our labels, “请填写…”, and no placeholder that repeats the label."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in LABELS:
                field.label = LABELS[name]
                field.error_messages["required"] = f"请填写{LABELS[name]}"
            field.help_text = ""


class LoginForm(_Ours, account.LoginForm):
    pass


class ChangePasswordForm(_Ours, account.ChangePasswordForm):
    pass


class ReauthenticateForm(_Ours, account.ReauthenticateForm):
    pass


class CodeForm(_Ours, mfa.AuthenticateForm):
    pass


class CodeAgainForm(_Ours, mfa.ReauthenticateForm):
    pass


class BindForm(_Ours, totp.ActivateTOTPForm):
    pass
