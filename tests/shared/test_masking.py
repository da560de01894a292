import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jinchuan.shared import masking


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("王", "*"),
        ("张三", "张*"),
        ("王小兰", "王*兰"),
        ("张小明明", "张**明"),
        ("欧阳", "欧*"),
        ("欧阳修", "欧阳*"),
        ("欧阳小兰", "欧阳**"),
        ("阿依古丽·买买提", "阿***·***"),
        ("Anna Schmidt", "A*** *******"),
        ("𬱖小兰", "𬱖*兰"),
    ],
)
def test_names(name, masked):
    assert masking.mask_name(name) == masked


@pytest.mark.parametrize(
    ("name", "masked"), [("", ""), ("张三", "张某某"), ("欧阳小兰", "欧阳某某"), ("王", "王某某")]
)
def test_names_of_children(name, masked):
    assert masking.mask_child_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("620301194103150017", "*" * 16 + "17"),
        ("62030119530109003X", "*" * 16 + "3X"),
        ("", ""),
        ("12", "**"),
    ],
)
def test_id_numbers_show_two_characters(number, masked):
    assert masking.mask_id(number) == masked


def test_certificates_show_category_and_grade():
    assert masking.mask_certificate("62030119530109003X42") == "*" * 18 + "42"
    assert masking.mask_certificate("62030119530109003X42B1") == "*" * 18 + "42"
    assert masking.mask_certificate("123") == "***"


@pytest.mark.parametrize(
    ("digits", "masked"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("09358212123", "0935-8***123"),
        ("093582123123", "0935-8****123"),
        ("4001234567", "400****567"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_telephones(digits, masked):
    assert masking.mask_phone(digits) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("", ""),
        ("北京路街道龙门里3号楼2单元501室", "北京路街道龙门里3号楼***"),
        ("北京路12号3栋501", "北京路12号3栋***"),
        ("龙门里三号楼二单元", "龙门里三号楼***"),
        ("龙门里12-3-501", "龙门里12***"),
        ("宁远堡镇西湾村三社12号", "宁远堡镇西湾村三社***"),
        ("宁远堡镇西湾村三社王家大院", "宁远堡镇西湾村三社***"),
        ("北京路街道龙门里社区", "北京路街道龙门里社区"),
        ("双湾镇龙寨村", "双湾镇龙寨村"),
        ("昌荣里五号", "昌荣里***"),
        ("某处", "***"),
    ],
)
def test_addresses_end_at_the_building(address, masked):
    assert masking.mask_address(address) == masked


@given(st.text(alphabet="龙门里社区街道号楼单元室栋0123456789-三", max_size=25))
def test_the_end_of_an_address_is_never_a_room(address):
    assert not masking.mask_address(address).endswith(("室", "单元"))


@given(st.text(min_size=1, max_size=12))
@example("买·")
def test_no_name_is_shown_whole(name):
    assert masking.mask_name(name) != name or set(name) <= set("*· ")


@pytest.mark.parametrize(
    ("address", "shown"),
    [("wang@example.cn", "w***@example.cn"), ("w@x.cn", "w***@x.cn"), ("", ""), ("wang", "****")],
)
def test_an_address_keeps_its_first_letter_and_its_host(address, shown):
    assert masking.mask_email(address) == shown
