"""What became of my gift? For whoever holds its code, without signing in: no household, no giver who did not agree."""

from django.shortcuts import redirect, render

from jinchuan.shared.codes import grouped
from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.public import PublicPage

from .tracing import find, trace

UNKNOWN = "没有找到这个查询码。请对照接收确认单或感谢信上的 12 位字母和数字，再看一遍。"


class CodeForm(Form):
    code = LineFormField(label="查询码", max_chars=40, help_text="例如：7K3M-92QF-X4TD，不分大小写。")


class Enter(PublicPage):
    """Type the code; it leads to the address that the printed QR holds too."""

    limit = "trace"

    def get(self, request):
        return self.ask("trace/enter.html", CodeForm())

    def post(self, request):
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self.ask("trace/enter.html", form)
        donation = find(form.cleaned_data["code"])
        if donation is None:
            form.add_error("code", UNKNOWN)
            return self.ask("trace/enter.html", form, status=404)
        return redirect("trace:gift", trace_code=donation.trace_code)


class Gift(PublicPage):
    """One gift. A code of nobody's and no code at all get the same answer."""

    limit = "trace"

    def get(self, request, trace_code):
        donation = find(trace_code)
        if donation is None:
            form = CodeForm({"code": trace_code[:40]})
            form.is_valid()
            form.add_error("code", UNKNOWN)
            return self.ask("trace/enter.html", form, status=404)
        context = {"trace": trace(donation), "shown_code": grouped(donation.trace_code)}
        return render(request, "trace/gift.html", context)
