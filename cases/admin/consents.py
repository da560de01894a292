"""Consents that households gave on paper."""

from django.contrib import admin

from jinchuan.shared.admin import (
    ScopedAdmin,
    Verb,
)
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh

from ..enums import PUBLISHING, ConsentPurpose
from ..forms import (
    WithdrawForm,
)
from ..models import Consent
from ..services import households


def consent_words(consent, day) -> str:
    if consent.withdrawn_on:
        return f"{zh(consent.withdrawn_on)}撤回"
    return "已到期" if consent.expires_on and consent.expires_on <= day else "有效"


@admin.register(Consent)
class ConsentAdmin(ScopedAdmin):
    list_display = [
        "shown_household",
        "purpose",
        "channel",
        "organization",
        "given_by",
        "shown_given",
        "shown_state",
    ]
    list_filter = ["purpose", "channel"]
    search_fields = ["household__code", "organization__name", "organization__name_search"]
    search_help_text = "按户编号或组织名称查找。"
    empty_list = "还没有同意书。"
    autocomplete_fields = ["household", "organization"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "household",
                    "member",
                    ("purpose", "channel"),
                    "organization",
                    ("given_by", "guardian_name"),
                    ("given_on", "expires_on"),
                    "evidence",
                    "text_version",
                    "withdrawn_on",
                    "recorded_by",
                ]
            },
        )
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "household",
                    "purpose",
                    "organization",
                    ("given_by", "guardian_name"),
                    ("given_on", "expires_on"),
                    "evidence",
                    "text_version",
                ]
            },
        )
    ]
    verbs = (
        Verb(
            "withdraw",
            "撤回",
            "cases.add_consent",
            households.withdraw_consent,
            form=WithdrawForm,
            applies=lambda row: not row.withdrawn_on,
            explain="撤回立即生效：组织马上看不到这一户的信息；公开宣传的，已发布的稿件要撤下。",
            caution=True,
        ),
    )

    @admin.display(description="关爱户", ordering="household__code")
    def shown_household(self, row):
        return row.household.code

    @admin.display(description="同意日期", ordering="given_on")
    def shown_given(self, row):
        return zh(row.given_on)

    @admin.display(description="状态")
    def shown_state(self, row):
        return consent_words(row, today())

    def choice_label(self, row):
        return f"{row.household.code} {row.get_purpose_display()}"

    def choices_for(self, name, rows):
        if name == "household":
            return rows.present()
        return rows.approved() if name == "organization" else rows

    def get_fieldsets(self, request, obj=None):
        """Who may not look through the organisations records no consent that names one."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj or request.user.has_perm("organizations.view_organization"):
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "organization"]})
            for title, options in fieldsets
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "purpose" in form.base_fields and "organization" not in form.base_fields:
            field = form.base_fields["purpose"]
            field.choices = [one for one in field.choices if one[0] != ConsentPurpose.SHARE_WITH_ORGANIZATION]
        if obj is None and "purpose" in form.base_fields:
            field = form.base_fields["purpose"]
            field.choices = [one for one in field.choices if one[0] not in PUBLISHING]
        return form

    def get_changeform_initial_data(self, request):
        asked = {
            name: request.GET[name]
            for name in ("household", "organization", "purpose")
            if name in request.GET
        }
        return {"given_on": today(), **asked}

    def service_create(self, request, form):
        return households.record_consent(by=request.user, **self.typed(form))
