"""Certificates on the organisation's pages: ask for them, announce, issue, revoke, replace, print."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinchuan.shared.access import ListPage, Page
from jinchuan.shared.clock import today

from . import certificate_content, tasks
from .certificate_enums import CertificateState
from .certificate_forms import AnswerForm, ChosenForm, PeriodForm, WaiverForm, WordsForm, usual_period
from .certificate_printing import merged
from .filters import CertificateFilter
from .models import Certificate, CertificateBatch, CertificatePaper, CertificateRemark, Volunteer
from .services import certificate_papers
from .services import certificates as services

ASKED = "已申请，并开始公示。公示期满后由本组织的另一位管理员开具。"
DONE = {
    "announce": "已受理，开始公示。",
    "decline": "已记为不予开具。",
    "issue": "已开具，正在打印文件，稍后刷新页面就能打开。",
    "waive": "已开具，正在打印文件，稍后刷新页面就能打开。",
    "revoke": "已撤销。扫码查验的人会看到“已撤销”。",
    "replace": "已申请替换。新的证明开具以后，原来的就被替换。",
    "again": "已重新排队办理，稍后刷新页面查看。",
    "answer": "已答复民政局的提醒。",
}
ISSUING = "已开始开具 {count} 份，可以离开这一页，稍后回来查看。"


class Certificates(ListPage):
    permission = "volunteers.view_certificate"
    organization_only = True
    template_name = "volunteers/certificates.html"

    def rows(self):
        self.filter = CertificateFilter(
            self.request.GET, queryset=Certificate.objects.visible_to(self.request.user)
        )
        return self.filter.qs.for_list().order_by("-applied_at", "-id")

    def context(self):
        batches = CertificateBatch.objects.visible_to(self.request.user).for_list()
        return {
            "batches": list(batches.order_by("-asked_at", "-id")[:5]),
            "filter_form": self.filter.form,
            "ignored": self.filter.ignored,
            "filtered": self.filter.used,
        }


@dataclass(frozen=True)
class Candidate:
    """A volunteer who served, and how long; ``hindrance`` says why no certificate can be asked for."""

    volunteer: Volunteer
    minutes: int
    hindrance: str


def candidates(user, period, *, only=None) -> list[Candidate]:
    """Everybody who served with the organisation in these days, those with the most hours first. Three queries."""
    issuer, since, until = user.organization, period["period_from"], period["period_to"]
    minutes = certificate_content.minutes_of_each(issuer, since, until)
    least = (period.get("least") or 0) * 60
    rows = Volunteer.objects.visible_to(user).filter(pk__in=minutes)
    if only:
        rows = rows.filter(pk=only)
    same = Certificate.objects.standing().filter(issuer=issuer, period_from=since, period_to=until)
    having = set(same.values_list("volunteer", flat=True))
    found = [
        Candidate(one, minutes[one.pk], _hindrance(one, having))
        for one in rows.order_by("name_pinyin", "pk")
        if minutes[one.pk] >= max(least, 1)
    ]
    return sorted(found, key=lambda one: -one.minutes)


def _hindrance(volunteer, having) -> str:
    if volunteer.pk in having:
        return "这段时间已申请或开具过"
    return "" if volunteer.document_number else "请先补齐证件类型和号码"


class Ask(Page):
    """Choose days (GET), tick volunteers, ask for their certificates (POST). One is a certificate, several are a batch."""

    permission = "volunteers.add_certificate"
    organization_only = True

    def get(self, request):
        period = PeriodForm(request.GET if "period_from" in request.GET else usual_period())
        return self.show(request, period)

    def post(self, request):
        period = PeriodForm(request.POST)
        if not period.is_valid():
            return self.show(request, period)
        found = candidates(request.user, period.cleaned_data)
        open_to = [one for one in found if not one.hindrance]
        chosen = ChosenForm(request.POST, candidates=open_to)
        if not chosen.is_valid():
            return self.show(request, period, chosen)
        volunteers = [one.volunteer for one in found if one.volunteer.pk in chosen.cleaned_data["volunteers"]]
        days = {name: period.cleaned_data[name] for name in ("period_from", "period_to")}
        try:
            page = self.ask(request.user, volunteers, days)
        except ValidationError as refusal:
            chosen.refuse(refusal)
            return self.show(request, period, chosen)
        messages.success(request, ASKED)
        return redirect(page)

    @staticmethod
    def ask(user, volunteers, days):
        if len(volunteers) > 1:
            batch = services.apply_for_many(by=user, issuer=user.organization, volunteers=volunteers, **days)
            return reverse("certificates:batch", args=[batch.code])
        one = services.apply_and_announce(by=user, issuer=user.organization, volunteer=volunteers[0], **days)
        return reverse("certificates:certificate", args=[one.code])

    @staticmethod
    def show(request, period, chosen=None):
        only = request.GET.get("volunteer", "")
        only = int(only) if only.isascii() and only.isdigit() and len(only) < 18 else None
        found = candidates(request.user, period.cleaned_data, only=only) if period.is_valid() else []
        chosen = chosen or ChosenForm(candidates=found)
        ticked = set(chosen.data.getlist("volunteers")) if chosen.is_bound else {str(only)} if only else set()
        summary = [*period.summary, *(chosen.summary if chosen.is_bound else [])]
        context = {
            "period": period,
            "chosen": chosen,
            "candidates": [(one, str(one.volunteer.pk) in ticked) for one in found],
            "only": only,
            "notice_days": settings.CERTIFICATE_NOTICE_DAYS,
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(request, "volunteers/certificate_ask.html", context)


class NoticeList(Page):
    """公示: who is about to get a certificate, by name and nothing else, for everybody of the organisation."""

    permission = "volunteers.view_certificate"
    organization_only = True

    def get(self, request):
        rows = Certificate.objects.visible_to(request.user).noticed().filter(notice_until__gte=today())
        rows = rows.select_related("volunteer").order_by("notice_until", "volunteer__name_pinyin", "pk")
        context = {"rows": [(row.volunteer.name, row.notice_until) for row in rows]}
        return render(request, "volunteers/certificate_notice.html", context)


class OneCertificate(Page):
    """A certificate and what may be done with it; every act is one button with its own form."""

    permission = "volunteers.view_certificate"
    organization_only = True
    forms = {
        "decline": WordsForm,
        "revoke": WordsForm,
        "replace": WordsForm,
        "waive": WaiverForm,
        "answer": AnswerForm,
    }

    def get(self, request, code):
        return self.show(request, self.find(request, code))

    def post(self, request, code):
        certificate = self.find(request, code)
        intent = request.POST.get("intent", "")
        if intent not in DONE:
            return self.show(request, certificate)
        form = self.forms[intent](request.POST, prefix=intent) if intent in self.forms else None
        if form is not None and not form.is_valid():
            return self.show(request, certificate, {intent: form})
        try:
            row = getattr(self, intent)(certificate, request.user, **(form.cleaned_data if form else {}))
        except ValidationError as refusal:
            if form is None:
                messages.error(request, " ".join(refusal.messages))
                return redirect("certificates:certificate", code=code)
            form.refuse(refusal)
            return self.show(request, certificate, {intent: form})
        messages.success(request, DONE[intent])
        return redirect("certificates:certificate", code=row.code)

    @staticmethod
    def announce(certificate, by):
        return services.announce_certificate(certificate, by=by)

    @staticmethod
    def decline(certificate, by, reason):
        return services.decline_certificate(certificate, by=by, reason=reason)

    @staticmethod
    def issue(certificate, by, **waiver):
        row = services.issue_certificate(certificate, by=by, **waiver)
        tasks.print_certificates.delay_on_commit([row.paper.pk])
        return row

    waive = issue

    @staticmethod
    def revoke(certificate, by, reason):
        return services.revoke_certificate(certificate, by=by, reason=reason)

    @staticmethod
    def replace(certificate, by, reason):
        return services.ask_for_replacement(certificate, by=by, reason=reason)

    @staticmethod
    def again(certificate, by):
        tasks.print_certificates.delay_on_commit([services.print_again(certificate, by=by)])
        return certificate

    @staticmethod
    def answer(certificate, by, answer):
        remark = CertificateRemark.objects.visible_to(by).unanswered().filter(certificate=certificate).first()
        if remark is None:
            raise Http404
        services.answer_remark(remark, by=by, answer=answer)
        return certificate

    @staticmethod
    def find(request, code):
        rows = Certificate.objects.visible_to(request.user).for_list().select_related("batch", "supersedes")
        return get_object_or_404(rows, code=code)

    def show(self, request, certificate, tried=None):
        user, tried = request.user, tried or {}
        acts = open_acts(certificate, user)
        remarks = list(certificate.remarks.all())
        if user.has_perm("volunteers.issue_certificate") and any(not one.answered_at for one in remarks):
            acts.append("answer")
        summary = [entry for form in tried.values() for entry in form.summary]
        context = {
            "certificate": certificate,
            "paper": CertificatePaper.objects.filter(certificate=certificate).first(),
            "replacement": certificate.replacements.exclude(state=CertificateState.DECLINED).first(),
            "transitions": list(certificate.transitions.select_related("by")),
            "remarks": remarks,
            "acts": {name: tried.get(name) or self._form(name) for name in acts},
            "open": next(iter(tried), ""),
            "own": certificate.applied_by_id == user.pk,
            "summary": summary,
            "page_has_errors": bool(summary),
        }
        return render(request, "volunteers/certificate.html", context)

    def _form(self, name):
        return self.forms[name](prefix=name) if name in self.forms else True


def open_acts(certificate, user) -> list[str]:
    """The acts that this person may do to this certificate today, in the order of the page."""
    state, issues = certificate.state, user.has_perm("volunteers.issue_certificate")
    applied_by_other = certificate.applied_by_id != user.pk
    acts = []
    if state == CertificateState.APPLIED and user.has_perm("volunteers.add_certificate"):
        acts.append("announce")
    if issues and applied_by_other and certificate.is_ripe_on(today()):
        acts.append("issue")
    elif issues and applied_by_other and CertificateState(state).can_become(CertificateState.ISSUED):
        acts.append("waive")
    if issues and CertificateState(state).can_become(CertificateState.DECLINED):
        acts.append("decline")
    if state == CertificateState.ISSUED and user.has_perm("volunteers.add_certificate"):
        acts.append("replace")
    if state == CertificateState.ISSUED and issues:
        acts.append("revoke")
    return acts


class OneBatch(Page):
    """A batch: how far it has come, who failed and why, and the one button that is next."""

    permission = "volunteers.view_certificatebatch"
    organization_only = True

    def get(self, request, code):
        return self.show(request, self.find(request, code))

    def post(self, request, code):
        batch = self.find(request, code)
        act = {"issue": services.issue_many, "again": services.try_again}.get(request.POST.get("intent"))
        if act is None:
            return self.show(request, batch)
        try:
            papers = act(batch, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            for chunk in certificate_papers.chunks(papers):
                tasks.print_certificates.delay_on_commit(chunk)
            messages.success(request, ISSUING.format(count=len(papers)))
        return redirect("certificates:batch", code=code)

    @staticmethod
    def find(request, code):
        return get_object_or_404(CertificateBatch.objects.visible_to(request.user).for_list(), code=code)

    @staticmethod
    def show(request, batch):
        rows = list(
            batch.certificates.select_related("volunteer", "paper").order_by("volunteer__name_pinyin", "pk")
        )
        issues = request.user.has_perm("volunteers.issue_certificate")
        ripe = [row for row in rows if row.is_ripe_on(today()) and not hasattr(row, "paper")]
        failed = [row for row in rows if hasattr(row, "paper") and row.paper.failure]
        context = {
            "batch": batch,
            "rows": rows,
            "ripe": ripe,
            "failed": failed,
            "waiting": batch.asked - batch.printed - batch.failed,
            "own": batch.asked_by_id == request.user.pk,
            "may_issue": issues and ripe and batch.asked_by_id != request.user.pk,
            "may_try_again": issues and failed,
            "notice_until": max((row.notice_until for row in rows if row.notice_until), default=None),
        }
        return render(request, "volunteers/certificate_batch.html", context)


class File(Page):
    """The certificate itself, for those who may issue."""

    permission = "volunteers.issue_certificate"
    organization_only = True

    def get(self, request, code):
        certificate = OneCertificate.find(request, code)
        paper = CertificatePaper.objects.filter(certificate=certificate).first()
        if paper is None or not paper.pdf:
            raise Http404
        services.note_opened(certificate, by=request.user)
        return FileResponse(
            paper.pdf.open(),
            content_type="application/pdf",
            filename=f"志愿服务记录证明 {certificate.number}.pdf",
        )


class BatchFile(Page):
    """All of a batch that are printed and stand, behind one another."""

    permission = "volunteers.issue_certificate"
    organization_only = True

    def get(self, request, code):
        batch = OneBatch.find(request, code)
        papers = CertificatePaper.objects.filter(
            certificate__batch=batch, certificate__state=CertificateState.ISSUED
        ).exclude(pdf="")
        files = [paper.pdf for paper in papers.order_by("certificate__number")]
        if not files:
            raise Http404
        services.note_batch_opened(batch, by=request.user, count=len(files))
        response = HttpResponse(merged(files), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{batch.code}.pdf"'
        return response
