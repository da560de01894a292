"""Each named constraint of certificates, broken at the database. Issued ones are provoked with their guard away."""

from datetime import date, timedelta

import pytest

from jinchuan.shared.clock import now, today
from tests import factories
from tests import factories_certificates as made
from tests.provoking import provoke
from volunteers.certificate_enums import CertificateState as S
from volunteers.models import CertificateRemark
from volunteers.services import certificates as services


def _second(other):
    """Another application of the same organisation, and the first certificate it is measured against."""
    first = made.issued()
    return other(first.issuer), first


def _number_again():
    second, first = _second(made.issued)
    return second, {"number": first.number, "year": first.year}


def _code_again():
    second, first = _second(made.issued)
    return second, {"code_hash": first.code_hash}


def _same_days():
    second, first = _second(made.applied)
    return second, {"volunteer": first.volunteer}


def _second_replacement():
    second, first = _second(made.applied)
    made.replacement(first)
    return second, {"supersedes": first, "replacement_reason": "姓名写错一个字"}


def _paper():
    return made.issued().paper


def _remark():
    certificate = made.issued()
    services.remark_certificate(certificate, by=factories.officer(), reason="时长与登记不符")
    return CertificateRemark.objects.get()


def _issued(**columns):
    return lambda: (made.issued(), columns)


def _issued_by_who_applied():
    certificate = made.issued()
    return certificate, {"issued_by": certificate.applied_by}


PROVOCATIONS = {
    "certificate_batch_period_order": lambda: (made.batch(size=1), {"period_from": date(2026, 12, 1)}),
    "certificate_state_known": lambda: (made.applied(), {"state": "x"}),
    "certificate_period_order": lambda: (made.applied(), {"period_from": date(2026, 12, 1)}),
    "certificate_replacement_with_reason": lambda: (made.applied(), {"replacement_reason": "姓名写错一个字"}),
    "certificate_notice_long_enough": lambda: (made.applied(), {"notice_days": 6}),
    "certificate_noticed_at_with_by": lambda: (
        made.applied(),
        {"noticed_at": now(), "notice_until": today()},
    ),
    "certificate_noticed_with_end": lambda: (
        (row := made.applied()),
        {"noticed_at": now(), "noticed_by": row.applied_by},
    ),
    "certificate_noticed_with_date": lambda: (made.applied(), {"state": S.NOTICED}),
    "certificate_waiver_with_rule": lambda: (made.applied(), {"waiver_rule": "第 12 条"}),
    "certificate_declined_at_with_by": lambda: (
        made.applied(),
        {"state": S.DECLINED, "declined_at": now()},
    ),
    "certificate_declined_with_date": lambda: (made.applied(), {"state": S.DECLINED}),
    "certificate_issued_at_with_by": lambda: (
        made.applied(),
        {"issued_by": factories.officer()},
    ),
    "certificate_issued_whole": _issued(minutes=0),
    "certificate_issued_after_notice": lambda: (
        (row := made.issued()),
        {"issued_on": row.notice_until},
    ),
    "certificate_issued_by_second_person": _issued_by_who_applied,
    "certificate_number_once": _number_again,
    "certificate_check_code_once": _code_again,
    "certificate_once_for_period": _same_days,
    "certificate_one_replacement": _second_replacement,
    "certificate_revoked_at_with_by": lambda: (made.issued(), {"state": S.REVOKED, "revoked_at": now()}),
    "certificate_revoked_with_date": lambda: (made.issued(), {"state": S.REVOKED}),
    "certificate_replaced_at_with_by": lambda: (made.issued(), {"state": S.REPLACED, "replaced_at": now()}),
    "certificate_replaced_with_date": lambda: (made.issued(), {"state": S.REPLACED}),
    "certificate_paper_with_file_or_failure": lambda: (_paper(), {"failure": "没有纸"}),
    "certificate_remark_answered_at_with_by": lambda: (_remark(), {"answered_at": now(), "answer": "已核对"}),
    "certificate_remark_answered_with_words": lambda: (
        (row := _remark()),
        {"answered_at": now() + timedelta(hours=1), "answered_by": row.made_by},
    ),
}


@pytest.mark.parametrize("name", PROVOCATIONS)
def test_the_database_refuses_by_name(db, name):
    row, columns = PROVOCATIONS[name]()
    provoke(name, row, **columns)
