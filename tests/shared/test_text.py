import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuan.shared import text


@pytest.mark.parametrize(
    "typed",
    ["张\u200b三", "张　三", "张三 ", "张 三", "\u202e张三", "张\x00三", "\ufeff张三\n", "张\u00ad三"],
)
def test_invisible_characters_and_stray_spaces_leave_a_name(typed):
    assert text.parse_name(typed) == "张三"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽 . 买买提", "阿依古丽·买买提"),
        ("𬱖", "𬱖"),
        ("王", "王"),
        ("王" * 50, "王" * 50),
        ("李〇", "李〇"),
        ("Anna  Schmidt", "Anna Schmidt"),
        ("ＡＢ", "AB"),
        ("王Anna", "王Anna"),
        ("\ufa1f", "\ufa1f"),
    ],
)
def test_names_are_taken(typed, stored):
    assert text.parse_name(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "{{7*7}}",
        "'; DROP",
        "张三1",
        "张三(大)",
        "·张三",
        "张三·",
        "🙏",
        "@",
        "张_三",
    ],
)
def test_markup_is_no_name(typed):
    with pytest.raises(text.TextError) as caught:
        text.parse_name(typed)
    assert caught.value.message == "姓名只能用汉字、字母和·"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", text.NAME_EMPTY), (" \u200b", text.NAME_EMPTY), ("王" * 51, text.NAME_TOO_LONG)],
)
def test_empty_and_endless_names_are_refused(typed, sentence):
    with pytest.raises(text.TextError) as caught:
        text.parse_name(typed)
    assert caught.value.message == sentence


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  很好　很好 ", "很好 很好"),
        ("谢谢🙏", "谢谢🙏"),
        ("一家👨‍👩‍👧", "一家👨‍👩‍👧"),
        ("a" + "\u200b" * 300 + "b", "ab"),
        ("\u202ecba", "cba"),
        ("第一行\r\n第二行", "第一行 第二行"),
        ("半\ud800个", "半个"),
        ("\x07\x1b[31m红", "[31m红"),
        ("1\t2", "1 2"),
    ],
)
def test_one_line_is_cleaned(typed, cleaned):
    assert text.clean(typed) == cleaned


def test_a_paragraph_keeps_its_lines():
    assert text.clean_lines(" 一 \r\n\r\n\r\n\r\n二\u2028三\x0b四 ") == "一\n\n二\n三\n四"


@pytest.mark.parametrize(
    ("value", "count"), [("", 0), ("张三", 2), ("𬱖", 1), ("🙏", 1), ("é", 1), ("e\u0301", 1)]
)
def test_characters_are_counted_as_people_count(value, count):
    assert text.length(value) == count


@given(st.text(max_size=200))
def test_cleaned_text_can_be_stored_anywhere_and_stays_as_it_is(value):
    for clean in (text.clean, text.clean_lines):
        cleaned = clean(value)
        cleaned.encode()
        assert "\x00" not in cleaned
        assert clean(cleaned) == cleaned


@given(st.text(max_size=60))
def test_a_stored_name_reads_as_itself(value):
    try:
        name = text.parse_name(value)
    except text.TextError:
        return
    assert text.parse_name(name) == name
    assert not set("<>={}'\"&;") & set(name)


# E-mail addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("wang@example.cn", "wang@example.cn"),
        (" Wang.Xiao＠EXAMPLE.Cn ", "Wang.Xiao@example.cn"),
        ("ｗ１@mail.example.cn\u200b", "w1@mail.example.cn"),
    ],
)
def test_an_address_is_read_as_it_is_typed(typed, address):
    assert text.parse_email(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "wang",
        "@example.cn",
        "wang@",
        "wang@cn",
        "王@example.cn",
        "a@b@c.cn",
        "a..b@c.cn",
        f"{'a' * 250}@example.cn",
    ],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(text.TextError) as refused:
        text.parse_email(typed)
    assert refused.value.message == text.EMAIL_FORM
