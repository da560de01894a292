"""What became of my gift? For whoever holds its code, without signing in: no household, no giver who did not agree."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.forms import Form

from .models import Donation
from .tracing import grouped, normalised, trace

UNKNOWN = "没有找到这个查询码。请对照接收确认单或感谢信上的 12 位字母和数字，再看一遍。"


class CodeForm(Form):
    code = LineFormField(label="查询码", max_chars=40, help_text="例如：7K3M-92QF-X4TD，不分大小写。")


@method_decorator([login_not_required, never_cache], name="dispatch")
class Public(View):
    """Counted by address, whatever is asked: nobody tries codes by the thousand."""

    def dispatch(self, request, *args, **kwargs):
        allowed = ratelimit.consume(
            request,
            app="donations",
            action="trace",
            config={"trace": settings.TRACE_RATE_LIMIT},
            limit_get=True,
        )
        if not allowed:
            return render(request, "429.html", status=429)
        return super().dispatch(request, *args, **kwargs)

    def ask(self, request, form, status=200):
        summary = form.summary if form.is_bound else []
        context = {"form": form, "summary": summary, "page_has_errors": bool(summary)}
        return render(request, "trace/enter.html", context, status=status)


class Enter(Public):
    """Type the code; it leads to the address that the printed QR holds too."""

    def get(self, request):
        return self.ask(request, CodeForm())

    def post(self, request):
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.ask(request, form)
        code = normalised(form.cleaned_data["code"])
        if not Donation.objects.filter(trace_code=code or None).exists():
            form.add_error("code", UNKNOWN)
            return self.ask(request, form, status=404)
        return redirect("trace:gift", trace_code=code)


class Gift(Public):
    """One gift. A code of nobody's and no code at all get the same answer."""

    def get(self, request, trace_code):
        donation = Donation.objects.filter(trace_code=normalised(trace_code) or None).first()
        if donation is None:
            form = CodeForm({"code": trace_code[:40]})
            form.is_valid()
            form.add_error("code", UNKNOWN)
            return self.ask(request, form, status=404)
        context = {"trace": trace(donation), "shown_code": grouped(donation.trace_code)}
        return render(request, "trace/gift.html", context)
