"""How figures, days, names and states look."""

from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from cases.enums import HouseholdState, PairingState
from donations.enums import DonationState
from jinchuan.shared.clock import SHANGHAI, travel
from jinchuan.shared.templatetags import house
from organizations.enums import OrganizationState
from volunteers.enums import ActivityState


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (house.yuan(Decimal("1234.5")), "1,234.50"),
        (house.yuan(None), "--"),
        (house.wan(Decimal(152400)), "15.24"),
        (house.in_words(Decimal(12000)), "人民币壹万贰仟元整"),
        (house.zh_date(date(2026, 1, 3)), "2026年1月3日"),
        (house.zh_time(datetime(2026, 1, 3, 8, 5, tzinfo=SHANGHAI)), "2026年1月3日 08:05"),
        (house.quantity(Decimal("50.00")), "50"),
        (house.quantity(Decimal("2.50")), "2.5"),
        (house.hours(154), "2.5"),
        (house.hours(None), "0.0"),
        (house.mask_name("欧阳秀兰"), "欧阳**"),
        (house.mask_phone("13800001234"), "138****1234"),
        (house.phone("13800001234"), "138 0000 1234"),
    ],
)
def test_formats(shown, expected):
    assert shown == expected


def test_ages_and_short_dates_are_of_today():
    with travel(datetime(2026, 3, 6, 12, tzinfo=SHANGHAI)):
        assert house.age(date(1990, 3, 7)) == 35
        assert house.age(date(1990, 3, 6)) == 36
        assert house.age(None) == "--"
        assert house.short_date(date(2026, 2, 1)) == "2月1日"
        assert house.short_date(date(2025, 2, 1)) == "2025年2月1日"


@pytest.mark.parametrize(
    "states", [DonationState, ActivityState, HouseholdState, PairingState, OrganizationState]
)
def test_every_state_has_its_badge(states):
    for state in states:
        row = SimpleNamespace(state=state, get_state_display=lambda state=state: state.label)
        assert state.label in house.badge(row)


def test_an_unknown_state_is_not_passed_over():
    with pytest.raises(KeyError):
        house.badge(SimpleNamespace(state="lost", get_state_display=lambda: "丢失"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 12) Chrome/86 MicroMessenger/8.0", "安卓手机或平板，微信"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120 Edg/120", "Windows 电脑，Edge 浏览器"),
        ("curl", "认不出的设备"),
    ],
)
def test_a_device_is_told_in_words(said, words):
    assert house.device(said) == words
