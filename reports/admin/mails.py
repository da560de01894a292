"""To whom issued reports are mailed, and what became of each mail: one that did not arrive is sent once more."""

from django.contrib import admin

from cases.enums import DigestOutcome
from cases.services.digests import NO_ANSWER
from jinchuan.shared import masking, site
from jinchuan.shared.admin import Cell, OneFilter, Panel, ScopedAdmin, Verb, link_to, row_link
from jinchuan.shared.fields.form import LineFormField
from jinchuan.shared.forms import Form
from jinchuan.shared.templatetags.house import zh_time

from .. import tasks
from ..models import ReportMail, ReportRecipient
from ..services import mailing
from ..services.batches import LEVELS

RESEND_EXPLAINED = (
    "请先向收件人核实没有收到，再发一次。“不能确定”的那一次可能已经送到，再发会让对方收到两封。"
)


@admin.register(ReportRecipient)
class RecipientAdmin(ScopedAdmin):
    list_display = ["workplace", "shown_name", "shown_email", "division", "is_active"]
    list_display_links = ["workplace"]
    list_filter = ["is_active"]
    search_fields = ["workplace"]
    search_help_text = "按单位和职务查找。"
    add_words = "登记报告收件人"
    empty_list = "还没有收件人。登记以后，报告印发时把文件用邮件发给他们，每份报告每人只发一次。"
    fieldsets = [(None, {"fields": ["workplace", "name", "email", "division", "is_active"]})]
    clear_to_readers = ("name",)

    def choices_for(self, name, rows):
        if name != "division":
            return rows
        return rows.active().filter(level__in=LEVELS)

    @admin.display(description="姓名")
    def shown_name(self, row):
        return masking.mask_name(row.name)

    @admin.display(description="电子邮箱")
    def shown_email(self, row):
        return masking.mask_email(row.email)

    def choice_label(self, row):
        return f"{row.workplace}　{masking.mask_name(row.name)}"

    def service_create(self, request, form):
        return mailing.add_recipient(by=request.user, **self.typed(form))

    def service_update(self, row, *, by, version, **fields):
        return mailing.change_recipient(row, by=by, version=version, **fields)

    def panels(self, request, row):
        yield Panel(
            "发过的报告",
            ("报告编号", "时间", "结果", "原因"),
            [
                (
                    mail.edition.serial,
                    Cell(zh_time(mail.started_at), row_link(mail)),
                    mail.get_outcome_display(),
                    explained(mail),
                )
                for mail in ReportMail.objects.visible_to(request.user).filter(recipient=row).for_list()[:50]
            ],
            empty="还没有发过。",
        )


def explained(mail) -> str:
    """Why it did not go out, in words; what the server's program calls it follows for whoever keeps it."""
    if mail.problem in ("", NO_ANSWER):
        return mail.problem or "--"
    if mail.outcome == DigestOutcome.UNCLEAR:
        words = "邮件服务器没有答复"
    else:
        words = "邮件服务器拒收" if mail.problem.startswith("SMTP") else "连不上邮件服务器"
    return f"{words}（{mail.problem}）"


class ResendForm(Form):
    reason = LineFormField(
        label="怎样核实的", max_chars=100, help_text="例如：11月23日电话问过本人，没有收到。至少 5 个字。"
    )


class LostMails(OneFilter):
    title = "要办理的"
    parameter_name = "waiting"
    slices = {"lost": ("近 7 天没有发出或不能确定", lambda rows: rows.lost())}


def resend(mail, *, by, reason):
    mail = mailing.resend(mail, by=by, reason=reason)
    tasks.tell_issued.delay_on_commit()
    return mail


@admin.register(ReportMail)
class MailAdmin(ScopedAdmin):
    tabs = False
    list_display = ["shown_report", "shown_recipient", "shown_outcome", "shown_problem", "shown_started"]
    list_filter = [LostMails, "outcome"]
    search_fields = ["edition__serial", "recipient__workplace"]
    search_help_text = "按报告编号，或者收件人的单位和职务查找。"
    empty_list = "还没有发过报告邮件。报告印发后一小时内，发给登记了的收件人。"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "shown_edition",
                    "shown_person",
                    "outcome",
                    "problem",
                    "shown_started",
                    "shown_again",
                ]
            },
        )
    ]
    readonly_fields = ["shown_edition", "shown_person", "shown_problem", "shown_started", "shown_again"]
    verbs = (
        Verb(
            "resend",
            "再发一次",
            "reports.resend_reportmail",
            resend,
            form=ResendForm,
            explain=RESEND_EXPLAINED,
            bulk=False,
            caution=True,
            applies=lambda row: row.is_lost,
        ),
    )

    @admin.display(description="报告", ordering="edition__serial")
    def shown_report(self, row):
        return row.edition.serial

    @admin.display(description="收件人")
    def shown_recipient(self, row):
        return f"{row.recipient.workplace}　{masking.mask_name(row.recipient.name)}"

    @admin.display(description="结果", ordering="outcome")
    def shown_outcome(self, row):
        return f"{row.get_outcome_display()}，已要求再发" if row.again_at else row.get_outcome_display()

    @admin.display(description="没有发出的原因")
    def shown_problem(self, row):
        return explained(row)

    @admin.display(description="时间", ordering="started_at")
    def shown_started(self, row):
        return zh_time(row.started_at)

    @admin.display(description="报告")
    def shown_edition(self, row):
        return link_to(row.edition)

    @admin.display(description="收件人")
    def shown_person(self, row):
        return link_to(row.recipient, self.shown_recipient(row))

    @admin.display(description="要求再发")
    def shown_again(self, row):
        return f"{zh_time(row.again_at)}　{row.again_by.username}" if row.again_at else "--"

    def choice_label(self, row):
        return f"{row.edition.serial} {self.shown_recipient(row)}"

    def page_note(self, request, obj):
        return (
            "没有发出的，每小时自动再发，最多 "
            f"{mailing.TRIES_MOST} 次；不能确定的不自动再发，请向收件人核实。邮箱在收件人的页面上查看。"
        )


@site.worklist
def mails_lost(user):
    if user.has_perm("reports.resend_reportmail"):
        yield site.Waiting(
            "没有发出的报告邮件",
            ReportMail.objects.visible_to(user).lost().count(),
            site.list_url("reports.reportmail", waiting="lost"),
            since="近 7 天，连同不能确定的",
        )
