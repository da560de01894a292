"""The service standard: versions with their rules. One that is in effect is read only; a new one is entered instead."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from jinchuan.shared.admin import AdminForm, Panel, ScopedAdmin
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import LineFormField, WholeNumberFormField

from ..enums import ObligationKind, WindowKind
from ..models import ServiceStandard
from ..models.standards import SEASON_NEEDS_DAYS
from ..services import standards

RULES_MOST = 6
PARTS = ("kind", "window", "times", "grace_days", "season")
INCOMPLETE = "第 {number} 条还没有写全，请补上事项、期间和次数。"
SEASON_UNREADABLE = "请写成“11-01至03-15”这样，从几月几日到几月几日。"
NO_CHOICE = [("", "不用")]


def _parts(number) -> dict:
    """The fields of one rule."""
    return {
        f"kind_{number}": forms.ChoiceField(
            label=f"第{number}条", required=False, choices=[*NO_CHOICE, *ObligationKind.choices]
        ),
        f"window_{number}": forms.ChoiceField(
            label="期间", required=False, choices=[*NO_CHOICE, *WindowKind.choices]
        ),
        f"times_{number}": WholeNumberFormField(label="次数", required=False, minimum=1, maximum=99),
        f"grace_days_{number}": WholeNumberFormField(
            label="宽限天数", required=False, maximum=366, initial=15
        ),
        f"season_{number}": LineFormField(
            label="从几月几日到几月几日",
            required=False,
            max_chars=20,
            help_text="选“每年的一段时间”的才填，例如 11-01至03-15。",
        ),
    }


class StandardFormBase(AdminForm):
    """A version with up to six rules."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for number, rule in enumerate(self.instance.rules.all()[:RULES_MOST], 1):
                self.initial |= {f"{name}_{number}": getattr(rule, name) for name in PARTS[:-1]}
                self.initial[f"season_{number}"] = season_words(rule)

    def called(self, name):
        """The fields of a rule by the rule's number, for there are several alike."""
        label, number = super().called(name), name.rpartition("_")[2]
        if not number.isdecimal():
            return label
        return f"第{number}条：{'事项' if name.startswith('kind_') else label}"

    def clean(self):
        cleaned = super().clean()
        self.rules = []
        for number in range(1, RULES_MOST + 1):
            parts = {name: cleaned.get(f"{name}_{number}") for name in PARTS}
            if not parts["kind"] and not parts["window"] and not parts["times"]:
                continue
            if not (parts["kind"] and parts["window"] and parts["times"]):
                self.add_error(f"kind_{number}", INCOMPLETE.format(number=number))
                continue
            season = parts.pop("season")
            parts["grace_days"] = parts["grace_days"] or 0
            try:
                self.rules.append(parts | season_of(parts["window"], season))
            except ValidationError as error:
                self.add_error(f"season_{number}", error)
        return cleaned


def season_of(window, text) -> dict:
    """``11-01至03-15`` → the four columns of a rule."""
    if window != WindowKind.SEASON:
        if text:
            raise ValidationError(SEASON_NEEDS_DAYS)
        return {}
    try:
        first, last = text.replace("到", "至").split("至")
        days = [
            int(part) for end in (first, last) for part in end.replace("月", "-").rstrip("日 ").split("-")
        ]
        month, day, last_month, last_day = days
    except (AttributeError, ValueError) as error:
        raise ValidationError(SEASON_UNREADABLE) from error
    return {
        "season_first_month": month,
        "season_first_day": day,
        "season_last_month": last_month,
        "season_last_day": last_day,
    }


def season_words(rule) -> str:
    if rule.window != WindowKind.SEASON:
        return ""
    return (
        f"{rule.season_first_month:02}-{rule.season_first_day:02}至"
        f"{rule.season_last_month:02}-{rule.season_last_day:02}"
    )


StandardForm = type(AdminForm)(
    "StandardForm",
    (StandardFormBase,),
    {
        "__module__": __name__,
        **{name: one for number in range(1, RULES_MOST + 1) for name, one in _parts(number).items()},
    },
)
RULE_ROWS = [
    ((f"kind_{number}", f"window_{number}", f"times_{number}"), (f"grace_days_{number}", f"season_{number}"))
    for number in range(1, RULES_MOST + 1)
]


@admin.register(ServiceStandard)
class ServiceStandardAdmin(ScopedAdmin):
    form = StandardForm
    tabs = False
    list_display = ["name", "shown_effective", "basis"]
    search_fields = ["name", "basis"]
    empty_list = "还没有走访联系标准。没有标准就不生成任务。"
    fieldsets = [
        ("标准", {"fields": ["name", "basis", "effective_from"]}),
        ("条目", {"fields": [row for rows in RULE_ROWS for row in rows]}),
    ]

    @admin.display(description="生效日期", ordering="effective_from")
    def shown_effective(self, row):
        return zh(row.effective_from)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("rules")

    def has_change_permission(self, request, obj=None):
        """A version that is in effect stays as it is."""
        return super().has_change_permission(request, obj) and (obj is None or obj.effective_from > today())

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj is None or self.has_change_permission(request, obj) else fieldsets[:1]

    def page_note(self, request, obj):
        if obj is None:
            return "生效以后不能修改；只用于生效以后开始的期间，已经开始的期间仍按原来的标准。"
        if obj.effective_from <= today():
            return f"从{zh(obj.effective_from)}起生效，不能再修改。要改标准，请另登记一版。"
        return ""

    def service_create(self, request, form):
        return standards.add_standard(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return standards.update_standard(row, by=by, version=version, **fields)

    def typed(self, form):
        return {**super().typed(form), "rules": form.rules}

    def panels(self, request, row):
        yield Panel(
            "条目",
            ("事项", "期间", "次数", "宽限天数", "从几月几日到几月几日"),
            [
                (
                    one.get_kind_display(),
                    one.get_window_display(),
                    one.times,
                    one.grace_days,
                    season_words(one) or "--",
                )
                for one in row.rules.all()
            ],
            leads=True,
        )
