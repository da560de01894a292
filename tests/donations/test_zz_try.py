import pytest
from datetime import date
from pathlib import Path
from jinchuan.printing import render_pdf
from donations import papers
from donations.models import Paper, Holding, Distribution
from donations.services import distributions, papers as service
from donations.enums import PaperKind
from tests import factories, factories_book
pytestmark = pytest.mark.django_db
OUT = Path("/tmp/house/paper_out"); OUT.mkdir(exist_ok=True)
def out(row, kind):
    paper = service.request_paper(row, by=factories.officer(), kind=kind)
    done = service.print_paper(paper.pk)
    assert not done.failure, done.failure
    (OUT / f"{kind}.pdf").write_bytes(done.pdf.read())
    print(kind, done.pages)
def test_all(divisions):
    donor = factories.individual_donor(name="赵桂英")
    donation = factories.confirmed_donation(donor=donor, lines=[factories.cash("12000.5"), factories.goods(quantity="60", value="3600"), factories.goods(item="电热毯", quantity="5", unit="条", value=None, valuation_basis="unvalued", category="daily")])
    rice = Holding.objects.get(lot__line__donation=donation, lot__item="大米")
    hs = [factories.verified_household(members=[factories.head(name=n)]) if n else factories.verified_household() for n in ["王䶮", "欧阳翀", "阿依古丽·买买提", None, None]+[None]*18]
    rows = [factories_book.approved(rice, "2", household=h) for h in hs]
    batch = factories_book.sent_out(*rows)
    out(batch, PaperKind.SIGNING_SHEET)
    for line in list(batch.lines.all())[:9]:
        distributions.note_delivered(line, by=factories.officer(), delivered_on=date(2026,9,12), signing="self")
    for kind in (PaperKind.GOODS_RECEIVED, PaperKind.HANDOVER, PaperKind.THANKS, PaperKind.WHEREABOUTS):
        out(donation, kind)
    out(donor, PaperKind.GIVER_WHEREABOUTS)
    out(hs[0], PaperKind.HELP_RECEIVED)
