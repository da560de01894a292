"""我的志愿服务记录: whoever holds the code of a slip, without signing in. The code stands in no address and no log."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.forms import Form

from . import querycodes
from .own_record import own_record, records_behind
from .services.own_record import ask_correction

UNKNOWN = (
    "没有找到这个查询码，或者它已经换新。请对照最近一次的查询单再看一遍；找不到的，请向所属组织重新打印。"
)
WHICH = "请在要更正的那一次服务下面填写。"
ASKED = "已经收到。记录这次服务的组织核对后答复，过几天再用查询码来看。"


class CodeForm(Form):
    code = LineFormField(
        label="查询码", max_chars=60, help_text="查询单上的 26 位字母和数字，不分大小写，横线可以不填。"
    )


class CorrectionForm(Form):
    text = LineFormField(
        label="应当是什么", max_chars=300, help_text="例如：那天我 14:00 到 17:00 都在，少记了一小时。"
    )
    contact = LineFormField(
        label="联系方式", max_chars=60, required=False, help_text="方便组织找您核对，只有该组织能看到。"
    )


@method_decorator([login_not_required, never_cache], name="dispatch")
class MyService(View):
    """One address for everything: the code comes by POST each time, so nothing of it is kept anywhere."""

    def dispatch(self, request, *args, **kwargs):
        allowed = ratelimit.consume(
            request,
            app="volunteers",
            action="my_service",
            config={"my_service": settings.TRACE_RATE_LIMIT},
            limit_get=True,
        )
        response = (
            super().dispatch(request, *args, **kwargs) if allowed else render(request, "429.html", status=429)
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def get(self, request):
        return self.ask(CodeForm())

    def post(self, request):
        form = CodeForm(request.POST)
        code = querycodes.find(request.POST.get("code", ""))
        if not form.is_valid():
            return self.ask(form)
        if code is None:
            form.add_error("code", UNKNOWN)
            return self.ask(form, status=404)
        if "record" in request.POST:
            return self.ask_correction(code)
        return self.show(code)

    def ask_correction(self, code):
        form = CorrectionForm(self.request.POST)
        typed = self.request.POST["record"]
        record = (
            records_behind(code)
            .filter(pk=int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0)
            .first()
        )
        if record is None:
            form.add_error(None, WHICH)
        elif form.is_valid():
            try:
                ask_correction(record, by=None, **form.cleaned_data)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                return self.show(code, asked=ASKED)
        return self.show(code, form=form, about=record)

    def ask(self, form, status=200):
        summary = form.summary if form.is_bound else []
        context = {"form": form, "summary": summary, "page_has_errors": bool(summary)}
        return render(self.request, "volunteers/my_service_enter.html", context, status=status)

    def show(self, code, *, form=None, about=None, asked=""):
        summary = form.summary if form else []
        context = {
            "record": own_record(code),
            "code": querycodes.normalised(self.request.POST["code"]),
            "issued_at": code.issued_at,
            "printed_by": code.organization,
            "form": form or CorrectionForm(auto_id=False),
            "about": about.pk if about else None,
            "asked": asked,
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(self.request, "volunteers/my_service.html", context)
