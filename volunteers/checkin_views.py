"""The page behind the code on the wall: any phone, no account. It tells who typed that they are in or out, and nothing else."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from jinchuan.shared import clock, crypto

from .models import CheckInWindow
from .plan_forms import CheckInForm
from .services import checkins

SLOW_DOWN = "这个姓名试得太多了，请过 10 分钟再试，或找现场的工作人员登记。"


@method_decorator([login_not_required, never_cache], name="dispatch")
class Desk(View):
    """A whole hall behind one address may check in at once; one name is tried only so often, known or not."""

    def dispatch(self, request, *args, **kwargs):
        address = ratelimit.get_ip(request)
        if not _allowed("address", address, settings.CHECK_IN_LIMIT):
            return render(request, "429.html", status=429)
        window = CheckInWindow.objects.filter(code_hash__of=kwargs["code"]).select_related(
            "activity__organization"
        )
        self.window = window.first()
        if self.window is None:
            may_try = _allowed("code", address, settings.CHECK_IN_UNKNOWN_LIMIT)
            return self.closed(status=404) if may_try else render(request, "429.html", status=429)
        if not self.window.is_open(clock.now()):
            return self.closed(status=404)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, code):
        return self.ask(CheckInForm())

    def post(self, request, code):
        form = CheckInForm(request.POST)
        if not form.is_valid():
            return self.ask(form)
        name, tail = form.cleaned_data["name"], form.cleaned_data["tail"]
        key = crypto.keyed_hash(f"{self.window.activity_id}\0{name}", purpose="checking in")
        if not _allowed("name", key, settings.CHECK_IN_NAME_LIMIT):
            form.add_error(None, SLOW_DOWN)
            return self.ask(form, status=429)
        leaving = {"leave": True, "return": False}.get(request.POST.get("intent"))
        try:
            presence = checkins.check_in(self.window, name=name, tail=tail, leaving=leaving)
        except ValidationError as refusal:
            form.refuse(refusal)
            return self.ask(form)
        context = {"presence": presence, "name": name, "tail": tail, "activity": self.window.activity}
        return render(request, "checkin/done.html", context)

    def ask(self, form, status=200):
        summary = form.summary if form.is_bound else []
        context = {
            "form": form,
            "activity": self.window.activity,
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(self.request, "checkin/desk.html", context, status=status)

    def closed(self, status):
        return render(
            self.request, "checkin/closed.html", {"sentence": checkins.CHECK_IN_CLOSED}, status=status
        )


def _allowed(what, whose, limit) -> bool:
    """Counted in the cache by one step that cannot be lost or refused: a crowd asks about the same key at once, for which
    the limits of sign-in, that hold a lock, would turn people away."""
    most, seconds = limit
    key = f"check-in:{what}:{whose}:{int(clock.now().timestamp()) // seconds}"
    if cache.add(key, 1, seconds):
        return True
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two
        return True
