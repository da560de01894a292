"""Certificates: what is counted, who may do which step, and that what is issued stays."""

import json
from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from jinchuan.audit.models import AuditEvent
from jinchuan.audit.services import Move
from jinchuan.shared import crypto
from jinchuan.shared.clock import today
from tests import factories
from tests import factories_certificates as made
from volunteers import certificate_content as contents
from volunteers.certificate_enums import CertificateState
from volunteers.models import ASKED_ALREADY, ISSUE_OWN, NOTICE_NOT_OVER, Certificate
from volunteers.services import activities
from volunteers.services import certificates as services

S = CertificateState
pytestmark = pytest.mark.django_db
WAIVER = {"waiver_reason": "外地就业急用", "waiver_rule": "《志愿者管理办法》第 12 条"}


def test_from_application_to_certificate(org_a, member_a, admin_a):
    person = made.served_volunteer(org_a, times=2)
    certificate = made.applied(org_a, person, by=member_a)
    services.announce_certificate(certificate, by=member_a)
    with made.later():
        certificate = services.issue_certificate(certificate, by=admin_a)
        year = today().year
    assert certificate.state == S.ISSUED
    assert certificate.minutes == 300
    assert certificate.number == f"ZM{org_a.code[3:]}-{year}-0001"
    content = contents.read(certificate)
    assert content["hours"] == "5.0"
    assert [line["date"] for line in content["lines"]] == ["2026-09-11", "2026-09-12"]
    assert (content["name"], content["document_number"]) == (person.name, person.document_number)
    assert (content["handler"], content["person_in_charge"]) == (member_a.name, org_a.responsible_person)


# What counts -----------------------------------------------------------------------------------------------------


def test_only_confirmed_service_of_the_issuer_in_the_period_counts(org_a, org_b):
    person = factories.identified_volunteer(org_a)
    factories.enrolled(person, org_b)
    made.serve(org_a, person, held_on=date(2026, 1, 1))
    made.serve(org_a, person, held_on=date(2026, 9, 30))
    made.serve(org_a, person, held_on=date(2025, 12, 31))
    made.serve(org_a, person, held_on=date(2026, 10, 1))
    made.serve(org_a, person, confirmed=False, held_on=date(2026, 5, 1))
    made.serve(org_b, person, held_on=date(2026, 5, 2))
    factories.voided_activity(org_a, services=[factories.service(person)], held_on=date(2026, 5, 3))
    content = contents.read(made.issued(org_a, person))
    assert [line["date"] for line in content["lines"]] == ["2026-01-01", "2026-09-30"]
    assert content["minutes"] == 300


