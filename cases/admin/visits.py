"""Visits and contacts: what was logged, confirmed or sent back; staff log their own here."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.html import format_html_join

from jinchuan.intake.models import Attachment
from jinchuan.intake.services import TOO_MANY_FILES, attach
from jinchuan.shared import masking
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    HouseFilterSet,
    Panel,
    ReasonForm,
    ScopedAdmin,
    Verb,
    badge,
    link_to,
    row_link,
)
from jinchuan.shared.admin.changelist import looks_personal
from jinchuan.shared.admin.preview import step
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused
from jinchuan.shared.templatetags.house import zh_time

from ..enums import VisitCondition, VisitState
from ..forms import LogVisitForm, PhotosForm
from ..models import CareNeed, Household, Matter, Visit, VisitHousehold
from ..services import visits
from .care import (
    PutRight,
    VisitPlaceFilter,
    WaitingCare,
    WorkedOn,
    ids_of_households_called,
    steps_panel,
)

V = VisitState
HISTORY_NAMES_OTHERS = "这次走访还去了您工作范围以外的户，变更记录请到民政局查看。"


class VisitFilter(HouseFilterSet):
    place = VisitPlaceFilter(field_name="")
    visited_from = DayFilter(field_name="visited_on", lookup_expr="gte", label="日期从")
    visited_to = DayFilter(field_name="visited_on", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = Visit
        fields = []


class WaitingVisits(WaitingCare):
    slices = {
        "submitted": ("待确认", lambda rows: rows.waiting()),
        "urgent": ("需要马上处理", lambda rows: rows.waiting().filter(condition=VisitCondition.URGENT)),
    }


def household_words(one) -> str:
    return " ".join(filter(None, [one.household.code, masking.mask_name(one.head_name or "")]))


def with_matters(row, result) -> list[str]:
    """The step of a visit, and how many matters take it along."""
    count = result.matters.filter(state=result.state).count()
    return [
        *step(row, result),
        *([f"走访中办理的 {count} 件事项一起变为“{result.get_state_display()}”。"] if count else []),
    ]


def add_photos(visit, *, by, photos):
    """Attach all of them, or none where they would be too many."""
    if len(Attachment.objects.of(visit)) + len(photos) > settings.ATTACHMENTS_MOST:
        raise Refused({"photos": TOO_MANY_FILES})
    return [attach(Visit._meta.label, visit.pk, photo, by=by) for photo in photos]


@admin.register(Visit)
class VisitAdmin(PutRight, WorkedOn, ScopedAdmin):
    add_words = "登记走访联系"
    add_form = LogVisitForm
    worked_on = ("notes",)
    list_display = [
        "code",
        "shown_day",
        "shown_households",
        "kind",
        "shown_organization",
        "shown_condition",
        "badge_state",
    ]
    list_counted = 10_000
    list_filter = [WaitingVisits, "state", "kind", "condition"]
    filterset_class = VisitFilter
    search_fields = ["code", "organization__name", "organization__name_search"]
    search_help_text = "按走访编号、户编号、户主姓名、组织名称或拼音首字母查找。"
    empty_list = "还没有走访联系。组织在自己的页面上登记，工作人员走访的在这里登记。"
    fieldsets = [
        (
            "走访",
            {
                "fields": [
                    "linked_households",
                    ("visited_on", "kind", "channel"),
                    ("was_made", "condition"),
                    "shown_organization",
                    ("visitors", "people_met"),
                    "notes",
                    "next_on",
                ]
            },
        ),
        (
            "登记",
            {
                "fields": [
                    "code",
                    ("submitted_by", "submitted_at"),
                    ("confirmed_by", "confirmed_at"),
                    ("voided_by", "voided_at"),
                ]
            },
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "households",
                    "visited_on",
                    ("kind", "channel"),
                    ("was_made", "condition"),
                    ("visitors", "people_met"),
                    "notes",
                    "next_on",
                ]
            },
        )
    ]
    readonly_fields = ["linked_households", "shown_organization"]
    verbs = (
        Verb(
            "confirm",
            "确认",
            "cases.confirm_visit",
            visits.confirm_visit,
            states=(V.SUBMITTED,),
            explain="由登记人以外的第二人确认。这次走访和走访中办理的事项从此计数。",
            says=with_matters,
            previewed=True,
        ),
        Verb(
            "return",
            "退回",
            "cases.confirm_visit",
            visits.return_visit,
            states=(V.SUBMITTED,),
            form=ReasonForm,
            explain="退回登记人修改。走访中办理的事项一起退回。",
            says=with_matters,
            previewed=True,
        ),
        Verb(
            "void",
            "作废",
            "cases.void_visit",
            visits.void_visit,
            states=(V.CONFIRMED,),
            form=ReasonForm,
            explain="已确认的走访和其中办理的事项不再计数，记录保留。由它完成的任务重新变为待完成。由确认人以外的另一位审核人员办理。",
            caution=True,
            says=with_matters,
            previewed=True,
        ),
        Verb(
            "photos",
            "添加照片",
            "cases.change_visit",
            add_photos,
            states=(V.SUBMITTED, V.RETURNED, V.CONFIRMED),
            form=PhotosForm,
            explain="照片会去掉拍摄地点等信息并缩小，只有看得到这条走访的人能打开。添加以后不能删除。",
            bulk=False,
        ),
    )

    def get_queryset(self, request):
        """With the households of each, as far as this person may see them."""
        mine = VisitHousehold.objects.filter(household__in=Household.objects.visible_to(request.user))
        rows = super().get_queryset(request).prefetch_related(None)
        return rows.prefetch_related(Prefetch("visited", mine.for_list()))

    @admin.display(description="关爱户")
    def shown_households(self, row):
        first, *others = row.visited.all() or [None]
        if first is None:
            return "--"
        return f"{household_words(first)}等 {len(others) + 1} 户" if others else household_words(first)

    @admin.display(description="关爱户")
    def linked_households(self, row):
        links = [(link_to(one.household, household_words(one)),) for one in row.visited.all()]
        return format_html_join("、", "{}", links) or "--"

    @admin.display(description="日期", ordering="visited_on")
    def shown_day(self, row):
        return zh(row.visited_on)

    @admin.display(description="走访的人", ordering="organization__code")
    def shown_organization(self, row):
        return row.organization.name if row.organization else "工作人员"

    @admin.display(description="情况", ordering="condition")
    def shown_condition(self, row):
        return row.get_condition_display() if row.was_made else "没有见到"

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        return f"{row.code}　{zh(row.visited_on)}　{self.shown_households(row)}　{self.shown_condition(row)}"

    def get_search_results(self, request, queryset, search_term):
        """By a household as far as this person may see it: the visit may have gone to others, too."""
        if looks_personal(search_term):
            return queryset.none(), False
        seen = VisitHousehold.objects.visible_to(request.user)
        for word in search_term.split()[:6]:
            called = Q(household__code__icontains=word) | Q(household__in=ids_of_households_called(word))
            there = seen.filter(called).order_by().values("visit")
            queryset = queryset.filter(self.search_for(word) | Q(pk__in=there))
        return queryset, False

    def get_changeform_initial_data(self, request):
        named = request.GET.get("households", "")
        return {
            "households": [named] if named.isdecimal() else [],
            "visited_on": today(),
            "visitors": request.user.name,
            "was_made": True,
        }

    def get_form(self, request, obj=None, change=False, **kwargs):
        if change and self.has_change_permission(request, obj):
            kwargs["form"] = self.add_form
        return super().get_form(request, obj, change=change, **kwargs)

    def typed(self, form):
        return {**super().typed(form), "households": list(form.cleaned_data["households"])}

    def service_create(self, request, form):
        return visits.log_visit(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, households, **fields):
        """Sends the visit again, and with it what was settled there for the households that are still named."""
        settled = [
            visits.Settled(one.kind, one.description, one.household, one.need, one.code)
            for one in row.matters.returned().select_related("household", "need").order_by("pk")
            if one.household in households
        ]
        return visits.correct_visit(
            row, by=by, version=version, households=households, matters=settled, **fields
        )

    def _sees_all_of(self, row) -> bool:
        """The history of a visit names every household it went to."""
        return len(row.visited.all()) == VisitHousehold.objects.filter(visit=row).count()

    def _all_panels(self, request, row):
        *others, history = super()._all_panels(request, row)
        return [*others, history] if self._sees_all_of(row) else others

    def history_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        if row is not None and not self._sees_all_of(row):
            raise PermissionDenied(HISTORY_NAMES_OTHERS)
        return super().history_view(request, object_id, extra_context)

    def _row_verb(self, row, name) -> str:
        return reverse(f"admin:{self._address('verb')}", args=[row.pk, name])

    def panels(self, request, row):
        user = request.user
        yield Panel(
            "走访的户",
            ("关爱户", "社区（村）"),
            [
                (Cell(household_words(one), row_link(one.household)), one.household.community.short_name)
                for one in row.visited.all()
            ],
            leads=True,
        )
        yield Panel(
            "办理的事项",
            ("编号", "类别", "关爱户", "状态"),
            [
                (Cell(one.code, row_link(one)), one.get_kind_display(), one.household.code, badge(one))
                for one in Matter.objects.visible_to(user).filter(visit=row).for_list()
            ],
            empty="这次走访没有办理事项。",
            leads=True,
        )
        yield Panel(
            "发现的需求",
            ("编号", "类别", "关爱户", "状态"),
            [
                (Cell(one.code, row_link(one)), one.get_need_display(), one.household.code, badge(one))
                for one in CareNeed.objects.visible_to(user).filter(visit=row).for_list()
            ],
            empty="这次走访没有发现新的需求。",
            leads=True,
        )
        yield Panel(
            "照片",
            ("文件", "大小", "上传时间"),
            [
                (
                    Cell(one.name, reverse("intake:attachment", args=[one.pk])),
                    f"{max(one.size // 1024, 1)} KB",
                    zh_time(one.uploaded_at),
                )
                for one in Attachment.objects.visible_to(user).of(row)
            ],
            empty="没有照片。",
            add_url=self._row_verb(row, "photos")
            if user.has_perm("cases.change_visit") and row.state != V.VOIDED
            else "",
            add_label="添加照片",
            leads=True,
        )
        yield steps_panel(row)
