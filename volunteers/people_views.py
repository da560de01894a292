"""The organisation's volunteers: the roll, one person, registering, putting right, leaving."""

import uuid
from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.intake.pages import DraftedPage
from jinchuan.intake.services import once
from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Conflict
from jinchuan.shared.fields.form import DayFormField
from jinchuan.shared.forms import Form, version_sent
from jinchuan.shared.masking import mask_id
from jinchuan.sheets.downloads import xlsx_response

from . import hours, slips
from .enums import ActivityState
from .growth_forms import FORMS, VoidForm
from .models import Enrollment, ServiceRecord, Volunteer
from .people_drafted import VolunteerForm, content_of, fresh
from .people_filters import VolunteerFilter
from .services import growth, people

REGISTERED = "已登记：{name}。"
SAVED = "已保存修改。"
LEFT = "已登记退出，服务记录保留。"
RECORDED = "已登记{what}。"
VOIDED = "已作废，记录保留。"
RECORDS_SHOWN = 50


def own(user):
    return Volunteer.objects.visible_to(user).one_each()


def found(request, code):
    """A volunteer the organisation knows; somebody else's answers like nobody's."""
    if not (code.isascii() and code.isdigit() and len(code) < 12):
        raise Http404
    return get_object_or_404(own(request.user).for_list(), pk=int(code))


class People(ListPage):
    permission = "volunteers.view_volunteer"
    organization_only = True
    template_name = "volunteers/people.html"

    def rows(self):
        rolls = Enrollment.objects.visible_to(self.request.user).for_list()
        self.filter = VolunteerFilter(self.request.GET, queryset=rolls)
        return self.filter.qs.order_by("volunteer__name_pinyin", "volunteer", "-joined_on")

    def context(self):
        chosen = self.filter
        return {
            "filter_form": chosen.form,
            "ignored": chosen.ignored,
            "filtered": chosen.used,
            "may_add": self.request.user.has_perm("volunteers.add_volunteer"),
        }


class RegisterVolunteer(DraftedPage):
    permission = "volunteers.add_volunteer"
    organization_only = True
    what_follows = "保存后就在本组织的名册里，有误的可以再改。"
    route = "volunteers:register"
    title = "登记志愿者"
    submit_label = "登记"
    form_class = VolunteerForm
    form_template = "volunteers/person_form.html"
    takes_files = False

    def fresh(self):
        return fresh()

    def submit(self, form):
        by = self.request.user
        return people.register_volunteer(
            by=by, organization=by.organization, joined_on=form.cleaned_data["joined_on"], **form.person()
        )

    def receipt(self, row):
        return reverse("volunteers:person", kwargs={"code": row.code})


class ChangeVolunteer(RegisterVolunteer):
    permission = "volunteers.change_volunteer"
    route = "volunteers:change"
    title = "修改志愿者资料"
    submit_label = "保存修改"

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission):
            self.volunteer = found(request, kwargs["code"])
        return super().dispatch(request, *args, **kwargs)

    def form_kwargs(self):
        return {"correcting": self.volunteer}

    def fresh(self):
        return content_of(self.volunteer)

    def version_now(self):
        self.volunteer.refresh_from_db()
        return self.volunteer.version

    def submit(self, form):
        return people.update_volunteer(
            self.volunteer, by=self.request.user, version=form.opened_version, **form.person()
        )


class OneVolunteer(Page):
    """The five groups of the record, as far as this organisation made it."""

    permission = "volunteers.view_volunteer"
    organization_only = True

    def get(self, request, code):
        volunteer, user = found(request, code), request.user
        rolls = list(Enrollment.objects.visible_to(user).filter(volunteer=volunteer).order_by("-joined_on"))
        records = (
            ServiceRecord.objects.visible_to(user).filter(volunteer=volunteer).select_related("activity")
        )
        confirmed = Q(activity__state=ActivityState.CONFIRMED)
        served = records.aggregate(
            times=Count("pk", filter=confirmed), minutes=Sum("minutes", filter=confirmed)
        )
        context = {
            "volunteer": volunteer,
            "document": mask_id(volunteer.document_number),
            "rolls": rolls,
            "on_roll": next((one for one in rolls if one.left_on is None), None),
            "records": list(records.order_by("-activity__held_on", "-id")[:RECORDS_SHOWN]),
            "served": served,
            "groups": [
                (
                    kind,
                    form.model._meta.verbose_name,
                    list(form.model.objects.visible_to(user).filter(volunteer=volunteer)),
                )
                for kind, form in FORMS.items()
            ],
        }
        return render(request, "volunteers/person.html", context)


