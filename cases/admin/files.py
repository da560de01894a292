"""A household's whole story on one sheet (一户一档), who looked at its sealed fields, and who can see it at all."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from jinchuan.audit.reading import opened, printed
from jinchuan.shared import masking, site
from jinchuan.shared.access import NOT_ALLOWED
from jinchuan.shared.admin import Panel
from jinchuan.shared.admin.pieces import masked
from jinchuan.shared.clock import today
from jinchuan.shared.dates import zh
from jinchuan.shared.templatetags.house import zh_date, zh_time

from ..models import Consent, Member, Pairing
from ..seen import readings, who_can_see
from .care import SHOWN

READINGS_MOST = 200


class NotedMixin:
    """Who opens a row's page is noted, for 谁看过."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and request.method == "GET":
            opened(obj, by=request.user)
        return super().render_change_form(request, context, add, change, form_url, obj)


class FileMixin(NotedMixin):
    """Two more pages of a household, both to be read only."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:object_id>/file/", view(self.file_view), name=self._address("file")),
            path("<int:object_id>/readers/", view(self.readers_view), name=self._address("readers")),
            *super().get_urls(),
        ]

    def page_links(self, request, obj):
        return [
            *super().page_links(request, obj),
            ("打印一户一档", self._row_address(obj, "file")),
            ("谁能看到", self._row_address(obj, "readers")),
        ]

    def _read_page(self, request, object_id, template, title, panels, **more):
        if not self.has_view_permission(request):
            raise PermissionDenied(NOT_ALLOWED)
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": f"{title}：{row.code}",
            "subtitle": None,
            "opts": self.opts,
            "row": row,
            "panels": panels(request, row),
            "back": self._page_address(row),
            **more,
        }
        return TemplateResponse(request, template, context)

    def file_view(self, request, object_id):
        """Printed by the browser. Names, numbers and addresses are masked; who needs them in clear reveals them one by one."""
        return self._read_page(
            request, object_id, "admin/household_file.html", "一户一档", self._printed_story, day=zh(today())
        )

    def readers_view(self, request, object_id):
        return self._read_page(request, object_id, "admin/household_readers.html", "谁能看到", _readers)

    def _printed_story(self, request, row):
        if request.method == "GET":
            printed(row, by=request.user)
        return list(self._story(request, row))

    def _story(self, request, row):
        yield _particulars(row)
        yield _people(request.user, row)
        own = [one for one in self.panels(request, row) if not one.screen_only]
        others = (provider(request, row) for provider in site.panels_for(self.opts.label_lower))
        for panel in [*own, *others]:
            if panel and panel.rows and not panel.screen_only:
                panel.add_url = panel.more_url = ""
                yield panel


def _particulars(row) -> Panel:
    facts = [
        ("户编号", row.code),
        ("户主", masking.mask_name(row.head_name or "") or "--"),
        ("社区（村）", row.community.short_name),
        ("住址", masked(row, "address") or "--"),
        ("电话", masked(row, "phone") or "--"),
        ("困难程度", row.get_need_level_display()),
        ("登记日期", zh(row.registered_on)),
        ("状态", row.get_state_display()),
    ]
    if row.exited_on:
        facts.append(("退出", f"{zh(row.exited_on)}，{row.get_exit_reason_display()}"))
    return Panel("基本", ("项目", "内容"), facts)


def _people(user, row) -> Panel:
    day = today()
    rows = Member.objects.visible_to(user).filter(household=row).prefetch_related("hardships")
    return Panel(
        "家庭",
        ("姓名", "关系", "性别", "年龄", "困难类别", "状态"),
        [
            (
                masking.mask_name(one.name),
                one.get_relation_display(),
                one.get_sex_display(),
                one.age_on(day) if one.birth_date else "--",
                "、".join(h.get_category_display() for h in one.hardships.all() if not h.ended_on) or "--",
                f"{zh(one.left_on)}离开" if one.left_on else "同住",
            )
            for one in rows
        ],
    )


# Who can see, and who looked -----------------------------------------------------------------------------------


def _readers(request, row):
    """Every account that could open the household now, and every time somebody opened something of it."""
    found = who_can_see(row)
    yield Panel(
        f"现在能看到的账号（{len(found)}）",
        ("账号", "角色", "看得到什么", "为什么"),
        [(one.user.username, one.role, one.extent, one.reason) for one in found],
        empty="没有账号能看到这一户。",
    )
    agreed = set(Consent.objects.sharing().filter(household=row).values_list("organization", flat=True))
    running = Pairing.objects.visible_to(request.user).running().filter(household=row)
    yield Panel(
        "正在结对的组织",
        ("组织", "结对编号", "从", "能不能看到"),
        [
            (
                one.organization.name,
                one.code,
                zh_date(one.started_on),
                "能看到" if one.organization_id in agreed else "看不到：没有有效的同意书",
            )
            for one in running.select_related("organization").order_by("pk")
        ],
        empty="没有正在结对的组织。",
    )
    yield viewers(row, shown=READINGS_MOST)


def viewers(household, *, shown=SHOWN) -> Panel:
    """谁看过: the newest openings of what is otherwise covered."""
    found = readings(household, most=READINGS_MOST)
    return Panel(
        f"谁看过（{len(found)}）",
        ("时间", "账号", "角色", "看了什么", "原因"),
        [(zh_time(one.at), one.account, one.role, one.what, one.reason or "--") for one in found[:shown]],
        empty="还没有人查看过隐去的内容。",
        more_url=reverse("admin:cases_household_readers", args=[household.pk]) if len(found) > shown else "",
        more_label="全部查看记录",
        screen_only=True,
    )
