"""Writes on the service standard: enter a version, put it right while it is not in effect yet."""

import json

from django.db import transaction

from jinchuan.audit.services import change, check, create, lock, record, verb
from jinchuan.shared.access import require
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused

from ..models import ServiceStandard, StandardRule

RULES_NEEDED = "请至少写一条标准，例如“每年联系交流4次”。"
ALREADY_IN_EFFECT = "标准从{day}起生效，已经生效的不能修改；请另登记一版，写明从哪天起生效。"
EFFECTIVE_TODAY_AT_THE_EARLIEST = "生效日期不能早于今天：已经开始的期间仍按原来的标准。"


@verb
def add_standard(*, by, name, basis, effective_from, rules) -> ServiceStandard:
    """Enter a version of the standard with its rules, each the fields of a ``StandardRule`` as a dict.

    It applies to windows that begin on ``effective_from`` or later. People cannot enter it for the past; setting the
    place up can (``by=None``): windows that have begun by then are owed for the days that are left only.
    """
    require(by, "cases.add_servicestandard")
    if by and effective_from < today():
        raise Refused({"effective_from": EFFECTIVE_TODAY_AT_THE_EARLIEST})
    standard = create(ServiceStandard(name=name, basis=basis, effective_from=effective_from), by=by)
    _write_rules(standard, rules, by=by)
    return standard


@verb
def update_standard(standard, *, by, rules, version=None, **fields) -> ServiceStandard:
    """Put right a version that is not in effect yet: no duty has come of it. Its rules are written anew."""
    require(by, "cases.change_servicestandard", standard)
    standard = lock(standard, version=version)
    if standard.effective_from <= today():
        raise Refused(ALREADY_IN_EFFECT.format(day=standard.effective_from.isoformat()))
    if fields.get("effective_from", standard.effective_from) < today():
        raise Refused({"effective_from": EFFECTIVE_TODAY_AT_THE_EARLIEST})
    standard = change(standard, by=by, **fields)
    standard.rules.all().delete()
    _write_rules(standard, rules, by=by)
    return standard


def load_standards(file, *, effective_from) -> int:
    """Enter the versions of a JSON file that are not there yet, by name; returns how many. Safe to run again."""
    entered = 0
    with transaction.atomic():
        for version in json.load(file):
            if ServiceStandard.objects.filter(name=version["name"]).exists():
                continue
            add_standard(by=None, **{"effective_from": effective_from, **version})
            entered += 1
    return entered


def _write_rules(standard, rules, *, by) -> None:
    if not rules:
        raise Refused({"rules": RULES_NEEDED})
    for fields in rules:
        rule = StandardRule(standard=standard, **fields)
        check(rule)
        rule.save(force_insert=True)
    record("rules", standard, by=by, after={"rules": "；".join(str(rule) for rule in standard.rules.all())})
