"""Givers come in and go out by sheet; allocations and distributions only go out, and say why."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from donations.models import Allocation, Donor
from donations.sheets.book import ALLOCATIONS_OUT_ONLY, DISTRIBUTIONS_OUT_ONLY
from jinchuan.sheets import exporting
from jinchuan.sheets.registers import named
from tests import factories, factories_book
from tests.sheets.filling import carry_out, fill, opened

pytestmark = pytest.mark.django_db

GIVER = {"donor_kind": "爱心人士", "donor_name": "王秀兰", "phone": "13800001234", "agrees_to_be_named": "是"}


def bring_in(*rows, by):
    return carry_out("donors", fill("donors", *rows), by=by)


def exported(name, by):
    register = named(name)
    data = exporting.export(register, register.model._default_manager.all(), by=by)
    head, *rows = list(opened(data).active.values)[1:]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_giver_is_entered_corrected_and_then_the_same(officer):
    assert bring_in(GIVER, by=officer).new == 1
    donor = Donor.objects.get()
    assert (donor.name, donor.phone, donor.agrees_to_be_named) == ("王秀兰", "13800001234", True)
    again = bring_in(GIVER, by=officer)
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    changed = bring_in(GIVER | {"agrees_to_be_named": "否", "phone": ""}, by=officer)
    assert (changed.new, changed.changed) == (0, 1)
    donor.refresh_from_db()
    assert (donor.phone, donor.agrees_to_be_named) == ("13800001234", False)


def test_the_nameless_are_not_entered(officer):
    outcome = bring_in(GIVER | {"donor_kind": "匿名"}, by=officer)
    assert outcome.problems and not Donor.objects.exists()


def test_the_same_giver_twice_in_a_sheet_is_told(officer):
    outcome = bring_in(GIVER, GIVER | {"phone": "13800005678"}, by=officer)
    assert outcome.problems and not Donor.objects.exists()


def test_givers_go_out_masked(officer):
    factories.individual_donor(name="王秀兰", phone="13800001234")
    (row,) = exported("donors", officer)
    assert (row["捐赠方"], row["捐赠方电话"], row["同意公开名称"]) == ("王*兰", "138****1234", "否")


def test_allocations_and_deliveries_go_out(officer):
    source = factories_book.goods_holding()
    lines = [
        factories_book.delivered(factories_book.sent_out(factories_book.approved(source, "2")).lines.get())
        for _ in range(2)
    ]
    factories_book.approved(factories_book.holding(), "30", fund=factories_book.fund())
    rows = {row["分配编号"]: row for row in exported("allocations", officer)}
    assert set(rows) == set(Allocation.objects.values_list("code", flat=True))
    assert {row["对象"] for row in rows.values()} == {
        *(line.household.code for line in lines),
        "助学专项基金",
    }
    told = exported("distributions", officer)
    assert {(row["户编号"], row["数量（金额）"], row["结果"]) for row in told} == {
        (line.household.code, 2, "已签收") for line in lines
    }
    assert not any(line.receiver_name in str(told) for line in lines)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("allocations", ALLOCATIONS_OUT_ONLY), ("distributions", DISTRIBUTIONS_OUT_ONLY)],
    ids=["allocations", "distributions"],
)
def test_nothing_is_imported_into_the_book(client_for, officer, tmp_path, name, sentence):
    client = client_for(officer)
    for view in ("template", "import"):
        assert client.get(reverse(f"sheets:{view}", args=[name])).status_code == 403
    index = client.get(reverse("sheets:index")).content.decode()
    assert sentence in index and reverse("sheets:export", args=[name]) in index
    path = tmp_path / "a.xlsx"
    path.write_bytes(fill("donors", GIVER))
    for command in (
        ("import_sheet", name, str(path)),
        ("sheet_template", name, "-o", str(tmp_path / "b.xlsx")),
    ):
        with pytest.raises(CommandError, match=sentence[:8]):
            call_command(*command)
