"""What a saved form becomes: a call of a service, and a word on what was done."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect


class WritingMixin:
    """How ``ScopedAdmin`` writes: never by itself, always through ``service_create`` and ``service_update``."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What a service refuses is rolled back and shown in the same form, with everything typed still there."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            request._refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        if change:
            row = self.service_update(
                obj,
                by=request.user,
                version=form.opened_version if form.fields.get("version") else None,
                **self.typed(form),
            )
        else:
            row = self.service_create(request, form)
        # The page goes on with what the service wrote; nothing is written here.
        obj.__dict__.update(row.__dict__)

    def typed(self, form) -> dict:
        """The columns of the model that stood in the form, as it read them."""
        names = {one.name for one in self.model._meta.concrete_fields if one.editable}
        return {name: value for name, value in form.cleaned_data.items() if name in names}

    def save_related(self, request, form, formsets, change):
        """Nothing: services write what belongs to a row."""

    def delete_model(self, request, obj):
        raise PermissionDenied

    def log_addition(self, request, obj, message):
        """The audit log knows; the admin's own would keep names in clear."""

    log_change = log_addition

    def response_add(self, request, obj, post_url_continue=None):
        self.message_user(request, f"已办理“{self.add_title}”：{self.choice_label(obj)}。", messages.SUCCESS)
        return self.response_post_save_add(request, obj)

    def response_change(self, request, obj):
        self.message_user(request, f"修改已保存：{self.choice_label(obj)}。", messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(self._page_address(obj))

    response_post_save_change = response_post_save_add
