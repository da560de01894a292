"""From a template and facts to PDF bytes: the only importer of WeasyPrint.

Runs in workers, and for one short sheet while a person waits (`render_now`, docs/adr/0022). The same template, context,
`created` and attachments give the same bytes: no clock, no random number, no font of the host takes part. Nothing is
fetched: whatever a text smuggled in, the job fails instead.
"""

import contextlib
import functools
import gc
import hashlib
import io
import logging
import os
import re
import sys
import threading
import warnings
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from django.template.loader import render_to_string

from jinchuan.printing import faces, justification

logger = logging.getLogger(__name__)

MAX_ROWS = 4000  # of seven cells: 211 pages, 25 s and 1 GB
MAX_CHARACTERS = 3_000_000  # of HTML
MAX_ROWS_NOW = 120  # while a person waits: 7 pages, a third of a second
MAX_SPAN = 100  # columns or rows of one cell: WeasyPrint spends seconds on more
VARIANT = "pdf/a-3a"

STYLES = Path(__file__).resolve().parents[2] / "static" / "print"
PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,")
SPAN = re.compile(r"<(?:td|th|col|colgroup)\b[^>]*?span\s*=\s*[\"']?\s*(\d+)", re.IGNORECASE)
SHEET = re.compile(r"print:([a-z_]+\.css)")

NO_FONTS = "打印字体还没有准备好，请先运行 make fonts。"
TOO_MANY_ROWS = "这份文件有 {rows} 行，一次最多打印 {limit} 行。请缩小范围，或者改为导出表格。"
TOO_MANY_ROWS_NOW = "这张表有 {rows} 行，当场最多打印 {limit} 行。请缩小范围，分几次打印。"
TOO_LONG = "这份文件的文字太多，打印不下。请缩短其中的长文字，或者缩小范围。"
TOO_WIDE = "这份文件的表格里有跨 {span} 格的单元格，最多可以跨 {limit} 格。"
FETCH_REFUSED = "文件里引用了外部资源 {url}，打印时不读取任何外部资源。请去掉它再打印。"
NO_GLYPH = "这些字没有字形，打印出来会是空框：{characters}。请核对这些字，或者请管理员补充字体。"


