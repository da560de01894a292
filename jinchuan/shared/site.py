"""The bureau's front door: one sign-in, a first page that says what waits, registers in the order of their use.

This room knows no app. Each app tells it, in its ``admin.py``, what waits in its registers, where one may jump to, and
what it has to add to another app's page:

    @site.worklist
    def waiting(user):
        yield site.Waiting("待确认捐赠", count, url, ...)

A page that belongs to no register says where it stands with ``site.page``.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, get_script_prefix, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode

log = logging.getLogger(__name__)

NOT_STAFF = "这里是工作人员的页面。您的账号属于社会组织，请从组织页面办理。"

# The registers in the order in which the bureau uses them; one that is not named here comes last.
ORDER = (
    "cases.household",
    "cases.member",
    "cases.pairing",
    "cases.visit",
    "cases.matter",
    "cases.careneed",
    "cases.careplan",
    "cases.obligation",
    "cases.consent",
    "cases.studentaid",
    "donations.donation",
    "donations.holding",
    "donations.allocation",
    "donations.distribution",
    "donations.distributionline",
    "donations.verification",
    "donations.paper",
    "donations.donor",
    "donations.stocktake",
    "donations.adjustment",
    "donations.disposal",
    "donations.purposechange",
    "donations.fund",
    "donations.place",
    "volunteers.activity",
    "volunteers.servicerecord",
    "volunteers.correctionrequest",
    "volunteers.volunteer",
    "volunteers.certificate",
    "reports.story",
    "reports.publication",
    "reports.publicationconsent",
    "reports.storyrelease",
    "reports.closing",
    "reports.reportedition",
    "reports.reportbatch",
    "reports.reportrecipient",
    "reports.reportmail",
    "organizations.organization",
    "organizations.mobilization",
    "organizations.mobilizationinvitation",
    "organizations.program",
    "organizations.supervisingunit",
    "organizations.division",
    "cases.servicestandard",
    "cases.notice",
    "organizations.user",
    "audit.auditevent",
)


@dataclass(frozen=True)
class Waiting:
    """One line of the first page: how many rows wait for somebody, since when, and the list that shows exactly them."""

    title: str
    count: int
    url: str
    act: str = "去办理"
    since: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A way from the first page to something people do every day; ``view`` is the name of the address."""

    label: str
    view: str
    permission: str = ""
    args: tuple = ()
    query: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the first page that is fetched once the page is there, so that nobody waits for it; ``view`` answers with it,
    ``more`` leads to the page where all of it stands."""

    title: str
    permission: str
    view: str
    more: str
    more_words: str


_worklists = []
_pages = []
_sections = []
_shortcuts = []
_panels = defaultdict(list)
_verbs = defaultdict(list)
_doors = {}


def worklist(provider):
    """Register ``provider(user)``, which yields ``Waiting`` lines in a fixed number of queries."""
    _worklists.append(provider)
    return provider


def shortcut(label, view, permission="", args=(), query=""):
    _shortcuts.append(Shortcut(label, view, permission, args, query))


def page(route, view, name):
    """A page of the bureau that belongs to no register; who may open it is for the view to say."""
    _pages.append((route, view, name))


def section(*args):
    _sections.append(Section(*args))


def panel(model_label):
    """Register ``provider(request, row)`` → ``Panel`` or None, shown on that model's page by another app."""

    def register(provider):
        _panels[model_label].append(provider)
        return provider

    return register


def panels_for(model_label) -> list:
    return _panels[model_label]


def add_verb(model_label, verb):
    """Let a higher app's act on a lower app's row stand on that row's page."""
    _verbs[model_label].append(verb)


def verbs_for(model_label) -> list:
    return _verbs[model_label]


def open_door(name, function):
    """What the audit room above lends to every page: ``history(row)`` and ``reveal(row, field, *, by, reason)``."""
    _doors[name] = function


def door(name):
    return _doors[name]


def list_url(model_label, **filters) -> str:
    """The register of a model with filters set."""
    address = reverse(f"admin:{model_label.replace('.', '_')}_changelist")
    return f"{address}?{urlencode(filters)}" if filters else address


