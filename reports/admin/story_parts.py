"""Pages of who and what a story shows."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from cases.forms import PublishingForm
from cases.services import households
from jinchuan.shared.admin import ScopedAdmin, Verb, row_link

from ..enums import OPEN, WRITABLE
from ..models import StoryPerson, StoryPhoto
from ..services import story_people


def agree(person, *, by, **fields):
    """A member's consents stand in the register of consents; other people's with the story."""
    if person.member_id:
        return households.record_publishing(person.member, by=by, **fields)
    return story_people.record_publication_consents(person, by=by, **fields)


def to_story(model_admin, request, row, result):
    return HttpResponseRedirect(row_link(row.story))


class OfStoryAdmin(ScopedAdmin):
    """What hangs on a story has a page of its own and stands in no menu."""

    tabs = False

    def has_module_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        if not request.user.has_perm("reports.change_story"):
            return False
        if obj is None:
            return True
        return obj.story.state in WRITABLE or (
            obj.story.state in OPEN and request.user.has_perm("reports.check_story")
        )

    def page_links(self, request, obj):
        return [("回到故事", row_link(obj.story))]


@admin.register(StoryPerson)
class StoryPersonAdmin(OfStoryAdmin):
    list_display = ["shown_name", "shown_story", "shown", "photo"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "shown_story",
                    "shown_name",
                    ("shown", "alias"),
                    "photo",
                    "is_minor",
                    "is_protected",
                ]
            },
        )
    ]
    readonly_fields = ["shown_story", "shown_name"]
    verbs = (
        Verb(
            "agree",
            "登记同意",
            "reports.check_story",
            agree,
            form=PublishingForm,
            explain="按签字的同意书登记：每项内容、每个渠道各一份，可以分别撤回。",
            respond=to_story,
            bulk=False,
        ),
    )

    @admin.display(description="姓名")
    def shown_name(self, row):
        return row.masked_name

    @admin.display(description="好故事")
    def shown_story(self, row):
        return row.story.code

    def choice_label(self, row):
        return f"{row.story.code} {row.masked_name}"

    def service_update(self, row, *, by, version, **fields):
        return story_people.change_person(row, by=by, version=version, **fields)


@admin.register(StoryPhoto)
class StoryPhotoAdmin(OfStoryAdmin):
    list_display = ["number", "caption", "is_used"]
    clear_to_readers = ("caption",)
    fieldsets = [(None, {"fields": ["shown_photo", "caption", "is_used"]})]
    readonly_fields = ["shown_photo"]

    @admin.display(description="照片")
    def shown_photo(self, row):
        return format_html(
            '<a href="{}">照片{}</a>', reverse("intake:attachment", args=[row.attachment_id]), row.number
        )

    def service_update(self, row, *, by, version, **fields):
        return story_people.change_photo(row, by=by, version=version, **fields)
