"""Pages for whoever holds one of our papers, without signing in."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache


def within(request, limit, *, key=None) -> bool:
    """Count this request against ``settings.PUBLIC_LIMITS[limit]``; False when there were too many.

    By address, or by ``key`` where a whole hall may sit behind one address.
    """
    rates = {limit: settings.PUBLIC_LIMITS[limit]}
    return bool(ratelimit.consume(request, app="public", action=limit, key=key, config=rates, limit_get=True))


@method_decorator([login_not_required, never_cache], name="dispatch")
class PublicPage(View):
    """Counted, whatever is asked, so that nobody tries codes by the thousand; kept by no browser and found by no search
    engine."""

    limit = ""

    def dispatch(self, request, *args, **kwargs):
        allowed = within(request, self.limit)
        response = (
            super().dispatch(request, *args, **kwargs) if allowed else render(request, "429.html", status=429)
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def ask(self, template, form, *, status=200, **more):
        """The page with its form, and what is wrong with it."""
        summary = form.summary if form.is_bound else []
        context = {"form": form, "summary": summary, "page_has_errors": bool(summary), **more}
        return render(self.request, template, context, status=status)
