"""What people upload: photos are decoded and written anew, PDFs are looked through; nothing else comes in.

A re-encoded photo carries no place, no camera and no hidden payload; the name on the phone is kept as text only.
"""

import io
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from jinchuan.shared.errors import Refused
from jinchuan.shared.text import clean

EMPTY = "文件是空的，请重新选择。"
TOO_BIG = "每个文件不超过 20 MB，请缩小后再上传。"
NOT_A_PHOTO = "这不是照片文件，请选 JPG 或 PNG 照片。"
TOO_LARGE_A_PICTURE = "照片尺寸过大，请缩小后再上传。"
PDF_LOCKED = "文件有密码，请取消密码后再上传。"
PDF_ACTIVE = "文件里有脚本或附件，请另存为普通 PDF 后再上传。"
PDF_TOO_LONG = "文件超过 50 页，请分开上传。"
PDF_TOO_MUCH = "这个 PDF 的内容太复杂，请拍照，或另存为普通 PDF 后再上传。"

_LONGEST_SIDE = 2048
_MOST_PIXELS = 40_000_000
_MOST_PAGES = 50
# Wherever in the document they stand: what a viewer would run, open or unpack. Plain links (/URI, /GoTo) may stay.
_ACTIVE_KEYS = frozenset(
    {
        "/OpenAction",
        "/AA",
        "/JavaScript",
        "/JS",
        "/EmbeddedFiles",
        "/EF",
        "/Launch",
        "/XFA",
        "/RichMediaContent",
    }
)
_ACTIVE_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/RichMediaExecute",
    }
)
# Fonts, pictures and the outline for screen readers hold no actions and most of the objects.
_PASSIVE_KEYS = frozenset({"/Resources", "/Contents", "/StructTreeRoot"})
_MOST_OBJECTS = 20_000


@dataclass(frozen=True)
class Upload:
    name: str
    content_type: str
    extension: str
    data: bytes

    def as_file(self) -> ContentFile:
        return ContentFile(self.data)


def read(upload) -> Upload:
    """The upload as we keep it. Refuses what is empty, too big, or not what it says it is."""
    if upload.size == 0:
        raise Refused(EMPTY)
    if upload.size > settings.ATTACHMENT_BYTES_MOST:
        raise Refused(TOO_BIG)
    upload.seek(0)
    data = upload.read()
    name = _short_name(upload.name)
    if data.startswith(b"%PDF-"):
        return Upload(name, "application/pdf", ".pdf", _checked_pdf(data))
    return Upload(name, "image/jpeg", ".jpg", _fresh_photo(data))


def _short_name(name) -> str:
    """The last part of the name as plain text, at most 120 characters."""
    plain = clean(name.replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if dot else plain[:100] or "文件"


def _fresh_photo(data) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            photo = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
            if photo.width * photo.height > _MOST_PIXELS:
                raise Refused(TOO_LARGE_A_PICTURE)
            photo.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            photo = ImageOps.exif_transpose(photo)
            photo.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            flat = Image.new("RGB", photo.size, "white")
            flat.paste(photo, mask=photo.convert("RGBA").getchannel("A"))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused(TOO_LARGE_A_PICTURE) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused(NOT_A_PHOTO) from error
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _checked_pdf(data) -> bytes:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Refused(PDF_LOCKED)
        if len(reader.pages) > _MOST_PAGES:
            raise Refused(PDF_TOO_LONG)
        is_active = _is_active(reader.trailer["/Root"])
    except Refused:
        raise
    except Exception as error:  # pypdf raises whatever a damaged part happens to cause
        raise Refused(NOT_A_PHOTO) from error
    if is_active:
        raise Refused(PDF_ACTIVE)
    return data


def _is_active(root) -> bool:
    """Does anything that can be reached from the catalogue do more than lie on its page?"""
    waiting, met, looked_at = [root], set(), 0
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, IndirectObject):
            if thing.idnum in met:
                continue
            met.add(thing.idnum)
            thing = thing.get_object()
        looked_at += 1
        if looked_at > _MOST_OBJECTS:
            raise Refused(PDF_TOO_MUCH)
        if isinstance(thing, DictionaryObject):
            if not _ACTIVE_KEYS.isdisjoint(thing) or ("/S" in thing and str(thing["/S"]) in _ACTIVE_ACTIONS):
                return True
            waiting += [dict.__getitem__(thing, key) for key in thing if key not in _PASSIVE_KEYS]
        elif isinstance(thing, ArrayObject):
            waiting += list.__iter__(thing)
    return False
