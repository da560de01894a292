from django.contrib import admin

from jinchuan.shared import masking
from jinchuan.shared.admin import Cell, FindForm, HouseFilterSet, Panel, ScopedAdmin, Verb, badge, row_link
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import hours, zh_date
from organizations.filters import PlaceFilter

from ..enums import DocumentKind
from ..models import Volunteer
from ..people_forms import BureauVolunteerForm, EnrollForm, LeaveForm, RegisterVolunteerForm
from ..services import people


class VolunteerFilter(HouseFilterSet):
    place = PlaceFilter(field_name="community")

    class Meta(HouseFilterSet.Meta):
        model = Volunteer
        fields = []


PERSON = [
    "name",
    "kind",
    ("document_kind", "document_number"),
    ("sex", "birth_date"),
    "national_number",
    "phone",
    "community",
]
ABLE = ["skills", "services", ("worker_level", "worker_certificate")]
GUARDIAN = [("guardian_name", "guardian_phone"), ("guardian_consent_on", "guardian_accompanies")]


@admin.register(Volunteer)
class VolunteerAdmin(ScopedAdmin):
    form = BureauVolunteerForm
    add_form = RegisterVolunteerForm
    find_form = FindForm
    list_display = [
        "shown_name",
        "kind",
        "shown_organizations",
        "national_number",
        "shown_phone",
        "registered_on",
    ]
    list_filter = ["kind"]
    filterset_class = VolunteerFilter
    search_fields = ["name", "name_search", "national_number"]
    search_help_text = "按姓名、拼音首字母或全国志愿者编号查找。"
    empty_list = "还没有志愿者。"
    autocomplete_fields = ["community"]
    readonly_fields = ["shown_skills", "shown_services"]
    read_as = {"skills": "shown_skills", "services": "shown_services"}
    fieldsets = [
        ("基本", {"fields": PERSON}),
        ("能做什么", {"fields": ABLE}),
        ("监护人", {"fields": GUARDIAN, "description": "未满 18 周岁的填写。"}),
        ("登记", {"fields": ["note", "registered_on", "merged_into"]}),
    ]
    add_fieldsets = [
        ("加入哪个组织", {"fields": [("organization", "joined_on")]}),
        ("基本", {"fields": PERSON}),
        ("能做什么", {"fields": ABLE}),
        ("监护人", {"fields": GUARDIAN, "description": "未满 18 周岁的填写。"}),
        ("其他", {"fields": ["note"]}),
    ]
    verbs = (
        Verb(
            "enroll",
            "加入另一个组织",
            "volunteers.add_volunteer",
            people.enroll_volunteer,
            form=EnrollForm,
            applies=lambda row: not row.merged_into_id,
            explain="同一个人可以参加几个组织，仍是一位志愿者，时长不分开算。",
            bulk=False,
        ),
        Verb(
            "leave",
            "登记退出",
            "volunteers.change_volunteer",
            lambda row, *, by, enrollment, left_on: people.leave_organization(
                enrollment, by=by, left_on=left_on
            ),
            form=LeaveForm,
            applies=lambda row: any(one.left_on is None for one in row.enrollments.all()),
            explain="从这一天起不在这个组织的名册里，服务记录保留。",
            bulk=False,
            caution=True,
        ),
    )

    def has_change_permission(self, request, obj=None):
        return not (obj and obj.merged_into_id) and super().has_change_permission(request, obj)

    @admin.display(description="姓名", ordering="name_pinyin")
    def shown_name(self, row):
        return masking.mask_name(row.name)

    @admin.display(description="所属组织")
    def shown_organizations(self, row):
        if row.merged_into_id:
            return f"已并入志愿者{row.merged_into_id}"
        return (
            "、".join(one.organization.name for one in row.enrollments.all() if not one.left_on) or "已退出"
        )

    @admin.display(description="联系电话")
    def shown_phone(self, row):
        return masking.mask_phone(row.phone) or "--"

    @admin.display(description="专业技能")
    def shown_skills(self, row):
        return "、".join(row.skill_labels) or "--"

    @admin.display(description="服务类别")
    def shown_services(self, row):
        return "、".join(row.service_labels) or "--"

    def choice_label(self, row):
        return masking.mask_name(row.name)

    def find(self, request, id_number):
        rows = self.get_queryset(request).with_document(DocumentKind.CITIZEN_ID, id_number)
        return rows.first()

    def service_create(self, request, form):
        return people.register_volunteer(
            by=request.user,
            organization=form.cleaned_data["organization"],
            joined_on=form.cleaned_data["joined_on"],
            **self.typed(form),
        )

    def service_update(self, row, *, by, version, **fields):
        return people.update_volunteer(row, by=by, version=version, **fields)

    def panels(self, request, row):
        yield Panel(
            "所属组织",
            ("组织", "加入日期", "退出日期"),
            [
                (
                    Cell(one.organization.name, row_link(one.organization)),
                    zh(one.joined_on),
                    zh_date(one.left_on),
                )
                for one in row.enrollments.all()
            ],
        )
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
