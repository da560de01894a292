"""What must always hold of reports and good stories."""

import hashlib
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, F, Q

from cases.enums import DigestOutcome
from cases.models import Notice
from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.audit.models import AuditEvent
from jinchuan.intake.consistency import codes_within_sequences
from jinchuan.shared.clock import now

from . import consenting
from .enums import DONE, OUT, ClosingState, EditionState, ReportKind, Shown, Variant
from .indicators import Cuts, read_all
from .ledger.seal import seal
from .models import (
    BatchEdition,
    Closing,
    EditionFile,
    Publication,
    PublicationConsent,
    ReportBatch,
    ReportEdition,
    ReportMail,
    Story,
    StoryPerson,
    StoryRelease,
)
from .models.stories import NAMELESS_TITLE
from .periods import Period
from .reading import read
from .services.stories import digest_of

WITH_FILES = 2
"""Papers of the first template had nothing beside them."""


def states():
    yield from state_follows_transitions(ReportEdition)
    yield from state_follows_transitions(Story)
    yield from state_follows_transitions(Closing)


def running_numbers():
    yield from codes_within_sequences(Story)


def files_are_whole():
    """The file of a finished report or pack is there and is the one that was made."""
    finished = ReportEdition.objects.filter(state__in=DONE)
    for edition in finished.only("serial", "pdf", "sha256").iterator(chunk_size=100):
        yield from _file_is_whole(edition, edition.pdf, "报告")
    for one in EditionFile.objects.select_related("edition").iterator(chunk_size=100):
        yield from _file_is_whole(one, one.file, "报告附带的文件")
    packs = StoryRelease.objects.exclude(pack="").select_related("story")
    for release in packs.only("number", "pack", "sha256", "story__code").iterator(chunk_size=100):
        yield from _file_is_whole(release, release.pack, "稿件包")


def _file_is_whole(row, file, word):
    if not file.storage.exists(file.name):
        yield f"{word} {row} 的文件不见了。"
        return
    with file.open() as opened:
        if hashlib.file_digest(opened, "sha256").hexdigest() != row.sha256:
            yield f"{word} {row} 的文件被改动。"


def figures_add_up():
    """上月累计 + 本月新增 ± 更正 = 本月累计, on every line of every frozen report."""
    for edition in ReportEdition.objects.filter(facts__isnull=False).iterator(chunk_size=100):
        for line in edition.facts["indicators"].values():
            previous, month, correction, cumulative = (
                Decimal(str(line[key])) for key in ("previous", "month", "correction", "cumulative")
            )
            if previous + month + correction != cumulative:
                yield f"报告 {edition} 的“{line['name']}”上月累计、本月新增与累计不相符。"


def finished_reports_are_whole():
    """A report that can be issued, or was, has its sheet and its figures beside it."""
    beside = Count("files", filter=Q(files__variant__in=[Variant.XLSX, Variant.FIGURES]))
    finished = ReportEdition.objects.filter(state__in=DONE, template_version__gte=WITH_FILES)
    for edition in finished.annotate(beside=beside).exclude(beside=2).only("serial"):
        yield f"报告 {edition} 缺少随附的表格或数据文件。"


def batches_are_their_reports():
    """A batch holds reports of its period and edition alone; each round is finished once, and with as many as it holds."""
    strays = BatchEdition.objects.exclude(
        edition__kind=F("batch__kind"), edition__period=F("batch__period"), edition__number=F("batch__number")
    )
    for paper in strays.select_related("batch", "edition"):
        yield f"{paper.batch.title}里有别的期或别的版的报告 {paper.edition}。"
    late = now() - timedelta(hours=1)
    for batch in ReportBatch.objects.with_progress():
        ends = AuditEvent.objects.of(batch).filter(action="finish").order_by("pk")
        if len(ends) != batch.round - (batch.finished_at is None):
            yield f"{batch.title}第{batch.round}轮，记录的完成次数是 {len(ends)}。"
        elif (
            batch.finished_at
            and sum(int(count) for count in ends[len(ends) - 1].after.values()) != batch.wanted
        ):
            yield f"{batch.title}完成时的份数与这一批的 {batch.wanted} 份报告不相符。"
        if batch.finished_at is None and not batch.under_way and batch.started_at < late:
            yield f"{batch.title}的报告已全部有结果，这一批却没有完成。"


