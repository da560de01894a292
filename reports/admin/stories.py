"""The bureau's pages on good stories: write, look for what tells too much, see who agreed, release."""

from django.contrib import admin
from django.db.models import Count, Min
from django.http import HttpResponseRedirect

from jinchuan.intake import services as intake
from jinchuan.shared import site
from jinchuan.shared.admin import OneFilter, Panel, ReasonForm, ScopedAdmin, Verb, row_link
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_date, zh_time

from .. import coming_down, tasks
from ..enums import OPEN, OUT, WRITABLE, StoryState
from ..models import Story
from ..services import releasing, stories, story_people
from ..story_forms import ChannelsForm, ExplainForm, PersonForm, PhotoForm, PublicationForm
from . import story_panels

S = StoryState
# What a story may be about, and who may choose it.
ABOUT = {
    "organization": "organizations.view_organization",
    "activity": "volunteers.view_activity",
    "program": "organizations.view_program",
    "household": "cases.view_household",
    "pairing": "cases.view_pairing",
}
MUST_COME_DOWN = "有人撤回了同意，或同意已到期。请马上通知发布单位撤下，并逐处登记“登记撤下”。"


def release(story, *, by, channels):
    """Let it go and tell the worker."""
    edition = releasing.release_story(story, by=by, channels=channels)
    tasks.pack_story.delay_on_commit(edition.pk)
    return edition


def add_photo(story, *, by, photo, caption):
    """Keep the file, then put it to the story."""
    attachment = intake.attach(Story._meta.label, story.pk, photo, by=by)
    return story_people.add_photo(story, by=by, attachment=attachment, caption=caption)


class MustComeDown(OneFilter):
    """Stories out of the house for which a consent is missing today."""

    title, parameter_name = "同意", "down"
    slices = {"1": ("缺少同意、要停用的", lambda rows: rows.filter(pk__in=coming_down.stories(rows)))}


