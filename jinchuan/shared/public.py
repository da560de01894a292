"""Pages for whoever holds one of our papers, without signing in."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.shortcuts import render
from django.views import View
from django.views.decorators.cache import never_cache

from . import clock


def within(request, limit, *, key="") -> bool:
    """Count this request against ``settings.PUBLIC_LIMITS[limit]``; False when there were too many.

    By address, or by ``key`` where a whole hall may stand behind one address. Counted by one step of the cache that
    cannot be refused: a crowd asks about the same key at once, for which the limits of sign-in, that hold a lock, would
    turn people away.
    """
    most, seconds = settings.PUBLIC_LIMITS[limit]
    span = int(clock.now().timestamp()) // seconds
    name = f"public:{limit}:{key or ratelimit.get_ip(request)}:{span}"
    if cache.add(name, 1, seconds):
        return True
    try:
        return cache.incr(name) <= most
    except ValueError:  # it ran out between the two
        return True


class PublicPage(View):
    """Counted, whatever is asked, so that nobody tries codes by the thousand; kept by no browser and found by no search
    engine."""

    limit = ""

    @classmethod
    def as_view(cls, **initial):
        return login_not_required(never_cache(super().as_view(**initial)))

    def dispatch(self, request, *args, **kwargs):
        allowed = within(request, self.limit)
        response = super().dispatch(request, *args, **kwargs) if allowed else self.too_often()
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def too_often(self):
        return render(self.request, "429.html", status=429)

    def ask(self, template, form, *, status=200, **more):
        """The page with its form, and what is wrong with it."""
        summary = form.summary if form.is_bound else []
        context = {"form": form, "summary": summary, "page_has_errors": bool(summary), **more}
        return render(self.request, template, context, status=status)


class CodePage(PublicPage):
    """Is this paper genuine? Its code is asked for, and ``told`` says what becomes known; for a code that vouches for nothing
    the answer is ``unknown``, whatever the reason.

    The code comes by POST, never in an address: the QR code carries it behind the ``#``, which browsers keep to themselves.
    """

    form_class = None
    template = ""
    unknown = ""

    def get(self, request):
        return self.ask(self.template, self.form_class(), found=None)

    def post(self, request):
        form = self.form_class(request.POST)
        found = self.told(form.cleaned_data["code"]) if form.is_valid() else None
        if form.is_valid() and found is None:
            form.add_error("code", self.unknown)
        return self.ask(self.template, self.form_class() if found else form, found=found)
