"""Service brands and projects: who carries them, and what the other apps count of them."""

from django import forms
from django.contrib import admin

from jinchuan.shared.admin import Cell, Panel, ScopedAdmin, Verb, row_link
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.forms import Form

from ..facts import PROGRAMS
from ..models import Organization, Program, ProgramPartner
from ..services import organizations


class PartnerForm(Form):
    organization = forms.ModelChoiceField(
        label="参与组织", queryset=Organization.objects.none(), empty_label="请选择"
    )
    started_on = DayFormField(label="从哪一天起", initial=today)

    def narrow(self, user, rows):
        field = self.fields["organization"]
        field.queryset = Organization.objects.visible_to(user).approved().order_by("code")
        field.label_from_instance = lambda one: f"{one.name}（{one.code}）"


class EndPartnerForm(Form):
    partner = forms.ModelChoiceField(
        label="哪个组织", queryset=ProgramPartner.objects.none(), empty_label="请选择"
    )
    on = DayFormField(label="到哪一天为止", initial=today)

    def narrow(self, user, rows):
        field = self.fields["partner"]
        field.queryset = ProgramPartner.objects.visible_to(user).running().filter(program__in=rows).for_list()
        field.label_from_instance = lambda one: f"{one.organization.name}（{one.organization.code}）"


def end_partner(program, *, by, partner, on):
    return organizations.end_partner(partner, by=by, on=on)


@admin.register(Program)
class ProgramAdmin(ScopedAdmin):
    list_display = ["code", "name", "kind", "lead_organization", "shown_start", "shown_end"]
    list_display_links = ["code", "name"]
    list_filter = ["kind"]
    search_fields = ["code", "name", "name_search"]
    search_help_text = "按名称、拼音首字母或编号查找。"
    autocomplete_fields = ["lead_organization"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "kind",
                    "lead_organization",
                    "target_group",
                    "summary",
                    ("started_on", "ended_on"),
                ]
            },
        )
    ]
    empty_list = "还没有服务品牌和项目。"
    verbs = (
        Verb(
            "partner",
            "登记参与组织",
            "organizations.change_program",
            organizations.add_partner,
            form=PartnerForm,
            explain="牵头组织以外，参与这个品牌（项目）的组织。",
            bulk=False,
        ),
        Verb(
            "end_partner",
            "组织不再参与",
            "organizations.change_program",
            end_partner,
            form=EndPartnerForm,
            applies=lambda row: row.partners.running().exists(),
            explain="参与过的记录保留。",
            bulk=False,
        ),
    )

    @admin.display(description="开始", ordering="started_on")
    def shown_start(self, row):
        return zh(row.started_on)

    @admin.display(description="结束", ordering="ended_on")
    def shown_end(self, row):
        return zh(row.ended_on) if row.ended_on else "进行中"

    def panels(self, request, row):
        values = PROGRAMS.of([row.pk])[row.pk]
        yield Panel(
            "做了什么",
            ("指标", "数量", "单位"),
            [
                (column.name, Cell(column.text(value), figure=True), column.unit)
                for column, value in zip(PROGRAMS.columns, values, strict=True)
            ],
            note="从开始到今天，只计已确认的。",
        )
        yield Panel(
            "参与组织",
            ("编号", "组织", "从", "到"),
            [
                (
                    Cell(one.organization.code, row_link(one.organization)),
                    one.organization.name,
                    zh(one.started_on),
                    zh(one.ended_on) if one.ended_on else "正在参与",
                )
                for one in ProgramPartner.objects.visible_to(request.user).filter(program=row).for_list()
            ],
            empty="还没有登记参与组织。",
        )

    def service_create(self, request, form):
        return organizations.register_program(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return organizations.update_program(row, by=by, version=version, **fields)
