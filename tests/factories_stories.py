"""Good stories by situation, made through the services by somebody who may."""

import io
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cases.enums import PUBLISHING, Channel, Relation
from cases.services import households
from jinchuan.intake import services as intake
from jinchuan.shared.clock import today
from organizations.enums import Role
from organizations.models import User
from reports.enums import Item, Shown
from reports.services import releasing, stories, story_people
from tests import factories

DAY = date(2026, 10, 12)
CENTRE, WECHAT = Channel.MEDIA_CENTRE, Channel.WECHAT
TEXT = "秋天的早晨，志愿者来到老人家里，擦了窗户，换了灯泡。\n老人说，日子有了盼头。"


def jpeg(colour="teal", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", **options)
    return out.getvalue()


def writer() -> User:
    return User.objects.filter(username="writer").first() or factories.user(Role.OFFICER, username="writer")


def draft(*, by=None, **fields):
    fields = {"title": "一盏新灯", "text": TEXT, "happened_on": DAY, **fields}
    return stories.write_story(by=by or writer(), **fields)


def submitted(**fields):
    story = draft(**fields)
    return stories.submit_story(story, by=story.written_by)


def checked(**fields):
    return stories.check_story(submitted(**fields), by=factories.officer())


def member(household=None, **fields):
    """Somebody of a household who is grown up, and not its head."""
    fields = {
        "name": factories.person_name(),
        "relation": Relation.CHILD,
        "id_number": factories.citizen_id(date(1980, 2, 3)),
        **fields,
    }
    return households.add_member(
        household or factories.verified_household(), by=factories.officer(), **fields
    )


def child(household=None, *, born=date(2015, 3, 1), hardship="", **fields):
    hardships = [{"category": hardship, "basis": "认定表"}] if hardship else []
    fields = {"id_number": factories.citizen_id(born), "guardian_name": factories.person_name(), **fields}
    return member(household, hardships=hardships, joined_on=date(2023, 6, 1), **fields)


def shows(story, person=None, *, by=None, shown=Shown.ALIAS, **fields):
    """Somebody appears in the story: a member unless ``fields`` name another."""
    if not {"volunteer", "other_name"} & fields.keys():
        fields["member"] = person or member()
    if shown == Shown.ALIAS:
        fields.setdefault("alias", "秋奶奶")
    return story_people.show_person(story, by=by or writer(), shown=shown, **fields)


def agrees(person, *items, channels=(CENTRE,), **fields):
    """The consents of a person of a story: every item, unless some are named."""
    fields = {"evidence": "签字同意书存于宣传档案第 2 盒", **fields}
    if person.member_id:
        return households.record_publishing(
            person.member, by=factories.officer(), items=items or PUBLISHING, channels=channels, **fields
        )
    return story_people.record_publication_consents(
        person, by=factories.officer(), items=items or Item.values, channels=channels, **fields
    )


def photo(story, *, by=None, data=None, caption="擦窗户"):
    by = by or story.written_by
    upload = SimpleUploadedFile("照片.jpg", data or jpeg(), content_type="image/jpeg")
    attachment = intake.attach(story._meta.label, story.pk, upload, by=by)
    return story_people.add_photo(story, by=by, attachment=attachment, caption=caption)


def complete(*, channels=(CENTRE,), **fields):
    """Checked, with one person under an alias who agreed: nothing is missing but the release."""
    story = checked(**fields)
    agrees(shows(story), channels=channels)
    return stories.confirm_consents(story, by=factories.officer(), channels=list(channels))


def released(*, channels=(CENTRE,), **fields):
    story = complete(channels=channels, **fields)
    releasing.release_story(story, by=factories.reviewer(), channels=list(channels))
    story.refresh_from_db()
    return story


def published(*, channel=CENTRE, **fields):
    return releasing.record_publication(
        released(channels=(channel,), **fields),
        by=factories.officer(),
        channel=channel,
        title="一盏新灯亮起来",
        published_on=today(),
    )
