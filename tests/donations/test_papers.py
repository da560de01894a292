"""Papers about gifts: what they say, how they are set, who may ask for them, and that the log knows."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from donations import papers, tasks
from donations.enums import DonorKind, PaperKind
from donations.models import Holding, Paper
from donations.papers import NO_GOODS, NO_HELP, NO_RECEIPT, NOT_ONE_GIVER, NOTHING_ON_IT
from donations.services import distributions, gifts
from donations.services import papers as services
from jinchuan.audit.models import AuditEvent
from jinchuan.printing import render_pdf
from jinchuan.shared import clock
from jinchuan.shared.errors import Refused
from tests import factories, factories_book
from tests.donations import paper_sample
from tests.pages import act, counted, listing, page, shown
from tests.printing import paper

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = ("signing_sheet", "goods_received", "handover", "thanks", "whereabouts", "help_received")
db = pytest.mark.django_db
# What stands on no paper of ours.
PERSONAL_NUMBERS = re.compile(r"[1-9]\d{16}[\dXx]|(?<!\d)1[3-9]\d{9}(?!\d)")


def printed(name, facts=None):
    facts = facts or getattr(paper_sample, name)()
    return render_pdf(
        f"print/donations/{name}.html", {"facts": facts}, title=facts["title"], created=paper.CREATED
    )


def ask(row, kind, by=None):
    """A paper asked for and printed, and what stands on it."""
    asked = services.request_paper(row, by=by or factories.officer(), kind=kind)
    done = services.print_paper(asked.pk)
    assert done.failure == ""
    with done.pdf.open("rb") as file:
        return done, re.sub(r"\s", "", paper.text(file.read()))


# The looks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_html_is_the_golden_one(name):
    """To accept a wanted change, delete the file under golden/, run this twice, and read the difference."""
    document = {"title": "单据", "author": "金川区民政局"}
    facts = getattr(paper_sample, name)()
    html = render_to_string(f"print/donations/{name}.html", {"facts": facts, "document": document})
    html, golden = re.sub(r"\n\s*\n+", "\n", html).strip() + "\n", GOLDEN / f"{name}.html"
    if not golden.exists():
        golden.write_text(html, encoding="utf-8")
        pytest.fail(f"{golden.name} was not there; it is written now. Read it and run again.")
    assert html == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_paper_is_one_page_says_it_is_no_receipt_and_is_printed_alike_twice(name):
    made = printed(name)
    words = paper.text(made.pdf).replace("\n", "")
    assert made.pages == 1
    assert NO_RECEIPT in words
    assert made.sha256 == printed(name).sha256
    assert all(font.startswith("GW") for font in paper.fonts(made.pdf))


def test_a_long_sheet_repeats_its_heads_and_numbers_its_pages():
    made = printed("signing_sheet", paper_sample.signing_sheet(60))
    assert made.pages > 2
    for number in range(1, made.pages + 1):
        words = paper.text(made.pdf, page=number).replace("\n", "")
        assert "款物发放签收单" in words
        assert "代领原因" in words
        assert f"第{number}页，共{made.pages}页" in words
        assert NO_RECEIPT in words
    words = paper.text(made.pdf)
    for number in range(1, 61):
        assert words.count(f"FF2026-0007-{number:03}") == 1


def test_rare_names_are_printed_whole():
    words = paper.text(printed("signing_sheet").pdf).replace("\n", "")
    assert "王䶮" in words
    assert "欧阳翀" in words


# What they say ---------------------------------------------------------------------------------------------------


@pytest.fixture
def gift(divisions):
    """Money and rice of somebody who did not agree to be named; rice for three households went out."""
    donor = factories.individual_donor(name="卓玛央金")
    lines = [factories.cash("12000.50"), factories.goods(quantity="60", value="3600")]
    return factories.confirmed_donation(donor=donor, lines=lines)


def handed_out(gift, count=3):
    rice = Holding.objects.get(lot__line__donation=gift, lot__item="大米")
    rows = [
        factories_book.approved(rice, "2", household=factories.verified_household()) for _ in range(count)
    ]
    batch = factories_book.sent_out(*rows)
    for line in batch.lines.all():
        factories_book.delivered(line)
    return batch


def anonymous():
    return gifts.register_donor(by=factories.officer(), kind=DonorKind.ANONYMOUS, name="")


@db
def test_a_sheet_names_the_heads_and_holds_no_number_of_theirs(gift):
    batch = handed_out(gift)
    _, words = ask(batch, PaperKind.SIGNING_SHEET)
    for line in batch.lines.all():
        household = line.household
        assert household.members.get().name in words
        assert household.address not in words
        assert household.phone not in words
    assert "大米6袋" in words
    assert not PERSONAL_NUMBERS.search(words)


@db
def test_what_was_dropped_or_did_not_arrive_is_not_on_the_sheet(divisions):
    batch = factories_book.planned(factories_book.approved(), factories_book.approved())
    distributions.drop_line(batch.lines.first(), by=factories.officer())
    facts = papers.signing_sheet(batch)
    assert [line["number"] for line in facts["lines"]] == [2]


@db
def test_the_giver_is_named_to_itself_and_to_nobody_else(gift):
    for kind in (PaperKind.GOODS_RECEIVED, PaperKind.THANKS, PaperKind.WHEREABOUTS):
        assert "卓玛央金" in ask(gift, kind)[1]
    words = ask(gift, PaperKind.HANDOVER)[1]
    assert "卓玛央金" not in words
    assert "爱心人士" in words


@db
@pytest.mark.parametrize("kind", [PaperKind.GOODS_RECEIVED, PaperKind.THANKS, PaperKind.WHEREABOUTS])
def test_an_anonymous_giver_has_no_name_anywhere(kind, divisions):
    donor = anonymous()
    donation = factories.confirmed_donation(donor=donor, lines=[factories.goods()])
    assert "匿名捐赠人" in ask(donation, kind)[1]


@db
def test_the_trace_code_leads_to_the_public_page(gift, client):
    facts = papers.goods_received(gift)
    path = facts["trace_address"].removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert facts["trace_code"].replace("-", "") == gift.trace_code


@db
def test_whereabouts_hide_households_and_small_counts(gift):
    batch = handed_out(gift, 3)
    _, words = ask(gift.donor, PaperKind.GIVER_WHEREABOUTS)
    assert "3户，每户2袋" in words
    for line in batch.lines.all():
        assert line.household.code not in words
        assert line.household.members.get().name not in words


@db
def test_help_received_leads_back_to_the_gift_without_the_name(gift):
    household = handed_out(gift).lines.first().household
    _, words = ask(household, PaperKind.HELP_RECEIVED)
    assert household.members.get().name in words
    assert "爱心人士" in words
    assert "卓玛央金" not in words
    assert not PERSONAL_NUMBERS.search(words)


@db
@pytest.mark.parametrize("count", [1, 3])
def test_the_facts_of_a_sheet_take_the_same_queries(count, gift, django_assert_num_queries):
    batch = handed_out(gift, count)
    with django_assert_num_queries(3):
        papers.signing_sheet(batch)


@db
@pytest.mark.parametrize("count", [1, 3])
def test_the_facts_of_whereabouts_take_the_same_queries(count, divisions, django_assert_num_queries):
    donor = factories.individual_donor()
    for _ in range(count):
        handed_out(factories.confirmed_donation(donor=donor, lines=[factories.goods()]), 1)
    with django_assert_num_queries(7):
        facts = papers.whereabouts_of_donor(donor)
    assert len(facts["traces"]) == count


# What is refused -------------------------------------------------------------------------------------------------


@db
def test_what_has_nothing_to_say_is_not_printed(divisions):
    officer = factories.officer()
    batch = factories_book.planned(factories_book.approved())
    distributions.cancel_distribution(batch, by=officer, reason="下雪改期再发")
    batch.refresh_from_db()
    cases = [
        (batch, PaperKind.SIGNING_SHEET, NOTHING_ON_IT),
        (factories.confirmed_donation(), PaperKind.GOODS_RECEIVED, NO_GOODS),
        (anonymous(), PaperKind.GIVER_WHEREABOUTS, NOT_ONE_GIVER),
        (factories.verified_household(), PaperKind.HELP_RECEIVED, NO_HELP),
        (factories.submitted_donation(), PaperKind.THANKS, "还没有确认"),
    ]
    for row, kind, sentence in cases:
        with pytest.raises(Refused, match=re.escape(sentence)):
            services.request_paper(row, by=officer, kind=kind)
    assert not Paper.objects.exists()


@db
@pytest.mark.parametrize("who", ["leader", "worker_a", "auditor", "administrator", "member_a"])
def test_who_may_not_print_papers_of_gifts_cannot(who, request, gift, client_for):
    user = request.getfixturevalue(who)
    answer = client_for(user).post(act(gift, "print"), {"kind": "thanks"})
    assert answer.status_code in (302, 403, 404)
    assert not Paper.objects.exists()


# Asking, waiting, opening ----------------------------------------------------------------------------------------


@db
def test_a_paper_is_asked_for_printed_opened_and_logged(gift, client_for, officer, reviewer):
    client = client_for(officer)
    answer = client.post(act(gift, "print"), {"kind": "thanks"})
    asked = Paper.objects.get()
    assert answer.url == page(asked)
    assert "正在打印" in shown(client.get(answer.url))
    assert client.get(page(asked, "pdf")).status_code == 404
    tasks.print_paper(asked.pk)
    tasks.print_paper(asked.pk)  # a message may come twice
    assert "打开单据" in shown(client.get(answer.url))
    polled = client.get(page(asked, "progress"), headers={"HX-Request": "true"})
    assert polled.headers["HX-Refresh"] == "true"
    file = client.get(page(asked, "pdf"))
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    for name in ("change", "pdf", "progress"):
        assert client_for(reviewer).get(page(asked, name)).status_code == 404
    assert {"print", "request_paper", "open_file"} <= set(AuditEvent.objects.values_list("action", flat=True))
    assert AuditEvent.objects.get(action="print").target_label == gift.code


@db
def test_a_sheet_and_a_households_paper_are_asked_for_on_their_pages(gift, client_for, officer, worker_a):
    batch = handed_out(gift)
    household = batch.lines.first().household
    for user, row, kind in [
        (officer, batch, PaperKind.SIGNING_SHEET),
        (officer, gift.donor, PaperKind.GIVER_WHEREABOUTS),
        (worker_a, household, PaperKind.HELP_RECEIVED),
    ]:
        client = client_for(user)
        assert client.get(act(row, "print")).status_code == 200
        assert client.post(act(row, "print")).status_code == 302
        assert Paper.objects.first().kind == kind
    assert "受助明细" in shown(client_for(officer).get(page(household)))


@db
def test_a_name_that_no_font_has_fails_the_paper_with_a_sentence(divisions):
    donor = factories.individual_donor(name="王\ue863")
    donation = factories.confirmed_donation(donor=donor)
    asked = services.request_paper(donation, by=factories.officer(), kind=PaperKind.THANKS)
    done = services.print_paper(asked.pk)
    assert "没有字形" in done.failure
    assert not done.pdf


@db
def test_a_paper_that_keeps_breaking_is_given_up(gift):
    asked = services.request_paper(gift, by=factories.officer(), kind=PaperKind.THANKS)
    Paper.objects.filter(pk=asked.pk).update(attempts=3)
    assert services.print_paper(asked.pk).failure == services.NEVER_FINISHED


@db
def test_a_forgotten_paper_is_printed_by_the_sweep(gift):
    asked = services.request_paper(gift, by=factories.officer(), kind=PaperKind.THANKS)
    assert services.forgotten() == []
    with clock.travel(clock.now() + timedelta(minutes=5)):
        assert services.forgotten() == [asked.pk]


@db
def test_files_go_after_three_days_and_rows_stay(gift):
    done, _ = ask(gift, PaperKind.THANKS)
    name, storage = done.pdf.name, done.pdf.storage
    assert services.purge() == 0
    with clock.travel(clock.now() + timedelta(hours=73)):
        assert services.purge() == 1
        assert services.purge() == 0
    assert not storage.exists(name)
    done.refresh_from_db()
    assert done.is_gone


@db
@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries(rows, gift, client_for, officer, django_assert_num_queries):
    for _ in range(rows):
        services.request_paper(gift, by=officer, kind=PaperKind.THANKS)
    client = client_for(officer)
    client.get(listing(Paper))
    counted(django_assert_num_queries, client, listing(Paper), 4)
