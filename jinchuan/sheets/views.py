"""Sheets in the browser: choose a register → template → hand in → preview → confirm; and every list as xlsx."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from jinchuan.shared.access import NOT_ALLOWED

from . import blank, exporting, importing, keeping, marking, reading
from .downloads import xlsx_response
from .forms import UploadForm
from .registers import every, named_or_404

ROWS_MOST_IN_BROWSER = 2_000
SHOWN_MOST = 200
GONE = "这份文件已经导入，或上传超过 1 小时已清除。如果还要导入，请重新上传。"
DONE = "“{title}”已导入：新增 {new} {unit}，更新 {changed} {unit}，无变化 {same} {unit}。"


@require_GET
def index(request):
    """The registers one may use."""
    rows = [
        {
            "register": register,
            "may_import": register.may_import(request.user),
            "may_export": register.may_export(request.user),
        }
        for register in every()
    ]
    rows = [row for row in rows if row["may_import"] or row["may_export"]]
    if not rows or request.user.organization_id:
        raise PermissionDenied(NOT_ALLOWED)
    return _page(request, "index", "批量导入导出", rows=rows)


@require_GET
def template(request, register):
    register = _for_import(request, register)
    return xlsx_response(blank.template(register, by=request.user), f"{register.title}导入模板")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, register):
    """Hand in a file; it is rehearsed at once and put aside for its preview."""
    register = _for_import(request, register)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            data = _bytes_of(file)
            sheet = reading.read(data, file.name, register, rows_most=ROWS_MOST_IN_BROWSER)
            outcome = importing.rehearse(register, sheet, by=request.user)
        except importing.Refused as refusal:
            form.add_error("file", refusal)
        else:
            key = keeping.keep(data, file.name[:120], outcome, register=register, by=request.user)
            return redirect("sheets:preview", register.name, key)
    return _page(request, "import", f"导入{register.title}", register=register, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, register, key):
    """What the file would do; confirmed, it is written whole or not at all."""
    register = _for_import(request, register)
    kept = _kept(request, register, key)
    if kept.is_over:
        messages.warning(request, GONE)
        return redirect("sheets:import", register.name)
    outcome = kept.outcome
    if request.method == "POST":
        sheet = reading.read(kept.data, kept.name, register, rows_most=ROWS_MOST_IN_BROWSER)
        outcome = importing.carry_out(register, sheet, by=request.user)
        if outcome.written:
            keeping.finish(key)
            counts = {"new": outcome.new, "changed": outcome.changed, "same": outcome.same}
            messages.success(request, DONE.format(title=register.title, unit=register.unit, **counts))
            return redirect("sheets:index")
    return _page(
        request,
        "preview",
        f"核对{register.title}",
        register=register,
        kept=kept,
        outcome=outcome,
        problems=outcome.problems[:SHOWN_MOST],
        updates=outcome.updates[:SHOWN_MOST],
        nothing_written=importing.NOTHING_WRITTEN.format(count=outcome.bad_rows),
        shown_most=SHOWN_MOST,
    )


@require_GET
def marked(request, register, key):
    """Their own file with what is wrong in red."""
    register = _for_import(request, register)
    kept = _kept(request, register, key)
    if kept.is_over:
        messages.warning(request, GONE)
        return redirect("sheets:import", register.name)
    sheet = reading.read(kept.data, kept.name, register, rows_most=ROWS_MOST_IN_BROWSER)
    return xlsx_response(marking.marked(register, sheet, kept.outcome.problems), f"{register.title}需修改")


@require_GET
def export(request, register):
    """The whole list as the reader may see it."""
    register = named_or_404(register)
    if not register.may_export(request.user):
        raise PermissionDenied(NOT_ALLOWED)
    rows = register.model._default_manager.visible_to(request.user)
    return xlsx_response(exporting.export(register, rows, by=request.user), register.title)


def _for_import(request, name):
    register = named_or_404(name)
    if not register.may_import(request.user):
        raise PermissionDenied(NOT_ALLOWED)
    return register


def _kept(request, register, key):
    kept = keeping.fetch(key, register=register, by=request.user)
    if kept is None:
        raise Http404
    return kept


def _bytes_of(file) -> bytes:
    if file.size > reading.BYTES_MOST:
        raise reading.FileProblem(reading.TOO_BIG)
    return file.read()


def _page(request, name, title, **context):
    context = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"sheets/{name}.html", context)
