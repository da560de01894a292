"""盘点: one page lists all that should be at a place; what was counted is typed, and another person confirms it."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from jinchuan.shared import site
from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.admin import Cell, Panel, badge, link_to, row_link
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField, LineFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import quantity

from ..models import Holding, StockTake
from ..services import stock
from .asking import AmountField
from .corrections import DecidedAdmin, decisions
from .pieces import figure

NOTHING_HERE = "这个存放点没有在库物资，不用盘点。"
COUNT_NEEDED = "请填写“{item}”的实盘数，没有了的填 0。"
MOVED_MEANWHILE = "“{item}”在您打开这一页之后有进出，账面现为 {now}，请再点一遍。"


class CountedField(AmountField):
    """What was counted: 0 is an answer, nothing is not."""

    def within(self, amount):
        return amount if amount == 0 else super().within(amount)


class CountForm(Form):
    """A field for each holding at the place, beside what the book says."""

    counted_on = DayFormField(label="盘点日期", past=True, initial=today)
    reason = LineFormField(label="盘点事由", max_chars=200, initial="定期盘点")

    def __init__(self, *args, holdings, **kwargs):
        self.holdings = holdings
        super().__init__(*args, **kwargs)
        for one in holdings:
            field = CountedField(label=one.lot.item)
            field.unit = one.lot.unit
            field.error_messages["required"] = COUNT_NEEDED.format(item=one.lot.item)
            self.fields[f"count-{one.pk}"] = field
            self.fields[f"seen-{one.pk}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=quantity(expected(one))
            )

    def lines(self):
        """(holding, what the book says, the field, its hidden one) in the order of the shelves."""
        return [
            (one, quantity(expected(one)), self[f"count-{one.pk}"], self[f"seen-{one.pk}"])
            for one in self.holdings
        ]

    def clean(self):
        cleaned = super().clean()
        for one in self.holdings:
            now, seen = quantity(expected(one)), cleaned.get(f"seen-{one.pk}")
            if seen and seen != now:
                self.data = self.data.copy()
                self.data[f"seen-{one.pk}"] = now
                self.add_error(
                    f"count-{one.pk}", MOVED_MEANWHILE.format(item=one.lot.item, now=f"{now} {one.lot.unit}")
                )
        return cleaned

    @property
    def counts(self) -> dict:
        return {one: self.cleaned_data[f"count-{one.pk}"] for one in self.holdings}


def expected(holding):
    """What lies on the shelf by the book: promised goods lie there until their sheet goes out."""
    return holding.free + holding.promised


class CountMixin:
    """Counting a place, from its page."""

    def get_urls(self):
        address = path(
            "<int:object_id>/count/", self.admin_site.admin_view(self.count_view), name=self._address("count")
        )
        return [address, *super().get_urls()]

    def page_links(self, request, row):
        if not request.user.has_perm("donations.add_stocktake"):
            return []
        return [("盘点", self._row_address(row, "count"))]

    def count_view(self, request, object_id):
        """GET lists what should be here; POST notes what was counted, and changes nothing yet."""
        if not request.user.has_perm("donations.add_stocktake"):
            raise PermissionDenied(NOT_ALLOWED)
        place = self.get_object(request, object_id)
        if place is None:
            raise Http404
        holdings = list(
            Holding.objects.visible_to(request.user)
            .in_stock()
            .filter(place=place)
            .for_list()
            .order_by("lot__item", "lot__expires_on", "pk")
        )
        form = CountForm(request.POST if request.method == "POST" else None, holdings=holdings)
        if form.is_bound and form.is_valid():
            try:
                take = stock.count_stock(
                    place,
                    by=request.user,
                    counted_on=form.cleaned_data["counted_on"],
                    reason=form.cleaned_data["reason"],
                    counts=form.counts,
                )
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                self.message_user(request, f"盘点 {take.code} 已提交，等另一位工作人员确认。")
                return HttpResponseRedirect(row_link(take))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": f"盘点：{place.name}",
            "subtitle": None,
            "opts": self.opts,
            "form": form,
            "back": self._page_address(place),
            "nothing_here": "" if holdings else NOTHING_HERE,
        }
        return TemplateResponse(request, "admin/donations/count.html", context)


def counts_panel(user, place) -> Panel:
    takes = StockTake.objects.visible_to(user).filter(place=place).for_list()
    return Panel(
        "盘点",
        ("盘点编号", "盘点日期", "盘点人", "状态"),
        [
            (Cell(one.code, row_link(one)), zh(one.counted_on), one.proposed_by.username, badge(one))
            for one in takes[:20]
        ],
        empty="还没有盘点过。",
    )


def count_facts(take) -> list[tuple[str, str]]:
    lines = list(take.lines.select_related("holding__lot"))
    differing = [line for line in lines if line.difference]
    facts = [
        ("存放点", take.place.name),
        ("盘点", f"{zh(take.counted_on)}　{take.proposed_by.username}　共 {len(lines)} 批"),
    ]
    if not differing:
        return [*facts, ("差额", "账实相符")]
    return facts + [
        (
            line.holding.lot.item,
            f"账面 {quantity(line.expected)}，实盘 {quantity(line.counted)}，"
            f"{'多' if line.difference > 0 else '少'} {quantity(abs(line.difference))} {line.holding.lot.unit}",
        )
        for line in differing
    ]


@admin.register(StockTake)
class StockTakeAdmin(DecidedAdmin):
    list_display = ["code", "shown_place", "shown_on", "shown_proposer", "badge_state"]
    search_fields = ["code", "place__name", "place__name_search"]
    search_help_text = "按盘点编号或存放点查找。"
    empty_list = "还没有盘点。在“物资存放点”里打开一个存放点，点“盘点”。"
    fieldsets = [
        ("盘点", {"fields": ["linked_place", "counted_on", "reason"]}),
        DecidedAdmin.decided_fields,
    ]
    readonly_fields = ["linked_place"]
    verbs = decisions(
        stock.decide_stock_take,
        count_facts,
        "批准后差额记入账面。盘点之后又有进出的，要重新盘点。",
    )

    @admin.display(description="存放点", ordering="place__name_pinyin")
    def shown_place(self, row):
        return row.place.name

    @admin.display(description="存放点")
    def linked_place(self, row):
        return link_to(row.place, row.place.name)

    @admin.display(description="盘点日期", ordering="counted_on")
    def shown_on(self, row):
        return zh(row.counted_on)

    def choice_label(self, row):
        return row.code

    def act_label(self, row):
        return f"{row.code}　{row.place.name}　{zh(row.counted_on)}"

    def list_links(self, request):
        return [("选存放点，开始盘点", reverse("admin:donations_place_changelist"))]

    def panels(self, request, row):
        lines = row.lines.select_related("holding__lot").order_by("holding__lot__item", "holding")
        yield Panel(
            "明细",
            ("物资", "批次号", "账面数", "实盘数", "差额"),
            [
                (
                    one.holding.lot.item,
                    Cell(one.holding.lot.code, row_link(one.holding)),
                    Cell(f"{quantity(one.expected)} {one.holding.lot.unit}", figure=True),
                    Cell(f"{quantity(one.counted)} {one.holding.lot.unit}", figure=True),
                    figure(one.difference, one.holding.lot),
                )
                for one in lines
            ],
            leads=True,
        )
        yield from super().panels(request, row)


@site.worklist
def counts_waiting(user):
    if user.has_perm("donations.decide_correction"):
        yield site.Waiting(
            "待批准的盘点",
            StockTake.objects.visible_to(user).waiting().count(),
            site.list_url("donations.stocktake", waiting="decide"),
            act="去核对",
        )
