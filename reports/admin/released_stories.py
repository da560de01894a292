"""The bureau's pages on what left the house: packs, where stories stood, what must come down, what other people agreed to."""

from django.contrib import admin
from django.http import FileResponse, Http404
from django.urls import path

from cases.forms import WithdrawForm
from jinchuan.shared import site
from jinchuan.shared.admin import OneFilter, ScopedAdmin, Verb, row_link
from jinchuan.shared.admin.progress import ProgressMixin
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_time

from .. import coming_down
from ..models import Publication, PublicationConsent, StoryRelease
from ..services import releasing, stories, story_people
from ..story_forms import TakeDownForm


class MustComeDown(OneFilter):
    """Publications that stand without a consent that holds today."""

    title, parameter_name = "同意", "down"
    slices = {
        "1": (
            "要撤下的",
            lambda rows: rows.filter(pk__in=[one.pk for one, _ in coming_down.publications(rows)]),
        )
    }


@admin.register(Publication)
class PublicationAdmin(ScopedAdmin):
    tabs = False
    list_display = ["shown_story", "title", "shown_channel", "shown_published", "shown_standing"]
    list_display_links = ["shown_story", "title"]
    list_filter = [MustComeDown, "outlet__channel"]
    search_fields = ["title", "outlet__release__story__code"]
    search_help_text = "按发布标题或故事编号查找。"
    empty_list = "还没有登记过发布。在已送出的好故事页面登记。"
    clear_to_readers = ("title",)
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "shown_story",
                    "shown_channel",
                    "title",
                    "published_on",
                    "link",
                    "recorded_by",
                    ("taken_down_on", "taken_down_by"),
                    "taken_down_how",
                ]
            },
        )
    ]
    readonly_fields = ["shown_story", "shown_channel"]
    verbs = (
        Verb(
            "down",
            "登记撤下",
            "reports.change_publication",
            releasing.take_down,
            applies=lambda row: not row.taken_down_on,
            form=TakeDownForm,
            explain="发布单位已经撤下的，登记日期和怎样撤下。",
        ),
    )

    @admin.display(description="好故事", ordering="outlet__release__story__code")
    def shown_story(self, row):
        return row.story.code

    @admin.display(description="渠道", ordering="outlet__channel")
    def shown_channel(self, row):
        return row.outlet.get_channel_display()

    @admin.display(description="发布日期", ordering="published_on")
    def shown_published(self, row):
        return zh(row.published_on)

    @admin.display(description="现在", ordering="taken_down_on")
    def shown_standing(self, row):
        return f"{zh(row.taken_down_on)}撤下" if row.taken_down_on else "在发布"

    def choice_label(self, row):
        return f"{row.story.code} {row.outlet.get_channel_display()}"

    def has_change_permission(self, request, obj=None):
        return False

    def page_links(self, request, obj):
        return [("回到故事", row_link(obj.story))]

    def page_note(self, request, obj):
        if obj is None:
            return ""
        found = coming_down.publications(Publication.objects.filter(pk=obj.pk))
        return "".join(one.sentence for _, missing in found for one in missing) or (
            "这篇故事已经撤下，请通知发布单位撤下。" if found else ""
        )


@admin.register(StoryRelease)
class StoryReleaseAdmin(ProgressMixin, ScopedAdmin):
    tabs = False
    list_display = ["shown_code", "shown_released", "shown_channels", "shown_progress"]
    list_display_links = ["shown_code"]
    search_fields = ["story__code"]
    search_help_text = "按故事编号查找。"
    empty_list = "还没有送出过稿件。"
    progress_template = "admin/reports/storyrelease/_progress.html"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "shown_code",
                    "shown_channels",
                    "shown_released",
                    "released_by",
                    "shown_progress",
                    "sha256",
                ]
            },
        )
    ]
    readonly_fields = ["shown_code", "shown_channels", "shown_released", "shown_progress"]

    @admin.display(description="稿件包", ordering="story__code")
    def shown_code(self, row):
        return str(row)

    @admin.display(description="送出时间", ordering="released_at")
    def shown_released(self, row):
        return zh_time(row.released_at)

    @admin.display(description="渠道")
    def shown_channels(self, row):
        return "、".join(one.get_channel_display() for one in row.channels.all())

    @admin.display(description="进度", ordering="finished_at")
    def shown_progress(self, row):
        return "正在生成" if row.is_waiting else row.failure or ("已生成" if row.pack else "已删除")

    def page_links(self, request, obj):
        return [("回到故事", row_link(obj.story))]

    def progress_of(self, row):
        return super().progress_of(row) | {
            "release": row,
            "pack_address": self.address_of(row, "pack") if row.pack else "",
        }

    def get_urls(self):
        view = self.admin_site.admin_view(self.pack_view)
        return [path("<int:object_id>/pack.zip", view, name=self._address("pack")), *super().get_urls()]

    def pack_view(self, request, object_id):
        release = self.seen(request, object_id)
        if not release.pack:
            raise Http404
        stories.note_opened(release, by=request.user)
        return FileResponse(
            release.pack.open(),
            content_type="application/zip",
            as_attachment=True,
            filename=f"好故事{release}.zip",
        )


@admin.register(PublicationConsent)
class PublicationConsentAdmin(ScopedAdmin):
    tabs = False
    list_display = ["shown_person", "item", "channel", "given_by", "shown_given", "shown_state"]
    list_filter = ["item", "channel"]
    search_fields = ["person__story__code"]
    search_help_text = "按故事编号查找。"
    empty_list = "还没有志愿者或其他人的宣传同意书。在“故事里的人”页面登记。"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "shown_person",
                    ("item", "channel"),
                    ("given_by", "guardian_name"),
                    ("given_on", "expires_on"),
                    "evidence",
                    "withdrawn_on",
                    "recorded_by",
                ]
            },
        )
    ]
    readonly_fields = ["shown_person"]
    verbs = (
        Verb(
            "withdraw",
            "撤回",
            "reports.check_story",
            story_people.withdraw_publication_consent,
            form=WithdrawForm,
            applies=lambda row: not row.withdrawn_on,
            explain="撤回立即生效；已经发布的，会列在“要撤下的报道”里。",
            caution=True,
        ),
    )

    @admin.display(description="故事里的人")
    def shown_person(self, row):
        return f"{row.person.story.code} {row.person.masked_name}"

    @admin.display(description="同意日期", ordering="given_on")
    def shown_given(self, row):
        return zh(row.given_on)

    @admin.display(description="状态")
    def shown_state(self, row):
        if row.withdrawn_on:
            return f"{zh(row.withdrawn_on)}撤回"
        return "已到期" if row.expires_on and row.expires_on <= today() else "有效"

    def choice_label(self, row):
        return f"{row.person.story.code} {row.person.masked_name} {row.get_item_display()} {row.get_channel_display()}"


@site.worklist
def what_must_come_down(user):
    if not user.has_perm("reports.change_publication"):
        return
    yield site.Waiting(
        "要撤下的报道",
        len(coming_down.publications(Publication.objects.visible_to(user))),
        site.list_url("reports.publication", down="1"),
        act="去撤下",
        urgent=True,
    )
