"""Acts on rows: declared once, offered as a button on the row's page and as an action of the list.

Both lead to one confirmation page that shows what will happen to which rows; the service then runs row by row, and the
page reports what was done and what was refused, and why. An act that is ``previewed`` shows that before it is done.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.fields.form import ParagraphFormField
from jinchuan.shared.forms import Form

from .pieces import could_be_key
from .preview import PreviewMixin, step

MOST_ROWS = 200
TOO_MANY = f"一次最多办理 {MOST_ROWS} 条，请先筛选，再分批办理。"
NONE_CHOSEN = "没有选中可以办理的记录，请在列表里勾选。"
CHANGED_SINCE = "{row} 在您打开这一页之后有变化，请重新核对后再办理。"
NOT_NOW = "{row} 现在是“{state}”，不用再办理“{verb}”。"


class ReasonForm(Form):
    """Why. At least five characters, so that whoever reads it can act on it."""

    reason = ParagraphFormField(
        label="原因",
        max_chars=200,
        help_text="至少 5 个字，写明问题在哪里、要怎么改。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@dataclass(frozen=True)
class Verb:
    """One act. ``service(row, *, by, **cleaned_data)`` does it; ``states`` are those it applies to (empty: any)."""

    name: str
    label: str
    permission: str
    service: Callable
    states: tuple = ()
    form: type[forms.BaseForm] = Form
    explain: str = ""
    bulk: bool = True
    caution: bool = False
    applies: Callable = lambda row: True
    facts: Callable = lambda row: []
    respond: Callable | None = None
    initial: Callable = lambda row: {}
    template: str = "admin/verb.html"
    """The page that asks, where the form needs another one."""
    previewed: bool = False
    """What becomes of each of several rows is shown before it is confirmed."""
    says: Callable = step
    """``says(row, result)``: sentences on what the act has done to a row, for the preview and the report."""
    many: Callable | None = None
    """``many(rows, *, by, **cleaned_data)`` → ``Outcome`` of each, where rows are not done one by one; also of one row."""
    foretell: Callable | None = None
    """The same as ``many`` without a write, where something quicker than doing and taking back is known."""

    def applies_to(self, row) -> bool:
        return (not self.states or row.state in self.states) and self.applies(row)


class VerbMixin(PreviewMixin):
    """What ``ScopedAdmin`` knows about verbs."""

    verbs: tuple[Verb, ...] = ()

    def all_verbs(self) -> dict[str, Verb]:
        from jinchuan.shared import site

        return {verb.name: verb for verb in (*self.verbs, *site.verbs_for(self.opts.label_lower))}

    def verbs_on(self, request, row) -> list[tuple[Verb, str]]:
        """The acts open to this person on this row now, with their addresses."""
        return [
            (verb, reverse(f"admin:{self._address('verb')}", args=[row.pk, verb.name]))
            for verb in self.all_verbs().values()
            if request.user.has_perm(verb.permission) and verb.applies_to(row)
        ]

    def act_label(self, row) -> str:
        """How a row is called where one decides about several: enough to tell it from the others."""
        return self.choice_label(row)

    def get_action_choices(self, request, default_choices=()):
        return super().get_action_choices(request, [("", "请选择")])

    def get_actions(self, request):
        if not self._is_list(request):
            return {}
        return {
            verb.name: (self._action(verb), verb.name, verb.label)
            for verb in self.all_verbs().values()
            if verb.bulk and request.user.has_perm(verb.permission)
        }

    def _is_list(self, request):
        return "_popup" not in request.GET

    def _action(self, verb):
        def open_confirmation(model_admin, request, queryset):
            if queryset.count() > MOST_ROWS:
                model_admin.message_user(request, TOO_MANY, messages.WARNING)
                return None
            rows = list(queryset)
            if verb.previewed and rows and not verb.form.base_fields:
                return model_admin._previewed(request, verb, rows)
            return model_admin._confirmation(request, verb, rows)

        return open_confirmation

    def verb_view(self, request, verb, object_id=None):
        """The confirmation page of one row (GET), and the act itself (POST)."""
        verb = self.all_verbs().get(verb)
        if verb is None:
            raise Http404
        if not request.user.has_perm(verb.permission):
            raise PermissionDenied(NOT_ALLOWED)
        if object_id is not None:
            row = self.get_object(request, object_id)
            if row is None:
                raise Http404
            return self._one(request, verb, row)
        if request.method != "POST":
            return HttpResponseRedirect(self._list_address())
        return self._many(request, verb)

    def _one(self, request, verb, row):
        if not verb.applies_to(row):
            state = row.get_state_display() if hasattr(row, "state") else "已经办过的状态"
            sentence = NOT_NOW.format(row=self.choice_label(row), state=state, verb=verb.label)
            self.message_user(request, sentence, messages.WARNING)
            return HttpResponseRedirect(self._page_address(row))
        if request.method != "POST":
            return self._confirmation(request, verb, [row], single=True)
        if verb.many:
            return self._previewed(request, verb, [row], single=True)
        form = self._verb_form(request, verb, [row], request.POST, request.FILES)
        if form.is_valid() and self._changed_since(request, row):
            form.add_error(None, CHANGED_SINCE.format(row=self.choice_label(row)))
        if form.is_valid():
            try:
                result = verb.service(row, by=request.user, **form.cleaned_data)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                self.message_user(
                    request, f"已办理“{verb.label}”：{self.choice_label(row)}。", messages.SUCCESS
                )
                response = verb.respond(self, request, row, result) if verb.respond else None
                return response or HttpResponseRedirect(self._page_address(row))
        return self._confirmation(request, verb, [row], form=form, single=True)

    def _many(self, request, verb):
        ids = [one for one in request.POST.getlist("ids") if could_be_key(one)][: MOST_ROWS + 1]
        rows = list(self.get_queryset(request).filter(pk__in=ids))
        if not rows or not verb.bulk:
            self.message_user(request, NONE_CHOSEN, messages.WARNING)
            return HttpResponseRedirect(self._list_address())
        if len(rows) > MOST_ROWS:
            self.message_user(request, TOO_MANY, messages.WARNING)
            return HttpResponseRedirect(self._list_address())
        if verb.previewed:
            return self._previewed(request, verb, rows)
        form = self._verb_form(request, verb, rows, request.POST)
        if not form.is_valid():
            return self._confirmation(request, verb, rows, form=form)
        done, refused = [], []
        for row in rows:
            label = self.choice_label(row)
            if not verb.applies_to(row):
                state = row.get_state_display() if hasattr(row, "state") else "已经办过的状态"
                refused.append(NOT_NOW.format(row=label, state=state, verb=verb.label))
                continue
            if self._changed_since(request, row):
                refused.append(CHANGED_SINCE.format(row=label))
                continue
            try:
                verb.service(row, by=request.user, **form.cleaned_data)
            except PermissionDenied as refusal:
                refused.append(f"{label}：{refusal or NOT_ALLOWED}")
            except ValidationError as refusal:
                refused.append(f"{label}：{''.join(refusal.messages)}")
            else:
                done.append(label)
        context = self._verb_context(request, verb) | {
            "title": f"{verb.label}：办理结果",
            "done": done,
            "refused": refused,
            "list_address": self._list_address(),
        }
        return TemplateResponse(request, "admin/verb_result.html", context)

    def _changed_since(self, request, row) -> bool:
        """Was the row written after the confirmation page showed it? What nobody saw is not confirmed."""
        shown = dict(entry.split(":", 1) for entry in request.POST.getlist("versions") if ":" in entry)
        return str(row.pk) in shown and shown[str(row.pk)] != str(getattr(row, "version", ""))

    def _verb_form(self, request, verb, rows, data=None, files=None):
        initial = verb.initial(rows[0]) if len(rows) == 1 else {}
        form = verb.form(data, files, initial=initial)
        if hasattr(form, "narrow"):
            form.narrow(request.user, rows)
        return form

    def _confirmation(self, request, verb, rows, *, form=None, single=False):
        ready = [row for row in rows if verb.applies_to(row)]
        if not ready:
            self.message_user(request, NONE_CHOSEN, messages.WARNING)
            return HttpResponseRedirect(self._list_address())
        one = ready[0] if single else None
        context = self._verb_context(request, verb) | {
            "title": f"{verb.label}：{self.choice_label(one)}"
            if one
            else f"{verb.label}{self.opts.verbose_name}：{len(ready)} 条",
            "rows": [(row, self.act_label(row), self._page_address(row)) for row in ready],
            "skipped": [
                (self.choice_label(row), row.get_state_display() if hasattr(row, "state") else "")
                for row in rows
                if row not in ready
            ],
            "facts": verb.facts(one) if one else [],
            "form": form or self._verb_form(request, verb, ready),
            "action": reverse(f"admin:{self._address('verb')}", args=[one.pk, verb.name])
            if one
            else reverse(f"admin:{self._address('verbs')}", args=[verb.name]),
            "back": self._page_address(one) if one else self._list_address(),
            "single": single,
            "shown_first": verb.previewed and not (single and verb.many is None),
        }
        return TemplateResponse(request, verb.template, context)

    def _verb_context(self, request, verb):
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "verb": verb,
            "subtitle": None,
            "media": self.media,
        }
