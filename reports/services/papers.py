"""What is printed and handed over of an edition, from its frozen facts and the words people wrote, and from nothing else."""

import hashlib
import json
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from jinchuan.printing import Attachment, PrintError, render_pdf
from jinchuan.shared.clock import SHANGHAI
from jinchuan.shared.codes import grouped

from .. import brief
from .. import facts as fact
from ..enums import Variant
from ..workbook import workbook

NOT_ONE_PAGE = "一页通超过了一页。请缩短“存在的问题”或“下一步打算”里的文字，再生成一次。"


@dataclass(frozen=True)
class Paper:
    """One finished file; ``variant`` is None for the report itself, ``pages`` for what has none."""

    variant: Variant | None
    content: bytes
    pages: int | None = None

    @property
    def suffix(self) -> str:
        return self.variant.suffix if self.variant else "pdf"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def print_papers(edition) -> list[Paper]:
    """Everything that is handed over of an edition, the report itself first.

    Leaders read of districts and streets: the brief and the large print (``REPORT_VARIANTS``) are made of those. A statement of an
    organisation, a programme or a supervising unit has neither, which halves the first night of a month.
    """
    facts = fact.with_words(edition.facts, edition.words)
    figures = figures_json(edition.facts)
    context = context_of(facts, hashlib.sha256(figures).hexdigest())
    created = edition.facts_at.astimezone(SHANGHAI)

    def printed(variant, template, more=None, attachments=()):
        rendering = render_pdf(
            template,
            {**context, **(more or {})},
            title="".join(facts["title"]) + facts["subtitle"],
            created=created,
            attachments=attachments,
        )
        return Paper(variant, rendering.pdf, rendering.pages)

    attached = Attachment(
        name="figures.json", data=figures, description="本报告的统计数据", mime="application/json"
    )
    also = settings.REPORT_VARIANTS if edition.division_id else ()
    papers = []
    if Variant.BRIEF in also:
        papers.append(printed(Variant.BRIEF, "print/brief.html", {"brief": brief.of(facts)}))
        if papers[0].pages > 1:
            raise PrintError(NOT_ONE_PAGE)
    if Variant.LARGE in also:
        papers.append(printed(Variant.LARGE, "print/report.html", {"large": True}))
    return [
        printed(None, "print/report.html", attachments=[attached]),
        Paper(Variant.XLSX, workbook(facts)),
        *papers,
        Paper(Variant.FIGURES, figures),
    ]


def context_of(facts, sha256="") -> dict:
    """What the templates need beside the facts: how the paper proves itself."""
    page, code = f"{settings.SITE_URL}{reverse('reports:check')}", facts.get("verify", "")
    proof = {
        "serial": facts.get("serial", ""),
        "number": facts.get("number", ""),
        "code": grouped(code) if code else "",
        "page": page,
        "address": f"{page}#{code}",
        "sha256": sha256,
    }
    return {"facts": facts, "proof": proof, "large": False}


def figures_json(facts) -> bytes:
    """The figures of a report as the JSON that is handed over with it: what the paper hides, it does not carry along either."""
    keep = ("kind", "period", "as_of", "scope", "number", "serial")
    told = {key: facts[key] for key in keep if key in facts}
    told["indicators"] = fact.carried(facts)
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True).encode()
