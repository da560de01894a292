"""The machine behind every “记一笔” form: draft, check page, one submission, receipt.

The address of an opened form holds a number (uuid) that is the draft's id and the submission's token. Two tabs are two
numbers, so two drafts; a double click, a refresh or the back button find the number used and lead to the one record.

    cash/new/ → cash/<draft>/ → cash/<draft>/check/ → receipt
"""

import hashlib
import json
import uuid
from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jinchuan.shared import clock
from jinchuan.shared.access import Page
from jinchuan.shared.errors import Conflict, Refused
from jinchuan.shared.text import clean

from . import carrying, closed, desk, services
from .drafted import DraftedForm
from .models import Attachment, Draft

ASKED = "_asked"
ASKED_MOST = 20
ASKED_HOLDS = timedelta(minutes=10)
DRAFTS_ON_DESK = 3
CHANGED_SINCE = "这条记录的内容刚才又改过，请再核对一遍。"
CARRIED = "这是您刚才填写的内容，还没有提交。请核对后继续；照片请重新选择。"
DRAFT_KEPT = "草稿已保存，随时可以在“草稿箱”里接着填。"
_check_page = Signer(salt="intake.check")
ALREADY_SUBMITTED = "这条记录已经提交"


class DraftedPage(Page):
    """The pages of one kind of form. A subclass names its form and says what submitting it does."""

    step = "form"
    route = ""
    title = ""
    submit_label = ""
    what_follows = "提交后由民政局工作人员核对确认；确认前如有退回，会出现在“待办”里。"
    form_class = DraftedForm
    form_template = ""
    takes_files = True

    def fresh(self) -> dict[str, list[str]]:
        """What a newly opened form is filled with."""
        return {}

    def form_kwargs(self) -> dict:
        return {}

    def happened_on(self, form) -> date | None:
        """The day of what is logged, for the word about months that are closed."""
        found = (form.cleaned_data.get(name) for name in ("on", "received_on", "visited_on", "held_on"))
        return next((day for day in found if isinstance(day, date)), None)

    def submit(self, form):
        """Hand the valid form to a service; the row it made."""
        raise TypeError(f"{type(self).__name__} does not say what it submits")

    def receipt(self, row) -> str:
        raise TypeError(f"{type(self).__name__} has no receipt")

    def version_now(self) -> int:
        """Of the record being corrected: who has read what others changed goes on from there."""
        raise TypeError(f"{type(self).__name__} corrects no record")

    # The steps -------------------------------------------------------------------------------------------

    def get(self, request, draft=None, **kwargs):
        if self.step == "new":
            return self._open()
        if (row := services.submitted(self.draft, by=request.user)) is not None:
            return self._already(row)
        return self._get_check() if self.step == "check" else self._get_form()

    def post(self, request, draft=None, **kwargs):
        if self.step == "new":
            return self._open()
        intent = request.POST.get("intent", "")
        if self.step == "check":
            return self._submit() if intent == "submit" else self._answer(intent)
        return self._post_form(intent)

    def _open(self):
        """A new number; what the link to the form said about it goes along."""
        query = self.request.GET.urlencode()
        return redirect(self._url(uuid.uuid4()) + (f"?{query}" if query else ""))

    @property
    def draft(self) -> uuid.UUID:
        return self.kwargs["draft"]

    @property
    def key(self) -> str:
        """What kind of form the draft belongs to: the route, and the record it corrects if it does."""
        return "/".join([self.route, *(value for name, value in self.kwargs.items() if name != "draft")])

    # The form --------------------------------------------------------------------------------------------

    def _get_form(self):
        if (content := carrying.carried(self.request)) is not None:
            messages.info(self.request, CARRIED)
        else:
            content = self._saved() or self.fresh()
        return self._show_form(self._form(content).quiet())

    def _post_form(self, intent):
        content = carrying.typed(self.request.POST)
        content[ASKED] = (self._saved() or {}).get(ASKED, [])
        form = self._form(content)
        anchor = self._edit(form, intent)
        draft = services.save_draft(
            self.draft,
            by=self.request.user,
            form=self.key,
            content=form.content,
            title=self._title(form),
        )
        if draft is None:
            return self._not_kept(content, intent)
        if intent == "autosave":
            return JsonResponse({"saved": f"{draft.saved_at.astimezone(clock.SHANGHAI):%H:%M}"})
        carrying.drop(self.request)
        refused = self._take_files()
        if anchor is not None and not refused:
            return redirect(f"{self._url()}#{anchor}")
        if intent == "keep" and not refused:
            messages.success(self.request, DRAFT_KEPT)
            return redirect("intake:drafts")
        if intent == "check" and form.is_valid() and not refused:
            return redirect(self._url(step="check"))
        if intent != "check":
            form.quiet()
        return self._show_form(form, refused_files=refused)

    def _edit(self, form, intent):
        if intent.startswith("detach:"):
            files = Attachment.objects.of(Draft(pk=self.draft)).visible_to(self.request.user)
            try:
                file = files.filter(pk=uuid.UUID(intent.removeprefix("detach:"))).first()
            except ValueError:
                return None
            if file:
                services.detach(file, by=self.request.user)
            return "files"
        return form.edit(intent)

    def _take_files(self) -> list[str]:
        """Keep what was chosen with the draft; a sentence for each that cannot be kept."""
        refused = []
        for upload in self.request.FILES.getlist("files") if self.takes_files else []:
            try:
                services.attach(Draft._meta.label, self.draft, upload, by=self.request.user)
            except Refused as refusal:
                refused += [f"{upload.name[:40]}：{sentence}" for sentence in refusal.messages]
        return list(dict.fromkeys(refused))

    def _not_kept(self, content, intent):
        """The number is used already, or is somebody else's."""
        row = services.submitted(self.draft, by=self.request.user)
        if row is None:
            raise Http404
        if intent == "autosave":
            return JsonResponse({"message": f"{ALREADY_SUBMITTED}。"}, status=409)
        return self._already(row, content=content)

    # The check page --------------------------------------------------------------------------------------

    def _get_check(self):
        content = self._saved()
        if content is None:
            return redirect(self._url())
        form = self._form(content)
        if not form.is_valid():
            return self._show_form(form)
        if question := self._open_question(form):
            return self._show("intake/question.html", {"question": question})
        return self._show(
            "intake/check.html",
            {
                "rows": form.rows(),
                "lines": getattr(form, "line_rows", list)(),
                "total": getattr(form, "total", None),
                "files": self._files(),
                "late": closed.note(self.happened_on(form)),
                "digest": digest(content),
                "asked": vouch(self.draft, self.request.user, digest(content)),
            },
        )

    def _answer(self, intent):
        content = self._saved()
        if content is not None and intent.startswith("answer:"):
            content[ASKED] = [*content.get(ASKED, [])[-ASKED_MOST:], intent.removeprefix("answer:")[:120]]
            services.save_draft(
                self.draft,
                by=self.request.user,
                form=self.key,
                content=content,
                title=self._title(self._form(content)),
            )
        return redirect(self._url(step="check"))

    def _submit(self):
        shown = self.request.POST.get("content", "")
        form = None

        def create(content):
            nonlocal form
            if digest(content) != shown:
                raise Changed
            form = self._form(content)
            if not form.is_valid() or (not self._was_asked(shown) and self._open_question(form)):
                raise Changed
            return self.submit(form)

        try:
            row = services.submit_draft(
                self.draft, by=self.request.user, form=self.key, payload=shown, create=create
            )
            if row is None:
                raise Changed
        except services.Repeated as repeated:
            return self._already(repeated.target, content={})
        except Changed:
            messages.info(self.request, CHANGED_SINCE)
            return redirect(self._url(step="check"))
        except Conflict as conflict:
            form.data["version"] = str(self.version_now())
            form.refuse(conflict)
            return self._show_form(form, refusal=conflict)
        except ValidationError as refusal:  # a service, or a rule of the row itself
            if form is None:  # somebody else's number
                raise Http404 from refusal
            form.refuse(refusal)
            return self._show_form(form, refusal=refusal)
        carrying.drop(self.request)
        return redirect(self.receipt(row))

    # Helpers ---------------------------------------------------------------------------------------------

    def _form(self, content):
        return self.form_class(content, user=self.request.user, **self.form_kwargs())

    def _title(self, form):
        return f"{self.title} {clean(form.headline())}".strip()

    def _saved(self):
        return services.draft_content(self.draft, by=self.request.user, form=self.key)

    def _open_question(self, form):
        asked = form.content.get(ASKED, [])
        return next((question for question in form.questions() if question.key not in asked), None)

    def _was_asked(self, shown) -> bool:
        """Did the check page show this very content a moment ago, with nothing left to ask?"""
        try:
            vouched = _check_page.unsign(self.request.POST.get("asked", ""))
        except BadSignature:
            return False
        told, _, second = vouched.rpartition("/")
        recent = int(clock.now().timestamp()) - int(second) <= ASKED_HOLDS.total_seconds()
        return recent and told == _told(self.draft, self.request.user, shown)

    def _files(self):
        return list(Attachment.objects.of(Draft(pk=self.draft)).visible_to(self.request.user))

    def _url(self, draft=None, step="form"):
        kwargs = {**self.kwargs, "draft": draft or self.draft}
        return reverse(f"{self.route}_check" if step == "check" else self.route, kwargs=kwargs)

    def _show_form(self, form, refusal=None, refused_files=()):
        summary = [*form.summary, *(("id_files", sentence) for sentence in refused_files)]
        return self._show(
            self.form_template,
            {
                "form": form,
                "summary": summary,
                "page_has_errors": bool(summary),
                "refused_files": refused_files,
                "files": self._files() if self.takes_files else [],
                "files_most": settings.ATTACHMENTS_MOST,
                "seal": self._seal(),
                "changes": getattr(refusal, "changes", []),
            },
        )

    def _seal(self):
        """Of the form's own address, also when the form is shown at another step."""
        return carrying.seal(self.request.user, self._url())

    def _show(self, template, context) -> HttpResponse:
        ours = {
            "title": self.title,
            "submit_label": self.submit_label,
            "form_url": self._url(),
            "check_url": self._url(step="check"),
            "page": self,
        }
        return render(self.request, template, ours | context)

    def _already(self, row, content=None):
        """The number is used. With ``content``, something else was typed after that: both are shown."""
        later = self._form(content).quiet() if content else None
        return self._show(
            "intake/already.html",
            {"row": row, "receipt": self.receipt(row), "later": later, "typed_after": content is not None},
        )


