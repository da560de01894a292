"""The pages of long registers: the same rows as of a plain list, with less work."""

import pytest
from django.core.paginator import Paginator

from cases.models import Household
from jinchuan.shared.admin.changelist import HousePaginator
from tests import factories


@pytest.fixture
def rows(db):
    for _ in range(5):
        factories.registered_household()
    return Household.objects.for_list().order_by("-code")


def pages(paginator) -> list:
    return [list(paginator.page(number)) for number in paginator.page_range]


def test_it_pages_like_any_other(rows):
    assert pages(HousePaginator(rows, 2, all_rows=rows.all)) == pages(Paginator(rows, 2))


def test_far_down_a_page_is_fetched_by_its_keys_in_the_same_order(
    rows, monkeypatch, django_assert_num_queries
):
    expected = list(rows[2:4])
    monkeypatch.setattr(HousePaginator, "FAR_DOWN", 2)
    paginator = HousePaginator(rows, 2, all_rows=Household.objects.for_list)
    with django_assert_num_queries(3) as asked:
        found = list(paginator.page(2))
    assert found == expected
    assert [row.head_name for row in found] == [row.head_name for row in expected]
    assert "OFFSET" not in asked[2]["sql"]


def test_rows_are_counted_so_far_beyond_the_page_one_looks_at(rows):
    first = HousePaginator(rows, 2, all_rows=rows.all, looked_at=1, counted=1)
    assert (first.count, first.capped, first.num_pages) == (3, True, 2)
    second = HousePaginator(rows, 2, all_rows=rows.all, looked_at=2, counted=1)
    assert (second.count, second.capped, second.num_pages) == (5, False, 3)


def test_what_is_searched_for_is_found_once(rows, django_assert_num_queries):
    some = rows.filter(code__gt=rows.last().code)
    with django_assert_num_queries(2) as asked:
        paginator = HousePaginator(some, 2, all_rows=rows.all, searched=True)
        assert paginator.count == 4
        found = list(paginator.page(2))
    assert found == list(some[2:4])
    assert " > " in asked[0]["sql"]
    assert " > " not in asked[1]["sql"]


def test_too_much_to_find_at_once_is_counted(rows, monkeypatch):
    monkeypatch.setattr(HousePaginator, "FOUND_AT_ONCE", 3)
    assert pages(HousePaginator(rows, 2, all_rows=rows.all, searched=True)) == pages(Paginator(rows, 2))


def test_nothing_found_is_one_empty_page(rows):
    paginator = HousePaginator(rows.filter(code="?"), 2, all_rows=rows.all, searched=True)
    assert (paginator.count, list(paginator.page(1))) == (0, [])