class ScopedAutocomplete(AutocompleteJsonView):
    """Choices are the rows one may see, called as the register calls them (never by personal data).

    What is typed comes by POST: it may be a name, or by mistake a number that must stand in no address.
    """

    def post(self, request, *args, **kwargs):
        request.GET = request.POST
        return self.get(request, *args, **kwargs)

    def serialize_result(self, obj, to_field_name):
        return {
            "id": str(getattr(obj, to_field_name)),
            "text": self.model_admin.choice_label(obj),
        }


class Menu(list):
    """Apps and their registers, the same object for everybody who may do the same: what is made of it can be kept."""

    __hash__ = object.__hash__


class HouseAdminSite(admin.AdminSite):
    site_header = "结对帮扶·爱心金川"
    site_title = "爱心金川"
    index_title = "工作台"
    site_url = None
    empty_value_display = "--"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._menus = {}

    def register(self, model_or_iterable, admin_class=None, **options):
        """Registers of this house only: those that libraries bring along (groups, e-mail addresses) have no use here."""
        if hasattr(admin_class, "verbs"):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request):
        return request.user.is_active and request.user.is_staff

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """There is one sign-in. Somebody signed in already who does not work here is told so."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise PermissionDenied(NOT_STAFF)
        target = reverse(settings.LOGIN_URL)
        return redirect(f"{target}?{urlencode({'next': request.GET.get('next') or reverse('admin:index')})}")

    def logout(self, request, extra_context=None):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        logout(request)
        return redirect(settings.LOGIN_URL)

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def autocomplete_view(self, request):
        return ScopedAutocomplete.as_view(admin_site=self)(request)

    def get_urls(self):
        """Without the door that leads from any row of any model to its public page."""
        own = [path(route, self.admin_view(view), name=name) for route, view, name in _pages]
        return own + [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def get_app_list(self, request, app_label=None):
        """Apps and models in the order of ``ORDER``. They hang on what one may do alone, so they are put together once for
        everybody who may do the same."""
        allowed = frozenset(request.user.get_all_permissions())
        key = allowed, app_label, len(self._registry), get_script_prefix()
        if key not in self._menus:
            self._menus[key] = self._menu(request, app_label)
        return self._menus[key]

    def _menu(self, request, app_label):
        places = {label: place for place, label in enumerate(ORDER)}

        def place(app, model):
            return places.get(f"{app['app_label']}.{model['object_name'].lower()}", len(places))

        apps = list(self._build_app_dict(request, app_label).values())
        for app in apps:
            app["models"].sort(key=lambda model, app=app: place(app, model))
        return Menu(sorted(apps, key=lambda app: place(app, app["models"][0])))

    def app_index(self, request, app_label, extra_context=None):
        """There is one first page."""
        if not self.get_app_list(request, app_label):
            raise Http404
        return redirect("admin:index")

    def index(self, request, extra_context=None):
        """What waits for this person, oldest first, each line leading to exactly the rows it counts."""
        lines, broken = _lines(request.user)
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "subtitle": None,
            "broken": broken,
            "has_duties": bool(lines) or broken,
            "waiting": [line for line in lines if line.count],
            "settled": [line for line in lines if not line.count],
            "shortcuts": list(_usable_shortcuts(request.user)),
            "sections": [one for one in _sections if request.user.has_perm(one.permission)],
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)


def _lines(user) -> tuple[list[Waiting], bool]:
    """What waits, and whether a part of it could not be told: one broken register does not close the whole desk."""
    lines, broken = [], False
    for provider in _worklists:
        try:
            lines += provider(user)
        except Exception:
            log.exception("a part of the work list failed")
            broken = True
    return lines, broken


def _usable_shortcuts(user):
    for entry in _shortcuts:
        if entry.permission and not user.has_perm(entry.permission):
            continue
        try:
            address = reverse(entry.view, args=entry.args)
        except NoReverseMatch:  # that room has no pages in this installation
            continue
        yield entry.label, f"{address}?{entry.query}" if entry.query else address


class HouseAdminConfig(AdminConfig):
    default_site = "jinchuan.shared.site.HouseAdminSite"
