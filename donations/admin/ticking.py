"""Two pages of a batch: what goes on its sheet (many allocations at once), and what came back on it (all lines at once)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse

from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.admin.pieces import could_be_key
from jinchuan.shared.clock import today
from jinchuan.shared.fields.form import DayFormField, LineFormField, NameFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.masking import mask_name
from organizations.filters import indented_name
from organizations.models import Division, Program

from ..enums import DeliveryState, DistributionState, Signing
from ..measures import measured
from ..models import Allocation
from ..papers import heads_of
from ..services import ticking

ON_ONE_PAGE = 100
CHOICES_SHOWN = 200
WHO_SIGNED = "请填写签收人"
WHICH_RELATION = "请填写签收人与户主的关系"
WHY_PROXY = "他人代领的，请写明代领原因"
WHY_NOT = "请写明为什么没有送到，至少 5 个字"
CHOOSE_OUTCOME = "这一行填了内容，请选择结果"
OUTCOMES = [
    ("", "先不登记"),
    (DeliveryState.DELIVERED, "已签收"),
    (DeliveryState.REFUSED, "拒收"),
    (DeliveryState.UNDELIVERABLE, "无法送达"),
]
SIGNINGS = [(one.value, one.label) for one in Signing if one != Signing.DIRECT]


class SheetForm(Form):
    """What holds for the whole sheet."""

    delivered_on = DayFormField(label="签收日期", past=True)
    rest = forms.BooleanField(
        label="下面没有填写的行，都由户主本人签收",
        required=False,
        help_text="只改与此不同的行，其余一次登记。",
    )


class LineForm(Form):
    """What the paper says of one line. Nothing filled in: nothing is noted. A mistake names its line."""

    def __init__(self, *args, number, **kwargs):
        super().__init__(*args, **kwargs)
        self.number = number

    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES, required=False)
    signing = forms.ChoiceField(label="签收方式", choices=SIGNINGS, required=False, initial=Signing.SELF)
    receiver_name = NameFormField(label="签收人", required=False)
    relation = LineFormField(label="与户主关系", max_chars=20, required=False)
    note = LineFormField(label="代领原因或没有送到的原因", max_chars=200, required=False)

    def clean(self):
        cleaned = super().clean()
        outcome, signing = cleaned.get("outcome"), cleaned.get("signing") or Signing.SELF
        if not outcome:
            if cleaned.get("receiver_name") or cleaned.get("relation") or cleaned.get("note"):
                self._say("outcome", CHOOSE_OUTCOME)
        elif outcome == DeliveryState.DELIVERED:
            if signing in (Signing.FAMILY, Signing.PROXY):
                self._need("receiver_name", WHO_SIGNED)
                self._need("relation", WHICH_RELATION)
            if signing == Signing.PROXY:
                self._need("note", WHY_PROXY)
        elif len(cleaned.get("note") or "") < 5:
            self._say("note", WHY_NOT)
        return cleaned

    def _need(self, name, sentence):
        if not self.cleaned_data.get(name) and name not in self.errors:
            self._say(name, sentence)

    def _say(self, name, sentence):
        self.add_error(name, ticking.IN_LINE.format(number=self.number, sentence=sentence))


class ChoosingForm(Form):
    """Which approved allocations to show: by place, programme, goods."""

    place = forms.ModelChoiceField(
        label="街道、社区（村）", queryset=Division.objects.none(), required=False, empty_label="全部"
    )
    program = forms.ModelChoiceField(
        label="项目", queryset=Program.objects.none(), required=False, empty_label="全部"
    )
    item = LineFormField(label="物品", max_chars=60, required=False)

    def narrow(self, user):
        self.fields["place"].queryset = Division.objects.visible_to(user).active().for_list()
        self.fields["place"].label_from_instance = indented_name
        self.fields["program"].queryset = Program.objects.visible_to(user).for_list()

    def narrowed(self, rows):
        told = self.cleaned_data if self.is_valid() else {}
        if told.get("place"):
            rows = rows.filter(household__community__path__startswith=told["place"].path)
        if told.get("program"):
            rows = rows.filter(holding__lot__line__donation__program=told["program"])
        if told.get("item"):
            rows = rows.filter(holding__lot__item__icontains=told["item"])
        return rows


class TickingMixin:
    def lines_view(self, request, object_id):
        """Choose among what is approved for a household and stands on no open sheet yet."""
        batch = self._batch(request, object_id, "donations.change_distribution", DistributionState.PLANNED)
        if isinstance(batch, HttpResponseRedirect):
            return batch
        choosing = ChoosingForm(request.GET or None)
        choosing.narrow(request.user)
        rows = Allocation.objects.visible_to(request.user).to_hand_out()
        rows = (
            rows.exclude(deliveries__state=DeliveryState.PLANNED).for_list().order_by("household__code", "pk")
        )
        form = Form(request.POST if request.method == "POST" else None)
        chosen = [one for one in request.POST.getlist("ids") if could_be_key(one)][:CHOICES_SHOWN]
        if form.is_bound and form.is_valid():
            try:
                added = ticking.add_lines(
                    batch, by=request.user, allocations=list(rows.filter(pk__in=chosen)) if chosen else []
                )
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, f"已添加 {len(added)} 行。")
                return HttpResponseRedirect(self._page_address(batch))
        shown = list(choosing.narrowed(rows)[: CHOICES_SHOWN + 1])
        heads = heads_of({row.household_id for row in shown})
        context = self._page_context(request, batch, f"添加明细：{batch.code}") | {
            "form": form,
            "choosing": choosing,
            "more": len(shown) > CHOICES_SHOWN,
            "rows": [
                (
                    row,
                    mask_name(heads.get(row.household_id, "")),
                    measured(row.open_amount, row.holding.lot),
                    str(row.pk) in chosen,
                )
                for row in shown[:CHOICES_SHOWN]
            ],
        }
        return TemplateResponse(request, "admin/donations/distribution_lines.html", context)

    def tick_view(self, request, object_id):
        """All unsigned lines with what the paper may say of them; sent together, noted together."""
        batch = self._batch(request, object_id, "donations.change_distributionline", DistributionState.OUT)
        if isinstance(batch, HttpResponseRedirect):
            return batch
        unsigned = batch.lines.unsigned().for_list().order_by("number")
        lines = list(unsigned[:ON_ONE_PAGE])
        heads = heads_of({line.household_id for line in lines})
        data = request.POST if request.method == "POST" else None
        sheet = SheetForm(data, initial={"delivered_on": min(batch.held_on, today())})
        forms_ = [LineForm(data, prefix=f"l{line.pk}", number=line.number) for line in lines]
        if data is not None and all([sheet.is_valid(), *(one.is_valid() for one in forms_)]):
            try:
                done = ticking.tick_lines(
                    batch, by=request.user, ticks=_ticks(sheet, zip(lines, forms_, strict=True), heads)
                )
            except ValidationError as refusal:
                sheet.refuse(refusal)
            else:
                left = batch.lines.unsigned().count()
                messages.success(
                    request, f"已登记 {len(done)} 行" + (f"，还有 {left} 行。" if left else "。")
                )
                target = self._row_address(batch, "tick") if left else self._page_address(batch)
                return HttpResponseRedirect(target)
        context = self._page_context(request, batch, f"登记签收结果：{batch.code}") | {
            "sheet": sheet,
            "summary": [*sheet.summary, *(one for form in forms_ for one in form.summary)]
            if data is not None
            else [],
            "left": batch.unsigned_count - len(lines),
            "rows": [
                (
                    line,
                    form,
                    mask_name(heads.get(line.household_id, "")),
                    measured(line.amount, line.allocation.holding.lot),
                )
                for line, form in zip(lines, forms_, strict=True)
            ],
        }
        return TemplateResponse(request, "admin/donations/distribution_tick.html", context)

    def _batch(self, request, object_id, permission, state):
        """The batch; or the way to its page, when it is past this step."""
        if not request.user.has_perm(permission):
            raise PermissionDenied(NOT_ALLOWED)
        batch = self.get_object(request, object_id)
        if batch is None:
            raise Http404
        if batch.state != state:
            sentence = f"{batch.code} 现在是“{batch.get_state_display()}”，不能办理这一步。"
            self.message_user(request, sentence, messages.WARNING)
            return HttpResponseRedirect(self._page_address(batch))
        return batch

    def _page_context(self, request, batch, title):
        request.current_app = self.admin_site.name
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "subtitle": None,
            "batch": batch,
            "back": self._page_address(batch) if batch else self._list_address(),
        }


def _ticks(sheet, rows, heads) -> list:
    """What is to be noted: the rows with an outcome, and with ``rest`` the others as signed by the head."""
    ticks = []
    for line, form in rows:
        told = form.cleaned_data
        outcome = told.get("outcome") or (DeliveryState.DELIVERED if sheet.cleaned_data["rest"] else "")
        if not outcome:
            continue
        signing = told.get("signing") or Signing.SELF
        own = signing in (Signing.SELF, Signing.FINGERPRINT) and not told["receiver_name"]
        ticks.append(
            ticking.Tick(
                line,
                DeliveryState(outcome),
                delivered_on=sheet.cleaned_data["delivered_on"],
                signing=signing,
                receiver_name=heads.get(line.household_id, "") if own else told["receiver_name"],
                relation=told["relation"] or ("本人" if own and line.household_id else ""),
                note=told["note"],
            )
        )
    return ticks
