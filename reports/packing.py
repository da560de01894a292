"""What the media centre gets: one zip with the story as PDF and as a document to edit, its photos, and how it may be used.

Everything is made from the edition (``StoryRelease``) and what stood still with it. Photos are decoded and written anew, so
that neither place nor camera goes along.
"""

import base64
import io
import zipfile

from django.conf import settings
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from PIL import Image, ImageOps

from cases.enums import Channel
from cases.models import Consent
from jinchuan.printing import render_pdf
from jinchuan.shared.clock import SHANGHAI
from jinchuan.shared.dates import zh

from .consenting import needed
from .enums import Shown
from .models import PublicationConsent

_PRINTED_SIDE, _HANDED_SIDE = 1100, 2048
_SONG = "宋体"
NO_PHOTOS = "本稿没有照片。"
PHOTOS = "随稿照片 {count} 张，不含拍摄地点信息。请不要使用本稿以外的照片。"
UNTIL = "最早到期的同意到 {day} 为止；到期后请撤下，或与我局联系续期。"
WITHOUT_END = "没有到期日期；本人撤回同意时以我局通知为准。"


def pack(release) -> bytes:
    """The zip of one edition."""
    photos = [
        (photo, reencoded(photo.attachment))
        for photo in release.story.photos.used().select_related("attachment")
    ]
    told = facts(release, photos)
    created = release.released_at.astimezone(SHANGHAI)
    story = render_pdf("print/story.html", {"facts": told}, title=told["title"], created=created)
    note = render_pdf(
        "print/story_note.html", {"facts": told}, title=f"用稿说明 {told['code']}", created=created
    )
    files = {
        "用稿说明.pdf": note.pdf,
        f"{release}.pdf": story.pdf,
        f"{release}.docx": document(told, photos),
        **{f"照片{place}.jpg": data for place, (_, data) in enumerate(photos, 1)},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, date_time=created.timetuple()[:6])
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def facts(release, photos) -> dict:
    """What the papers of the pack say."""
    story = release.story
    people = list(story.people.select_related("member", "volunteer"))
    channels = [one.channel for one in release.channels.all()]
    return {
        "code": str(release),
        "title": release.title,
        "paragraphs": [line for line in release.text.splitlines() if line.strip()],
        "photos": [
            {"source": _inline(data), "caption": photo.caption or f"照片{place}"}
            for place, (photo, data) in enumerate(photos, 1)
        ],
        "photo_words": PHOTOS.format(count=len(photos)) if photos else NO_PHOTOS,
        "channels": [Channel(one).label for one in channels],
        "people": [_shown(person) for person in people if person.shown != Shown.HIDDEN]
        or ["文中没有具体人物。"],
        "until": _until(people, channels, release.released_on),
        "bureau": settings.BUREAU_NAME,
        "help_phone": settings.HELP_PHONE,
        "dated": zh(release.released_on),
    }


def reencoded(attachment, side=_HANDED_SIDE) -> bytes:
    """The pixels of a photo and nothing else."""
    with attachment.file.open("rb") as file:
        photo = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    photo.thumbnail((side, side))
    bare = Image.new("RGB", photo.size)
    bare.paste(photo)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()


def document(told, photos) -> bytes:
    """The story as a document that an editor goes on with."""
    page = Document()
    normal = page.styles["Normal"]
    normal.font.name, normal.font.size = _SONG, Pt(12)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _SONG)
    page.core_properties.author = told["bureau"]
    page.core_properties.title = told["title"]
    heading = page.add_paragraph()
    heading.alignment = 1
    run = heading.add_run(told["title"])
    run.bold, run.font.size = True, Pt(18)
    for paragraph in told["paragraphs"]:
        page.add_paragraph(paragraph).paragraph_format.first_line_indent = Pt(24)
    for place, (photo, data) in enumerate(photos, 1):
        page.add_picture(io.BytesIO(data), width=Cm(14))
        page.add_paragraph(f"照片{place}　{photo.caption}").alignment = 1
    page.add_paragraph(f"稿件编号：{told['code']}　供稿：{told['bureau']}　{told['dated']}")
    out = io.BytesIO()
    page.save(out)
    return out.getvalue()


def _inline(data) -> str:
    """A smaller copy for the page itself."""
    photo = Image.open(io.BytesIO(data))
    photo.thumbnail((_PRINTED_SIDE, _PRINTED_SIDE))
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=78)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"


def _shown(person) -> str:
    """Never more than the story itself tells."""
    how = {
        Shown.FULL: "真名，本人（监护人）同意",
        Shown.SURNAME: "只写姓，请不要补全",
        Shown.ALIAS: "化名，请不要改回真名",
    }[person.shown]
    photo = "，照片中有本人，已同意公开" if person.photo else "，不得配发本人照片"
    return f"{person.shown_as}：{how}{photo}。"


def _until(people, channels, day) -> str:
    """The first day on which one of the consents this rests on runs out."""
    ends = []
    for person in people:
        items = [item.value for item in needed(person)]
        if person.member_id:
            rows = Consent.objects.in_force(day).filter(
                member=person.member_id, purpose__in=items, channel__in=channels
            )
        else:
            rows = PublicationConsent.objects.in_force(day).filter(
                person=person, item__in=items, channel__in=channels
            )
        ends += rows.filter(expires_on__isnull=False).values_list("expires_on", flat=True)
    return UNTIL.format(day=zh(min(ends))) if ends else WITHOUT_END
