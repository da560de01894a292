"""Who came in, who went out, who was turned away: sign-ins, wrong passwords, locks and refusals are events too."""

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied

from jinchuan.shared.login import login_locked

from .services import record, verb


@verb
def note(action, user, *, by, reason="") -> None:
    """One event about an account, by itself in the log."""
    record(action, user, by=by, reason=reason)


class RefusalMiddleware:
    """Notes every act that somebody signed in was not allowed to do: which address, never what was sent."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, PermissionDenied) and request.user.is_authenticated:
            note("refused", request.user, by=request.user, reason=f"{request.method} {request.path}")


def watch() -> None:
    """Called once from ``AuditConfig.ready()``."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="audit.failed")
    login_locked.connect(_locked, dispatch_uid="audit.locked")


def _signed_in(sender, user, **kwargs):
    note("sign_in", user, by=user)


def _signed_out(sender, user, **kwargs):
    if user is not None:
        note("sign_out", user, by=user)


def _failed(sender, credentials, **kwargs):
    note("sign_in_failed", _account(credentials.get("username")), by=None)


def _locked(sender, username, **kwargs):
    note("sign_in_locked", _account(username), by=None)


def _account(username):
    """The account that was tried. What was typed is not kept where there is none: it may have been a password."""
    users = get_user_model()
    return users.objects.filter(username=username or "").first() or users(username="没有这个账号")
