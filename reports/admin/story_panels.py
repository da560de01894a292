"""What stands below a story on its page: what was found, who appears, who agreed, where it went."""

from cases.enums import Channel
from jinchuan.shared.admin import Cell, Panel, row_link
from jinchuan.shared.dates import zh

from .. import clearing, coming_down, consenting
from ..enums import Shown
from ..models import Publication

EVERY_CONSENT = "齐备"


def findings(story) -> Panel:
    found = clearing.findings(story)
    left = sum(one.is_open for one in found)
    return Panel(
        "个人信息检查",
        ("位置", "种类", "内容", "状态", "怎么办"),
        [
            (
                one.where,
                one.found.kind.label,
                one.found.sample,
                one.status,
                one.what_to_do if one.is_open else one.reason or "--",
            )
            for one in found
        ],
        empty="标题、正文和照片说明里没有查出姓名、号码、住址。",
        note=f"还有 {left} 处要处理。改了再查，直到没有为止。" if left else "都已处理。" if found else "",
        leads=True,
    )


def people(story) -> Panel:
    return Panel(
        "故事里的人",
        ("姓名", "身份", "怎样出现", "文中写作", "照片"),
        [
            (
                Cell(one.masked_name, row_link(one)),
                "不得识别的儿童" if one.is_protected else "未成年人" if one.is_minor else _identity(one),
                one.get_shown_display(),
                (one.masked_name if one.shown == Shown.FULL else one.shown_as) or "--",
                "有" if one.photo else "--",
            )
            for one in story.people.select_related("member", "volunteer")
        ],
        empty="还没有登记。文中、照片里能认出的人都要登记。",
    )


def _identity(person) -> str:
    return "家庭成员" if person.member_id else "志愿者" if person.volunteer_id else "其他人"


def consents(story) -> Panel:
    """Channel by channel: everything there, or what is missing."""
    lacking = consenting.missing_of([story])
    rows = []
    for channel in Channel:
        missing = lacking(story, channel)
        rows.append((channel.label, "".join(one.sentence for one in missing) or EVERY_CONSENT))
    return Panel("同意", ("渠道", "还缺什么"), rows, note="同意随时可以撤回；撤回当天起不再算数。")


def photos(story) -> Panel:
    return Panel(
        "照片",
        ("序号", "说明", "随稿使用"),
        [
            (Cell(f"照片{one.number}", row_link(one)), one.caption or "--", "是" if one.is_used else "否")
            for one in story.photos.all()
        ],
        empty="没有照片。",
    )


def releases(story) -> Panel:
    return Panel(
        "送出",
        ("版次", "送出日期", "渠道", "稿件包"),
        [
            (
                Cell(str(one), row_link(one)),
                zh(one.released_on),
                "、".join(channel.get_channel_display() for channel in one.channels.all()),
                "正在生成" if one.is_waiting else one.failure or "已生成",
            )
            for one in story.releases.select_related("story").prefetch_related("channels")
        ],
        empty="还没有送出。",
    )


def publications(story) -> Panel:
    rows = Publication.objects.filter(outlet__release__story=story).for_list()
    must = {one.pk for one, _ in coming_down.publications(rows)}
    return Panel(
        "发布",
        ("渠道", "标题", "日期", "现在"),
        [
            (
                one.outlet.get_channel_display(),
                Cell(one.title, row_link(one)),
                zh(one.published_on),
                f"{zh(one.taken_down_on)}撤下"
                if one.taken_down_on
                else "要撤下"
                if one.pk in must
                else "在发布",
            )
            for one in rows
        ],
        empty="还没有登记发布。",
    )
