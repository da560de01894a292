"""``ScopedAdmin``: what every register of the bureau has in common."""

from html import escape

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from jinchuan.shared import site

from .asking import AskingMixin
from .changelist import HouseChangeList, HousePaginator, looks_personal
from .forms import AdminForm
from .pieces import badge, could_be_key, row_link
from .revealing import RevealMixin
from .verbs import VerbMixin
from .writing import WritingMixin

LONGEST_SEARCH = 100
SEARCH_TOO_LONG = "搜索的内容请缩短到 100 字以内。"
SEARCH_IS_PERSONAL = "身份证号和电话号码不能出现在网址里，搜索框不接受。请用“按身份证号查找”。"
FILTER_UNKNOWN = "网址里的筛选条件不能识别，已显示全部记录。"
# What the page of a list runs: choosing rows. Widgets are on the page of a row.
LIST_MEDIA = forms.Media(js=["admin/js/actions.js"])
SHEET_LINKS = (
    ("用表格导入", "sheets:import", "sheets.import_sheet"),
    ("导出表格", "sheets:export", "sheets.export_sheet"),
)


class ScopedAdmin(AskingMixin, WritingMixin, VerbMixin, RevealMixin, admin.ModelAdmin):
    """A register: rows one may see, form fields of ours, every write through a service, nothing ever deleted.

    Subclasses declare ``fieldsets`` (and ``add_fieldsets``), ``list_display``, ``search_fields``, ``verbs``, ``panels``,
    and say how to write: ``service_create(request, form)`` and ``service_update(row, *, by, version, **fields)``.
    """

    form = AdminForm
    add_form = None
    add_fieldsets = None
    change_form_template = "admin/change_form.html"
    change_list_template = "admin/change_list.html"
    filterset_class = None
    find_form = None
    sheet = ""
    tabs = True
    add_words = ""
    change_words = "保存修改"
    read_as = {}
    """column → method of this class that tells its value to those who only read."""
    clear_to_readers = ()
    """Personal fields that who may see the row reads in clear on its page (never the encrypted ones)."""
    list_per_page = 50
    list_max_show_all = 50
    list_counted = None
    """How many rows are counted beyond the page one looks at; None: all of them."""
    list_untold = ()
    """Fields that no line of the list tells: encrypted ones cost something to open."""
    list_tally = None
    """The ``Tally`` of a register that may grow without bound: it tells how many rows there are, and finds pages far down."""
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    save_on_top = False
    empty_list = "还没有记录。"

    # What one may do --------------------------------------------------------------------------------------------

    def has_delete_permission(self, request, obj=None):
        """Business rows are never deleted."""
        return False

    def has_change_permission(self, request, obj=None):
        return hasattr(self, "service_update") and super().has_change_permission(request, obj)

    def has_add_permission(self, request):
        return hasattr(self, "service_create") and super().has_add_permission(request)

    # What one may see -------------------------------------------------------------------------------------------

    def get_queryset(self, request):
        queryset = self.model._default_manager.visible_to(request.user).for_list()
        # A list with sums is grouped, and a grouped query forgets the order of its model.
        ordering = self.get_ordering(request) or self.opts.ordering
        return queryset.order_by(*ordering) if ordering else queryset

    def related_rows(self, db_field, request):
        """The rows a foreign key may point to: what this person may see. Override ``choices_for`` to narrow it."""
        related = db_field.remote_field.model
        rows = related._default_manager.visible_to(request.user).for_list()
        return self.choices_for(db_field.name, rows)

    def choices_for(self, name, rows):
        return rows

    def choice_label(self, row) -> str:
        """How the row is called in choices, messages and confirmations: by code, with a masked name where it helps."""
        return str(row)

    def lookup_allowed(self, lookup, value, request):
        """Only what the filters of this list offer."""
        for entry in self.get_list_filter(request):
            if isinstance(entry, type):
                if lookup == getattr(entry, "parameter_name", None):
                    return True
                continue
            name = entry if isinstance(entry, str) else entry[0]
            if lookup in {f"{name}{end}" for end in ("", "__exact", "__id__exact", "__isnull")}:
                return True
        return lookup in self._filterset_names()

    def _filterset_names(self):
        return set(self.filterset_class.base_filters) if self.filterset_class else set()

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Somebody else's row and no row at all give the same answer."""
        raise Http404

    def get_search_results(self, request, queryset, search_term):
        """Every word must be found somewhere: in any part of a name, in its pinyin, in a code."""
        if looks_personal(search_term):
            return queryset.none(), False
        for word in search_term.split()[:6]:
            queryset = queryset.filter(self.search_for(word))
        return queryset, False

    def search_for(self, word) -> Q:
        found = Q()
        for name in self.search_fields:
            found |= Q(**{f"{name}__icontains": word})
        return found

    # Lists ------------------------------------------------------------------------------------------------------

    def get_changelist(self, request, **kwargs):
        return HouseChangeList

    def get_paginator(self, request, queryset, per_page, **kwargs):
        page = request.GET.get(PAGE_VAR, "")
        return HousePaginator(
            queryset,
            per_page,
            all_rows=lambda: self.get_queryset(request),
            looked_at=int(page) if page.isdecimal() and len(page) < 9 else 1,
            counted=self.list_counted,
            searched=bool(request.GET.get(SEARCH_VAR)),
            tally=self._tally(request),
            **kwargs,
        )

    def _tally(self, request):
        """Of the whole register in its own order alone: not of what is searched for, filtered, sorted or offered as a choice."""
        if self.list_tally is None or set(request.GET) - {PAGE_VAR} or request.path != self._list_address():
            return None
        return self.list_tally.objects.visible_to(request.user)

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":
            request.POST = _with_keys_alone(request.POST)
        term = request.GET.get("q", "")
        sentence = SEARCH_TOO_LONG if len(term) > LONGEST_SEARCH else ""
        if not sentence and looks_personal(term):
            sentence = SEARCH_IS_PERSONAL
        if sentence:
            self.message_user(request, sentence, messages.WARNING)
            return HttpResponseRedirect(self._list_address())
        if "e" in request.GET:
            self.message_user(request, FILTER_UNKNOWN, messages.WARNING)
            return HttpResponseRedirect(self._list_address())
        context = {
            "title": self.opts.verbose_name_plural,
            "find_address": reverse(f"admin:{self._address('find')}") if self.find_form else "",
            "empty_list": self.empty_list,
            "add_title": self.add_title,
            "add_address": reverse(f"admin:{self._address('add')}"),
            "list_address": self._list_address(),
            "list_links": self.list_links(request),
            **(extra_context or {}),
        }
        if IS_POPUP_VAR not in request.GET:
            context["media"] = LIST_MEDIA
        try:
            return super().changelist_view(request, context)
        except DisallowedModelAdminLookup:
            self.message_user(request, FILTER_UNKNOWN, messages.WARNING)
            return HttpResponseRedirect(self._list_address())

    @property
    def add_title(self) -> str:
        return self.add_words or f"登记{self.opts.verbose_name}"

    def list_links(self, request) -> list[tuple[str, str]]:
        """(words, address) of what else stands beside the search box: the register as a sheet, where it has one."""
        links = []
        if self.sheet:
            for words, view, permission in SHEET_LINKS:
                if request.user.has_perm(permission):
                    links.append((words, reverse(view, args=[self.sheet])))
        return links

    def action_checkbox(self, row):
        """As Django has it, without a form widget and its template for every row."""
        return SafeString(
            f'<input type="checkbox" name="{ACTION_CHECKBOX_NAME}" value="{row.pk}" class="action-select" '
            f'aria-label="选择 {escape(str(row))}">'
        )

    @admin.display(description="状态", ordering="state")
    def badge_state(self, row):
        return badge(row)

    # The page of a row ------------------------------------------------------------------------------------------

    def panels(self, request, row) -> list:
        """Readable sections below the form, of the app itself; other apps add theirs with ``site.panel``."""
        return []

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {
            "show_close": False,
            "show_save_and_continue": False,
            "show_save_and_add_another": False,
            "page_verbs": self.verbs_on(request, obj) if obj else [],
            "panels": self._all_panels(request, obj) if obj else [],
            "row_state": badge(obj) if obj and hasattr(obj, "state") else "",
            "row_label": self.choice_label(obj) if obj else "",
            "page_note": self.page_note(request, obj),
            "page_links": self.page_links(request, obj) if obj else [],
            "change_words": self.change_words,
            "page_tabs": self.tabs and obj is not None,
            "page_only_acts": obj is not None and not self.has_change_permission(request, obj),
        }
        if obj:
            label = self.choice_label(obj)
            named = self.opts.verbose_name in label
            context["title"] = label if named else f"{self.opts.verbose_name} {label}"
            context["subtitle"] = None
        else:
            context["title"] = self.add_title
        return super().render_change_form(request, context, add, change, form_url, obj)

    def page_note(self, request, obj):
        """A sentence on top of the page, or nothing."""
        return ""

    def page_links(self, request, obj) -> list[tuple[str, str]]:
        """(words, address) of what is done to this row on another page."""
        return []

    def _all_panels(self, request, row):
        mine = list(self.panels(request, row))
        theirs = [provider(request, row) for provider in site.panels_for(self.opts.label_lower)]
        history = site.door("history")(row, most=20)
        history.more_url, history.more_label = self._row_address(row, "history"), "全部变更记录"
        return [*mine, *(panel for panel in theirs if panel), history]

    @method_decorator(require_safe)
    def history_view(self, request, object_id, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": f"变更记录：{self.choice_label(row)}",
            "subtitle": None,
            "opts": self.opts,
            "panel": site.door("history")(row, most=500),
            "back": self._page_address(row),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    # Addresses --------------------------------------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("do/<slug:verb>/", view(self.verb_view), name=self._address("verbs")),
            path("<int:object_id>/do/<slug:verb>/", view(self.verb_view), name=self._address("verb")),
            path(
                "<int:object_id>/reveal/<slug:field>/", view(self.reveal_view), name=self._address("reveal")
            ),
        ]
        if self.find_form:
            own.append(path("find/", view(self.find_view), name=self._address("find")))
        without = {self._address("delete")}
        return own + [one for one in super().get_urls() if one.name not in without]

    def _address(self, name):
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def _list_address(self):
        return reverse(f"admin:{self._address('changelist')}")

    def _page_address(self, row):
        return row_link(row)

    def _row_address(self, row, name):
        return reverse(f"admin:{self._address(name)}", args=[row.pk])


def _with_keys_alone(data):
    """What was chosen in a list, without what can be the key of no row."""
    data = data.copy()
    data.setlist(
        ACTION_CHECKBOX_NAME, [one for one in data.getlist(ACTION_CHECKBOX_NAME) if could_be_key(one)]
    )
    return data
