"""Good stories as a sheet. What comes in that way is a draft: it is looked through and agreed to like any other."""

from jinchuan.sheets.cells import LookupFormField, RowForm, field_of
from jinchuan.sheets.registers import NEW, SAME, Register, Written
from organizations.sheets import find_organization

from .models import Story
from .services.stories import write_story


class StoryRow(RowForm):
    title = field_of(Story, "title")
    happened_on = field_of(Story, "happened_on")
    text = field_of(Story, "text")
    organization = LookupFormField(
        label="涉及组织", find=find_organization, required=False, help_text="没有的不填。"
    )


def write(entry) -> Written:
    """A draft of whoever hands the sheet in; one they have written already stays as it is."""
    head = entry.head
    known = Story.objects.filter(
        written_by=entry.by, title=head["title"], happened_on=head["happened_on"]
    ).first()
    if known:
        return Written(SAME, known.code)
    names = ("title", "happened_on", "text", "organization")
    return Written(NEW, write_story(by=entry.by, **{name: head[name] or None for name in names}).code)


REGISTERS = [
    Register(
        name="stories",
        title="好故事",
        unit="篇",
        model=Story,
        head=StoryRow,
        write=write,
        key=lambda head, line: (head.get("title"), head.get("happened_on")) if head.get("title") else None,
        personal={"text": lambda text: "已填写"},
        examples=(
            {
                "title": "一盏新灯",
                "happened_on": "2026-10-12",
                "text": "秋天的早晨，志愿者来到秋奶奶（化名）家里，擦了窗户，换了灯泡。",
                "organization": "金川区某某志愿服务协会",
            },
        ),
        notes=(
            "导入的都是草稿，要提交审核、取得本人同意以后才能送出。",
            "正文里用化名，不写身份证号、电话、楼栋门牌、学校。",
        ),
        prepare=lambda rows: rows.select_related("organization", "written_by").prefetch_related(
            "releases__channels__publications"
        ),
        out=(
            ("编号", lambda s: s.code),
            ("标题", lambda s: s.title),
            ("发生日期", lambda s: s.happened_on),
            ("涉及组织", lambda s: s.organization.name if s.organization else ""),
            ("写稿人", lambda s: s.written_by.username),
            ("状态", lambda s: s.get_state_display()),
            ("首次送出日期", lambda s: s.released_on),
            ("送出渠道", lambda s: "、".join(_channels(s))),
            ("发布篇次", lambda s: sum(len(one.publications.all()) for one in _outlets(s))),
        ),
    )
]


def _outlets(story):
    return [one for release in story.releases.all() for one in release.channels.all()]


def _channels(story) -> list[str]:
    return list(dict.fromkeys(one.get_channel_display() for one in _outlets(story)))
