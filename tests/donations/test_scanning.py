"""Real sheets, printed, photographed badly, and read again; and what happens to them on the page that takes them."""

import io
import subprocess
import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageEnhance, ImageFilter

from donations import papers, scanning
from donations.admin.signed import UNREAD_FORM
from donations.enums import PaperKind
from donations.scanning import ELSEWHERE, FOREIGN, NO_CODE, NOT_FOUND
from donations.services import distributions
from jinchuan.intake.models import Attachment, Draft
from jinchuan.printing import render_pdf
from jinchuan.shared.errors import Refused
from tests import factories, factories_book
from tests.pages import page, said, shown
from tests.printing import paper

pytestmark = pytest.mark.django_db

SCAN = "admin:donations_distribution_scan"


def sheet_of(address, code="FF2026-0001"):
    """A printed sheet with one line, its first page as a picture of 150 dpi."""
    facts = {
        "title": "款物发放签收单",
        "no_receipt": papers.NO_RECEIPT,
        "printed": "李芳　2026年9月12日",
        "code": code,
        "held_on": "2026年9月12日",
        "venue": "社区活动室",
        "division": "龙集里社区",
        "people": "李芳",
        "address": address,
        "lines": [{"number": 1, "code": f"{code}-001", "head": "王秀兰", "item": "大米", "amount": "2 袋"}],
        "totals": "大米 2 袋",
        "households": 1,
        "count": 1,
    }
    made = render_pdf(
        "print/donations/signing_sheet.html", {"facts": facts}, title="签收单", created=paper.CREATED
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.pdf"
        path.write_bytes(made.pdf)
        subprocess.run(
            ["pdftoppm", "-r", "150", "-png", "-singlefile", path, path.with_suffix("")], check=True
        )
        with Image.open(path.with_suffix(".png")) as picture:
            return picture.convert("RGB")


@pytest.fixture(scope="module")
def sheet():
    """One print for all the bad photographs of it."""
    return sheet_of("http://testserver/signed/620302/FF2026-0001/")


def bent(picture):
    """Seen from below and from the left: the far edge is shorter, nothing is parallel."""
    width, height = picture.size
    corners = (
        -0.10 * width,
        -0.06 * height,
        -0.02 * width,
        1.05 * height,
        1.12 * width,
        1.02 * height,
        1.03 * width,
        -0.02 * height,
    )
    return picture.transform(
        picture.size, Image.Transform.QUAD, corners, fillcolor="#777", resample=Image.Resampling.BICUBIC
    )


def at_dusk(picture):
    """A third of the light, little contrast, and the grain of a sensor."""
    dark = ImageEnhance.Contrast(ImageEnhance.Brightness(picture).enhance(0.3)).enhance(0.6)
    grain = Image.effect_noise(picture.size, 12).convert("RGB")
    return Image.blend(dark, grain, 0.15)


def in_shadow(picture):
    """A hand's shadow over half of the code."""
    shade = Image.linear_gradient("L").resize(picture.size).rotate(90)
    return Image.composite(picture, ImageEnhance.Brightness(picture).enhance(0.35), shade)


PHOTOS = {
    "as it is": lambda picture: picture,
    "upside down": lambda picture: picture.rotate(180),
    "on its side": lambda picture: picture.rotate(90, expand=True),
    "askew": lambda picture: picture.rotate(17, expand=True, fillcolor="#888"),
    "out of focus": lambda picture: picture.filter(ImageFilter.GaussianBlur(1.6)),
    "small": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "from an angle": bent,
    "at dusk": at_dusk,
    "in a shadow": in_shadow,
    "all of it": lambda picture: at_dusk(bent(picture.rotate(-8, expand=True, fillcolor="#666"))).filter(
        ImageFilter.GaussianBlur(0.8)
    ),
}


@pytest.mark.parametrize("how", PHOTOS)
def test_a_bad_photograph_is_read(how, sheet):
    assert scanning.decode(PHOTOS[how](sheet)) == ["http://testserver/signed/620302/FF2026-0001/"]


def test_a_picture_without_a_code_has_none(sheet):
    assert scanning.decode(sheet.crop((0, 400, sheet.width, sheet.height))) == []
    assert scanning.decode(sheet.filter(ImageFilter.GaussianBlur(12))) == []


# What a code means -----------------------------------------------------------------------------------------------


def test_a_sheet_finds_its_batch_by_the_address_it_was_printed_with(officer, divisions):
    batch = factories_book.sent_out()
    assert papers.signing_sheet(batch)["address"] == scanning.address_of(batch)
    assert scanning.judge(scanning.address_of(batch), by=officer).batch == batch


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("https://example.test/pay/FF2026-0001", FOREIGN),
        ("WIFI:T:WPA;S:x;P:y;;", FOREIGN),
        ("", FOREIGN),
        ("http://[::1", FOREIGN),
        ("https://example.test/signed/620321/FF2026-0001/", ELSEWHERE.format(district="620321")),
        ("https://example.test/signed/620302/FF2026-9876/", NOT_FOUND.format(code="FF2026-9876")),
        ("https://example.test/signed/620302/../../admin/", FOREIGN),
    ],
)
def test_a_foreign_code_is_told_from_one_of_another_district(text, sentence, officer, divisions):
    reading = scanning.judge(text, by=officer)
    assert (reading.batch, reading.sentence) == (None, sentence)


def test_a_batch_of_others_is_answered_like_none(worker_a, officer, divisions):
    batch = distributions.plan_distribution(
        by=officer, held_on=factories_book.DAY, venue="社区", division=divisions.b1, people="李芳"
    )
    assert scanning.judge(scanning.address_of(batch), by=worker_a).sentence == NOT_FOUND.format(
        code=batch.code
    )
    with pytest.raises(Refused):
        scanning.batch_named(batch.code, by=worker_a)


