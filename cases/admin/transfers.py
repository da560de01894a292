"""Handing households over, one or many: choose who takes over, see exactly what will happen, then do it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from jinchuan.shared.admin.verbs import MOST_ROWS, NONE_CHOSEN, TOO_MANY

from ..services import handover

CHANGED = "情况有变化，和刚才看到的不一样，请再核对一遍。"


class TransferMixin:
    """The verb “transfer” has a step more than the others: what it would do is shown before it is confirmed.

    What is confirmed names the rows that were shown as to be handed over (``seen``); where these are others by now, the
    preview comes again.
    """

    def _one(self, request, verb, row):
        if verb.name == "transfer" and request.method == "POST" and verb.applies_to(row):
            return self._transfer(request, verb, [row], single=True)
        return super()._one(request, verb, row)

    def _many(self, request, verb):
        if verb.name != "transfer":
            return super()._many(request, verb)
        ids = [one for one in request.POST.getlist("ids") if one.isdecimal()][: MOST_ROWS + 1]
        rows = list(self.get_queryset(request).filter(pk__in=ids))
        if not rows or len(rows) > MOST_ROWS:
            self.message_user(request, TOO_MANY if rows else NONE_CHOSEN, messages.WARNING)
            return HttpResponseRedirect(self._list_address())
        return self._transfer(request, verb, rows)

    def _transfer(self, request, verb, rows, *, single=False):
        form = self._verb_form(request, verb, rows, request.POST)
        if not form.is_valid():
            return self._confirmation(request, verb, rows, form=form, single=single)
        chosen = dict(form.cleaned_data)
        to, note = chosen.pop("organization"), chosen.pop("handover_note")
        preview = handover.preview_transfer(rows, to, by=request.user, **chosen)
        going = [row for row in preview if row.outcome == row.TRANSFERRED]
        seen = ",".join(str(row.pairing.pk) for row in going)
        context = self._verb_context(request, verb) | {
            "form": form,
            "organization": to,
            "single": single,
            "back": self._page_address(rows[0]) if single else self._list_address(),
            "action": reverse(f"admin:{self._address('verb')}", args=[rows[0].pk, verb.name])
            if single
            else reverse(f"admin:{self._address('verbs')}", args=[verb.name]),
        }
        if going and request.POST.get("seen") == seen:
            pairings = [row.pairing for row in preview]
            outcome = handover.bulk_transfer(pairings, to, by=request.user, handover_note=note, **chosen)
            context |= _parts(outcome) | {"title": f"转给{to.name}：办理结果", "is_done": True}
            return TemplateResponse(request, "admin/transfer.html", context)
        if "seen" in request.POST:
            self.message_user(request, CHANGED, messages.WARNING)
        context |= _parts(preview) | {
            "title": f"转给{to.name}：请核对",
            "is_done": False,
            "seen": seen,
            "ids": [row.pk for row in rows],
            "typed": [(name, request.POST.get(name, "")) for name in form.fields],
            "note": note,
        }
        return TemplateResponse(request, "admin/transfer.html", context)


def _parts(rows) -> dict:
    """The rows by what becomes of them."""
    return {
        name: [row for row in rows if row.outcome == outcome]
        for name, outcome in (("going", "transferred"), ("done", "done"), ("refused", "refused"))
    }