@admin.register(Story)
class StoryAdmin(ScopedAdmin):
    tabs = False
    sheet = "stories"
    add_words = "写好故事"
    list_display = ["code", "title", "shown_day", "shown_organization", "shown_writer", "badge_state"]
    list_display_links = ["code", "title"]
    list_filter = ["state", MustComeDown]
    search_fields = ["code", "title", "organization__name", "organization__name_search"]
    search_help_text = "按编号、标题或组织查找。"
    empty_list = "还没有好故事。"
    autocomplete_fields = ["organization", "activity", "program", "pairing", "household"]
    clear_to_readers = ("title", "text")
    readonly_fields = ["shown_writer"]
    fieldsets = [
        ("稿件", {"fields": ["title", "happened_on", "text"]}),
        ("写的是", {"fields": list(ABOUT)}),
        (
            "办理",
            {
                "fields": [
                    "shown_writer",
                    "submitted_at",
                    ("checked_by", "checked_at"),
                    ("consented_by", "consented_at"),
                    "released_on",
                ]
            },
        ),
    ]
    add_fieldsets = fieldsets[:2]
    verbs = (
        Verb(
            "person",
            "登记故事里的人",
            "reports.change_story",
            story_people.show_person,
            states=OPEN,
            form=PersonForm,
            explain="孤儿和事实无人抚养儿童只能用化名，不能有照片；其他儿童用真名、只写姓或有照片，要有监护人同意。",
            bulk=False,
        ),
        Verb(
            "photo",
            "添加照片",
            "reports.change_story",
            add_photo,
            states=OPEN,
            form=PhotoForm,
            explain="照片里能认出的人，都要登记在“故事里的人”，并取得公开照片的同意。",
            bulk=False,
        ),
        Verb("submit", "提交审核", "reports.change_story", stories.submit_story, states=WRITABLE),
        Verb(
            "explain",
            "说明理由",
            "reports.check_story",
            stories.explain_finding,
            states=OPEN,
            form=ExplainForm,
            explain="文中查出的内容确实可以公开的，逐处写明理由。号码、详细住址和不得识别的儿童不能说明，只能改掉。",
            bulk=False,
        ),
        Verb(
            "check",
            "审核通过",
            "reports.check_story",
            stories.check_story,
            states=(S.SUBMITTED,),
            explain="内容真实、适合宣传。写稿的人和改稿的人不能自己审核。",
            bulk=False,
        ),
        Verb(
            "return",
            "退回",
            "reports.check_story",
            stories.return_story,
            states=(S.SUBMITTED, S.CHECKED, S.CONSENTED),
            form=ReasonForm,
            explain="退回给写稿人修改，修改后再提交。",
        ),
        Verb(
            "consents",
            "核对同意",
            "reports.check_story",
            stories.confirm_consents,
            states=(S.CHECKED,),
            form=ChannelsForm,
            explain="逐人、逐项、逐渠道核对同意。通过以后文字、人物和照片不再改动；再改要重新核对。",
            bulk=False,
        ),
        Verb(
            "release",
            "送出",
            "reports.release_story",
            release,
            states=(S.CONSENTED, *OUT),
            form=ChannelsForm,
            initial=lambda row: {"channels": row.channels} if row.state == S.CONSENTED else {},
            explain="送出以后稿件不能再改。系统会生成稿件包：用稿说明、PDF、Word 和去掉地点信息的照片。",
            respond=lambda model_admin, request, row, edition: HttpResponseRedirect(row_link(edition)),
            bulk=False,
            caution=True,
        ),
        Verb(
            "publication",
            "登记发布",
            "reports.add_publication",
            releasing.record_publication,
            states=(*OUT, S.WITHDRAWN),
            applies=lambda row: row.released_on is not None,
            form=PublicationForm,
            explain="媒体已经发布的，逐处登记。撤回同意以后才发现的，也要登记，再登记撤下。",
            bulk=False,
        ),
        Verb(
            "withdraw",
            "撤下",
            "reports.check_story",
            stories.withdraw_story,
            states=(*OPEN, *OUT),
            form=ReasonForm,
            explain="这篇故事不再使用。已经发布的，会列在“要撤下的报道”里，直到逐处登记撤下。",
            bulk=False,
            caution=True,
        ),
    )

    def get_fieldsets(self, request, obj=None):
        """Nobody is asked to choose from a register they may not look through."""
        if obj is not None and not self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        shown = [name for name, permission in ABOUT.items() if request.user.has_perm(permission)]
        return [
            (title, options | {"fields": shown} if title == "写的是" else options)
            for title, options in super().get_fieldsets(request, obj)
        ]

    def has_change_permission(self, request, obj=None):
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return True
        return obj.state in WRITABLE or (obj.state in OPEN and request.user.has_perm("reports.check_story"))

    @admin.display(description="发生日期", ordering="happened_on")
    def shown_day(self, row):
        return zh(row.happened_on)

    @admin.display(description="涉及组织", ordering="organization__code")
    def shown_organization(self, row):
        return row.organization.name if row.organization else "--"

    @admin.display(description="写稿人", ordering="written_by__username")
    def shown_writer(self, row):
        return row.written_by.username

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        return f"{row.code}　{row.title}"

    def choices_for(self, name, rows):
        return rows.present() if name == "household" else rows

    def get_changeform_initial_data(self, request):
        return {"happened_on": today()}

    def service_create(self, request, form):
        return stories.write_story(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return stories.edit_story(row, by=by, version=version, **fields)

    def page_note(self, request, obj):
        if obj is None or obj.state not in OUT:
            return ""
        return MUST_COME_DOWN if coming_down.stories(Story.objects.filter(pk=obj.pk)) else ""

    def panels(self, request, row):
        checks = request.user.has_perm("reports.check_story")
        if checks and row.state not in (S.WITHDRAWN, *OUT):
            yield story_panels.findings(row)
        yield story_panels.people(row)
        if checks:
            yield story_panels.consents(row)
        yield story_panels.photos(row)
        if request.user.has_perm("reports.view_storyrelease"):
            yield story_panels.releases(row)
            yield story_panels.publications(row)
        yield Panel(
            "办理经过",
            ("时间", "经办人", "状态", "原因"),
            [
                (
                    zh_time(one.at),
                    one.by.username if one.by else "系统",
                    f"{S(one.from_state).label} → {S(one.to_state).label}",
                    one.reason or "--",
                )
                for one in row.transitions.select_related("by")
            ],
            empty="还没有提交。",
        )


# What waits -------------------------------------------------------------------------------------------------------


@site.worklist
def stories_waiting(user):
    seen = Story.objects.visible_to(user)
    if user.has_perm("reports.check_story"):
        waiting = seen.waiting().aggregate(count=Count("pk"), since=Min("submitted_at"))
        yield site.Waiting(
            "待审核的好故事",
            waiting["count"],
            site.list_url("reports.story", state__exact=S.SUBMITTED),
            act="去审核",
            since=f"最早 {zh_date(waiting['since'])}提交" if waiting["since"] else "",
        )
        yield site.Waiting(
            "缺少同意、要停用的稿件",
            len(coming_down.stories(seen)),
            site.list_url("reports.story", down="1"),
            urgent=True,
        )
    if user.has_perm("reports.add_story"):
        yield site.Waiting(
            "退回未改的好故事",
            seen.returned().count(),
            site.list_url("reports.story", state__exact=S.RETURNED),
            act="去修改",
        )
