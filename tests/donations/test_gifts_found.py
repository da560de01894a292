"""Gifts are found by any part of their remark and of the names of their goods; by nothing else, and none is left out."""

import random

import pytest

from donations.models import Donation
from tests import factories

pytestmark = pytest.mark.django_db

SIGNS = "轮椅捐赠给困难户的款𠮷龘㐂邨10.50%_\\'\" aBßİıéÉ·（）"
NOTES, WORDS = 300, 600


@pytest.fixture
def noted():
    """Gifts with remarks of all lengths, drawn from few signs, so that words come again."""
    chance = random.Random(20261124)
    one = factories.submitted_donation(by=factories.officer(), lines=[factories.cash("1")])
    rows = []
    for number in range(NOTES):
        note = "".join(chance.choice(SIGNS) for _ in range(chance.choice([0, 1, 2, 3, 8, 40])))
        row = Donation.objects.get(pk=one.pk)
        row.pk, row.code, row.trace_code, row.note = None, f"JZ-{number}", f"T{number}", note
        rows.append(row)
    Donation.objects.bulk_create(rows)
    return chance


def _drawn(chance, note):
    """A part of the remark or of another, short as people type."""
    source = note if note and chance.random() < 0.7 else SIGNS
    start, long = chance.randrange(len(source)), chance.randint(1, 4)
    return source[start : start + long]


def test_a_word_finds_what_like_finds(noted):
    """``LIKE`` is the oracle: signs of its own, rare characters and odd letter cases included."""
    notes = list(Donation.objects.values_list("note", flat=True))
    hits = 0
    for _ in range(WORDS):
        word = _drawn(noted, noted.choice(notes))
        found = set(Donation.objects.filter(note__holds=word).values_list("pk", flat=True))
        assert found == set(Donation.objects.filter(note__icontains=word).values_list("pk", flat=True)), word
        assert found >= set(Donation.objects.filter(note__contains=word).values_list("pk", flat=True)), word
        hits += bool(found)
    assert hits > WORDS / 2


@pytest.mark.parametrize("word", ["轮", "轮椅", "赠轮椅", "100%", "轮椅_"])
def test_a_gift_is_found_by_its_remark(word):
    mine = factories.submitted_donation(by=factories.officer(), note="捐赠轮椅_两辆，值100%")
    factories.submitted_donation(by=factories.officer(), note="捐赠棉被1000件，椅轮两只")
    found = Donation.objects.found_by(word)
    assert (mine in found) and (word == "轮" or list(found) == [mine])


@pytest.mark.parametrize("word", ["棉", "棉被", "厚棉被"])
def test_a_gift_is_found_by_its_goods(word):
    mine = factories.submitted_donation(
        by=factories.officer(), lines=[factories.goods(item="厚棉被"), factories.goods(item="棉被套")]
    )
    factories.submitted_donation(by=factories.officer(), lines=[factories.goods(item="大米")])
    assert list(Donation.objects.found_by(word)) == [mine]


def test_many_that_hold_the_word_are_found_too(monkeypatch):
    monkeypatch.setattr("donations.querysets.gifts.FOUND_AT_ONCE", 1)
    mine = {
        factories.submitted_donation(by=factories.officer(), lines=[factories.goods(item="棉被")]).pk
        for _ in range(3)
    }
    mine |= {factories.submitted_donation(by=factories.officer(), note="换棉被").pk for _ in range(3)}
    assert set(Donation.objects.found_by("棉被").values_list("pk", flat=True)) == mine