@pytest.mark.parametrize(
    ("minutes", "told"), [(1, "0.0"), (5, "0.0"), (6, "0.1"), (119, "1.9"), (120, "2.0")]
)
def test_hours_are_rounded_down_once(org_a, minutes, told):
    person = factories.identified_volunteer(org_a)
    service = factories.service(person, time(9), time(9 + minutes // 60, minutes % 60))
    factories.confirmed_activity(org_a, services=[service])
    certificate = made.issued(org_a, person)
    assert (certificate.minutes, contents.read(certificate)["hours"]) == (minutes, told)


def test_without_a_minute_there_is_no_certificate(org_a):
    with pytest.raises(ValidationError, match="没有已确认的服务时长"):
        made.applied(org_a, factories.identified_volunteer(org_a))


def test_service_that_came_to_nothing_before_it_is_issued_is_refused(org_a):
    certificate = made.noticed(org_a)
    activity = org_a.activities.get()
    activities.void_activity(activity, by=factories.user("reviewer"), reason="这场活动没有举行")
    with pytest.raises(ValidationError, match="没有已确认的服务时长"):
        made.issue(certificate)


def test_a_volunteer_without_a_document_is_refused(org_a):
    person = factories.volunteer(org_a)
    made.serve(org_a, person)
    with pytest.raises(ValidationError, match="还没有登记证件"):
        made.applied(org_a, person)


@pytest.mark.parametrize(
    "days",
    [
        {"period_from": date(2026, 9, 1), "period_to": date(2026, 8, 31)},
        {"period_to": date(2999, 1, 1)},
    ],
)
def test_days_that_make_no_sense_are_refused(org_a, days):
    person = made.served_volunteer(org_a)
    with pytest.raises(ValidationError):
        made.applied(org_a, person, **days)


def test_nobody_asks_twice_for_the_same_days(org_a):
    first = made.applied(org_a)
    with pytest.raises(ValidationError, match=ASKED_ALREADY):
        made.applied(org_a, first.volunteer)
    services.decline_certificate(first, by=factories.admin_of(org_a), reason="服务时间还在核对")
    assert made.applied(org_a, first.volunteer).state == S.APPLIED


# Who, and when ---------------------------------------------------------------------------------------------------


def test_nobody_issues_what_they_applied_for(org_a, admin_a):
    certificate = made.noticed(org_a, made.served_volunteer(org_a), by=admin_a)
    with made.later(), pytest.raises(ValidationError, match=ISSUE_OWN):
        services.issue_certificate(certificate, by=admin_a)


@pytest.mark.parametrize(("days", "open_"), [(0, False), (7, False), (8, True)])
def test_seven_whole_days_of_notice(org_a, admin_a, days, open_):
    certificate = made.noticed(org_a)
    with made.later(days):
        if open_:
            assert services.issue_certificate(certificate, by=admin_a).state == S.ISSUED
        else:
            with pytest.raises(ValidationError, match=NOTICE_NOT_OVER):
                services.issue_certificate(certificate, by=admin_a)


def test_the_notice_is_waived_by_the_organisations_own_rule_alone(org_a, admin_a):
    certificate = made.applied(org_a)
    for missing in WAIVER:
        with pytest.raises(ValidationError):
            services.issue_certificate(certificate, by=admin_a, **{**WAIVER, missing: ""})
    certificate = services.issue_certificate(certificate, by=admin_a, **WAIVER)
    assert (certificate.state, certificate.waiver_rule) == (S.ISSUED, WAIVER["waiver_rule"])


ACTS = {
    "announce": lambda row, by: services.announce_certificate(row, by=by),
    "decline": lambda row, by: services.decline_certificate(row, by=by, reason="服务时间还在核对"),
    "issue": lambda row, by: services.issue_certificate(row, by=by),
    "revoke": lambda row, by: services.revoke_certificate(row, by=by, reason="活动登记有误，已更正"),
    "replace": lambda row, by: services.ask_for_replacement(row, by=by, reason="姓名写错一个字"),
}
ROWS = {
    S.APPLIED: made.applied,
    S.NOTICED: made.noticed,
    S.DECLINED: made.declined,
    S.ISSUED: made.issued,
    S.REVOKED: made.revoked,
    S.REPLACED: made.replaced,
}
ALLOWED = {
    S.APPLIED: {"announce", "decline"},
    S.NOTICED: {"issue", "decline"},
    S.ISSUED: {"revoke", "replace"},
}


@pytest.mark.parametrize("state", ROWS)
def test_every_act_in_every_state(org_a, admin_a, state):
    row, done = ROWS[state](org_a), set()
    for name, act in ACTS.items():
        with made.later(), suppress(ValidationError), transaction.atomic():
            act(row, admin_a)
            done.add(name)
            transaction.set_rollback(True)
    assert done == ALLOWED.get(state, set())


def test_nobody_but_the_issuer_acts(org_a, officer, reviewer, admin_b, leader):
    rows = {"announce": made.applied(org_a), "issue": made.noticed(org_a)}
    rows |= {"decline": rows["issue"]} | dict.fromkeys(["revoke", "replace"], made.issued(org_a))
    for name, act in ACTS.items():
        for by in (officer, reviewer, admin_b, leader):
            with made.later(), pytest.raises((PermissionDenied, ValidationError)):
                act(rows[name], by)
    assert sorted(Certificate.objects.values_list("state", flat=True)) == ["applied", "issued", "noticed"]


def test_members_apply_and_administrators_decide(org_a):
    member = factories.user("org_member", organization=org_a)
    noticed, issued = made.noticed(org_a), made.issued(org_a)
    for name, row in {"decline": noticed, "issue": noticed, "revoke": issued}.items():
        with made.later(), pytest.raises(PermissionDenied):
            ACTS[name](row, member)


def test_a_suspended_organisation_certifies_nothing(org_a):
    certificate = made.noticed(org_a)
    type(org_a).objects.filter(pk=org_a.pk).update(state="suspended")
    certificate.refresh_from_db()
    with pytest.raises(ValidationError, match="已批准"):
        made.issue(certificate)


# What stays ------------------------------------------------------------------------------------------------------


def test_what_is_corrected_later_changes_nothing_of_it(org_a):
    certificate = made.issued(org_a)
    before = contents.read(certificate)
    person = certificate.volunteer
    type(person).objects.filter(pk=person.pk).update(name="改过名")
    type(org_a).objects.filter(pk=org_a.pk).update(responsible_person="换了人")
    certificate = Certificate.objects.get()
    assert contents.read(certificate) == before


def test_a_replacement_takes_its_place_when_it_is_issued_and_not_before(org_a):
    old = made.issued(org_a)
    new = made.replacement(old)
    old.refresh_from_db()
    assert old.state == S.ISSUED
    with pytest.raises(ValidationError):
        made.replacement(old)
    new = made.issue(new)
    old.refresh_from_db()
    assert (old.state, new.state) == (S.REPLACED, S.ISSUED)
    assert contents.read(new)["replaces"] == old.number
    assert new.number != old.number


def test_a_replacement_of_what_was_revoked_meanwhile_is_not_issued(org_a, admin_a):
    old = made.issued(org_a)
    new = made.replacement(old)
    services.revoke_certificate(old, by=admin_a, reason="活动登记有误，已更正")
    with pytest.raises(Move):
        made.issue(new)
    assert Certificate.objects.get(pk=new.pk).state == S.NOTICED


def test_content_that_was_tampered_with_is_not_read(org_a):
    certificate = made.issued(org_a)
    content = contents.read(certificate) | {"minutes": 9999}
    certificate.content = json.dumps(content)
    with pytest.raises(contents.Tampered):
        contents.read(certificate)


def test_the_log_tells_the_steps_and_no_name_or_number(org_a):
    certificate = made.issued(org_a)
    content = contents.read(certificate)
    events = AuditEvent.objects.of(certificate)
    assert {"apply", "move:noticed", "move:issued"} <= set(events.values_list("action", flat=True))
    told = " ".join(str([event.before, event.after, event.target_label]) for event in events)
    for secret in (content["name"], content["document_number"], content["code"]):
        assert secret not in told


def test_the_document_and_the_code_are_sealed_in_the_database(org_a):
    certificate = made.issued(org_a)
    content = contents.read(certificate)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM volunteers_certificate")
        raw = str(cursor.fetchall())
    for secret in (content["name"], content["document_number"], content["code"]):
        assert secret not in raw
    assert crypto.keyed_hash(content["code"], purpose="certificate check code") in raw


# Many ------------------------------------------------------------------------------------------------------------


def test_a_batch_is_refused_whole(org_a, member_a):
    people = [made.served_volunteer(org_a), factories.identified_volunteer(org_a)]
    with pytest.raises(ValidationError):
        services.apply_for_many(by=member_a, issuer=org_a, volunteers=people, **made.PERIOD)
    assert not Certificate.objects.exists()


def test_the_bureau_reminds_and_the_issuer_answers(org_a, officer, admin_a, member_a):
    certificate = made.issued(org_a)
    remark = services.remark_certificate(certificate, by=officer, reason="时长与活动登记不符")
    with pytest.raises(PermissionDenied):
        services.remark_certificate(certificate, by=admin_a, reason="时长与活动登记不符")
    with pytest.raises(PermissionDenied):
        services.answer_remark(remark, by=member_a, answer="已核对，没有错")
    remark = services.answer_remark(remark, by=admin_a, answer="已核对，没有错")
    assert remark.answered_by == admin_a
    assert remark.answered_at - remark.made_at < timedelta(days=1)
    with pytest.raises(ValidationError):
        services.answer_remark(remark, by=admin_a, answer="再答复一次吧")
