"""Sheets in the browser: choose a register → template → hand in → watch the check → confirm → watch it go in; and every
list as xlsx.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.errors import Refused

from . import blank, exporting, importing, keeping, reading, services, tasks
from .downloads import xlsx_response
from .enums import UNFINISHED, WITH_FINDINGS, ImportState
from .forms import UploadForm
from .models import SheetImport
from .registers import every, named, named_or_404

SHOWN_MOST = 200
LATEST = 10
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
    return _page(request, "index", "批量导入导出", rows=rows, latest=_latest(request.user))


@require_GET
def template(request, register):
    register = _for_import(request, register)
    return xlsx_response(blank.template(register, by=request.user), f"{register.title}导入模板")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, register):
    """Hand in a file; a worker checks it."""
    register = _for_import(request, register)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = services.hand_in(register, file.name, _bytes_of(file), by=request.user)
        except Refused as refusal:
            form.add_error("file", refusal)
        else:
            tasks.work.delay_on_commit(str(row.pk))
            return redirect("sheets:preview", register.name, row.pk)
    return _page(request, "import", f"导入{register.title}", register=register, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, register, key):
    """How far a file is, what it would do, and what it did; confirmed, it is written whole or not at all."""
    register = _for_import(request, register)
    row = _row(request, register, key)
    if request.method == "POST":
        if row.state == ImportState.READY:
            services.confirm(row, by=request.user)
            tasks.work.delay_on_commit(str(row.pk))
        return redirect("sheets:preview", register.name, row.pk)
    if request.htmx and row.state not in UNFINISHED:
        return HttpResponseClientRefresh()
    context = {
        "register": register,
        "row": row,
        "is_unfinished": row.state in UNFINISHED,
        "progress": (row.run_id and keeping.told(row.pk)) or keeping.NOT_BEGUN,
    }
    if request.htmx:
        return render(request, "sheets/_progress.html", context)
    return _page(request, "preview", f"核对{register.title}", **context, **_result(register, row))


@require_GET
def marked(request, register, key):
    """Their own file with what is wrong in red."""
    register = _for_import(request, register)
    row = _row(request, register, key)
    if row.state != ImportState.WRONG or not row.has_file:
        return redirect("sheets:preview", register.name, row.pk)
    return xlsx_response(services.marked(row), f"{register.title}需修改")


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


def _row(request, register, key):
    mine = SheetImport.objects.visible_to(request.user)
    return get_object_or_404(mine, pk=key, register=register.name)


def _result(register, row) -> dict:
    """What came of a file so far: what a worker found in it, or what was written."""
    done, outcome = "", importing.Outcome()
    if row.state == ImportState.DONE:
        counts = {"new": row.new, "changed": row.changed, "same": row.same}
        done = DONE.format(title=register.title, unit=register.unit, **counts)
    elif row.state in WITH_FINDINGS and row.has_file:
        outcome = services.findings(row)
    return {
        "done": done,
        "outcome": outcome,
        "problems": outcome.problems[:SHOWN_MOST],
        "updates": outcome.updates[:SHOWN_MOST],
        "nothing_written": importing.NOTHING_WRITTEN.format(count=outcome.bad_rows),
        "shown_most": SHOWN_MOST,
    }


def _latest(user) -> list:
    """What the person handed in last, each with its register."""
    rows = SheetImport.objects.visible_to(user)[:LATEST]
    return [{"row": row, "register": named(row.register)} for row in rows]


def _bytes_of(file) -> bytes:
    if file.size > reading.BYTES_MOST:
        raise reading.FileProblem(reading.TOO_BIG)
    return file.read()


def _page(request, name, title, **context):
    """For an organisation in the look of its own pages; there is no menu of the bureau around them."""
    if request.user.organization_id:
        return render(request, f"sheets/portal/{name}.html", {"title": title, **context})
    context = {**admin.site.each_context(request), "title": title, **context}
    return render(request, f"sheets/{name}.html", context)
