"""The signed sheet comes back: photos or scans, several at once, without saying of which batch. Their QR codes say it."""

import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from jinchuan.intake import services as intake
from jinchuan.intake import uploads
from jinchuan.intake.models import Attachment, Draft
from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.forms import Form

from .. import scanning
from ..models import Distribution
from ..services import ticking

FILES_MOST = 12
NONE_CHOSEN = "请选择照片或扫描件。"
TOO_MANY = f"一次最多上传 {FILES_MOST} 个文件，请分几次上传。"
IN_FILE = "{name}：{sentence}"
UNREAD_FORM = "admin:donations_distribution_unread"


class Photos(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files."""

    widget = Photos

    def clean(self, data, initial=None):
        files = [one for one in data or [] if one]
        if not files:
            raise ValidationError(NONE_CHOSEN)
        if len(files) > FILES_MOST:
            raise ValidationError(TOO_MANY)
        return files


class ScanForm(Form):
    photos = PhotosField(
        label="照片或扫描件",
        help_text="JPG、PNG 照片或 PDF 扫描件，每个不超过 20 MB；可以一次选好几张，每页一张，右上角的二维码要拍进去。",
        widget=Photos(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )


class ChooseForm(Form):
    """The number of the batch as it stands on the paper, for one file that could not be read."""

    batch = LineFormField(
        label="发放编号", max_chars=20, required=False, help_text="印在二维码下面，例如 FF2026-0001。"
    )


class SignedMixin:
    def scan_view(self, request):
        """Take the photos; each goes to the batch its code names, the others wait to be assigned."""
        self._may_scan(request)
        form = ScanForm(request.POST, request.FILES) if request.method == "POST" else ScanForm()
        if form.is_bound and form.is_valid():
            attached, waiting, refused = self._take(request.user, form.cleaned_data["photos"])
            for sentence in refused:
                messages.error(request, sentence)
            for batch, count in attached.items():
                messages.success(request, f"{count} 个文件已附到 {batch.code}。")
            if waiting:
                return HttpResponseRedirect(reverse(UNREAD_FORM, args=[waiting]))
            if attached:
                return HttpResponseRedirect(self._after(list(attached)))
        context = self._page_context(request, None, "上传签好的签收单") | {"form": form}
        return TemplateResponse(request, "admin/donations/distribution_scan.html", context)

    def unread_view(self, request, draft):
        """The files whose code could not be read, each with a field for the number of its batch."""
        self._may_scan(request)
        row = Draft.objects.visible_to(request.user).filter(pk=draft, form=UNREAD_FORM).first()
        if row is None:
            raise Http404
        files = list(Attachment.objects.of(row))
        data = request.POST if request.method == "POST" else None
        why = intake.draft_content(row.pk, by=request.user, form=UNREAD_FORM) or {}
        rows = [(one, ChooseForm(data, prefix=f"f{one.pk.hex}"), why.get(str(one.pk), "")) for one in files]
        if data is not None:
            batches = [batch for one, form, _ in rows if (batch := self._assign(request, one, form))]
            if not Attachment.objects.of(row).exists():
                row.delete()
                return HttpResponseRedirect(self._after(batches))
            rows = [one for one in rows if one[1].errors or not one[1].cleaned_data.get("batch")]
        context = self._page_context(request, None, "选择是哪一次发放") | {
            "rows": rows,
            "draft": row,
            "summary": [problem for _, form, _ in rows for problem in form.summary]
            if data is not None
            else [],
            "out": Distribution.objects.visible_to(request.user).batches().out()[:50],
        }
        return TemplateResponse(request, "admin/donations/distribution_unread.html", context)

    def _take(self, user, files):
        """(batch → how many, the draft that holds the unread ones or None, sentences about what was not taken)."""
        attached, unread, refused = {}, {}, []
        draft = uuid.uuid4()
        for file in files:
            try:
                clean = uploads.read(file)
                reading = scanning.read(clean.data, clean.content_type, by=user)
                if reading.batch:
                    ticking.attach_sheet(reading.batch, clean, by=user)
                    attached[reading.batch] = attached.get(reading.batch, 0) + 1
                    continue
                unread[str(_keep(draft, clean, user).pk)] = reading.sentence
            except (ValidationError, PermissionDenied) as refusal:
                sentence = " ".join(getattr(refusal, "messages", None) or [NOT_ALLOWED])
                refused.append(IN_FILE.format(name=file.name[:60], sentence=sentence))
        if unread:
            intake.save_draft(draft, by=user, form=UNREAD_FORM, content=unread, title="没认出的签收单")
        return attached, draft if unread else None, refused

    def _assign(self, request, file, form):
        """The batch a file was given to; None when nothing was chosen or it was refused."""
        if not form.is_valid() or not form.cleaned_data["batch"]:
            return None
        try:
            batch = scanning.batch_named(form.cleaned_data["batch"], by=request.user)
            ticking.assign_sheet(file, batch, by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
            return None
        messages.success(request, f"{file.name} 已附到 {batch.code}。")
        return batch

    def _after(self, batches):
        """Where to go on: the one batch's page of lines, or the list."""
        if len(batches) != 1:
            return self._list_address()
        batch = Distribution.objects.get(pk=batches[0].pk)
        return self._row_address(batch, "tick") if batch.state == "out" else self._page_address(batch)

    def _may_scan(self, request):
        if not request.user.has_perm("donations.change_distributionline"):
            raise PermissionDenied(NOT_ALLOWED)


@transaction.atomic
def _keep(draft, clean, user) -> Attachment:
    """A file nobody could place yet belongs to a draft of whoever brought it, and goes with it after a while."""
    return intake.attach(Draft._meta.label, draft, clean, by=user, most=FILES_MOST)
