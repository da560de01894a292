"""Which batch does this photo of a signed sheet belong to? Its QR code says so, wherever on the picture it stands.

The code holds an address of ours, with the district and the number of the batch; it opens the batch when a phone's own
camera reads it. What is read is judged like anything typed: looked up among the batches the person may see.
"""

import io
import logging
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from PIL import Image, ImageOps
from pypdf import PdfReader

from jinchuan.shared.errors import Refused

from .models import Distribution

NO_CODE = "没有认出签收单上的二维码。请把整张纸拍清楚再传一次，或者在下面选择是哪一次发放。"
FOREIGN = "照片里的二维码不是签收单的二维码。请确认拍的是签收单，或者在下面选择是哪一次发放。"
ELSEWHERE = "这张签收单是别的区县（{district}）的，不能附到本区的发放。请交给开出它的民政局。"
NOT_FOUND = "没有找到签收单 {code}，或者它不在您的工作范围内。请核对编号，或者在下面选择是哪一次发放。"

_ADDRESS = re.compile(r"/signed/(?P<district>\d{6})/(?P<code>FF\d{4}-\d{4,8})/?")
_PAGES_MOST = 50
_SIDE_MOST, _SIDE_LEAST, _PIXELS_MOST = 3000, 300, 40_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What a file said: the batch, or the sentence that tells why there is none."""

    batch: Distribution | None
    sentence: str = ""


def address_of(batch) -> str:
    """What the QR code of a batch holds."""
    district = settings.HOME_DIVISION[:6]
    return f"{settings.SITE_URL}{reverse('signed:batch', args=[district, batch.code])}"


def read(data, content_type, *, by) -> Reading:
    """The batch whose code stands on an upload that intake has accepted (jpeg, or pdf of scanned pages)."""
    texts = codes_in(data, content_type)
    if not texts:
        return Reading(None, NO_CODE)
    readings = [judge(text, by=by) for text in texts]
    return next((one for one in readings if one.batch), readings[0])


def judge(text, *, by) -> Reading:
    """What an address read from a code means to this person. A batch of others and no batch get the same answer."""
    found = _ADDRESS.fullmatch(_path(text))
    if found is None:
        return Reading(None, FOREIGN)
    if found["district"] != settings.HOME_DIVISION[:6]:
        return Reading(None, ELSEWHERE.format(district=found["district"]))
    batch = Distribution.objects.visible_to(by).filter(code=found["code"]).first()
    return Reading(batch, "" if batch else NOT_FOUND.format(code=found["code"]))


def codes_in(data, content_type) -> list[str]:
    """The texts of all QR codes on a picture, or on the pictures of a PDF, each once."""
    pictures = _of_pdf(data) if content_type == "application/pdf" else [Image.open(io.BytesIO(data))]
    return list(dict.fromkeys(text for picture in pictures for text in decode(picture)))


def decode(picture) -> list[str]:
    """The texts of the QR codes on a picture. Tried as it is, then with the contrast stretched: photos at dusk."""
    import zxingcpp

    grey = picture.convert("L")
    for attempt in (
        lambda: grey,
        lambda: ImageOps.autocontrast(grey, cutoff=2),
        lambda: ImageOps.equalize(grey),
    ):
        found = zxingcpp.read_barcodes(attempt(), formats=zxingcpp.BarcodeFormat.QRCode)
        texts = [one.text for one in found if one.valid]
        if texts:
            return texts
    return []


def batch_named(code, *, by) -> Distribution:
    """The batch that somebody chose by hand. Refuses one that is not theirs to see."""
    batch = Distribution.objects.visible_to(by).filter(code=(code or "").strip().upper()).first()
    if batch is None:
        raise Refused({"batch": NOT_FOUND.format(code=code)})
    return batch


def _path(text) -> str:
    try:
        return urlsplit(text.strip()).path
    except ValueError:
        return ""


def _of_pdf(data):
    """The pictures of a scanner's PDF: one a page, as a rule. Drawn pages (our own file, not signed) have none."""
    for page in PdfReader(io.BytesIO(data)).pages[:_PAGES_MOST]:
        for key in page.images.keys():  # noqa: SIM118 - it is no dictionary
            picture = _picture(page, key)
            if picture is not None:
                picture.thumbnail((_SIDE_MOST, _SIDE_MOST))
                yield picture


def _picture(page, key):
    """One picture of a page; None when it is small, huge or damaged. Its size is read before it is unpacked."""
    try:
        found = page
        for name in key if isinstance(key, list) else [key]:
            found = found["/Resources"]["/XObject"][name]
        width, height = int(found["/Width"]), int(found["/Height"])
        if max(width, height) < _SIDE_LEAST or width * height > _PIXELS_MOST:
            return None
        return page.images[key].image
    except Exception as error:  # pypdf raises whatever a damaged picture happens to cause
        log.info("a picture in a PDF could not be read: %s", type(error).__name__)
        return None