def what_is_told_of_was_issued():
    """No mail and no notice went out for a report that was not, and every mail has come to an end."""
    for mail in ReportMail.objects.for_list():
        if mail.edition.state != EditionState.ISSUED or mail.started_at < mail.edition.issued_at:
            yield f"报告 {mail.edition} 还没有印发就发了邮件。"
        elif mail.outcome == DigestOutcome.SENDING and mail.started_at < now() - timedelta(days=1):
            yield f"报告 {mail.edition} 的邮件一天还没有结果。"
    issued = {f"statement:{pk}" for pk in ReportEdition.objects.issued().values_list("pk", flat=True)}
    told = Notice.objects.filter(key__startswith="statement:").values_list("key", flat=True).distinct()
    for key in sorted(set(told) - issued):
        yield f"没有印发的报告（{key}）已经提醒了社会组织。"


def later_editions_follow():
    """An edition supersedes the one before it of the same report, and no other."""
    for edition in ReportEdition.objects.exclude(supersedes=None).select_related("supersedes"):
        last = edition.supersedes
        same = all(
            getattr(edition, name) == getattr(last, name)
            for name in ("kind", "period", "division_id", "organization_id", "program_id", "unit_id")
        )
        if not same or last.number >= edition.number:
            yield f"报告 {edition} 替代的不是同一份报告的前一版（{last}）。"


def releases_had_every_consent():
    """On the day it was released nobody's consent was missing on its channels, as far as that day can be read today: a consent
    that was withdrawn or ran out later was there then."""
    for release in StoryRelease.objects.select_related("story").prefetch_related("channels"):
        lacking = consenting.missing_of([release.story], release.released_on)
        for one in release.channels.all():
            for missing in lacking(release.story, one.channel):
                if missing.why in (consenting.NONE_GIVEN, consenting.GUARDIANS) and not _given_up_that_day(
                    missing, release
                ):
                    yield f"稿件 {release} 送出当天缺少同意：{missing.sentence}"


def _given_up_that_day(missing, release) -> bool:
    """Withdrawn later on the very day of the release."""
    return any(
        consent.withdrawn_on == release.released_on
        for consent in _consents_of(missing.person).filter(channel=missing.channel)
    )


def _consents_of(person):
    if person.member_id:
        return person.member.consents.all()
    return PublicationConsent.objects.filter(person=person)


def what_is_out_is_what_was_agreed_to():
    """Words, people and photos of what stands still are those of its digest, and of its last edition."""
    rows = Story.objects.filter(state__in=OUT).exclude(title=NAMELESS_TITLE)
    for story in rows.prefetch_related("releases").iterator(chunk_size=100):
        editions = story.releases.all()
        if digest_of(story) != story.digest or story.digest not in {one.digest for one in editions}:
            yield f"好故事 {story} 与送出时不一样。"


def protected_children_are_not_recognisable():
    """No story shows an orphan, or a child whom in fact nobody raises, so that one knows who it is."""
    shown = StoryPerson.objects.exclude(member=None).exclude(
        shown__in=[Shown.ALIAS, Shown.HIDDEN], photo=False
    )
    for person in shown.select_related("story", "member"):
        if consenting.is_protected(person.member, person.story.happened_on) and person.story.state in OUT:
            yield f"好故事 {person.story} 里有不得识别的儿童，请撤下。"


def publications_were_released():
    """Nothing stood in public before it was released."""
    for one in Publication.objects.for_list():
        if one.published_on < one.outlet.release.released_on:
            yield f"宣传报道 {one} 的发布日期早于送出日期。"


def closed_months_are_sealed():
    """Nothing of a closed month was changed: its seal is that of the lines and figures that stand there."""
    for closing in Closing.objects.exclude(state=ClosingState.CLOSING):
        if seal(closing) != closing.sha256:
            yield f"{closing.period.label}的定稿（第 {closing.number} 次）被改动。"


def closed_figures_follow_the_ledger():
    """What was added up month by month is what the ledger comes to, and that is what the registers hold: the month whose turn
    it is ends where a recount ends, both as it is read and compared line by line."""
    newest = Closing.objects.newest()
    if newest is None:
        return
    period = Period(ReportKind.MONTH, newest.period.next)
    told = [read(period, as_of=period.last, everything=everything) for everything in (False, True)]
    for code, figure in read_all(Cuts.of(period, period.last)).items():
        if any(one[code].cumulative != figure.cumulative for one in told):
            yield f"统计台账的“{figure.indicator.name}”与登记的数据不一致。"


CHECKS = [
    states,
    running_numbers,
    closed_months_are_sealed,
    closed_figures_follow_the_ledger,
    files_are_whole,
    finished_reports_are_whole,
    batches_are_their_reports,
    what_is_told_of_was_issued,
    figures_add_up,
    later_editions_follow,
    releases_had_every_consent,
    what_is_out_is_what_was_agreed_to,
    protected_children_are_not_recognisable,
    publications_were_released,
]
