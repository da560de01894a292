"""Names are found by an index, and everything is found that reading all of them would find."""

import importlib
import string

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases.consistency import names_can_be_found
from cases.models import Household, Member, MemberNamePart
from cases.services import retention
from cases.services.households import update_member
from jinchuan.shared.naming import parts_of
from jinchuan.shared.pinyin import search_key
from tests import factories
from tests.pages import listing, shown

NAMES = st.text(
    st.sampled_from("王秀兰吕单解欧阳尉迟买买提𠮷䶮㼆阿卜·•%_\\'\"ÜüßſİΣσςé -" + string.ascii_letters),
    min_size=1,
    max_size=8,
).filter(str.strip)


def found_by_reading(word):
    """The search as it was: every name is read."""
    return Member.objects.filter(Q(name__icontains=word) | Q(name_search__icontains=word))


class Found(TestCase):
    @given(st.lists(NAMES, min_size=1, max_size=3), st.data())
    @settings(max_examples=40)
    def test_what_reading_all_names_finds_is_found(self, names, data):
        household = Household.objects.first() or factories.registered_household()
        member = household.members.get(relation="head")
        name = data.draw(st.sampled_from(names))
        member.name = name.strip()[:50]
        member.save()
        told = f"{member.name} {member.name_search}"
        start = data.draw(st.integers(0, len(told) - 1))
        typed = data.draw(
            st.sampled_from([told[start : start + 1 + len(names)], told[start:], name, "x", "%", "_"])
        )
        for word in typed.split():
            for one in (word, word.upper(), word.lower()):
                assert set(found_by_reading(one)) <= set(Member.objects.called(one)), (member.name, one)


@given(NAMES, NAMES)
def test_a_name_is_found_by_what_stands_in_it_and_by_nothing_else(name, typed):
    word = typed.split()[0].casefold()
    words = [name.casefold(), *search_key(name).split()]
    assert any(part.startswith(word) for part in parts_of(name, search_key(name))) == any(
        word in one for one in words
    )


@pytest.fixture
def member(db):
    return factories.registered_household().members.get(relation="head")


def renamed(member, name):
    return update_member(member, by=factories.officer(), version=member.version, name=name)


@pytest.mark.parametrize(
    "typed", ["单小兰", "小兰", "兰", "shanxiaolan", "xiaolan", "sxl", "xl", "danxiaolan", "SXL"]
)
def test_any_part_finds(member, typed):
    renamed(member, "单小兰")
    assert list(Member.objects.called(typed)) == [member]


def test_a_new_name_takes_the_place_of_the_old_one(member):
    renamed(renamed(member, "单小兰"), "单小梅")
    assert not Member.objects.called("兰").exists()
    assert list(Member.objects.called("xm")) == [member]
    assert list(names_can_be_found()) == []


def test_a_search_reads_an_index_alone(member):
    plan = MemberNamePart.objects.filter(part__begins="秀").values("named").order_by().explain()
    if connection.vendor == "sqlite":
        assert "USING COVERING INDEX membernamepart_begins (part>? AND part<?)" in plan
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = MemberNamePart.objects.filter(part__begins="秀").values("named").order_by().explain()
    assert "membernamepart_begins" in plan
    assert "Index Cond: ((part ~>=~ '秀'" in plan


def test_who_loses_the_name_loses_its_parts(member, monkeypatch):
    monkeypatch.setattr(retention, "_refuse_what_is_not_due", lambda household, by: None)
    household = factories.exited_household()
    retention.propose_deidentification(household, by=factories.officer())
    assert MemberNamePart.objects.filter(named__household=household).exists()
    retention.deidentify_household(household, by=factories.reviewer())
    assert not MemberNamePart.objects.filter(named__household=household).exists()
    assert list(names_can_be_found()) == []


def test_the_check_tells_of_parts_that_do_not_fit(member):
    MemberNamePart.objects.filter(named=member).first().delete()
    (problem,) = names_can_be_found()
    assert "检索词" in problem and member.name not in problem


def test_the_migration_fills_in_what_is_there(member):
    kept = set(MemberNamePart.objects.values_list("named", "part"))
    MemberNamePart.objects.all().delete()
    importlib.import_module("cases.migrations.0009_name_parts").fill(apps, None)
    assert set(MemberNamePart.objects.values_list("named", "part")) == kept


def test_a_household_is_found_by_name_code_and_community(client_for, officer, member):
    renamed(member, "单小兰")
    household = member.household
    other = factories.registered_household()
    for typed in ("小兰", "sxl", household.code, f"{household.code} 兰"):
        text = shown(client_for(officer).get(listing(Household), {"q": typed}))
        assert household.code in text and other.code not in text, typed
    for typed in ("hj", "-", household.community.name[1:3], household.community.name_search.split()[0]):
        text = shown(client_for(officer).get(listing(Household), {"q": typed}))
        assert household.code in text, typed
