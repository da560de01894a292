"""Writes on certificates: asked for, announced, issued by a second person, revoked, replaced (民发〔2015〕149号).

Only the organisation that recorded the service certifies it; the bureau never issues for others (志愿服务条例 §19).
"""

from datetime import timedelta

from django.conf import settings

from jinchuan.audit.services import check, create, lock, move, record, verb
from jinchuan.intake.services import next_code
from jinchuan.shared import crypto
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.codes import new_code
from jinchuan.shared.errors import Refused
from jinchuan.shared.masking import mask_name
from organizations.enums import OrganizationState
from organizations.services.organizations import reason_given

from .. import certificate_content as contents
from .. import merging
from ..certificate_enums import CHECK_CODE_LENGTH, CHECK_CODE_PURPOSE, CertificateState
from ..models import (
    ASKED_ALREADY,
    ISSUE_OWN,
    NOTICE_NOT_OVER,
    Certificate,
    CertificateBatch,
    CertificatePaper,
    CertificateRemark,
)
from .people import MERGED_AWAY

S = CertificateState
ISSUER_ALONE = "志愿服务记录证明只能由记录服务的组织自己开具，民政局和其他组织不能代开。"
ISSUER_NOT_APPROVED = "本组织现在不是“已批准”状态，不能开具证明。请与民政局联系。"
PERIOD_ORDER = "服务时间的开始日期不能晚于结束日期，请核对。"
PERIOD_FUTURE = "服务时间不能写到今天以后，请改为今天或更早的日期。"
NOTHING_SERVED = "{name} 在这段时间没有已确认的服务时长，不能开具证明。请核对日期，或等活动确认后再申请。"
CERTIFIED_TWICE = "两条记录都有同一段时间的证明：{certificates}。请先由开具单位撤销其中一份，再合并。"
DOCUMENT_NEEDED = "{name} 还没有登记证件类型和号码，证明上要写明。请先在志愿者资料里补齐。"
NOBODY = "请至少选择一位志愿者。"
TOO_MANY = "一次最多申请 {most} 份，请分几次办理。"
RULE_NEEDED = "不经公示开具的，请写明依据本组织的哪一条规定。"
ANOTHER_STEP = "这份证明现在是“{state}”，不能办理这一步。请刷新页面，按最新状态办理。"
NONE_RIPE = "这一批里没有公示期满、等待开具的证明。"
NONE_FAILED = "这一批里没有需要重新办理的证明。"


@verb
def apply_for_certificate(
    *, by, issuer, volunteer, period_from, period_to, batch=None, supersedes=None, reason=""
) -> Certificate:
    """Ask for the certificate of one volunteer's service with the issuer from … to, both days included.

    Refuses another organisation's volunteers, days to come, days without a confirmed minute, and a second certificate for
    the same days; what is put right is asked for with ``supersedes`` and a reason.
    """
    _require_issuer(by, "volunteers.add_certificate", issuer)
    require(by, "volunteers.view_volunteer", volunteer)
    _check_period(period_from, period_to)
    same = Certificate.objects.standing().filter(
        issuer=issuer, volunteer=volunteer, period_from=period_from, period_to=period_to
    )
    if same.exclude(pk=supersedes and supersedes.pk).exists():
        raise Refused(ASKED_ALREADY)
    _check_volunteer(volunteer)
    if not contents.counted(issuer, period_from, period_to).filter(volunteer=volunteer).exists():
        raise Refused(NOTHING_SERVED.format(name=mask_name(volunteer.name)))
    return create(
        Certificate(
            code=next_code("FZ", today().year),
            issuer=issuer,
            volunteer=volunteer,
            batch=batch,
            supersedes=supersedes,
            replacement_reason=reason,
            period_from=period_from,
            period_to=period_to,
            notice_days=settings.CERTIFICATE_NOTICE_DAYS,
            applied_at=now(),
            applied_by=by,
        ),
        by=by,
        action="apply",
    )


@verb
def apply_and_announce(*, by, **application) -> Certificate:
    """Ask and put up the notice in one step: what a complete application comes to at once."""
    return announce_certificate(apply_for_certificate(by=by, **application), by=by)


@verb
def apply_for_many(*, by, issuer, volunteers, period_from, period_to) -> CertificateBatch:
    """Ask for the certificates of many at once, and announce them together; refused whole when one of them is refused."""
    _require_issuer(by, "volunteers.add_certificate", issuer)
    _check_period(period_from, period_to)
    if not volunteers:
        raise Refused(NOBODY)
    if len(volunteers) > settings.CERTIFICATES_MOST:
        raise Refused(TOO_MANY.format(most=settings.CERTIFICATES_MOST))
    batch = create(
        CertificateBatch(
            code=next_code("PZ", today().year),
            issuer=issuer,
            period_from=period_from,
            period_to=period_to,
            asked_at=now(),
            asked_by=by,
        ),
        by=by,
        action="apply",
    )
    for volunteer in volunteers:
        apply_and_announce(
            by=by,
            issuer=issuer,
            volunteer=volunteer,
            period_from=period_from,
            period_to=period_to,
            batch=batch,
        )
    return batch


