"""Around every request: its number, the limits of a session, the second factor, and no copies in caches."""

import logging
import re
import time
import uuid
from contextvars import ContextVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers
from django_htmx.http import HttpResponseClientRedirect

SESSION_EXPIRED = "登录时间太长，为了安全已经退出。请重新登录，登录后回到刚才的页面。"
SECOND_FACTOR_NEEDED = "您的岗位需要第二道验证。请先按下面的步骤绑定手机上的验证器。"

STARTED = "session_started_at"
SEEN = "session_seen_at"
STAMP_SECONDS = 60

_request_id = ContextVar("request_id", default="-")
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def current_request_id():
    """The number of the request being served, "-" outside of one. Error pages show it, logs carry it."""
    return _request_id.get()


class RequestIdFilter(logging.Filter):
    """Gives every log record its `request_id`."""

    def filter(self, record):
        record.request_id = current_request_id()
        return True


class RequestIdMiddleware:
    """Numbers each request (`request.request_id`, header X-Request-ID); takes over a proxy's plain number."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex[:12]
        token = _request_id.set(request.request_id)
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response["X-Request-ID"] = request.request_id
        return response


class NoStoreMiddleware:
    """Pages for somebody signed in are never kept: not by the browser of a shared phone, not by a proxy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response


class SessionLimitMiddleware:
    """Ends a session that idles or lasts too long: 30 minutes / 12 hours in the bureau, 7 days elsewhere.

    The last activity is stamped at most once a minute, so that reading pages does not write at every request.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            if self._is_over(request, now):
                return self._sign_out(request) or self.get_response(request)
            session = request.session
            if STARTED not in session:
                session[STARTED] = session[SEEN] = now
            elif now - session.get(SEEN, 0) >= STAMP_SECONDS:
                session[SEEN] = now
        return self.get_response(request)

    @staticmethod
    def _is_over(request, now):
        started = request.session.get(STARTED)
        if started is None:
            return False
        if getattr(request.user, "role", None) in settings.PORTAL_ROLES:
            return now - started >= settings.PORTAL_SESSION_SECONDS
        idle = now - request.session.get(SEEN, started)
        return now - started >= settings.BUREAU_SESSION_SECONDS or idle >= settings.BUREAU_IDLE_SECONDS

    @staticmethod
    def _sign_out(request):
        """To the sign-in page; None for a form that was sent, which ``intake.carrying`` looks after."""
        logout(request)
        messages.info(request, SESSION_EXPIRED)
        if request.htmx:
            back = request.htmx.current_url_abs_path or "/"
            return HttpResponseClientRedirect(_login_url(back))
        if request.method == "POST":
            return None
        return HttpResponseRedirect(_login_url(request.get_full_path()))


class SecondFactorMiddleware:
    """Where the installation demands a second factor, bureau roles enrol it before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        if getattr(request.user, "role", None) in settings.PORTAL_ROLES:
            return None
        name = request.resolver_match.url_name or ""
        if name.startswith(("mfa_", "account_")) or name in {"healthz", "jsi18n"}:
            return None
        from allauth.mfa.utils import is_mfa_enabled

        if is_mfa_enabled(request.user):
            return None
        messages.info(request, SECOND_FACTOR_NEEDED)
        return HttpResponseRedirect(resolve_url("mfa_activate_totp"))


def _login_url(back):
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
