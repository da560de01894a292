"""Pages beside the register of volunteers: the hours of a year, and the sheet for the national system."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.template.response import TemplateResponse
from django.urls import path, reverse

from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.admin import Cell, Panel
from jinchuan.shared.clock import today
from jinchuan.shared.masking import mask_name
from jinchuan.shared.templatetags.house import hours as in_hours
from jinchuan.sheets.downloads import xlsx_response

from .. import hours, national
from ..people_forms import NationalForm, YearForm

HOURS = "年度服务时长"
SHOWN_MOST = 500


class ReadingMixin:
    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("hours/", view(self.hours_view), name=self._address("hours")),
            path("national/", view(self.national_view), name=self._address("national")),
            *super().get_urls(),
        ]

    def list_links(self, request):
        links = [*super().list_links(request), (HOURS, reverse(f"admin:{self._address('hours')}"))]
        if request.user.has_perm("sheets.export_sheet"):
            links.append((national.TITLE, reverse(f"admin:{self._address('national')}")))
        return links

    def hours_view(self, request):
        """Who served how long in a year, over all organisations; as a sheet with ``as=xlsx``."""
        if not request.user.has_perm("volunteers.view_servicerecord"):
            raise PermissionDenied(NOT_ALLOWED)
        year = hours.year_asked(request.GET.get("year", ""), today())
        if request.GET.get("as") == "xlsx" and request.user.has_perm("sheets.export_sheet"):
            return xlsx_response(hours.sheet(year, by=request.user), f"{year}年志愿服务时长")
        rows = hours.table(request.user, year)
        panel = Panel(
            f"{year}年：{len(rows)} 位志愿者，{sum(one.times for one in rows)} 人次，"
            f"{in_hours(sum(one.minutes for one in rows))} 小时",
            ("志愿者", "全国志愿者编号", "服务次数", "服务时长（小时）"),
            [
                (
                    Cell(mask_name(one.name), self._page_of(one.volunteer)),
                    one.national_number or "--",
                    one.times,
                    in_hours(one.minutes),
                )
                for one in rows[:SHOWN_MOST]
            ],
            empty="这一年还没有已确认的服务。",
        )
        note = f"只列出时长最多的 {SHOWN_MOST} 位，全部请导出表格。" if len(rows) > SHOWN_MOST else ""
        form = YearForm(initial={"year": year})
        export = request.user.has_perm("sheets.export_sheet")
        return self._reading(
            request, HOURS, form, panel=panel, note=note, query=f"year={year}" if export else ""
        )

    def national_view(self, request):
        """Asks for the year, whether numbers are to be whole, and why; answers with the sheet."""
        if not (
            request.user.has_perm("sheets.export_sheet")
            and request.user.has_perm("volunteers.view_volunteer")
        ):
            raise PermissionDenied(NOT_ALLOWED)
        form = NationalForm(request.POST or None, initial={"year": today().year})
        if not request.user.has_perm("volunteers.reveal_volunteer"):
            del form.fields["in_full"], form.fields["reason"]
        if form.is_bound and form.is_valid():
            try:
                return xlsx_response(
                    national.national_sheet(by=request.user, **form.cleaned_data), national.TITLE
                )
            except ValidationError as refusal:
                form.refuse(refusal)
        note = "个人信息、服务、培训、表彰、评价五组内容各占一页。导出会记入日志。"
        return self._reading(request, national.TITLE, form, note=note, posts=True)

    def _page_of(self, volunteer):
        return reverse(f"admin:{self._address('change')}", args=[volunteer])

    def _reading(self, request, title, form, **more):
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "opts": self.opts,
            "form": form,
            "back": self._list_address(),
            **more,
        }
        return TemplateResponse(request, "admin/volunteers/reading.html", context)
