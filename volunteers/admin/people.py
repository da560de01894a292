from functools import partial

from django.contrib import admin

from jinchuan.shared import masking
from jinchuan.shared.admin import (
    Cell,
    FindForm,
    HouseFilterSet,
    OneFilter,
    Panel,
    ScopedAdmin,
    Verb,
    badge,
    row_link,
)
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import hours, zh_date
from organizations.filters import PlaceFilter

from .. import slips
from ..enums import DocumentKind
from ..models import Commendation, CorrectionRequest, Evaluation, Training, Volunteer
from ..people_forms import (
    BureauCommendationForm,
    BureauEvaluationForm,
    BureauTrainingForm,
    BureauVoidForm,
    BureauVolunteerForm,
    EnrollForm,
    LeaveForm,
    MergeForm,
    RegisterVolunteerForm,
)
from ..services import growth, merges, people
from .people_reading import ReadingMixin


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


GROWTH = (
    ("training", Training, BureauTrainingForm),
    ("commendation", Commendation, BureauCommendationForm),
    ("evaluation", Evaluation, BureauEvaluationForm),
)


class Namesakes(OneFilter):
    title = "重复核查"
    parameter_name = "alike"
    slices = {"alike": ("有同名的", lambda rows: rows.with_namesakes())}


@admin.register(Volunteer)
class VolunteerAdmin(ReadingMixin, ScopedAdmin):
    sheet = "volunteers"
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
    list_filter = ["kind", Namesakes]
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
        *(
            Verb(
                kind,
                f"登记{model._meta.verbose_name}",
                f"volunteers.add_{kind}",
                partial(growth.record_growth, model),
                form=form,
                applies=lambda row: not row.merged_into_id,
                explain="有误的请作废，再重新登记；组织自己登记的，一天内可以在它的页面上修改。",
                bulk=False,
            )
            for kind, model, form in GROWTH
        ),
        Verb(
            "void_growth",
            "作废培训、表彰或评价",
            "volunteers.change_training",
            lambda volunteer, *, by, row, reason: growth.void_growth(row, by=by, reason=reason),
            form=BureauVoidForm,
            applies=lambda row: not row.merged_into_id,
            explain="作废后不再出现在志愿服务记录里，原内容和原因保留。",
            bulk=False,
            caution=True,
        ),
        Verb(
            "slip",
            "打印查询单",
            "volunteers.print_volunteer",
            slips.slip,
            applies=lambda row: not row.merged_into_id,
            explain="查询单上有新的查询码，本人凭它可以看到全部服务记录。民政局以前给的那一张随即停用。",
            bulk=False,
            respond=lambda admin, request, row, response: response,
        ),
        Verb(
            "merge",
            "与重复的一条合并",
            "volunteers.merge_volunteer",
            merges.merge_volunteers,
            form=MergeForm,
            applies=lambda row: not row.merged_into_id,
            explain="两条记录是同一个人时办理：另一条的加入记录、服务记录、培训、表彰、评价和证明都转到这一条。不能撤销。",
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
        grown = [
            (one._meta.verbose_name, zh(one.day), one.told, one.organization.name, one.void_reason or "--")
            for _, model, _ in GROWTH
            for one in model.objects.visible_to(request.user).filter(volunteer=row).for_list()
        ]
        yield Panel(
            "培训、表彰和评价",
            ("种类", "日期", "内容", "登记单位", "作废原因"),
            grown,
            empty="还没有登记。",
        )
        asked = CorrectionRequest.objects.visible_to(request.user).filter(record__volunteer=row).for_list()
        yield Panel(
            "本人提出的更正",
            ("活动", "提出时间", "应当是什么", "状态", "答复"),
            [
                (
                    Cell(one.record.activity.code, row_link(one.record.activity)),
                    zh_date(one.asked_at),
                    one.text,
                    badge(one),
                    one.answer or "--",
                )
                for one in asked
            ],
            empty="本人没有提出过更正。",
        )
