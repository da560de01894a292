"""The organisations' pages on good stories: write one on the phone, see what became of it, put right what came back."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.intake.models import Attachment, Draft
from jinchuan.intake.pages import DraftedPage
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.templatetags.house import short_date

from .enums import Shown, StoryState
from .models import Story
from .services import handing_in
from .story_forms import StoryForm

SHOWN_ON_DESK = 5
WAITING = (StoryState.SUBMITTED, StoryState.CHECKED, StoryState.CONSENTED)


class WriteStory(DraftedPage):
    permission = "reports.add_story"
    organization_only = True
    route = "stories:write"
    title = "写好故事"
    submit_label = "提交给民政局"
    form_class = StoryForm
    form_template = "stories/story_form.html"
    files_label = "照片"

    def submit(self, form):
        return handing_in.hand_in(by=self.request.user, **self.parts(form))

    def parts(self, form) -> dict:
        return {
            "people": form.shown_people(),
            "photos": self.waiting_photos(),
            "captions": form.caption_list(),
            **form.story(),
        }

    def waiting_photos(self) -> list[Attachment]:
        """The photos that were chosen with the form, in the order they came."""
        files = Attachment.objects.of(Draft(pk=self.draft)).filter(uploaded_by=self.request.user)
        return [file for file in files.order_by("uploaded_at") if file.content_type.startswith("image/")]

    def receipt(self, row):
        return reverse("stories:receipt", kwargs={"code": row.code})


class CorrectStory(WriteStory):
    """A returned story, opened again as a form."""

    permission = "reports.change_story"
    route = "stories:correct"
    title = "修改后重新提交"
    submit_label = "重新提交"

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission):
            self.story = get_object_or_404(Story.objects.visible_to(request.user), code=kwargs["code"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, draft=None, **kwargs):
        if draft is None or self.story.state == StoryState.RETURNED:
            return super().get(request, draft=draft, **kwargs)
        return redirect("stories:story", code=self.story.code)

    def form_kwargs(self):
        return {"correcting": self.story}

    @property
    def returned_because(self):
        return last_reason(self.story.transitions.all())

    def fresh(self):
        return content_of(self.story)

    def version_now(self):
        self.story.refresh_from_db()
        return self.story.version

    def submit(self, form):
        return handing_in.hand_in_again(
            self.story, by=self.request.user, version=form.opened_version, **self.parts(form)
        )

    def receipt(self, row):
        return reverse("stories:story", kwargs={"code": row.code})


def content_of(story) -> dict:
    """A story as the form has it."""
    content = {
        "version": str(story.version),
        "title": story.title,
        "text": story.text,
        "day": story.happened_on.isoformat(),
        "captions": "\n".join(story.photos.order_by("number").values_list("caption", flat=True)),
        "activity": str(story.activity_id or ""),
        "program": str(story.program_id or ""),
        "household": str(story.household_id or ""),
    }
    content = {name: [value] for name, value in content.items()}
    people = list(story.people.exclude(shown=Shown.HIDDEN).order_by("pk"))
    content["lines"] = [str(number) for number, _ in enumerate(people)] or ["0"]
    for number, person in enumerate(people):
        who = f"m:{person.member_id}" if person.member_id else ""
        values = {
            "who": f"v:{person.volunteer_id}" if person.volunteer_id else who,
            "name": person.other_name,
            "shown": person.shown,
            "alias": person.alias,
            **({"photo": "on"} if person.photo else {}),
            **({"is_minor": "on"} if person.is_minor else {}),
        }
        content |= {f"line-{number}-{name}": [value] for name, value in values.items()}
    return content


def last_reason(transitions) -> str:
    return next((step.reason for step in reversed(list(transitions)) if step.reason), "")


class Stories(ListPage):
    """我的记录: good stories."""

    permission = "reports.view_story"
    organization_only = True
    template_name = "stories/stories.html"

    def rows(self):
        return Story.objects.visible_to(self.request.user).for_list()


class OneStory(Page):
    permission = "reports.view_story"
    organization_only = True
    template_name = "stories/story.html"

    def get(self, request, code):
        story = get_object_or_404(Story.objects.visible_to(request.user), code=code)
        transitions = list(story.transitions.select_related("by"))
        context = {
            "story": story,
            "people": list(story.people.exclude(shown=Shown.HIDDEN).select_related("member", "volunteer")),
            "photos": list(story.photos.select_related("attachment")),
            "transitions": transitions,
            "reason": last_reason(transitions),
        }
        return render(request, self.template_name, context)


class Receipt(OneStory):
    template_name = "stories/receipt.html"


# The desk ----------------------------------------------------------------------------------------------------


def returned_block(user):
    rows = Story.objects.visible_to(user).returned().order_by("happened_on", "pk")
    return _block("退回修改的好故事", rows, urgent=True)


def waiting_block(user):
    rows = Story.objects.visible_to(user).filter(state__in=WAITING).order_by("-happened_on", "-pk")
    return _block("民政局正在办理的好故事", rows, urgent=False)


def _block(title, rows, *, urgent):
    found = list(rows.only("code", "title", "happened_on", "state")[: SHOWN_ON_DESK + 1])
    tasks = [
        desk.Task(
            f"{row.code}　{row.title}",
            f"{short_date(row.happened_on)}，{'请按退回意见修改' if urgent else row.get_state_display()}",
            reverse("stories:story", kwargs={"code": row.code}),
            urgent,
        )
        for row in found[:SHOWN_ON_DESK]
    ]
    return desk.Block(title, tasks, more=reverse("stories:stories") if len(found) > SHOWN_ON_DESK else "")
