"""What is printed and handed over of an edition, from its frozen facts and the words people wrote, and from nothing else."""

import hashlib
import json
from dataclasses import dataclass

from jinchuan.printing import Attachment, render_pdf
from jinchuan.shared.clock import SHANGHAI

from .. import facts as fact
from ..enums import Variant


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
    """Everything that is handed over of an edition, the report itself first."""
    facts = fact.with_words(edition.facts, edition.words)
    figures = figures_json(edition.facts)
    facts["sha256"] = hashlib.sha256(figures).hexdigest()
    created = edition.facts_at.astimezone(SHANGHAI)

    def printed(variant, template, attachments=()):
        rendering = render_pdf(
            template,
            {"facts": facts},
            title="".join(facts["title"]) + facts["subtitle"],
            created=created,
            attachments=attachments,
        )
        return Paper(variant, rendering.pdf, rendering.pages)

    attached = Attachment(
        name="figures.json", data=figures, description="本报告的统计数据", mime="application/json"
    )
    return [
        printed(None, "print/report.html", [attached]),
        Paper(Variant.FIGURES, figures),
    ]


def figures_json(facts) -> bytes:
    """The figures of a report as the JSON that is handed over with it: what the paper hides, it does not carry along either."""
    keep = ("kind", "period", "as_of", "scope", "number", "serial")
    told = {key: facts[key] for key in keep if key in facts}
    told["indicators"] = fact.carried(facts)
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True).encode()
