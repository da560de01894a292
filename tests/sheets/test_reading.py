"""Files as they come: rows 44–56 of the list of hostile and clumsy inputs, with their exact answers."""

import io
import struct
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cases.models import Household
from cases.sheets.households import HouseholdRow
from cases.sheets.pairings import PairingRow
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import travel
from jinchuan.sheets import blank, importing, reading
from jinchuan.sheets.reading import FileProblem
from jinchuan.sheets.registers import named
from organizations.models import Organization
from tests import factories
from tests.sheets.filling import (
    GIFT,
    HEAD,
    ORGANIZATION,
    as_csv,
    carry_out,
    columns,
    fill,
    opened,
    read,
    rehearse,
    said,
    saved,
)

pytestmark = pytest.mark.django_db

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def refused(data, name="表.xlsx", register="organizations"):
    with pytest.raises(FileProblem) as caught:
        read(register, data, name)
    return caught.value.messages[0]


def rezipped(data, *, change=lambda name, part: part, more=()):
    """The same workbook with some of its parts changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more:
            new.writestr(name, part)
    return out.getvalue()


def changed_sheet(data, old, new):
    return rezipped(
        data, change=lambda name, part: part.replace(old, new) if name.endswith("sheet1.xml") else part
    )


# 44: formats ------------------------------------------------------------------------------------------------


def test_44_an_old_workbook_is_to_be_saved_as_xlsx():
    for name in ("表.xls", "表.et", "表.xlsx"):
        assert "请另存为 .xlsx" in refused(OLE + "Workbook".encode("utf-16-le"), name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_44_csv_is_read_in_either_encoding(encoding, officer):
    outcome = rehearse("organizations", as_csv("organizations", ORGANIZATION, encoding=encoding), by=officer)
    assert (outcome.new, said(outcome)) == (1, [])


def test_44_a_table_with_macros_is_read_as_data(officer):
    def as_macro(name, part):
        if name == "[Content_Types].xml":
            return part.replace(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            )
        return part

    data = rezipped(
        fill("organizations", ORGANIZATION), change=as_macro, more=[("xl/vbaProject.bin", b"\1" * 50)]
    )
    assert rehearse("organizations", data, by=officer).new == 1


def test_44_a_document_by_any_name_is_no_sheet():
    assert "不是表格文件" in refused(OLE + "WordDocument".encode("utf-16-le"), "表.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    for data in (
        out.getvalue(),
        b"%PDF-1.7 ...",
        b"<html></html>",
        b"\x89PNG\0\0",
        b"{\\rtf1 }",
        b"\xff\xfe\xff",
    ):
        assert "不是表格文件" in refused(data)


def test_44_an_empty_file_is_called_empty():
    assert refused(b"") == "文件是空的，请重新选择。"


# 45 ---------------------------------------------------------------------------------------------------------


def test_45_a_locked_file_is_called_locked():
    assert refused(OLE + "EncryptedPackage".encode("utf-16-le")) == "文件有密码，请取消密码后再上传。"


# 46 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", [620301194708220022, 6.20301194708220e17, "6.20302E+17", "620301194708220000"]
)
def test_46_a_number_that_lost_its_digits_is_refused_never_guessed(officer, divisions, number):
    outcome = rehearse("households", fill("households", HEAD | {"id_number": number}), by=officer)
    assert said(outcome) == [(3, "id_number", "身份证号被当成数字，后三位已丢失，请按文本重填")]


def test_46_a_phone_as_a_number_is_whole_and_fine(officer, divisions):
    carry_out("households", fill("households", HEAD | {"phone": 13909350002}), by=officer)
    assert Household.objects.get().phone == "13909350002"


# 47: headings and hidden rows ---------------------------------------------------------------------------------


def test_47_headings_are_found_wherever_they_stand(officer):
    def move(sheet, book):
        sheet.insert_rows(1, 3)
        sheet["A1"] = "金川区社会组织登记表"
        sheet.merge_cells("A1:F2")
        sheet.move_range("D4:D10", cols=16)
        sheet.auto_filter.ref = "A4:O10"

    outcome = rehearse("organizations", fill("organizations", ORGANIZATION, change=move), by=officer)
    assert (outcome.new, said(outcome)) == (1, [])


def test_47_a_heading_below_the_fifth_row_is_not_looked_for():
    assert "缺少列" in refused(fill("organizations", ORGANIZATION, change=lambda s, b: s.insert_rows(1, 5)))


def test_47_a_missing_column_is_named():
    def drop(sheet, book):
        sheet.delete_cols(columns("households")["id_number"])

    assert refused(fill("households", HEAD, change=drop), register="households").startswith(
        "缺少列：身份证号。"
    )


def test_47_a_renamed_column_is_missing_and_an_unknown_one_is_said():
    def rename(sheet, book):
        sheet.cell(1, columns("organizations")["name"]).value = "单位"

    assert refused(fill("organizations", ORGANIZATION, change=rename)).startswith("缺少列：组织名称。")

    def more(sheet, book):
        sheet.cell(1, 30).value = "备注二"

    assert (
        "没有用到的列：备注二。"
        in read("organizations", fill("organizations", ORGANIZATION, change=more)).notices
    )


def test_47_an_optional_column_may_be_missing(officer):
    def drop(sheet, book):
        sheet.delete_cols(columns("organizations")["strengths"])

    assert rehearse("organizations", fill("organizations", ORGANIZATION, change=drop), by=officer).new == 1


def test_47_two_columns_of_one_name_are_refused():
    def twice(sheet, book):
        sheet.cell(1, 30).value = "负责人"

    assert refused(fill("organizations", ORGANIZATION, change=twice)) == "有两列都叫“负责人”，请删去一列。"


def test_47_hidden_rows_and_columns_are_read_and_counted_aloud(officer):
    def hide(sheet, book):
        for row in range(3, 15):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["C"].hidden = True

    rows = [ORGANIZATION | {"name": f"金川区第{n}协会", "uscc": factories.credit_code()} for n in range(12)]
    sheet = read("organizations", fill("organizations", *rows, change=hide))
    assert len(sheet.rows) == 12
    assert "含 12 行隐藏行，也一并读取。" in sheet.notices
    assert "含 1 个隐藏列，也一并读取。" in sheet.notices


# 48: size ---------------------------------------------------------------------------------------------------


def test_48_a_wrong_dimension_hides_no_rows():
    rows = [{"name": f"协会{number}"} for number in range(30)]
    data = fill("organizations", *rows)
    whole = opened(data)["社会组织"].dimensions.encode()
    lying = changed_sheet(data, b'<dimension ref="%s"' % whole, b'<dimension ref="A1:A1"')
    assert lying != data
    assert len(read("organizations", lying).rows) == 30
    # The control: openpyxl alone believes it.
    book = openpyxl.load_workbook(io.BytesIO(lying), read_only=True)
    assert len(list(book["社会组织"].iter_rows())) == 1


def test_48_a_million_blank_rows_are_ignored():
    blank_rows = b"".join(b'<row r="%d"/>' % number for number in range(60, 1_048_577))
    data = changed_sheet(fill("organizations", ORGANIZATION), b"</sheetData>", blank_rows + b"</sheetData>")
    sheet = read("organizations", data)
    assert [row.number for row in sheet.rows] == [3]
    assert sheet.height == 1_048_576


def test_48_a_row_beyond_the_last_row_of_excel_does_not_fill_the_memory():
    far = b'<row r="900000000"><c r="A900000000"><v>1</v></c></row></sheetData>'
    data = changed_sheet(fill("organizations", ORGANIZATION), b"</sheetData>", far)
    assert [row.number for row in read("organizations", data).rows] == [3]


def test_48_ten_thousand_rows_are_the_most():
    rows = [{"name": "甲"}] * 10_001
    assert refused(as_csv("organizations", *rows)).startswith("一次最多 10000 行")
    assert len(read("organizations", as_csv("organizations", *rows[1:])).rows) == 10_000


# 49: formulas -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", ["=A1&B1", '=DISPIMG("ID_1",1)', '=HYPERLINK("http://x")'])
def test_49_a_formula_without_a_result_is_refused(officer, formula):
    outcome = rehearse(
        "organizations", fill("organizations", ORGANIZATION | {"responsible_person": formula}), by=officer
    )
    assert said(outcome) == [(3, "responsible_person", "单元格是公式且没有结果，请粘贴为数值")]


def test_49_an_error_value_is_refused(officer):
    def break_it(sheet, book):
        cell = sheet.cell(3, columns("organizations")["contact_name"])
        cell.value, cell.data_type = "#REF!", "e"

    outcome = rehearse("organizations", fill("organizations", ORGANIZATION, change=break_it), by=officer)
    assert said(outcome) == [(3, "contact_name", "单元格是公式且没有结果，请粘贴为数值")]


def test_49_a_formula_with_its_result_is_its_result(officer):
    data = fill("organizations", ORGANIZATION | {"capacity": "=1+3"})
    data = changed_sheet(data, b"<f>1+3</f><v></v>", b"<f>1+3</f><v>4</v>")
    data = changed_sheet(data, b"<f>1+3</f><v />", b"<f>1+3</f><v>4</v>")
    carry_out("organizations", data, by=officer)
    assert Organization.objects.get().capacity == 4


# 50: dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day", [datetime(2026, 9, 1), date(2026, 9, 1), 46266, "2026年9月1日", "20260901", 20260901]
)
def test_50_a_day_in_any_form_is_that_day(officer, day):
    outcome = rehearse("donations", fill("donations", GIFT | {"received_on": day}), by=officer)
    assert said(outcome) == []
    cells = read("donations", fill("donations", GIFT | {"received_on": day})).rows[0].cells
    field = named("donations").head.base_fields["received_on"]
    assert field.clean(cells["received_on"]) == date(2026, 9, 1)


@pytest.mark.parametrize("day", [datetime(2026, 9, 1), 44804])
def test_50_serials_are_right_in_the_1904_system(officer, day):
    def mac(sheet, book):
        book.epoch = CALENDAR_MAC_1904

    cells = read("donations", fill("donations", GIFT | {"received_on": day}, change=mac)).rows[0].cells
    field = named("donations").head.base_fields["received_on"]
    assert field.clean(cells["received_on"]) == date(2026, 9, 1)


@pytest.mark.parametrize("day", ["2025.7", "7.1", 7.1, 2025.7])
def test_50_an_ambiguous_day_is_refused(officer, day):
    outcome = rehearse("donations", fill("donations", GIFT | {"received_on": day}), by=officer)
    assert [(row, name) for row, name, _ in said(outcome)] == [(3, "received_on")]


# 51: the same person ------------------------------------------------------------------------------------------


def test_51_one_number_twice_in_the_file_is_told_with_both_rows(officer, divisions):
    rows = [
        HEAD | {"number": str(n), "id_number": factories.citizen_id(), "name": factories.person_name()}
        for n in range(6)
    ]
    rows[5] |= {"id_number": rows[0]["id_number"]}
    outcome = rehearse("households", fill("households", *rows), by=officer)
    assert said(outcome) == [(8, "id_number", "第 8 行与第 3 行重复")]


def test_51_what_is_there_already_and_the_same_is_no_change(officer, divisions):
    carry_out("households", fill("households", HEAD), by=officer)
    outcome = carry_out("households", fill("households", HEAD | {"address": "", "number": "7"}), by=officer)
    assert (outcome.new, outcome.changed, outcome.same, outcome.written) == (0, 0, 1, False)


def test_51_what_differs_is_shown_old_and_new_and_masked(officer, divisions):
    carry_out("households", fill("households", HEAD), by=officer)
    row = HEAD | {"phone": "13909359999", "need_level": "严重"}
    outcome = rehearse("households", fill("households", row), by=officer)
    assert outcome.changed == 1
    (update,) = outcome.updates
    assert update.changes == (("联系电话", "139****0002", "139****9999"), ("困难程度", "一般", "严重"))
    assert Household.objects.get().phone == "13909350002"
    carry_out("households", fill("households", row), by=officer)
    assert Household.objects.get().phone == "13909359999"


# 52 ---------------------------------------------------------------------------------------------------------


def test_52_one_bad_row_keeps_all_out(officer):
    rows = [ORGANIZATION | {"name": f"协会{n}", "uscc": factories.credit_code()} for n in range(20)]
    rows[7] |= {"capacity": "三"}
    before = AuditEvent.objects.count()
    outcome = carry_out("organizations", as_csv("organizations", *rows), by=officer)
    assert not outcome.written
    assert importing.NOTHING_WRITTEN.format(count=outcome.bad_rows) == (
        "有 1 行要改，没有写入任何数据。请改好标红的文件再上传。"
    )
    assert (Organization.objects.count(), AuditEvent.objects.count()) == (0, before)


# 53: bombs --------------------------------------------------------------------------------------------------


def test_53_a_bomb_is_refused_by_what_it_declares():
    data = fill("organizations", ORGANIZATION)
    assert "文件内容异常" in refused(rezipped(data, more=[("xl/media/a.bin", b"\0" * (45 * 2**20))]))
    noise = struct.pack("<I", 7) * 4 + bytes(range(256)) * 64
    big = rezipped(data, more=[("xl/media/b.bin", noise * (60 * 2**20 // len(noise)))])
    assert "文件内容异常" in refused(big)
    assert "文件内容异常" in refused(rezipped(data, more=[(f"xl/x{n}", b"1") for n in range(1100)]))


def test_53_a_billion_laughs_are_not_heard():
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    data = rezipped(
        fill("organizations", ORGANIZATION),
        change=lambda name, part: laughs if name.endswith("sheet1.xml") else part,
    )
    assert "文件内容异常" in refused(data)


@pytest.mark.parametrize("tag", [b"<row ", b"<col ", b'<col hidden="1" ' + b'hidden="1" ' * 100])
def test_53_tags_without_an_end_do_not_keep_the_reader_busy(tag):
    """In a comment, where XML allows them. The patterns once took time by the square of their number: 80 kB, 3 s."""
    comment = b"<!--" + tag * (400_000 // len(tag)) + b"-->"
    data = rezipped(
        fill("organizations", ORGANIZATION),
        change=lambda name, part: (
            part.replace(b"<sheetData>", comment + b"<sheetData>") if name.endswith("sheet1.xml") else part
        ),
    )
    started = time.process_time()
    assert len(read("organizations", data).rows) == 1
    assert time.process_time() - started < 5


def test_53_a_broken_archive_is_said_to_be_odd():
    data = fill("organizations", ORGANIZATION)
    assert "文件内容异常" in refused(data[: len(data) // 2])
    assert refused(b"PK" + b"\0" * (reading.BYTES_MOST + 1)) == "文件超过 10 MB，请分成几个文件导入。"


# 54 ---------------------------------------------------------------------------------------------------------


def test_54_a_template_of_another_year_is_told_apart():
    def age(sheet, book):
        book.custom_doc_props.props[0].value = "2024"

    sentence = refused(fill("organizations", ORGANIZATION, change=age))
    assert sentence.startswith("模板版本 2024，请下载新模板；可自动对应的列：序号、组织名称、类别")


# 55 ---------------------------------------------------------------------------------------------------------


def test_55_the_same_file_again_is_recognised(officer):
    data = fill("organizations", ORGANIZATION)
    with travel(datetime.fromisoformat("2026-11-23T10:02:00+08:00")):
        assert carry_out("organizations", data, by=officer).written
        again = carry_out("organizations", data, by=officer)
    assert again.earlier.startswith("该文件 10:02 已导入")
    assert (again.same, again.written) == (1, False)
    assert AuditEvent.objects.filter(action="import").count() == 1


def test_55_on_another_day_the_day_is_said_too(officer):
    data = fill("organizations", ORGANIZATION)
    with travel(datetime.fromisoformat("2026-11-20T10:02:00+08:00")):
        carry_out("organizations", data, by=officer)
    assert rehearse("organizations", data, by=officer).earlier.startswith(
        "该文件 2026年11月20日 10:02 已导入"
    )


# 56 ---------------------------------------------------------------------------------------------------------


def test_56_a_household_of_another_organisation_is_not_on_the_list(member_a, household_b):
    form = PairingRow({"household": household_b.code}, by=member_a, memory={})
    assert form.errors["household"] == ["不在本组织结对名单"]
    unknown = PairingRow({"household": "HJ-9999"}, by=member_a, memory={})
    assert unknown.errors["household"] == form.errors["household"]


def test_56_a_code_outside_the_division_reads_like_an_unknown_one(worker_a, household_a, household_b):
    assert "household" not in PairingRow({"household": household_a.code}, by=worker_a, memory={}).errors
    foreign = PairingRow({"household": household_b.code}, by=worker_a, memory={}).errors["household"][0]
    unknown = PairingRow({"household": "HJ-9999"}, by=worker_a, memory={}).errors["household"][0]
    assert foreign.replace(household_b.code, "HJ-9999") == unknown
    assert "community" in HouseholdRow({"community": "昌文里社区"}, by=worker_a, memory={}).errors


# What people do besides ----------------------------------------------------------------------------------------


def test_a_table_of_their_own_needs_no_template(officer):
    book = openpyxl.Workbook()
    book.active.append(["组织名称", "类别", "统一社会信用代码", "负责人（必填）".replace("（必填）", "")])
    book.active.append(["金川区助老协会", "社会团体", "51620302MJ0123456E", "王秀兰"])
    assert rehearse("organizations", saved(book), by=officer).new == 1


def test_a_sheet_without_rows_says_so():
    assert (
        refused(blank.template(named("organizations"))) == "表里没有要导入的内容，请从标题下面一行开始填写。"
    )
