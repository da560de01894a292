"""A batch of certificates: issued, frozen, printed and kept by two workers, beside one-by-one WeasyPrint.

The baseline prints the same content without issuing or keeping it, each in a fresh process, as a script called from a form
would; the limit is the print alone, in one warm process, shared out over two.
"""

import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import connections

from jinchuan.shared import clock
from organizations.enums import Role
from organizations.models import Organization, User
from volunteers import certificate_content
from volunteers.enums import ActivityState, DocumentKind, RecordState
from volunteers.models import (
    Activity,
    Certificate,
    CertificatePaper,
    Enrollment,
    ServiceRecord,
    Volunteer,
)
from volunteers.services import certificate_papers
from volunteers.services import certificates as services

from .measuring import Row

CERTIFICATES, SESSIONS, WORKERS = 200, 12, 2
FRESH, WARM = 3, 10  # so many are measured of the other two ways, and reckoned up
PERIOD = {"period_from": date(2025, 1, 1), "period_to": date(2025, 12, 31)}

_COLD = """
import json, sys
import django
django.setup()
from jinchuan.printing import render_pdf
from jinchuan.shared.clock import now
from volunteers.certificate_printing import facts
content = json.load(open(sys.argv[1]))
render_pdf("print/certificate.html", {"facts": facts(content)}, title="t", created=now())
"""


def batch() -> Row:
    """From the decision of the administrator to the last file in its place."""
    papers = _decided()
    connections.close_all()
    started = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(WORKERS) as pool:
        pool.map(_work, certificate_papers.chunks(papers), chunksize=1)
    ours = time.perf_counter() - started
    if CertificatePaper.objects.filter(pk__in=papers).exclude(sha256="").count() != CERTIFICATES:
        raise RuntimeError("not all of them were printed")
    certificate = Certificate.objects.ever_issued().latest("pk")
    fresh = _timed(FRESH, lambda: _in_a_fresh_process(certificate))
    certificate_papers.print_certificate(certificate)
    warm = _timed(WARM, lambda: certificate_papers.print_certificate(certificate)) / WORKERS
    counters = (
        f"{CERTIFICATES} certificates of {SESSIONS} sessions; PDFs a second {CERTIFICATES / fresh:.2f} | "
        f"{CERTIFICATES / ours:.1f} | {CERTIFICATES / warm:.1f}; others reckoned up from {FRESH} and {WARM}"
    )
    return Row("certificates.batch", fresh, ours, warm, counters)


def _work(papers):
    """One message in one worker."""
    for paper in papers:
        certificate_papers.make(paper)


def _timed(times, act) -> float:
    """Seconds that all the certificates would take."""
    started = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - started) / times * CERTIFICATES


def _in_a_fresh_process(certificate):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(certificate_content.read(certificate), file)
        file.flush()
        subprocess.run([sys.executable, "-c", _COLD, file.name], check=True, cwd=Path(__file__).parents[1])


def _decided() -> list[int]:
    """A batch whose notice is over, and which its organisation's administrator has decided to issue."""
    organization = Organization.objects.filter(state="approved").order_by("pk").first()
    member, admin = (_account(organization, role) for role in (Role.ORG_MEMBER, Role.ORG_ADMIN))
    volunteers = _served(organization, admin)
    with clock.travel(clock.now() - timedelta(days=9)):
        asked = services.apply_for_many(by=member, issuer=organization, volunteers=volunteers, **PERIOD)
    return services.issue_many(asked, by=admin)


def _account(organization, role) -> User:
    return User.objects.create(
        username=f"bench_{role}",
        name="王秀兰",
        role=role,
        organization=organization,
        password=make_password(None),
    )


def _served(organization, by) -> list[Volunteer]:
    """Volunteers with a document who all served in some confirmed sessions."""
    volunteers = [
        Volunteer.objects.create(
            name="赵桂英",
            document_kind=DocumentKind.OTHER,
            document_number=f"BENCH{number:05d}",
        )
        for number in range(CERTIFICATES)
    ]
    Enrollment.objects.bulk_create(
        Enrollment(volunteer=one, organization=organization, joined_on=date(2024, 1, 1)) for one in volunteers
    )
    officer = User.objects.exclude(organization=organization).order_by("pk").first()
    for month in range(1, SESSIONS + 1):
        then = datetime.combine(date(2025, month, 15), clock_time(18), clock.SHANGHAI)
        activity = Activity.objects.create(
            code=f"HDB-{month:04d}",
            title="重阳节上门理发",
            organization=organization,
            responsible_person="赵桂英",
            place="龙集里社区活动室",
            held_on=then.date(),
            content="为老人理发、打扫，陪老人说话。",
            state=ActivityState.CONFIRMED,
            submitted_at=then,
            submitted_by=by,
            confirmed_at=then,
            confirmed_by=officer,
        )
        ServiceRecord.objects.bulk_create(
            ServiceRecord(
                activity=activity,
                volunteer=one,
                started_at=then - timedelta(hours=9),
                ended_at=then - timedelta(hours=6, minutes=30),
                minutes=150,
                state=RecordState.CONFIRMED,
                recorded_at=then,
                recorded_by=by,
                confirmed_at=then,
                confirmed_by=officer,
            )
            for one in volunteers
        )
    return volunteers


BENCHMARKS = {"certificates.batch": batch}
