"""How sign-in behaves: no sign-up, a lock after wrong passwords, a second factor encrypted at rest."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.dispatch import Signal
from django.forms import ValidationError
from django.shortcuts import resolve_url

from .crypto import decrypt, encrypt

WRONG_PASSWORD = "账号或密码不对，请再试一次。"
LOCKED = "密码连续输错的次数太多，账号暂时锁住。请15分钟后再试，或请管理员解锁。"
INACTIVE = "这个账号已经停用。请联系区民政局。"
WRONG_CODE = "验证码不对。请看手机上现在显示的6位数字，再试一次。"
WRONG_CURRENT_PASSWORD = "现在的密码不对，请再试一次。"
PASSWORD_CHANGED = "密码已修改，其他设备需要重新登录。"
TOO_MANY_REQUESTS = "操作太快，请过一会儿再试。"

# Somebody was turned away because the account is locked: sent with `request` and `username`. Django's own
# user_login_failed is not sent then, since no password is looked at.
login_locked = Signal()


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG_PASSWORD,
        "invalid_login": WRONG_PASSWORD,
        "too_many_login_attempts": LOCKED,
        "account_inactive": INACTIVE,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": WRONG_CURRENT_PASSWORD,
        "enter_current_password": WRONG_CURRENT_PASSWORD,
        "rate_limited": TOO_MANY_REQUESTS,
    }

    def is_open_for_signup(self, request):
        """Accounts come from invitations alone."""
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """By the account alone. The library adds the host of the request, which whoever guesses may write as they like:
        every other port in it would be another five guesses."""
        return credentials.get("username", "").lower()

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            login_locked.send(
                sender=AccountAdapter, request=request, username=credentials.get("username", "")
            )
            raise

    def unlock(self, request, username):
        """Forget the wrong passwords of an account, for the administrator's button."""
        key = self._get_login_attempts_cache_key(request, username=username)
        ratelimit.clear(request, app="allauth.account", action="login_failed", key=key)

    def add_message(
        self, request, level, message_template=None, message_context=None, extra_tags="", message=None
    ):
        """Only that the password was changed: being signed in or out shows on the page itself."""
        if message_template == "account/messages/password_changed.txt":
            messages.success(request, PASSWORD_CHANGED)

    def get_password_change_redirect_url(self, request):
        return resolve_url("intake:me")


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def encrypt(self, text):
        return encrypt(text, context="mfa.authenticator")

    def decrypt(self, encrypted_text):
        return decrypt(encrypted_text, context="mfa.authenticator")

    def get_totp_label(self, user):
        return user.get_username()
