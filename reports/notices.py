"""The words that tell of finished reports in a person's inbox. Each is written once: ``key`` says of what."""

from django.urls import reverse

from cases.models import Notice
from jinchuan.shared.clock import now

from .enums import EditionState

BATCH_DONE = "{title}已全部生成，共{done}份，请核对。"
BATCH_FAILED = "{title}生成完毕：{done}份已生成，{failed}份未生成，请查看原因。"
READY = "{title}已生成，请核对后印发。"
FAILED = "{title}没有生成，请查看原因。"
ISSUED = "{title}已印发，请在“本组织统计”查看。"


def of_batch(batch, person) -> Notice:
    """``batch`` counted (``with_progress``): one a person and round."""
    words = BATCH_FAILED if batch.failed else BATCH_DONE
    return Notice(
        user=person,
        key=f"batch:{batch.pk}:{batch.round}",
        title=words.format(title=batch.title, done=batch.done, failed=batch.failed),
        url=reverse("admin:reports_reportbatch_change", args=[batch.pk]),
        created_at=now(),
    )


def of_edition(edition, person) -> Notice:
    """To whoever asked for one report: it is there, or it is not and why."""
    words = FAILED if edition.state == EditionState.FAILED else READY
    return Notice(
        user=person,
        key=f"report:{edition.pk}:{edition.version}",
        title=words.format(title=f"{edition.scope_name}{edition.title}"),
        url=reverse("admin:reports_reportedition_change", args=[edition.pk]),
        created_at=now(),
    )


def of_statement(edition, person) -> Notice:
    """To the people of an organisation: its statement is out."""
    return Notice(
        user=person,
        key=f"statement:{edition.pk}",
        title=ISSUED.format(title=f"本组织{edition.title}"),
        url=reverse("statements:statement", args=[edition.serial]),
        created_at=now(),
    )
