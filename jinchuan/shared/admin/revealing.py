"""One masked value, asked for with a reason, written to the log, shown once; and finding a person by ID number."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse

from jinchuan.shared import site
from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.fields.form import CitizenIdFormField, LineFormField
from jinchuan.shared.forms import Form

from .pieces import masked, sealed_fields

REASONS = (
    ("visit", "上门走访前联系"),
    ("verify", "核实家庭情况"),
    ("policy", "办理救助或落实政策"),
    ("call_back", "回访款物是否收到"),
    ("correct", "更正登记错误"),
    ("other", "其他（请写明）"),
)
SAY_WHY = "选“其他”的，请在“说明”里写明为什么要查看。"


class RevealForm(Form):
    why = forms.ChoiceField(label="查看原因", choices=[("", "请选择"), *REASONS])
    note = LineFormField(
        label="说明", max_chars=100, required=False, help_text="例如：9月20日上门送米面前联系。"
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("why") == "other" and len(cleaned.get("note") or "") < 5:
            self.add_error("note", SAY_WHY)
        return cleaned

    @property
    def reason(self) -> str:
        words = dict(REASONS)[self.cleaned_data["why"]]
        return "：".join(filter(None, [words, self.cleaned_data.get("note")]))


class FindForm(Form):
    """An exact ID number, sent by POST: it stands in no address and in no log."""

    id_number = CitizenIdFormField(label="身份证号")


class RevealMixin:
    def may_reveal(self, request) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.reveal_{self.opts.model_name}")

    def reveal_view(self, request, object_id, field):
        """GET asks why; POST writes the event, then shows the value on this one page."""
        if not self.may_reveal(request):
            raise PermissionDenied(NOT_ALLOWED)
        column = sealed_fields(self.model).get(field)
        row = self.get_object(request, object_id)
        if column is None or row is None:
            raise Http404
        form = RevealForm(request.POST if request.method == "POST" else None)
        value = ""
        if form.is_bound and form.is_valid():
            value = site.door("reveal")(row, field, by=request.user, reason=form.reason)
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": f"查看{column.verbose_name}：{self.choice_label(row)}",
            "subtitle": None,
            "opts": self.opts,
            "form": form,
            "field_name": column.verbose_name,
            "shown": masked(row, field),
            "value": value,
            "back": self._page_address(row),
        }
        return TemplateResponse(request, "admin/reveal.html", context)

    def find_view(self, request):
        """Find a row by something that may stand in no address."""
        if not self.has_view_permission(request):
            raise PermissionDenied(NOT_ALLOWED)
        form = self.find_form(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            row = self.find(request, **form.cleaned_data)
            if row is not None:
                return HttpResponseRedirect(self._page_address(row))
            form.refuse(
                ValidationError(
                    {"id_number": "没有找到这个身份证号。请核对号码，或确认是否在您的工作范围内。"}
                )
            )
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": "按身份证号查找",
            "subtitle": None,
            "opts": self.opts,
            "form": form,
            "back": self._list_address(),
        }
        return TemplateResponse(request, "admin/find.html", context)
