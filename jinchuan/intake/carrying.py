"""What was typed survives an expired session and a failed CSRF check.

Every form that keeps drafts carries a seal: whose form it is and at which address, signed. A form that arrives without a
session but with a good seal has its fields kept in the new, still nameless session, encrypted. The person signs in
(through the second factor too, if there is one) and comes back to the form, which shows them to the same owner at the
same address, and to nobody else. Files cannot be kept this way; the page says so.
"""

import json
import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core import signing
from django.http import JsonResponse
from django.shortcuts import render, resolve_url

from jinchuan.shared import crypto

KEPT = "登录时间到了，刚才填写的内容已经留住。请重新登录，登录后接着填。"
SIGN_IN_AGAIN = "登录时间到了，内容还在这一页上。请点下面的按钮，重新登录后接着填。"
PAGE_TOO_OLD = "页面放得太久，内容还在这一页上。请点下面的按钮继续。"

_KEY = "carried_form"
_SALT = "intake.seal"
_CONTEXT = "intake.carried"
_SEAL_SECONDS = 30 * 24 * 3600
_KEPT_SECONDS = 3600
_BYTES_MOST = 200_000
# What belongs to the sending and not to the form.
OURS = frozenset({"csrfmiddlewaretoken", "seal", "intent"})


def typed(post) -> dict[str, list[str]]:
    """The fields as they were typed."""
    return {name: post.getlist(name) for name in post if name not in OURS}


def seal(user, path) -> str:
    """For the hidden field of a form: its owner and address, signed."""
    return signing.dumps([user.pk, path], salt=_SALT)


def keep(request) -> bool:
    """Keep the fields of a form that cannot be taken now. False without a good seal for this address."""
    try:
        owner, path = signing.loads(request.POST.get("seal", ""), salt=_SALT, max_age=_SEAL_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    if path != request.path or (request.user.is_authenticated and request.user.pk != owner):
        return False
    fields = json.dumps({"owner": owner, "path": path, "at": int(time.time()), "typed": typed(request.POST)})
    if len(fields) > _BYTES_MOST:
        return False
    request.session[_KEY] = crypto.encrypt(fields, context=_CONTEXT)
    return True


def carried(request) -> dict[str, list[str]] | None:
    """What was kept for this person at this address within the hour. Looking does not use it up."""
    token = request.session.get(_KEY)
    if token is None:
        return None
    try:
        fields = json.loads(crypto.decrypt(token, context=_CONTEXT))
    except (ValueError, crypto.DecryptionError):
        return None
    fresh = time.time() - fields["at"] < _KEPT_SECONDS
    mine = fields["owner"] == request.user.pk and fields["path"] == request.path
    return fields["typed"] if fresh and mine else None


def drop(request) -> None:
    """The form was taken; what was kept is no longer needed."""
    request.session.pop(_KEY, None)


def is_autosave(request) -> bool:
    return request.method == "POST" and request.POST.get("intent") == "autosave"


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in but what says otherwise; a form sent without one keeps what was typed."""

    def handle_no_permission(self, request, view_func):
        if is_autosave(request):
            return JsonResponse({"message": SIGN_IN_AGAIN}, status=401)
        if request.method == "POST" and keep(request):
            list(messages.get_messages(request))  # one sentence is enough
            messages.info(request, KEPT)
        return super().handle_no_permission(request, view_func)


def csrf_failure(request, reason=""):
    """The page was open too long, or its cookie changed with a new sign-in. What was typed is kept where possible."""
    if is_autosave(request):
        return JsonResponse({"message": PAGE_TOO_OLD}, status=403)
    kept = ""
    if request.method == "POST" and keep(request):
        kept = request.path
        if not request.user.is_authenticated:
            kept = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}"
    return render(request, "403_csrf.html", {"kept": kept}, status=403)
