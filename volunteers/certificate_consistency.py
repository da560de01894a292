"""What must always hold of certificates."""

import hashlib

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences
from jinchuan.intake.models import Sequence

from .certificate_content import Tampered, read
from .models import Certificate, CertificateBatch, CertificatePaper


def certificate_states():
    yield from state_follows_transitions(Certificate)


def certificate_running_numbers():
    yield from codes_within_sequences(Certificate)
    yield from codes_within_sequences(CertificateBatch)


def certificate_numbers_within_sequences():
    """A number beyond the last one given would be given twice."""
    last = dict(Sequence.objects.filter(name__startswith="ZM").values_list("name", "last"))
    for number in Certificate.objects.ever_issued().order_by("pk").values_list("number", flat=True):
        name, _, count = number.rpartition("-")
        if not count.isdecimal() or int(count) > last.get(name, 0):
            yield f"证明编号 {number} 超出了编号器 {name} 最后给出的号 {last.get(name, 0)}。"


def certificates_say_what_was_sealed():
    for certificate in Certificate.objects.ever_issued().order_by("pk").iterator(chunk_size=500):
        try:
            content = read(certificate)
        except Tampered as error:
            yield str(error)
            continue
        minutes = sum(line["minutes"] for line in content["lines"])
        if not (minutes == content["minutes"] == certificate.minutes):
            yield f"证明 {certificate} 写明 {certificate.minutes} 分钟，明细合计 {minutes} 分钟。"


def certificate_files_are_whole():
    for paper in CertificatePaper.objects.exclude(pdf="").order_by("pk").iterator(chunk_size=500):
        try:
            with paper.pdf.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            yield f"证明文件 {paper.pk} 不见了。"
            continue
        if found != paper.sha256:
            yield f"证明文件 {paper.pk} 的内容被改动。"


def replaced_certificates_have_their_successor():
    for row in Certificate.objects.filter(state="replaced").exclude(
        replacements__in=Certificate.objects.ever_issued()
    ):
        yield f"证明 {row} 已被替换，却没有替换它的证明。"


CHECKS = [
    certificate_states,
    certificate_running_numbers,
    certificate_numbers_within_sequences,
    certificates_say_what_was_sealed,
    certificate_files_are_whole,
    replaced_certificates_have_their_successor,
]