def _token(request) -> uuid.UUID:
    with suppress(ValueError):
        return uuid.UUID(request.POST.get("token", ""))
    return uuid.uuid4()


class FormPage(Page):
    """One short form about one volunteer. A subclass says what it does (``act``) with what was typed."""

    organization_only = True
    template_name = "volunteers/short_form.html"
    title = submit_label = explain = ""
    caution = False
    row = None
    """What is changed, where it is a row that others may change as well: the page brings its version back."""

    @property
    def opened_version(self) -> int | None:
        return version_sent(self.request.POST.get("version", ""))

    def dispatch(self, request, *args, **kwargs):
        if request.user.has_perm(self.permission):
            self.volunteer = self.find()
        return super().dispatch(request, *args, **kwargs)

    def find(self):
        return found(self.request, self.kwargs["code"])

    def form(self, data=None):
        raise TypeError(f"{type(self).__name__} has no form")

    def act(self, form) -> str:
        """Do it; the word on what was done."""
        raise TypeError(f"{type(self).__name__} does nothing")

    def get(self, request, **kwargs):
        return self.show(self.form())

    def post(self, request, **kwargs):
        form = self.form(request.POST)
        if form.is_valid():
            try:
                done = self.act(form)
            except Conflict as conflict:
                form.refuse(ValidationError([*conflict.messages, *conflict.changes]))
                self.row.refresh_from_db()
                return self.show(form, version=self.row.version)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, done)
                return redirect(self.back())
        return self.show(form)

    def back(self):
        return reverse("volunteers:person", kwargs={"code": self.volunteer.code})

    def show(self, form, version=None):
        summary = form.summary if form.is_bound else []
        if version is None and self.row:
            version = self.opened_version or self.row.version
        context = {
            "form": form,
            "volunteer": self.volunteer,
            "title": self.title,
            "submit_label": self.submit_label,
            "explain": self.explain,
            "version": version,
            "token": self.request.POST.get("token") or uuid.uuid4(),
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(self.request, self.template_name, context)


class LeaveForm(Form):
    left_on = DayFormField(label="退出日期", past=True, help_text="从这一天起不在名册里，服务记录保留。")


class Leave(FormPage):
    permission = "volunteers.change_volunteer"
    title = "登记退出"
    submit_label = "登记退出"
    explain = "退出以后，这位志愿者不再出现在本组织的名册和登记表里，以前的服务记录保留。"

    def form(self, data=None):
        return LeaveForm(data, initial={"left_on": today()})

    def act(self, form):
        mine = Enrollment.objects.visible_to(self.request.user).filter(volunteer=self.volunteer)
        stay = get_object_or_404(mine.order_by("left_on"), left_on__isnull=True)
        people.leave_organization(stay, by=self.request.user, left_on=form.cleaned_data["left_on"])
        return LEFT


class RejoinForm(Form):
    joined_on = DayFormField(label="重新加入的日期", past=True)


class Rejoin(FormPage):
    """Somebody who left joins again."""

    permission = "volunteers.add_volunteer"
    title = "重新加入"
    submit_label = "重新加入"

    def form(self, data=None):
        return RejoinForm(data, initial={"joined_on": today()})

    def act(self, form):
        by = self.request.user
        people.enroll_volunteer(
            self.volunteer, by=by, organization=by.organization, joined_on=form.cleaned_data["joined_on"]
        )
        return SAVED


class AddGrowth(FormPage):
    """A training, a commendation or an evaluation; once for each opened page, however often the button is pressed."""

    permission = "volunteers.add_training"

    @property
    def form_class(self):
        if (form := FORMS.get(self.kwargs["kind"])) is None:
            raise Http404
        return form

    @property
    def title(self):
        return f"登记{self.form_class.model._meta.verbose_name}"

    submit_label = "登记"
    explain = "登记后一天内可以修改；此后有误的请作废，写明原因。"

    def form(self, data=None):
        return self.form_class(data)

    def act(self, form):
        by = self.request.user
        once(
            _token(self.request),
            by=by,
            form=f"volunteers:{self.kwargs['kind']}",
            payload={
                "volunteer": self.volunteer.pk,
                **{name: str(value) for name, value in form.cleaned_data.items()},
            },
            create=lambda: growth.record_growth(
                form.model, self.volunteer, by=by, organization=by.organization, **form.cleaned_data
            ),
        )
        return RECORDED.format(what=form.model._meta.verbose_name)


class VoidGrowth(AddGrowth):
    permission = "volunteers.change_training"
    submit_label = "作废"
    explain = "作废后不再出现在志愿服务记录里，原内容和原因保留。"

    def find(self):
        rows = self.form_class.model.objects.visible_to(self.request.user).standing().for_list()
        self.row = get_object_or_404(rows, pk=self.kwargs["pk"])
        return self.row.volunteer

    @property
    def title(self):
        return f"作废{self.form_class.model._meta.verbose_name}：{self.row.told}"

    def form(self, data=None):
        return VoidForm(data)

    def act(self, form):
        growth.void_growth(self.row, by=self.request.user, version=self.opened_version, **form.cleaned_data)
        return VOIDED


class CorrectGrowth(VoidGrowth):
    """On the day it was entered."""

    submit_label = "保存修改"
    explain = "登记后一天内可以改；此后有误的请作废，再重新登记。"

    @property
    def title(self):
        return f"修改{self.form_class.model._meta.verbose_name}"

    def form(self, data=None):
        return self.form_class(
            data, initial={name: getattr(self.row, name) for name in self.form_class.base_fields}
        )

    def act(self, form):
        growth.correct_growth(
            self.row, by=self.request.user, version=self.opened_version, **form.cleaned_data
        )
        return SAVED


class YearlyHours(ListPage):
    """Who served how long in a year with this organisation."""

    permission = "volunteers.view_servicerecord"
    organization_only = True
    template_name = "volunteers/hours.html"
    page_size = 50

    @property
    def year(self) -> int:
        return hours.year_asked(self.request.GET.get("year", ""), today())

    def rows(self):
        return hours.service_in(self.request.user, self.year)

    def context(self):
        total = self.rows().aggregate(times_of_all=Sum("times"), minutes_of_all=Sum("total"))
        return {"year": self.year, "years": range(today().year, hours.FIRST_YEAR - 1, -1), "total": total}


class YearlyHoursSheet(Page):
    """The same table as a sheet; its making stands in the log, so it is asked for by POST."""

    permission = "volunteers.view_servicerecord"
    organization_only = True
    http_method_names = ["post"]

    def post(self, request):
        year = hours.year_asked(request.POST.get("year", ""), today())
        return xlsx_response(hours.sheet(year, by=request.user), f"{year}年志愿服务时长")


class Slip(Page):
    """打印查询单: what it is (GET); a new code on paper (POST), never shown on a page."""

    permission = "volunteers.print_volunteer"
    organization_only = True

    def get(self, request, code):
        return self.show(request, found(request, code))

    def post(self, request, code):
        volunteer = found(request, code)
        try:
            return slips.slip(volunteer, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return self.show(request, volunteer)

    @staticmethod
    def show(request, volunteer):
        printed = volunteer.codes.in_use().filter(organization=request.user.organization).first()
        return render(request, "volunteers/slip.html", {"volunteer": volunteer, "printed": printed})
