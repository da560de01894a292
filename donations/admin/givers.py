"""Whoever gives: called as the house calls them, anonymous ones without traits."""

from django.contrib import admin
from django.db.models import Q

from jinchuan.shared.admin import ScopedAdmin

from ..enums import DonorKind
from ..models import Donation, Donor
from ..naming import working_name
from ..services import gifts
from .pieces import gifts_panel


class DonorForm(ScopedAdmin.form):
    """A giver is a person, an enterprise or an organisation; the anonymous one exists by itself."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields and self.instance.kind != DonorKind.ANONYMOUS:
            choices = [one for one in self.fields["kind"].choices if one[0] != DonorKind.ANONYMOUS]
            self.fields["kind"].choices = choices


@admin.register(Donor)
class DonorAdmin(ScopedAdmin):
    form = DonorForm
    list_display = ["shown_name", "kind", "shown_named", "donation_count"]
    list_filter = ["kind", "agrees_to_be_named"]
    search_fields = ["name", "name_search"]
    search_help_text = "按名称、姓名或拼音首字母查找。"
    empty_list = "还没有捐赠方。"
    autocomplete_fields = ["organization"]
    fieldsets = [(None, {"fields": ["kind", "name", "phone", "organization", "agrees_to_be_named"]})]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        title, options = fieldsets[0]
        fields = ["shown_name" if name == "name" else name for name in options["fields"]]
        return [(title, {**options, "fields": fields})]

    readonly_fields = ["shown_name"]

    def has_change_permission(self, request, obj=None):
        """The anonymous giver has nothing to change."""
        return super().has_change_permission(request, obj) and (
            obj is None or obj.kind != DonorKind.ANONYMOUS
        )

    @admin.display(description="名称", ordering="name_pinyin")
    def shown_name(self, row):
        return working_name(row)

    @admin.display(description="公开名称")
    def shown_named(self, row):
        return "同意" if row.agrees_to_be_named else "不公开"

    @admin.display(description="已确认捐赠", ordering="donation_count")
    def donation_count(self, row):
        return f"{row.donation_count} 笔"

    def search_for(self, word):
        return Q(pk__in=Donor.objects.called(word).values("pk"))

    def choice_label(self, row):
        return working_name(row)

    def service_create(self, request, form):
        return gifts.register_donor(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return gifts.update_donor(row, by=by, version=version, **fields)

    def panels(self, request, row):
        yield gifts_panel(Donation.objects.visible_to(request.user).filter(donor=row))
