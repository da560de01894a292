"""The people of a household and the hardships they fall under."""

from django.contrib import admin
from django.db.models import Q

from jinchuan.shared import masking
from jinchuan.shared.admin import (
    Cell,
    FindForm,
    HouseFilterSet,
    Panel,
    ScopedAdmin,
    Verb,
    row_link,
)
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_date
from organizations.filters import PlaceFilter

from ..enums import Relation
from ..forms import (
    HardshipForm,
    LeaveForm,
    PublishingForm,
)
from ..models import Hardship, Member
from ..services import households
from .files import NotedMixin


class MemberFilter(HouseFilterSet):
    place = PlaceFilter(field_name="household__community")

    class Meta(HouseFilterSet.Meta):
        model = Member
        fields = []


@admin.register(Member)
class MemberAdmin(NotedMixin, ScopedAdmin):
    clear_to_readers = ("name",)
    find_form = FindForm
    list_display = [
        "shown_name",
        "shown_household",
        "shown_community",
        "relation",
        "sex",
        "shown_age",
        "shown_left",
    ]
    list_filter = ["relation", "sex"]
    filterset_class = MemberFilter
    search_fields = ["household__code"]
    search_help_text = "按姓名、拼音首字母或户编号查找。"
    empty_list = "还没有家庭成员。登记关爱户时先登记户主。"
    autocomplete_fields = ["household"]
    readonly_fields = ["shown_household"]
    fieldsets = [
        (
            "基本",
            {
                "fields": [
                    "shown_household",
                    "name",
                    "relation",
                    "id_number",
                    "no_id_reason",
                    ("sex", "birth_date"),
                    ("guardian_name", "guardian_phone"),
                    ("joined_on", "left_on"),
                ]
            },
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "id_number",
                    "household",
                    "name",
                    "relation",
                    "no_id_reason",
                    ("sex", "birth_date"),
                    ("guardian_name", "guardian_phone"),
                    "joined_on",
                ]
            },
        )
    ]
    verbs = (
        Verb(
            "hardship",
            "登记困难类别",
            "cases.change_member",
            households.add_hardship,
            form=HardshipForm,
            applies=lambda row: not row.left_on,
            explain="一个人可以同时有几个困难类别，每个都要有依据文件。",
            bulk=False,
        ),
        Verb(
            "publishing",
            "登记公开宣传的同意",
            "cases.add_consent",
            households.record_publishing,
            form=PublishingForm,
            applies=lambda row: not row.household.deidentified_at,
            explain="每项内容、每个渠道各记一份同意，可以分别撤回。公开是自愿的，不同意不影响帮扶。",
            bulk=False,
        ),
        Verb(
            "leave",
            "登记离开",
            "cases.change_member",
            households.member_leaves,
            form=LeaveForm,
            applies=lambda row: not row.left_on and row.relation != Relation.HEAD,
            explain="从这一天起不再计入这一户，历史记录保留。",
            bulk=False,
            caution=True,
        ),
    )

    def search_for(self, word):
        return super().search_for(word) | Q(pk__in=Member.objects.called(word).values("pk"))

    def has_change_permission(self, request, obj=None):
        nameless = obj and obj.household.deidentified_at
        return not nameless and super().has_change_permission(request, obj)

    @admin.display(description="姓名", ordering="name_pinyin")
    def shown_name(self, row):
        return masking.mask_name(row.name)

    @admin.display(description="关爱户", ordering="household__code")
    def shown_household(self, row):
        return row.household.code

    @admin.display(description="社区（村）", ordering="household__community__code")
    def shown_community(self, row):
        return row.household.community.short_name

    @admin.display(description="年龄")
    def shown_age(self, row):
        age = row.age_on(today())
        return "--" if age is None else age

    @admin.display(description="在户", ordering="left_on")
    def shown_left(self, row):
        return f"{zh(row.left_on)}离开" if row.left_on else "同住"

    def choice_label(self, row):
        return f"{row.household.code} {masking.mask_name(row.name)}"

    def choices_for(self, name, rows):
        return rows.present() if name == "household" else rows

    def get_changeform_initial_data(self, request):
        return {"household": request.GET.get("household", ""), "joined_on": today()}

    def find(self, request, id_number):
        return self.get_queryset(request).filter(id_hash__of=id_number).order_by("left_on").last()

    def service_create(self, request, form):
        fields = self.typed(form)
        return households.add_member(fields.pop("household"), by=request.user, **fields)

    def service_update(self, row, *, by, version, **fields):
        return households.update_member(row, by=by, version=version, **fields)

    def panels(self, request, row):
        hardships = Hardship.objects.visible_to(request.user).filter(member=row)
        yield Panel(
            "困难类别",
            ("类别", "依据文件", "开始", "结束"),
            [
                (one.get_category_display(), one.basis, zh(one.started_on), zh_date(one.ended_on))
                for one in hardships
            ],
            empty="还没有困难类别。",
        )
        yield Panel("关爱户", ("户编号",), [(Cell(row.household.code, row_link(row.household)),)])
