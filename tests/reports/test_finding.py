"""What is found in a text, and what is left alone: a table of real turns of phrase."""

import pytest

from reports.finding import Known, find

ID, OLD_ID, CERTIFICATE = "620301194708220024", "620301470822002", "62030119470822002411"
KNOWN = Known(
    names=["张秀兰", "李四", "欧阳建国", "建国", "阿依古丽·买买提", "王小明", "高兴"],
    addresses=["西坡大院25栋2单元501室"],
    communities=["新华路社区"],
)

# What is written → what of it is found, as (kind, words).
FINDS = {
    # numbers
    f"身份证号{ID}，请核对": [("id_number", ID)],
    "身份证６２０３０１１９４７０８２２００２４": [("id_number", "６２０３０１１９４７０８２２００２４")],
    "62030119470822002X。": [("id_number", "62030119470822002X")],
    "620301 19470822 0024 的老人": [("id_number", "620301 19470822 0024")],
    "620301-19470822-0024": [("id_number", "620301-19470822-0024")],
    f"旧证{OLD_ID}": [("id_number", OLD_ID)],
    f"残疾人证{CERTIFICATE}": [("certificate", CERTIFICATE)],
    "残疾人证62030119470822002X43B1": [("certificate", "62030119470822002X43B1")],
    "卡号6228480402564890018": [("bank_card", "6228480402564890018")],
    "卡号 6228 4804 0256 4890 018": [("bank_card", "6228 4804 0256 4890 018")],
    "电话13812345678": [("phone", "13812345678")],
    "拨打138 1234 5678": [("phone", "138 1234 5678")],
    "138-1234-5678": [("phone", "138-1234-5678")],
    "+86 13812345678": [("phone", "+86 13812345678")],
    "１３８１２３４５６７８": [("phone", "１３８１２３４５６７８")],
    "一三八一二三四五六七八": [("phone", "一三八一二三四五六七八")],
    "0935-8211234": [("phone", "0935-8211234")],
    "（0935）8211234": [("phone", "（0935）8211234")],
    "电话：8211234": [("phone", "8211234")],
    # addresses
    "住在3栋2单元401": [("address", "3栋2单元401")],
    "3号楼402室的老人": [("address", "3号楼402室")],
    "家住2单元501": [("address", "2单元501")],
    "三栋二单元四零一": [("address", "三栋二单元四零一")],
    "西坡大院25栋2单元501室": [("address", "西坡大院25栋2单元501室")],
    "家在龙集里25号": [("address", "家在龙集里25号")],
    "新华路18号院": [("address", "新华路18号院")],
    "东湾村三社12号": [("address", "东湾村三社12号")],
    "住址3-2-401": [("address", "3-2-401")],
    # people
    "张秀兰笑了": [("name", "张秀兰")],
    "张 秀 兰笑了": [("name", "张 秀 兰")],
    "张　秀　兰": [("name", "张　秀　兰")],
    "阿依古丽•买买提来了": [("name", "阿依古丽•买买提")],
    "欧阳建国来了": [("name", "欧阳建国")],
    "建国来了": [("name", "建国")],
    "张秀兰和李四": [("name", "张秀兰"), ("name", "李四")],
    "老人很高兴": [("name", "高兴")],  # asked, and explained: it is no name here
    "1947年8月22日出生": [("birth_date", "1947年8月22日")],
    "生于1947-08-22": [("birth_date", "生于1947-08-22")],
    "出生日期：1947.8.22": [("birth_date", "出生日期：1947.8.22")],
    # children
    "王小明今年9岁": [("name", "王小明"), ("minor", "9岁")],
    "9岁的王小明": [("minor", "9岁"), ("name", "王小明")],
    "王某某，九岁": [("minor", "九岁")],
    "十七岁的李四": [("minor", "十七岁"), ("name", "李四")],
    "王小明8个月大": [("name", "王小明"), ("minor", "8个月大")],
    # places that lead to a child
    "在金川区第三小学读书": [("school", "金川区第三小学")],
    "就读于龙首小学": [("school", "龙首小学")],
    "市一中的学生": [("school", "市一中")],
    "金昌市第一中学": [("school", "金昌市第一中学")],
    "考上了兰州大学": [("school", "兰州大学")],
    "金川区特殊教育学校": [("school", "金川区特殊教育学校")],
    "住在新华路社区": [("community", "新华路社区")],
}
# Nothing to be found here.
QUIET = [
    "2026年9月10日，志愿者来了",
    "2023-09-12",
    "慰问30户45人",
    "3号楼前的广场",
    "坐2号线公交",
    "第2单元学习",
    "捐款 12000000 元",
    "统一社会信用代码 51620302MJ0123456E",
    "共 1500 人次，12.5 小时",
    "服务2小时30分",
    "编号GS2026-0003",
    "拨打12345热线",
    "80岁的老人",
    "9岁以下儿童",
    "6岁的孩子们",
    "上小学的时候",
    "小学生们",
    "圆梦大学·成就梦想",
    "老年大学",
    "考上了大学",
    "志愿者某天来到社区",
    "给老人换了3个灯泡",
    "1947年出生的老人",
]


@pytest.mark.parametrize(("text", "expected"), FINDS.items(), ids=FINDS.keys())
def test_what_tells_who_somebody_is_is_found(text, expected):
    assert [(one.kind.value, one.words) for one in find(text, KNOWN)] == expected


@pytest.mark.parametrize("text", QUIET)
def test_what_tells_nothing_is_left_alone(text):
    assert find(text, KNOWN) == []


@pytest.mark.parametrize("text", FINDS)
def test_a_sample_never_shows_what_was_found(text):
    """Numbers, addresses and names are masked; an age or a community is what has to be seen."""
    for one in find(text, KNOWN):
        if one.kind not in ("minor", "community"):
            assert one.words not in one.sample
            assert "*" in one.sample


@pytest.mark.parametrize("before", ["", "今天，", "志愿者说：“", "来自", "1"])
@pytest.mark.parametrize("text", ["电话：13812345678", "张秀兰", f"号码 {ID}"])
def test_it_stands_where_it_is_said_to_stand(before, text):
    whole = f"{before} {text}，谢谢。"
    [one] = find(whole, KNOWN)
    assert whole[one.start : one.end] == one.words


def test_ten_thousand_names_are_one_look_each():
    names = [f"{a}{b}{c}" for a in "赵钱孙李周吴郑王冯陈" for b in _MANY[:25] for c in _MANY[25:65]]
    assert len(set(names)) == 10_000

    found = find("秋天来了，志愿者走进院子。" * 200 + names[7777], Known(names=names))

    assert [one.words for one in found] == [names[7777]]


_MANY = "".join(chr(0x4E2D + 37 * n) for n in range(65))


def test_the_same_thing_has_the_same_mark_however_it_is_spaced():
    first, second = (find(text, KNOWN)[0].mark for text in ("电话 138 1234 5678", "１３８１２３４５６７８"))
    assert first == second
