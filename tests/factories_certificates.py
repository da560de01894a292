"""Certificates by situation, made the way the house makes them. One person applies, another issues, eight days later."""

from contextlib import contextmanager
from datetime import date, timedelta

from jinchuan.shared import clock
from organizations.enums import Role
from tests import factories
from volunteers.services import certificate_papers
from volunteers.services import certificates as services

PERIOD = {"period_from": date(2026, 1, 1), "period_to": date(2026, 9, 30)}


@contextmanager
def later(days=8):
    """After the notice."""
    with clock.travel(clock.now() + timedelta(days=days)):
        yield


def member_of(organization):
    """Whoever applies; the organisation's administrator issues."""
    return organization.users.filter(role=Role.ORG_MEMBER).first() or factories.user(
        Role.ORG_MEMBER, organization=organization
    )


def served_volunteer(organization, *, minutes=150, times=1, **fields):
    """Somebody with a document who served so often, confirmed, each time so many minutes."""
    person = factories.identified_volunteer(organization, **fields)
    for number in range(times):
        serve(organization, person, held_on=date(2026, 9, 12) - timedelta(days=number))
    return person


def serve(organization, *people, confirmed=True, **fields):
    make = factories.confirmed_activity if confirmed else factories.submitted_activity
    return make(organization, services=[factories.service(one) for one in people], **fields)


def applied(organization=None, volunteer=None, *, by=None, **fields):
    organization = organization or (volunteer and _home(volunteer)) or factories.approved_organization()
    return services.apply_for_certificate(
        by=by or member_of(organization),
        issuer=organization,
        volunteer=volunteer or served_volunteer(organization),
        **{**PERIOD, **fields},
    )


def _home(volunteer):
    return volunteer.enrollments.first().organization


def noticed(organization=None, volunteer=None, **fields):
    certificate = applied(organization, volunteer, **fields)
    return services.announce_certificate(certificate, by=certificate.applied_by)


def issued(organization=None, volunteer=None, *, printed=False, **fields):
    certificate = noticed(organization, volunteer, **fields)
    return issue(certificate, printed=printed)


def issue(certificate, *, printed=False):
    with later():
        certificate = services.issue_certificate(certificate, by=factories.admin_of(certificate.issuer))
    if printed:
        certificate_papers.make(certificate.paper.pk)
    return certificate


def declined(organization=None, **fields):
    certificate = applied(organization, **fields)
    return services.decline_certificate(
        certificate, by=factories.admin_of(certificate.issuer), reason="服务时间还在核对"
    )


def revoked(organization=None, **fields):
    certificate = issued(organization, **fields)
    return services.revoke_certificate(
        certificate, by=factories.admin_of(certificate.issuer), reason="活动登记有误，已更正"
    )


def replacement(certificate):
    """The application in its place, announced."""
    return services.ask_for_replacement(
        certificate, by=member_of(certificate.issuer), reason="姓名写错一个字"
    )


def replaced(organization=None, **fields):
    old = issued(organization, **fields)
    issue(replacement(old))
    old.refresh_from_db()
    return old


def batch(organization=None, *, size=3):
    """Announced together; the volunteers served in one activity."""
    organization = organization or factories.approved_organization()
    people = [factories.identified_volunteer(organization) for _ in range(size)]
    serve(organization, *people)
    return services.apply_for_many(
        by=member_of(organization), issuer=organization, volunteers=people, **PERIOD
    )
