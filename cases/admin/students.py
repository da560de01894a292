"""Student aid in the admin: proposed by a community, decided by a second person."""

from django.contrib import admin
from django.db.models import Count, Min

from jinchuan.shared import masking, site
from jinchuan.shared.admin import (
    Cell,
    HouseFilterSet,
    Panel,
    ReasonForm,
    ScopedAdmin,
    ScopedRelatedFilter,
    Verb,
    badge,
    row_link,
)
from jinchuan.shared.clock import today
from jinchuan.shared.templatetags.house import zh_date
from organizations.enums import ProgramKind
from organizations.filters import PlaceFilter
from organizations.models import Program

from ..enums import StudentAidState
from ..models import StudentAid
from ..services import students
from .care import WorkedOn, steps_panel

S = StudentAidState


class StudentAidFilter(HouseFilterSet):
    place = PlaceFilter(field_name="community")

    class Meta(HouseFilterSet.Meta):
        model = StudentAid
        fields = []


@admin.register(StudentAid)
class StudentAidAdmin(WorkedOn, ScopedAdmin):
    add_words = "提出助学"
    worked_on = ("evidence",)
    list_display = [
        "code",
        "shown_student",
        "shown_community",
        "program",
        "school_year",
        "stage",
        "hardship",
        "badge_state",
    ]
    list_filter = ["state", "school_year", "stage", "hardship", ("program", ScopedRelatedFilter)]
    filterset_class = StudentAidFilter
    search_fields = ["code", "member__household__code"]
    search_help_text = "按助学编号或户编号查找。"
    empty_list = "还没有助学。先登记助学项目，再为学生提出。"
    autocomplete_fields = ["member"]
    readonly_fields = ["shown_student", "shown_community"]
    fieldsets = [
        (
            "学生",
            {
                "fields": [
                    "shown_student",
                    "shown_community",
                    "program",
                    ("school_year", "stage", "hardship"),
                    "evidence",
                ]
            },
        ),
        (
            "办理",
            {
                "fields": [
                    "code",
                    ("proposed_by", "proposed_at"),
                    ("decided_by", "decided_at"),
                    ("finished_by", "finished_at"),
                ]
            },
        ),
    ]
    add_fieldsets = [
        (None, {"fields": ["program", "member", ("school_year", "stage", "hardship"), "evidence"]})
    ]
    verbs = (
        Verb(
            "approve",
            "批准",
            "cases.approve_studentaid",
            students.approve_aid,
            states=(S.PROPOSED,),
            explain="提出人不能批准自己提出的。批准后才计入受助学生。",
        ),
        Verb(
            "decline",
            "不批准",
            "cases.approve_studentaid",
            students.decline_aid,
            states=(S.PROPOSED,),
            form=ReasonForm,
            explain="写明原因，方便提出的社区向学生说明。",
        ),
        Verb(
            "complete",
            "登记完成",
            "cases.approve_studentaid",
            students.complete_aid,
            states=(S.APPROVED,),
            explain="这一学年的资助已经到位。",
        ),
        Verb(
            "withdraw",
            "撤回",
            "cases.change_studentaid",
            students.withdraw_aid,
            states=(S.PROPOSED, S.APPROVED),
            form=ReasonForm,
            explain="学生不需要了，或情况有变。撤回后不再计入受助学生。",
            bulk=False,
            caution=True,
        ),
    )

    def has_change_permission(self, request, obj=None):
        undecided = obj is None or obj.state == S.PROPOSED
        return undecided and super().has_change_permission(request, obj)

    @admin.display(description="学生", ordering="member__household__code")
    def shown_student(self, row):
        return student_words(row)

    @admin.display(description="推荐社区（村）", ordering="community__code")
    def shown_community(self, row):
        return row.community.short_name

    def choice_label(self, row):
        return f"{row.code} {row.school_year}年"

    def choices_for(self, name, rows):
        if name == "member":
            return rows.present()
        if name == "program" and rows.model is Program:
            return rows.filter(kind=ProgramKind.STUDENT_AID)
        return rows

    def get_changeform_initial_data(self, request):
        return {"school_year": today().year, "member": request.GET.get("member", "")}

    def service_create(self, request, form):
        return students.propose_aid(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return students.update_aid(row, by=by, version=version, **fields)

    def panels(self, request, row):
        yield steps_panel(row)


def student_words(row) -> str:
    return f"{row.member.household.code} {masking.mask_name(row.member.name)}"


@site.panel("organizations.program")
def students_of_program(request, program):
    """The students of a programme as staff may read of them: by code, the name masked."""
    if program.kind != ProgramKind.STUDENT_AID or not request.user.has_perm("cases.view_studentaid"):
        return None
    rows = StudentAid.objects.visible_to(request.user).filter(program=program).for_list()
    return Panel(
        "受助学生",
        ("编号", "学生", "推荐社区（村）", "学年", "学段", "状态"),
        [
            (
                Cell(one.code, row_link(one)),
                student_words(one),
                one.community.short_name,
                one.school_year,
                one.get_stage_display(),
                badge(one),
            )
            for one in rows[:50]
        ],
        empty="还没有受助学生。",
        more_url=site.list_url("cases.studentaid", program__id__exact=program.pk),
    )


@site.panel("cases.household")
def aid_of_household(request, household):
    if not request.user.has_perm("cases.view_studentaid"):
        return None
    rows = StudentAid.objects.visible_to(request.user).filter(member__household=household)
    found = list(
        rows.select_related("program", "member").only(
            *("code", "school_year", "stage", "state", "decided_at", "program__name", "member__name")
        )
    )
    if not found:
        return None
    return Panel(
        "助学",
        ("编号", "学生", "项目", "学年", "学段", "状态", "审批"),
        [
            (
                Cell(one.code, row_link(one)),
                masking.mask_name(one.member.name),
                one.program.name,
                one.school_year,
                one.get_stage_display(),
                badge(one),
                zh_date(one.decided_at),
            )
            for one in found
        ],
    )


@site.worklist
def students_waiting(user):
    if not user.has_perm("cases.approve_studentaid"):
        return
    waiting = (
        StudentAid.objects.visible_to(user).waiting().aggregate(count=Count("pk"), since=Min("proposed_at"))
    )
    yield site.Waiting(
        "待审批助学",
        waiting["count"],
        site.list_url("cases.studentaid", state__exact=S.PROPOSED),
        act="去审批",
        since=zh_date(waiting["since"]) if waiting["since"] else "",
    )
