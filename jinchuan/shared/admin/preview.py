"""Acts on several rows: what becomes of each is shown before it is confirmed, and what was shown is what happens.

The preview is the act itself, taken back: the same rows through the same service in one transaction that is rolled back.
The confirmation carries a mark of what was shown. It does the act once more and keeps it only when the same comes of it;
otherwise it is taken back again, and shown anew.
"""

import hashlib
import json
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.template.response import TemplateResponse
from django.urls import reverse

from jinchuan.shared import site
from jinchuan.shared.access import NOT_ALLOWED

CHANGED = "情况有变化，和刚才看到的不一样，请再核对一遍。"
NOT_NOW = "现在是“{state}”，不用再办理“{verb}”。"


@dataclass(frozen=True)
class Outcome:
    """What becomes of one row: the act is done, was done already, or is refused, and why."""

    row: models.Model
    kind: str
    sentences: tuple[str, ...] = ()

    DONE, ALREADY, REFUSED = "done", "already", "refused"


class _TakenBack(Exception):
    """Rolls back what was done and brings out what had come of it."""

    def __init__(self, outcomes):
        super().__init__()
        self.outcomes = outcomes


def step(row, result) -> tuple[str, ...]:
    """“意向 → 结对中”: the step that a row has taken. ``result`` is the row as the service gave it back."""
    if not isinstance(result, type(row)) or not hasattr(row, "state") or row.state == result.state:
        return ()
    return (f"{row.get_state_display()} → {result.get_state_display()}",)


def not_now(verb, row) -> str:
    state = row.get_state_display() if hasattr(row, "state") else "已经办过的状态"
    return NOT_NOW.format(state=state, verb=verb.label)


def one_by_one(verb, rows, *, by, **typed) -> list[Outcome]:
    """Each row is done whole or not at all; one that is refused does not stop the others."""
    outcomes = []
    for row in rows:
        if not verb.applies_to(row):
            outcomes.append(Outcome(row, Outcome.REFUSED, (not_now(verb, row),)))
            continue
        try:
            result = site.door("verb")(verb.service)(row, by=by, **typed)
        except (ValidationError, PermissionDenied, IntegrityError) as refusal:
            outcomes.append(Outcome(row, Outcome.REFUSED, sentences_of(refusal)))
        else:
            outcomes.append(Outcome(row, Outcome.DONE, tuple(verb.says(row, result))))
    return outcomes


def sentences_of(refusal) -> tuple[str, ...]:
    if isinstance(refusal, IntegrityError):
        refusal = site.door("refusal")(refusal)
    return tuple(getattr(refusal, "messages", None) or [str(refusal) or NOT_ALLOWED])


def try_out(verb, rows, *, by, kept=lambda outcomes: False, **typed) -> tuple[list[Outcome], bool]:
    """Do the act to all rows in one transaction, and take it all back unless ``kept(outcomes)``. Says which it was."""

    def act(*, by):
        outcomes = verb.many(rows, by=by, **typed) if verb.many else one_by_one(verb, rows, by=by, **typed)
        if not kept(outcomes):
            raise _TakenBack(outcomes)
        return outcomes

    try:
        return site.door("verb")(act)(by=by), True
    except _TakenBack as back:
        return back.outcomes, False


def mark(outcomes) -> str:
    """A short mark of what becomes of which rows, as they were when it was shown."""
    facts = [
        [one.row.pk, getattr(one.row, "version", None), one.kind, list(one.sentences)] for one in outcomes
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


class PreviewMixin:
    """What ``ScopedAdmin`` knows of acts that are shown before they are done."""

    def _previewed(self, request, verb, rows, *, single=False):
        """The preview of these rows, or the act where it was confirmed."""
        rows = sorted(rows, key=lambda row: row.pk)
        form = self._verb_form(request, verb, rows, request.POST)
        if not form.is_valid():
            return self._confirmation(request, verb, rows, form=form, single=single)
        if "edit" in request.POST:
            return self._confirmation(request, verb, rows, form=form, single=single)
        seen, done = request.POST.get("seen"), False
        try:
            if seen:
                outcomes, done = try_out(
                    verb,
                    rows,
                    by=request.user,
                    kept=lambda found: mark(found) == seen,
                    **form.cleaned_data,
                )
                if not done:
                    self.message_user(request, CHANGED, messages.WARNING)
            elif verb.foretell:
                outcomes = verb.foretell(rows, by=request.user, **form.cleaned_data)
            else:
                outcomes, done = try_out(verb, rows, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.refuse(refusal)
            return self._confirmation(request, verb, rows, form=form, single=single)
        return self._show_outcomes(request, verb, rows, outcomes, form, single=single, is_done=done)

    def _show_outcomes(self, request, verb, rows, outcomes, form, *, single, is_done):
        called = {row.pk: self.act_label(row) for row in rows}
        parts = {
            kind: [
                (called[one.row.pk], self._page_address(one.row), one.sentences)
                for one in outcomes
                if one.kind == kind
            ]
            for kind in (Outcome.DONE, Outcome.ALREADY, Outcome.REFUSED)
        }
        context = self._verb_context(request, verb) | {
            "title": f"{verb.label}：{'办理结果' if is_done else '请核对'}",
            "parts": parts,
            "is_done": is_done,
            "seen": mark(outcomes),
            "ids": [row.pk for row in rows],
            "typed": [
                (bound.html_name, value)
                for bound in form
                for value in _sent(bound)
                if value not in (None, "")
            ],
            "told": [
                (bound.label, words)
                for bound in form
                if not bound.is_hidden and (words := _in_words(bound, form.cleaned_data.get(bound.name)))
            ],
            "action": reverse(f"admin:{self._address('verb')}", args=[rows[0].pk, verb.name])
            if single
            else reverse(f"admin:{self._address('verbs')}", args=[verb.name]),
            "back": self._page_address(rows[0]) if single else self._list_address(),
        }
        return TemplateResponse(request, "admin/preview.html", context)


def _sent(bound) -> list:
    """What was sent for a field, to be sent once more."""
    value = bound.data
    return value if isinstance(value, list) else [value]


def _in_words(bound, value) -> str:
    if value in (None, "", False):
        return ""
    if isinstance(value, models.Model):
        return bound.field.label_from_instance(value)
    return str(dict(getattr(bound.field, "choices", ())).get(value, bound.data))
