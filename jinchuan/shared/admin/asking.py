"""What the form of a row asks, and in which shape it shows what may only be read."""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils.html import format_html

from jinchuan.shared.filters import LongChoiceField
from jinchuan.shared.forms import NOT_CHOSEN, PLEASE_CHOOSE, house_formfield

from .pieces import SearchSelect, masked, sealed_fields


class AskingMixin:
    """The form of ``ScopedAdmin``: fields of ours, personal ones masked to readers, what services set shown only."""

    def get_fieldsets(self, request, obj=None):
        fieldsets = self.fieldsets if obj or not self.add_fieldsets else self.add_fieldsets
        if fieldsets is None:
            return super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        shown = self._as_read(request)
        return [
            (title, {**options, "fields": _replaced(options["fields"], shown)})
            for title, options in fieldsets
        ]

    def _as_read(self, request) -> dict:
        """Columns that a reader gets in another shape: personal ones masked, yes and no in words."""
        personal = {*sealed_fields(self.model), *getattr(self.model, "PERSONAL", {})} - {
            *self.clear_to_readers
        }
        masks = {name: self._shown_masked(request, name) for name in personal}
        words = {
            one.name: _yes_or_no(one)
            for one in self.model._meta.concrete_fields
            if isinstance(one, models.BooleanField)
        }
        return masks | words | self.read_as

    def _shown_masked(self, request, name):
        column = self.model._meta.get_field(name)

        @admin.display(description=column.verbose_name)
        def show(row):
            return (
                self._mask_with_link(request, row, name)
                if name in sealed_fields(self.model)
                else masked(row, name)
            ) or "--"

        show.__name__ = f"masked_{name}"
        return show

    def _mask_with_link(self, request, row, name):
        shown = masked(row, name)
        if not shown or not self.may_reveal(request):
            return shown
        address = reverse(f"admin:{self._address('reveal')}", args=[row.pk, name])
        return format_html('{} <a class="reveal" href="{}">查看</a>', shown, address)

    def get_readonly_fields(self, request, obj=None):
        """Declared ones, and every column that only services set (states, *_at, *_by, codes)."""
        names = [
            name for name in flatten_fieldsets(self.get_fieldsets(request, obj)) if self._is_shown_only(name)
        ]
        return [*dict.fromkeys([*self.readonly_fields, *names])]

    def _is_shown_only(self, name):
        if callable(name):
            return True
        try:
            return not self.model._meta.get_field(name).editable
        except FieldDoesNotExist:
            return False

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not change and self.add_form:
            kwargs["form"] = self.add_form
        form = super().get_form(request, obj, change=change, **kwargs)
        traits = {
            "refusal": getattr(request, "_refusal", None),
            "by": request.user,
            "hint": staticmethod(lambda row, name: self._hint(request, row, name)),
        }
        return type(form.__name__, (form,), traits)

    def _hint(self, request, row, name):
        return format_html("现为 {}。留空表示不改。", self._mask_with_link(request, row, name))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Ours for what is typed; for what is chosen, only what this person may see, and no pop-ups."""
        if isinstance(db_field, models.ForeignKey):
            return self.formfield_for_foreignkey(db_field, request, **kwargs)
        kwargs.pop("request", None)
        return house_formfield(db_field, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = SearchSelect(db_field, self.admin_site)
        else:
            kwargs.setdefault("form_class", LongChoiceField)
        field = db_field.formfield(queryset=self.related_rows(db_field, request), **kwargs)
        if field.empty_label is not None:
            field.empty_label = PLEASE_CHOOSE if field.required else NOT_CHOSEN
        if related:
            field.label_from_instance = related.choice_label
        return field


def _yes_or_no(column):
    @admin.display(description=column.verbose_name)
    def show(row):
        return "是" if getattr(row, column.attname) else "否"

    show.__name__ = f"said_{column.name}"
    return show


def _replaced(names, by_name):
    """``fields`` of a fieldset with some names replaced, rows of several fields included."""
    return tuple(
        _replaced(name, by_name) if isinstance(name, list | tuple) else by_name.get(name, name)
        for name in names
    )