def test_a_camera_that_reads_the_code_opens_the_page_of_ticks(client_for, officer, worker_b, divisions):
    batch = factories_book.sent_out()
    path = reverse("signed:batch", args=["620302", batch.code])
    assert client_for(officer).get(path).url == page(batch, "tick")
    assert client_for(worker_b).get(path).status_code == 404
    assert client_for(officer).get(reverse("signed:batch", args=["620321", batch.code])).status_code == 404


# The page that takes them ----------------------------------------------------------------------------------------


def upload(picture, name="IMG_2031.jpg", kind="JPEG"):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "HUAWEI"
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(
        out, kind, **({"exif": exif} if kind == "JPEG" else {"resolution": 150} if kind == "PDF" else {})
    )
    return SimpleUploadedFile(name, out.getvalue())


def send(client, *files):
    return client.post(reverse(SCAN), {"photos": list(files)})


def test_photos_go_to_their_batch_without_anybody_choosing_it(client_for, officer, clerk, divisions):
    batch = factories_book.sent_out()
    picture = sheet_of(scanning.address_of(batch), batch.code)
    files = [upload(bent(picture)), upload(picture, "2.png", "PNG"), upload(picture, "scan.pdf", "PDF")]
    client = client_for(officer)
    assert client.get(reverse(SCAN)).status_code == 200
    answer = send(client, *files)
    assert answer.url == page(batch, "tick")
    assert said(answer) == [f"3 个文件已附到 {batch.code}。"]
    kept = list(Attachment.objects.of(batch).order_by("name"))
    assert [one.content_type for one in kept] == ["image/jpeg", "image/jpeg", "application/pdf"]
    for one in kept[:2]:
        with one.file.open("rb") as file:
            data = file.read()
        assert b"HUAWEI" not in data
        with Image.open(io.BytesIO(data)) as photo:
            assert not photo.getexif()
    text = shown(client_for(clerk).get(page(batch)))
    assert "IMG_2031.jpg" in text
    assert not Draft.objects.exists()


def test_a_photo_is_seen_by_who_sees_the_batch(client_for, officer, worker_a, worker_b, member_a, divisions):
    batch = distributions.plan_distribution(
        by=officer, held_on=factories_book.DAY, venue="社区", division=divisions.a1, people="李芳"
    )
    send(client_for(officer), upload(sheet_of(scanning.address_of(batch), batch.code)))
    address = reverse("intake:attachment", args=[Attachment.objects.of(batch).get().pk])
    assert client_for(worker_a).get(address).status_code == 200
    for user in (worker_b, member_a):
        assert client_for(user).get(address).status_code == 404


def test_what_cannot_be_read_waits_and_is_assigned_by_hand(client_for, officer, reviewer, divisions):
    batch = factories_book.sent_out()
    blank = Image.new("RGB", (800, 1100), "white")
    client = client_for(officer)
    answer = send(client, upload(blank), upload(blank, "IMG_2032.jpg"))
    draft = Draft.objects.get()
    assert answer.url == reverse(UNREAD_FORM, args=[draft.pk])
    text = shown(client.get(answer.url))
    assert NO_CODE in text
    assert batch.code in text
    assert client_for(reviewer).get(answer.url).status_code == 404
    first, second = Attachment.objects.of(draft)
    wrong = client.post(answer.url, {f"f{first.pk.hex}-batch": "FF2026-9876"})
    assert "没有找到签收单 FF2026-9876" in shown(wrong)
    half = client.post(answer.url, {f"f{first.pk.hex}-batch": f" {batch.code.lower()} "})
    assert half.status_code == 200
    assert Attachment.objects.of(batch).count() == 1
    done = client.post(answer.url, {f"f{second.pk.hex}-batch": batch.code})
    assert done.url == page(batch, "tick")
    assert Attachment.objects.of(batch).count() == 2
    assert not Draft.objects.exists()
    assert client.get(answer.url).status_code == 404


def test_read_and_unread_ones_together(client_for, officer, divisions):
    batch = factories_book.sent_out()
    foreign = sheet_of("https://example.test/pay/1")
    answer = send(
        client_for(officer), upload(sheet_of(scanning.address_of(batch), batch.code)), upload(foreign)
    )
    assert said(answer) == [f"1 个文件已附到 {batch.code}。"]
    assert FOREIGN in shown(client_for(officer).get(answer.url))


@pytest.mark.parametrize("data", [b"", b"not a picture", b"%PDF-1.7 broken"])
def test_what_is_no_picture_is_refused_by_name(data, client_for, officer, divisions):
    answer = send(client_for(officer), SimpleUploadedFile("假照片.jpg", data, content_type="image/jpeg"))
    assert answer.status_code == 200
    assert not Attachment.objects.exists()
    assert not Draft.objects.exists()
    assert any("假照片.jpg" in sentence for sentence in said(answer)) or "请选择照片" in shown(answer)


def test_nothing_chosen_and_too_many_are_said(client_for, officer, divisions):
    client = client_for(officer)
    assert "请选择照片或扫描件" in shown(send(client))
    tiny = [upload(Image.new("RGB", (9, 9)), f"{number}.jpg") for number in range(13)]
    assert "一次最多上传 12 个文件" in shown(send(client, *tiny))


def test_a_drawn_pdf_has_no_picture_to_read(divisions):
    batch = factories_book.planned()
    facts = {
        "no_receipt": "",
        "printed": "",
        "title": "单",
        **papers.KINDS[PaperKind.SIGNING_SHEET].facts(batch),
    }
    made = render_pdf(
        "print/donations/signing_sheet.html", {"facts": facts}, title="单", created=paper.CREATED
    )
    assert scanning.codes_in(made.pdf, "application/pdf") == []
    assert factories.home()
