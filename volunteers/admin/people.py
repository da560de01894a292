from django.contrib import admin

from jinchuan.shared import masking
from jinchuan.shared.admin import Cell, Panel, ScopedAdmin, badge, row_link
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import hours, zh_date

from ..models import Volunteer
from ..services import people


@admin.register(Volunteer)
class VolunteerAdmin(ScopedAdmin):
    list_display = [
        "shown_name",
        "shown_organization",
        "national_number",
        "shown_phone",
        "shown_joined",
        "shown_left",
    ]
    search_fields = ["name", "name_search", "organization__name", "organization__name_search"]
    search_help_text = "按姓名、所属组织或拼音首字母查找。"
    empty_list = "还没有志愿者。"
    autocomplete_fields = ["organization"]
    readonly_fields = ["shown_organization"]
    fieldsets = [
        (
            None,
            {"fields": ["shown_organization", "name", "national_number", "phone", ("joined_on", "left_on")]},
        )
    ]
    add_fieldsets = [(None, {"fields": ["organization", "name", "national_number", "phone", "joined_on"]})]

    @admin.display(description="姓名", ordering="name_pinyin")
    def shown_name(self, row):
        return masking.mask_name(row.name)

    @admin.display(description="所属组织", ordering="organization__code")
    def shown_organization(self, row):
        return row.organization.name

    @admin.display(description="联系电话")
    def shown_phone(self, row):
        return masking.mask_phone(row.phone) or "--"

    @admin.display(description="加入日期", ordering="joined_on")
    def shown_joined(self, row):
        return zh(row.joined_on)

    @admin.display(description="退出日期", ordering="left_on")
    def shown_left(self, row):
        return zh_date(row.left_on)

    def choice_label(self, row):
        return masking.mask_name(row.name)

    def choices_for(self, name, rows):
        return rows.approved() if name == "organization" else rows

    def service_create(self, request, form):
        return people.register_volunteer(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return people.update_volunteer(row, by=by, version=version, **fields)

    def panels(self, request, row):
        records = row.records.select_related("activity").order_by("-activity__held_on", "-id")[:50]
        yield Panel(
            "服务记录",
            ("活动", "日期", "时长（小时）", "状态"),
            [
                (
                    Cell(one.activity.title, row_link(one.activity)),
                    zh(one.activity.held_on),
                    hours(one.minutes),
                    badge(one.activity),
                )
                for one in records
            ],
            empty="还没有服务记录。",
        )