@verb
def announce_certificate(certificate, *, by) -> Certificate:
    """Accept an application and announce it inside the organisation, by name alone, for the days of its notice.

    The day on which it is put up does not count.
    """
    _require_issuer(by, "volunteers.add_certificate", certificate.issuer)
    require(by, "volunteers.view_certificate", certificate)
    until = today() + timedelta(days=certificate.notice_days)
    return move(certificate, S.NOTICED, by=by, noticed_at=now(), noticed_by=by, notice_until=until)


@verb
def decline_certificate(certificate, *, by, reason) -> Certificate:
    """Say no to an application, with the reason."""
    _require_issuer(by, "volunteers.issue_certificate", certificate.issuer)
    require(by, "volunteers.view_certificate", certificate)
    return move(
        certificate, S.DECLINED, by=by, reason=reason_given(reason), declined_at=now(), declined_by=by
    )


@verb
def issue_certificate(certificate, *, by, waiver_reason="", waiver_rule="") -> Certificate:
    """Issue: count the hours, freeze what is said, give it its number and check code; the print is asked for with it.

    Refuses who asked for it, a notice that is not over (unless it is waived, with a reason and the organisation's own rule
    that allows it), and service that came to nothing meanwhile. A certificate it replaces is replaced in the same moment.
    """
    _require_issuer(by, "volunteers.issue_certificate", certificate.issuer)
    require(by, "volunteers.view_certificate", certificate)
    certificate = lock(certificate)
    if not S(certificate.state).can_become(S.ISSUED):
        raise Refused(ANOTHER_STEP.format(state=certificate.get_state_display()))
    if certificate.applied_by_id == by.pk:
        raise Refused(ISSUE_OWN)
    waiver = _waiver(waiver_reason, waiver_rule)
    day = today()
    if not waiver and not certificate.is_ripe_on(day):
        raise Refused(NOTICE_NOT_OVER)
    _check_volunteer(certificate.volunteer)
    number, code = _next_number(certificate.issuer, day), new_code(CHECK_CODE_LENGTH)
    content = contents.compose(certificate, number=number, code=code, issued_on=day)
    if not content["minutes"]:
        raise Refused(NOTHING_SERVED.format(name=mask_name(content["name"])))
    sealed = contents.seal(content)
    if certificate.supersedes:
        move(
            certificate.supersedes,
            S.REPLACED,
            by=by,
            reason=f"由 {number} 替换：{certificate.replacement_reason}",
            replaced_at=now(),
            replaced_by=by,
        )
    issued = move(
        certificate,
        S.ISSUED,
        by=by,
        reason=waiver_reason,
        issued_at=now(),
        issued_by=by,
        issued_on=day,
        year=day.year,
        number=number,
        minutes=content["minutes"],
        content=sealed.text,
        content_seal=sealed.seal,
        code_hash=crypto.keyed_hash(code, purpose=CHECK_CODE_PURPOSE),
        **waiver,
    )
    _ask_for_print(issued, by=by)
    return issued


@verb
def issue_many(batch, *, by) -> list[int]:
    """Decide to issue everything of a batch whose notice is over; the worker issues and prints one after the other.

    Returns the ids of the papers that now wait.
    """
    _require_issuer(by, "volunteers.issue_certificate", batch.issuer)
    require(by, "volunteers.view_certificatebatch", batch)
    ripe = batch.certificates.ripe_on(today()).filter(paper__isnull=True).order_by("pk")
    rows = list(ripe.select_for_update(of=("self",)))
    if not rows:
        raise Refused(NONE_RIPE)
    if any(row.applied_by_id == by.pk for row in rows):
        raise Refused(ISSUE_OWN)
    papers = [_ask_for_print(row, by=by).pk for row in rows]
    record("issue_many", batch, by=by, after={"count": str(len(papers))})
    return papers


@verb
def try_again(batch, *, by) -> list[int]:
    """Put those of a batch that failed, and only those, in the queue again. Returns the ids of their papers."""
    _require_issuer(by, "volunteers.issue_certificate", batch.issuer)
    require(by, "volunteers.view_certificatebatch", batch)
    failed = CertificatePaper.objects.failed().filter(certificate__batch=batch)
    papers = list(failed.select_for_update(of=("self",)).order_by("pk"))
    if not papers:
        raise Refused(NONE_FAILED)
    for paper in papers:
        _back_in_queue(paper, by=by)
    record("try_again", batch, by=by, after={"count": str(len(papers))})
    return [paper.pk for paper in papers]


@verb
def print_again(certificate, *, by) -> int:
    """Put the one print of a certificate in the queue again after it failed. Returns the id of its paper."""
    _require_issuer(by, "volunteers.issue_certificate", certificate.issuer)
    require(by, "volunteers.view_certificate", certificate)
    paper = CertificatePaper.objects.failed().filter(certificate=certificate).first()
    if paper is None:
        raise Refused(NONE_FAILED)
    _back_in_queue(lock(paper), by=by)
    record("try_again", certificate, by=by)
    return paper.pk


