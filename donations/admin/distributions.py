"""发放: plan a batch, put approved allocations on its sheet, send it out, tick what came back, close it, draw a sample."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.urls import path, reverse

from jinchuan.intake.models import Attachment
from jinchuan.shared import site
from jinchuan.shared.admin import (
    Cell,
    DayFilter,
    HouseFilterSet,
    OneFilter,
    Panel,
    ReasonForm,
    ScopedAdmin,
    Verb,
    badge,
    row_link,
)
from jinchuan.shared.dates import zh
from jinchuan.shared.masking import mask_name
from jinchuan.shared.templatetags.house import zh_date, zh_time
from organizations.filters import PlaceFilter

from ..enums import DistributionKind, DistributionState, PaperKind
from ..measures import measured
from ..models import Distribution, DistributionLine, Verification
from ..papers import heads_of
from ..services import distributions, verifications
from .papers import print_verb
from .pieces import steps_panel
from .signed import SignedMixin
from .ticking import TickingMixin

S = DistributionState
LINES_SHOWN = 400


class DistributionFilter(HouseFilterSet):
    place = PlaceFilter(field_name="division")
    held_from = DayFilter(field_name="held_on", lookup_expr="gte", label="发放日期从")
    held_to = DayFilter(field_name="held_on", lookup_expr="lte", label="到")

    class Meta(HouseFilterSet.Meta):
        model = Distribution
        fields = []


class WaitingDistributions(OneFilter):
    title = "办理情况"
    parameter_name = "waiting"
    slices = {
        "unsigned": ("有没登记结果的", lambda rows: rows.out().filter(unsigned_count__gt=0)),
        "close": ("都登记了，可以结束", lambda rows: rows.out().filter(unsigned_count=0)),
    }


def what_goes_out(batch) -> list[tuple[str, str]]:
    return [
        ("发放日期和地点", f"{zh(batch.held_on)}　{batch.division.short_name}　{batch.venue}"),
        ("明细", f"{batch.line_count} 行"),
    ]


@admin.register(Distribution)
class DistributionAdmin(TickingMixin, SignedMixin, ScopedAdmin):
    tabs = False
    add_words = "安排一次发放"
    list_display = [
        "code",
        "shown_held",
        "venue",
        "shown_division",
        "people",
        "shown_count",
        "shown_unsigned",
        "badge_state",
    ]
    list_filter = [WaitingDistributions, "state", "kind"]
    filterset_class = DistributionFilter
    search_fields = ["code", "venue", "people"]
    search_help_text = "按发放编号、地点或经办人查找。"
    empty_list = "还没有发放。分配批准以后，在这里安排发放并打印签收单。"
    fieldsets = [("发放", {"fields": ["held_on", "venue", "division", "people", "note"]})]
    read_as = {"held_on": "shown_held", "division": "shown_division"}
    readonly_fields = ["shown_held", "shown_division"]
    verbs = (
        print_verb(PaperKind.SIGNING_SHEET, "打印签收单", "donations.change_distributionline"),
        Verb(
            "send_out",
            "发出",
            "donations.change_distribution",
            distributions.send_out,
            states=(S.PLANNED,),
            facts=what_goes_out,
            explain="发出以后明细不能再增减，表上的款物转为“发放途中”。请先打印签收单。",
        ),
        Verb(
            "close",
            "结束发放",
            "donations.change_distribution",
            distributions.close_distribution,
            states=(S.OUT,),
            explain="每一行都登记了结果才能结束。没有送到的款物已退回，可以重新分配发放。",
        ),
        Verb(
            "draw",
            "抽取回访名单",
            "donations.add_verification",
            verifications.draw_sample,
            states=(S.CLOSED,),
            applies=lambda row: row.kind == DistributionKind.BATCH,
            explain="从已签收的明细里随机抽一部分打电话核实，每次发放只抽一次。",
            bulk=False,
        ),
        Verb(
            "cancel",
            "取消发放",
            "donations.change_distribution",
            distributions.cancel_distribution,
            states=(S.PLANNED,),
            form=ReasonForm,
            explain="明细退回待发放，分配仍然有效。",
            caution=True,
        ),
    )

    @admin.display(description="发放日期", ordering="held_on")
    def shown_held(self, row):
        return zh(row.held_on)

    @admin.display(description="所在区划", ordering="division__code")
    def shown_division(self, row):
        return row.division.short_name

    @admin.display(description="明细", ordering="line_count")
    def shown_count(self, row):
        return f"{row.line_count} 行"

    @admin.display(description="没登记结果", ordering="unsigned_count")
    def shown_unsigned(self, row):
        return f"{row.unsigned_count} 行" if row.unsigned_count else "--"

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        return f"{row.code}　{zh(row.held_on)}　{row.venue}　{row.line_count} 行"

    def choices_for(self, name, rows):
        return rows.active() if name == "division" else rows

    def has_change_permission(self, request, obj=None):
        """While the sheet has not gone out."""
        return super().has_change_permission(request, obj) and (obj is None or obj.state == S.PLANNED)

    def service_create(self, request, form):
        return distributions.plan_distribution(by=request.user, **form_fields(form))

    def service_update(self, row, *, by, version, **fields):
        fields.pop("kind", None)
        return distributions.update_distribution(row, by=by, version=version, **fields)

    def page_links(self, request, row):
        user = request.user
        links = []
        if row.state == S.PLANNED and user.has_perm("donations.change_distribution"):
            links.append(("添加明细", self._row_address(row, "lines")))
        if row.state == S.OUT and user.has_perm("donations.change_distributionline"):
            links.append(("登记签收结果", self._row_address(row, "tick")))
        return links

    def list_links(self, request):
        links = super().list_links(request)
        if request.user.has_perm("donations.change_distributionline"):
            links.append(("上传签好的签收单", reverse(f"admin:{self._address('scan')}")))
        return links

    def panels(self, request, row):
        lines = list(row.lines.for_list().order_by("number")[:LINES_SHOWN])
        heads = heads_of({line.household_id for line in lines})
        yield Panel(
            "明细",
            ("序号", "户", "款物", "数量", "结果", "签收日期", "签收人", "备注"),
            [
                (
                    Cell(line.number, row_link(line)),
                    to_whom(line, heads),
                    line.allocation.holding.lot.item,
                    Cell(measured(line.amount, line.allocation.holding.lot), figure=True),
                    badge(line),
                    zh_date(line.delivered_on),
                    signed_by(line),
                    line.note or "--",
                )
                for line in lines
            ],
            empty="还没有明细。点“添加明细”，从已批准的分配里选。",
            leads=True,
        )
        yield Panel(
            "签好的签收单",
            ("文件", "上传人", "上传时间"),
            [
                (
                    Cell(one.name, reverse("intake:attachment", args=[one.pk])),
                    one.uploaded_by.username,
                    zh_time(one.uploaded_at),
                )
                for one in Attachment.objects.visible_to(request.user).of(row).select_related("uploaded_by")
            ],
            empty="还没有上传。签完后拍照或扫描上传，会按二维码附到这里。",
        )
        calls = Verification.objects.filter(line__distribution=row).for_list()
        if request.user.has_perm("donations.view_verification") and (rows := calls_rows(calls)):
            yield Panel("回访", ("明细", "结果", "回访日期", "说明"), rows)
        yield steps_panel(row)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/lines/", view(self.lines_view), name=self._address("lines")),
            path("<int:object_id>/tick/", view(self.tick_view), name=self._address("tick")),
            path("scan/", view(self.scan_view), name=self._address("scan")),
            path("scan/<uuid:draft>/", view(self.unread_view), name=self._address("unread")),
            *super().get_urls(),
        ]

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(self._row_address(obj, "lines"))


def form_fields(form) -> dict:
    names = ("held_on", "venue", "division", "people", "note")
    return {name: form.cleaned_data[name] for name in names}


def to_whom(line, heads) -> str:
    """The household by code, with its head masked; a programme's beneficiaries as they were written."""
    if line.household is None:
        return line.recipient
    return f"{line.household.code} {mask_name(heads.get(line.household_id, ''))}".strip()


def signed_by(line) -> str:
    words = [mask_name(line.receiver_name), line.relation, line.get_signing_display()]
    return " ".join(filter(None, words)) or "--"


def calls_rows(calls) -> list:
    return [
        (
            Cell(str(one.line), row_link(one)),
            one.get_result_display() or "待回访",
            zh_date(one.called_on),
            one.note or "--",
        )
        for one in calls
    ]


@site.worklist
def distributions_waiting(user):
    if not user.has_perm("donations.change_distributionline"):
        return
    unsigned = DistributionLine.objects.visible_to(user).unsigned()
    yield site.Waiting(
        "发出后没有登记结果的明细",
        unsigned.count(),
        site.list_url("donations.distributionline", state__exact="out"),
        act="去登记",
    )
    if user.has_perm("donations.change_distribution"):
        yield site.Waiting(
            "可以结束的发放",
            Distribution.objects.visible_to(user).for_list().out().filter(unsigned_count=0).count(),
            site.list_url("donations.distribution", waiting="close"),
        )


site.shortcut("安排发放", "admin:donations_distribution_add", "donations.add_distribution")
site.shortcut("上传签收单", "admin:donations_distribution_scan", "donations.change_distributionline")
