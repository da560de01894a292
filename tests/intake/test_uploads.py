"""What people upload: a plain PDF comes in as it is, one that would do something does not."""

import io
import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from jinchuan.intake import uploads
from jinchuan.shared.errors import Refused


def pdf(change=lambda writer, page: None, pages=1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        change(writer, writer.add_blank_page(100, 100))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def entry(**entries):
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def action(kind, **more):
    return entry(S=NameObject(f"/{kind}"), **more)


def annotated(**entries):
    """A page with one annotation."""

    def change(writer, page):
        note = writer._add_object(
            entry(Subtype=NameObject("/Link"), Rect=ArrayObject([NumberObject(0)] * 4), **entries)
        )
        page[NameObject("/Annots")] = ArrayObject([note])

    return change


def in_catalog(writer, page, **entries):
    writer._root_object.update(entry(**entries))


def read(data, name="凭证.pdf"):
    return uploads.read(SimpleUploadedFile(name, data))


def refusal(data):
    with pytest.raises(Refused) as refused:
        read(data)
    return refused.value.messages


SCRIPT = action("JavaScript", JS=TextStringObject("app.alert(1)"))
ACTIVE = {
    "when it is opened": lambda w, p: in_catalog(w, p, OpenAction=SCRIPT),
    "by name": lambda w, p: in_catalog(w, p, Names=w._add_object(entry(EmbeddedFiles=entry()))),
    "a form of Adobe's": lambda w, p: in_catalog(w, p, AcroForm=entry(XFA=TextStringObject("x"))),
    "when a page is opened": lambda w, p: p.update(entry(AA=entry(O=SCRIPT))),
    "when a link is followed": annotated(A=SCRIPT),
    "a program": annotated(A=action("Launch", F=TextStringObject("cmd.exe"))),
    "a form sent off": annotated(A=action("SubmitForm", F=TextStringObject("https://example.org"))),
    "after a plain link": annotated(
        A=action("URI", URI=TextStringObject("https://example.org"), Next=ArrayObject([SCRIPT]))
    ),
    "a file on the page": annotated(FS=entry(EF=entry())),
}


@pytest.mark.parametrize("change", ACTIVE.values(), ids=ACTIVE.keys())
def test_a_pdf_that_does_something_is_refused_wherever_it_does_it(change):
    assert refusal(pdf(change)) == [uploads.PDF_ACTIVE]


def test_a_plain_pdf_comes_in_as_it_is_with_its_links():
    data = pdf(annotated(A=action("URI", URI=TextStringObject("https://example.org"))))

    kept = read(data)

    assert (kept.data, kept.content_type, kept.extension) == (data, "application/pdf", ".pdf")


def test_a_long_pdf_and_one_of_countless_parts_are_refused():
    assert refusal(pdf(pages=51)) == [uploads.PDF_TOO_LONG]
    many = ArrayObject([NumberObject(0)] * uploads._MOST_OBJECTS)
    assert refusal(pdf(lambda w, p: in_catalog(w, p, Many=many))) == [uploads.PDF_TOO_MUCH]


def test_a_damaged_pdf_is_refused_and_the_log_quotes_nothing_of_it(caplog):
    data = pdf(lambda w, p: in_catalog(w, p, Lang=TextStringObject("620301194708220017")))
    with caplog.at_level(logging.INFO):
        for place in range(9, len(data)):
            broken = data[:place] + b"\xc4" + data[place + 1 :]
            try:
                read(broken)
            except Refused as refused:
                assert refused.messages in ([uploads.NOT_A_PHOTO], [uploads.PDF_LOCKED])
    assert "620301194708220017" not in caplog.text