@verb
def revoke_certificate(certificate, *, by, reason) -> Certificate:
    """Take back a certificate that should not stand; whoever checks it is told so. The row and its file stay."""
    _require_issuer(by, "volunteers.issue_certificate", certificate.issuer)
    require(by, "volunteers.view_certificate", certificate)
    return move(certificate, S.REVOKED, by=by, reason=reason_given(reason), revoked_at=now(), revoked_by=by)


@verb
def ask_for_replacement(certificate, *, by, reason) -> Certificate:
    """Ask for a certificate in the place of one that is wrong; until that is issued the old one stands."""
    _require_issuer(by, "volunteers.add_certificate", certificate.issuer)
    require(by, "volunteers.view_certificate", certificate)
    certificate = lock(certificate)
    if certificate.state != S.ISSUED:
        raise Refused(ANOTHER_STEP.format(state=certificate.get_state_display()))
    return apply_and_announce(
        by=by,
        issuer=certificate.issuer,
        volunteer=certificate.volunteer,
        period_from=certificate.period_from,
        period_to=certificate.period_to,
        supersedes=certificate,
        reason=reason_given(reason),
    )


@verb
def remark_certificate(certificate, *, by, reason) -> CertificateRemark:
    """The bureau tells the issuer what should be looked into. It changes nothing of the certificate."""
    require(by, "volunteers.remark_certificate", certificate)
    remark = CertificateRemark(certificate=certificate, text=reason_given(reason), made_at=now(), made_by=by)
    create(remark, by=by, action="remark")
    record("remark", certificate, by=by)
    return remark


@verb
def answer_remark(remark, *, by, answer) -> CertificateRemark:
    """The issuer says what came of it."""
    _require_issuer(by, "volunteers.issue_certificate", remark.certificate.issuer)
    require(by, "volunteers.view_certificate", remark.certificate)
    remark = lock(remark)
    if remark.answered_at:
        raise Refused("这条提醒已经答复过，请刷新页面查看。")
    remark.answer, remark.answered_at, remark.answered_by = reason_given(answer), now(), by
    check(remark)
    remark.save()
    record("answer_remark", remark.certificate, by=by)
    return remark


@verb
def note_opened(certificate, *, by) -> None:
    """Somebody opened the file: it holds a name and the number of a document."""
    record("open_file", certificate, by=by)


@verb
def note_batch_opened(batch, *, by, count) -> None:
    record("open_file", batch, by=by, after={"count": str(count)})


def _require_issuer(by, permission, issuer) -> None:
    require(by, permission)
    if by is None or by.organization_id != issuer.pk:
        raise Refused(ISSUER_ALONE)
    if issuer.state != OrganizationState.APPROVED:
        raise Refused(ISSUER_NOT_APPROVED)


def _check_period(period_from, period_to) -> None:
    if period_from > period_to:
        raise Refused({"period_from": PERIOD_ORDER})
    if period_to > today():
        raise Refused({"period_to": PERIOD_FUTURE})


def _follow(kept, duplicate, *, by) -> None:
    """Certificates follow who was registered twice. Two that stand for the same days are for people to settle first."""
    for ours, theirs in (
        (one, other)
        for one in kept.certificates.standing()
        for other in duplicate.certificates.standing()
        if (one.issuer_id, one.period_from, one.period_to)
        == (other.issuer_id, other.period_from, other.period_to)
    ):
        raise Refused(CERTIFIED_TWICE.format(certificates=f"{ours}、{theirs}"))
    duplicate.certificates.update(volunteer=kept)


merging.moves("volunteers.Certificate.volunteer", _follow)


def _check_volunteer(volunteer) -> None:
    if volunteer.merged_into_id:
        raise Refused(MERGED_AWAY)
    if not volunteer.document_number:
        raise Refused(DOCUMENT_NEEDED.format(name=mask_name(volunteer.name)))


def _waiver(reason, rule) -> dict:
    if not reason and not rule:
        return {}
    if not (rule or "").strip():
        raise Refused({"waiver_rule": RULE_NEEDED})
    return {"waiver_reason": reason_given(reason), "waiver_rule": rule.strip()}


def _next_number(issuer, day) -> str:
    """``ZM0012-2026-0003``: the organisation's own number, the year, and how many it has issued in it."""
    return next_code(f"ZM{issuer.code.rpartition('-')[2]}-", day.year)


def _ask_for_print(certificate, *, by) -> CertificatePaper:
    paper, _ = CertificatePaper.objects.get_or_create(
        certificate=certificate, defaults={"asked_at": now(), "asked_by": by}
    )
    if paper.failure:
        _back_in_queue(paper, by=by)
    return paper


def _back_in_queue(paper, *, by) -> None:
    paper.finished_at, paper.failure, paper.attempts = None, "", 0
    paper.asked_at, paper.asked_by = now(), by
    check(paper)
    paper.save()