class Changed(Exception):
    """The draft is not what the check page showed."""


def draft_url(draft) -> str:
    """Where a draft is taken up again."""
    route, _, code = draft.form.partition("/")
    return reverse(route, kwargs={"draft": draft.pk} | ({"code": code} if code else {}))


def drafts_block(user) -> desk.Block | None:
    """For the desk: what was begun and not submitted."""
    drafts = list(Draft.objects.visible_to(user).defer("content")[: DRAFTS_ON_DESK + 1])
    tasks = [
        desk.Task(draft.title or "草稿", f"上次保存：{saved_at(draft)}", draft_url(draft))
        for draft in drafts[:DRAFTS_ON_DESK]
    ]
    return desk.Block(
        "没写完的草稿", tasks, more=reverse("intake:drafts") if len(drafts) > DRAFTS_ON_DESK else ""
    )


def saved_at(draft) -> str:
    local = draft.saved_at.astimezone(clock.SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def vouch(draft, user, shown) -> str:
    """The word of the check page that it had nothing to ask about this content; good for ``ASKED_HOLDS``, since others log
    gifts meanwhile."""
    return _check_page.sign(f"{_told(draft, user, shown)}/{int(clock.now().timestamp())}")


def _told(draft, user, shown) -> str:
    return f"{draft}/{user.pk}/{shown}"


def digest(content) -> str:
    """Stands for the content of a draft, in the check page that showed it."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
