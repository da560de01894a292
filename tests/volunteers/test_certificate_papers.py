"""Certificates on paper: how they are set, that each is made once whatever happens to its worker, and many together."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from pypdf import PdfReader

from jinchuan.printing import PrintError, render_pdf
from jinchuan.shared import clock
from jinchuan.shared.codes import grouped
from tests import factories
from tests import factories_certificates as made
from tests.printing import paper
from tests.volunteers.certificate_sample import content
from volunteers import tasks
from volunteers.certificate_printing import facts, merged
from volunteers.models import Certificate, CertificatePaper
from volunteers.services import activities
from volunteers.services import certificate_papers as papers
from volunteers.services import certificates as services

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = {
    "certificate": content(),
    "certificate_long": content(12, replaces="ZM0012-2026-0001"),
    "certificate_rare": content(1, name="阿卜杜热合曼·买买提依明江·阿布都克里木", person_in_charge="王㛃䶮"),
}


def printed(frozen):
    return render_pdf(
        "print/certificate.html", {"facts": facts(frozen)}, title="志愿服务记录证明", created=paper.CREATED
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_html_is_the_golden_one(name, settings):
    """To accept a wanted change, delete the file under golden/, run this twice, and read the difference."""
    settings.SITE_URL = "https://example.test"
    document = {"title": "志愿服务记录证明", "author": "金川区甲爱心协会"}
    html = render_to_string("print/certificate.html", {"facts": facts(SAMPLES[name]), "document": document})
    html, golden = re.sub(r"\n\s*\n+", "\n", html).strip() + "\n", GOLDEN / f"{name}.html"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(html, encoding="utf-8")
        pytest.fail(f"{golden.name} was not there; it is written now. Read it and run again.")
    assert html == golden.read_text(encoding="utf-8")


def test_what_the_law_asks_for_stands_on_one_page():
    frozen = content()
    done = printed(frozen)
    words = paper.text(done.pdf).replace("\n", "")
    assert done.pages == 1
    asked = ("name", "document_type", "document_number", "volunteer_number", "hours", "number", "issuer")
    for name in (*asked, "person_in_charge", "handler", "contact"):
        assert frozen[name] in words
    for word in ("2026年1月15日", "不含往返路途时间", "（公章）", "重阳节上门理发", grouped(frozen["code"])):
        assert word in words
    assert done.sha256 == printed(frozen).sha256
    assert all(font.startswith("GW") for font in paper.fonts(done.pdf))


def test_a_hundred_activities_go_on_under_repeated_heads():
    done = printed(content(100))
    assert done.pages > 2
    for number in range(2, done.pages + 1):
        assert "服务内容" in paper.text(done.pdf, page=number)
    words = paper.text(done.pdf).replace("\n", "")
    assert words.count("重阳节上门理发") == 100
    assert "合计100次，250.0小时15000" in words


# Each once -------------------------------------------------------------------------------------------------------


@pytest.fixture
def decided(db, org_a):
    """A batch of three that its administrator decided to issue, and the moment after its notice."""
    batch = made.batch(org_a)
    with made.later():
        services.issue_many(batch, by=factories.admin_of(org_a))
        yield batch


def _waiting():
    return list(CertificatePaper.objects.waiting().order_by("pk").values_list("pk", flat=True))


def test_the_worker_issues_and_prints_a_batch(decided):
    for chunk in papers.chunks(_waiting()):
        tasks.print_certificates(chunk)
    rows = list(Certificate.objects.select_related("paper"))
    assert {row.state for row in rows} == {"issued"}
    assert len({row.number for row in rows}) == len({row.paper.sha256 for row in rows}) == 3
    assert all(row.paper.pdf.storage.exists(row.paper.pdf.name) for row in rows)
    together = merged([row.paper.pdf for row in rows])
    assert len(PdfReader(BytesIO(together)).pages) == sum(row.paper.pages for row in rows)


def test_a_message_that_comes_twice_does_nothing_more(decided):
    waiting = _waiting()
    tasks.print_certificates(waiting)
    before = list(CertificatePaper.objects.order_by("pk").values())
    tasks.print_certificates(waiting)
    assert list(CertificatePaper.objects.order_by("pk").values()) == before


def test_what_a_killed_worker_issued_and_did_not_print_is_printed_by_the_next(decided, monkeypatch):
    class Killed(BaseException):
        """What ends a process is no exception that anybody may catch."""

    def die(*args, **kwargs):
        raise Killed

    first = _waiting()[0]
    with monkeypatch.context() as context, pytest.raises(Killed):
        context.setattr(papers, "render_pdf", die)
        papers.make(first)
    half = Certificate.objects.get(paper=first)
    assert (half.state, half.paper.finished_at) == ("issued", None)
    assert papers.forgotten() == []
    with made.later(1):
        assert first in papers.forgotten()
        papers.make(first)
    done = Certificate.objects.get(paper=first)
    assert (done.number, done.content_seal) == (half.number, half.content_seal)
    assert done.paper.sha256


def test_who_failed_is_told_by_name_and_only_they_are_tried_again(decided, monkeypatch, org_a):
    waiting = _waiting()
    original = papers.render_pdf

    def broken(template, context, **kwargs):
        if context["facts"]["number"].endswith("0002"):
            raise PrintError("这些字没有字形")
        return original(template, context, **kwargs)

    with monkeypatch.context() as context:
        context.setattr(papers, "render_pdf", broken)
        tasks.print_certificates(waiting)
    failed = CertificatePaper.objects.failed().get()
    others = list(CertificatePaper.objects.exclude(pk=failed.pk).order_by("pk").values())
    assert failed.failure == "这些字没有字形"
    assert services.try_again(decided, by=factories.admin_of(org_a)) == [failed.pk]
    tasks.print_certificates(_waiting())
    assert not CertificatePaper.objects.failed().exists()
    assert list(CertificatePaper.objects.exclude(pk=failed.pk).order_by("pk").values()) == others


def test_service_withdrawn_meanwhile_fails_with_its_sentence_and_takes_no_number(decided, org_a):
    activities.void_activity(org_a.activities.get(), by=factories.user("reviewer"), reason="活动没有举行")
    tasks.print_certificates(_waiting())
    assert all("没有已确认的服务时长" in one.failure for one in CertificatePaper.objects.all())
    assert not Certificate.objects.ever_issued().exists()


def test_one_that_breaks_off_again_and_again_is_given_up(decided, settings):
    first = _waiting()[0]
    CertificatePaper.objects.filter(pk=first).update(attempts=settings.CERTIFICATE_ATTEMPTS_MOST)
    papers.make(first)
    assert CertificatePaper.objects.get(pk=first).failure == papers.NEVER_FINISHED


def test_files_that_belong_to_nobody_go_after_a_day(decided):
    tasks.print_certificates(_waiting())
    storage = CertificatePaper._meta.get_field("pdf").storage
    with clock.travel(timezone.now()):
        stray = storage.save("certificates/stray.pdf", BytesIO(b"%PDF"))
        papers.tidy()
        assert storage.exists(stray)
    papers.tidy()  # days later
    assert not storage.exists(stray)
    assert all(one.pdf.storage.exists(one.pdf.name) for one in CertificatePaper.objects.all())
