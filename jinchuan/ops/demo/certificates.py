"""Certificates of the demo district: of the years 2024 and 2025, one revoked, one replaced.

They wait to be printed: the worker's next round finds them, so that loading the district needs no printer.
"""

from datetime import date, timedelta

from jinchuan.shared.clock import today
from organizations.enums import Role
from volunteers import certificate_content
from volunteers.models import Volunteer
from volunteers.services import certificates as services

from . import accounts, organizations
from .timeline import workday

_ISSUERS = 3  # organisations that certify
_EACH = 4  # volunteers of each, every year


def plan(district):
    for year in (2024, 2025):
        asked = workday(date(year + 1, 1, 8))
        district.timeline.on(asked, _ask, district, year, at="10:10")


def _ask(district, year):
    """Those with the most hours of the year get one."""
    period = {"period_from": date(year, 1, 1), "period_to": date(year, 12, 31)}
    for place, organization in enumerate(_certifying(district)):
        minutes = certificate_content.minutes_of_each(organization, **period)
        rows = Volunteer.objects.filter(pk__in=minutes).exclude(document_number="")
        best = sorted(rows, key=lambda one: (-minutes[one.pk], one.pk))[:_EACH]
        if not best:
            continue
        applicant, issuer = _applicant(district, organization), _issuer(district, organization)
        batch = services.apply_for_many(by=applicant, issuer=organization, volunteers=best, **period)
        over = workday(today() + timedelta(days=9))
        district.timeline.on(over, _issue, district, batch, issuer, year, place, at="15:20")


def _issue(district, batch, issuer, year, place):
    for certificate in batch.certificates.order_by("pk"):
        services.issue_certificate(certificate, by=issuer)
    first = batch.certificates.order_by("pk").first()
    if year == 2024 and place == 0:
        district.timeline.on(
            workday(today() + timedelta(days=12)), _replace, district, first, issuer, at="09:40"
        )
    elif year == 2024 and place == 1:
        district.timeline.on(workday(today() + timedelta(days=20)), _revoke, first, issuer, at="16:05")


def _replace(district, certificate, issuer):
    new = services.ask_for_replacement(
        certificate, by=certificate.applied_by, reason="志愿者编号漏填，补填后重新开具"
    )
    over = workday(today() + timedelta(days=9))
    district.timeline.on(over, _issue_one, new, issuer, at="11:15")


def _issue_one(certificate, issuer):
    services.issue_certificate(certificate, by=issuer)


def _revoke(certificate, issuer):
    services.revoke_certificate(certificate, by=issuer, reason="核对发现一次活动登记在别人名下，先撤销再更正")


def _certifying(district):
    """The organisation of the demo accounts, and two more, the same every year."""
    shown = district.organizations[organizations.SHOWN]
    return [shown, *(one for one in district.social_organizations() if one != shown)][:_ISSUERS]


def _applicant(district, organization):
    """Whoever asks is not who issues; where there was only the administrator, a volunteer is given an account."""
    member = organization.users.filter(role=Role.ORG_MEMBER).order_by("pk").first()
    if member is None:
        member = accounts.open_account(
            by=None,
            username=f"org_{organization.code.lower().replace('-', '')}_2",
            name=district.volunteers[organization.name][0].name,
            role=Role.ORG_MEMBER,
            organization=organization,
        )
    return member


def _issuer(district, organization):
    users = district.organization_users[organization.name]
    return next(one for one in users if one.role == Role.ORG_ADMIN)