class PrintError(Exception):
    """The document cannot be printed; the message is for the user and says what to do."""


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the PDF, for instance the figures as JSON."""

    name: str
    data: bytes
    description: str
    mime: str = "application/json"


@dataclass(frozen=True)
class Rendering:
    """A finished document: the bytes, the number of pages, and the SHA-256 of the bytes in hex."""

    pdf: bytes
    pages: int
    sha256: str


def render_pdf(template_name, context, *, title, created, author="金川区民政局", attachments=()):
    """Print one Django template as PDF/A-3a.

    `created` is an aware datetime: the only date that goes into the file. Refuses (PrintError) a document with
    too many rows, with a reference to anything outside, or with a character that no prepared font holds.
    """
    html = render_to_string(template_name, {**context, "document": {"title": title, "author": author}})
    return print_html(html, title=title, created=created, author=author, attachments=attachments)


def render_now(template_name, context, *, rows, **options):
    """``render_pdf`` in the request itself: a slip, a poster, a short list (docs/adr/0022).

    ``rows`` is how many lines of a table it has; more than ``MAX_ROWS_NOW`` are refused (PrintError) before anything is
    laid out. What is longer is a paper that a worker prints.
    """
    if rows > MAX_ROWS_NOW:
        raise PrintError(TOO_MANY_ROWS_NOW.format(rows=rows, limit=MAX_ROWS_NOW))
    return render_pdf(template_name, context, **options)


def print_html(html, *, title, created, author, attachments=()):
    """`render_pdf` for HTML that is already there."""
    if created.tzinfo is None:
        raise ValueError("created must be an aware datetime")
    _check_size(html)
    with _one_at_a_time, _collector_off(), _listening() as heard:
        pdf, pages = _write(html, title, author, created, attachments)
        heard.raise_if_lost()
    return Rendering(pdf=pdf, pages=pages, sha256=hashlib.sha256(pdf).hexdigest())


def _write(html, title, author, created, attachments):
    """A function of its own, so that nothing holds the laid-out document any more when the collector comes."""
    weasyprint, fonts = _engine()
    fetcher = _fetcher(weasyprint)
    try:
        page = weasyprint.HTML(string=html, base_url="print:", url_fetcher=fetcher)
        document = page.render(font_config=fonts, presentational_hints=True)
        _describe(document.metadata, title, author, created)
        document.metadata.attachments += [_attach(weasyprint, each, created) for each in attachments]
        with warnings.catch_warnings():  # WeasyPrint leaves its colour profile to the collector
            warnings.simplefilter("ignore", ResourceWarning)
            pdf = document.write_pdf(pdf_variant=VARIANT, finisher=_made_once)
    except weasyprint.urls.FatalURLFetchingError as refusal:
        raise PrintError(str(refusal)) from None
    if fetcher.refused:  # WeasyPrint swallowed it somewhere
        raise PrintError(FETCH_REFUSED.format(url=_short(fetcher.refused[0])))
    return pdf, len(document.pages)


def _made_once(document, pdf):
    """pydyf asks each object for its bytes twice, for the file and for the number in it (/ID), and compresses as often."""
    pydyf = sys.modules["pydyf"]

    class Made(pydyf.Object):
        data, compressible = b"", False

        def __init__(self, one):
            super().__init__()
            self.number, self.generation, self.free = one.number, one.generation, one.free
            self.data, self.compressible = one.data, one.compressible

    pdf.objects = [one if one.free == "f" else Made(one) for one in pdf.objects]


def _describe(metadata, title, author, created):
    metadata.title, metadata.authors, metadata.generator = title, [author], "jinchuan"
    metadata.created = metadata.modified = created.isoformat(timespec="seconds")


def _check_size(html):
    if len(html) > MAX_CHARACTERS:
        raise PrintError(TOO_LONG)
    rows = len(re.findall(r"<tr\b", html, re.IGNORECASE))
    if rows > MAX_ROWS:
        raise PrintError(TOO_MANY_ROWS.format(rows=rows, limit=MAX_ROWS))
    for span in SPAN.findall(html):
        if int(span) > MAX_SPAN:
            raise PrintError(TOO_WIDE.format(span=span, limit=MAX_SPAN))


_one_at_a_time = threading.Lock()  # the collector and the log are the process's, not the thread's


@functools.cache
def _engine():
    """WeasyPrint and the one shared font configuration, with only the prepared fonts in sight."""
    configuration = faces.prepared() / "fonts.conf"
    if not configuration.is_file():
        raise PrintError(NO_FONTS)
    os.environ["FONTCONFIG_FILE"] = str(configuration)
    import weasyprint
    import weasyprint.text.fonts

    justification.install()
    return weasyprint, weasyprint.text.fonts.FontConfiguration()


def _fetcher(weasyprint):
    """A fetcher that knows our own style sheets and pictures given in memory, and nothing else."""
    urls = weasyprint.urls

    class Fetcher(urls.URLFetcher):
        def __init__(self):
            super().__init__(allowed_protocols={"data"}, allow_redirects=False)
            self.refused = []

        def fetch(self, url, headers=None):
            if PICTURE.match(url):
                return super().fetch(url, headers)
            if sheet := SHEET.fullmatch(url):
                return urls.URLFetcherResponse(
                    url, (STYLES / sheet[1]).read_bytes(), {"Content-Type": "text/css"}
                )
            self.refused.append(url)
            raise urls.FatalURLFetchingError(FETCH_REFUSED.format(url=_short(url)))

    return Fetcher()


def _short(url):
    return url if len(url) <= 80 else url[:80] + "…"


def _attach(weasyprint, given, created):
    moment = created.astimezone(UTC)  # WeasyPrint writes it with a Z
    attachment = weasyprint.Attachment(
        string=given.data,
        name=given.name,
        description=given.description,
        created=moment,
        modified=moment,
        relationship="Data",
    )
    attachment.source = _source(given)  # the given type, not one guessed from the name
    return attachment


@contextlib.contextmanager
def _source(given):
    yield io.BytesIO(given.data), None, None, given.mime


@contextlib.contextmanager
def _collector_off():
    """Rendering makes millions of short-lived objects; without the garbage collector it takes 0.6 of the time.

    What was there before stays frozen until the end, so that the one collection looks at the render's own leavings: a small
    paper takes half the time.
    """
    running = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if running:
            gc.enable()


class _Heard(logging.Handler):
    """WeasyPrint only logs that a glyph is missing or a resource did not load; for an official paper both are fatal."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.missing, self.others = [], []

    def emit(self, record):
        text = record.getMessage()
        if text.startswith(".notdef"):
            self.missing.append(record.args[0])
        else:
            self.others.append(text)

    def raise_if_lost(self):
        for text in self.others:
            logger.warning("weasyprint: %s", text)
        if self.missing:
            shown = "、".join(f"{each}（U+{ord(each):04X}）" for each in dict.fromkeys(self.missing))
            raise PrintError(NO_GLYPH.format(characters=shown))
        if lost := next(
            (text for text in self.others if "Failed to load" in text or "Relative URI" in text), None
        ):
            raise PrintError(FETCH_REFUSED.format(url=_short(lost)))


@contextlib.contextmanager
def _listening():
    """Hear every warning, whatever the project's logging does with WeasyPrint's messages."""
    log, heard = logging.getLogger("weasyprint"), _Heard()
    before = log.level, log.disabled, log.propagate
    log.setLevel(logging.WARNING)
    log.disabled, log.propagate = False, False  # `_Heard` passes on what matters
    log.addHandler(heard)
    try:
        yield heard
    finally:
        log.removeHandler(heard)
        log.setLevel(before[0])
        log.disabled, log.propagate = before[1:]
