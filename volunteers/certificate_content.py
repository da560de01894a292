"""What a certificate says: counted from confirmed records when it is issued, sealed, and read back unchanged for ever.

Only the issuer's own confirmed service counts, each record once; minutes are those actually served, travel excluded.
"""

import json
from dataclasses import dataclass

from django.db.models import Sum

from jinchuan.shared import crypto
from jinchuan.shared.templatetags.house import hours

from .models import ServiceRecord

_PURPOSE = "certificate content"
TAMPERED = "证明 {number} 的内容与开具时不一致。"


class Tampered(Exception):
    """The content is not what was sealed when the certificate was issued."""


def counted(issuer, period_from, period_to):
    """The confirmed records that an issuer may certify for the days from … to, both included."""
    return ServiceRecord.objects.confirmed().filter(
        activity__organization=issuer, activity__held_on__gte=period_from, activity__held_on__lte=period_to
    )


def minutes_of_each(issuer, period_from, period_to) -> dict[int, int]:
    """volunteer → minutes, of everybody who served with the issuer in these days. One query."""
    sums = counted(issuer, period_from, period_to).order_by().values("volunteer").annotate(Sum("minutes"))
    return {row["volunteer"]: row["minutes__sum"] for row in sums}


def compose(certificate, *, number, code, issued_on) -> dict:
    """Everything that will be printed, as it stands now. The minutes may come to 0; whoever issues refuses that."""
    volunteer, issuer = certificate.volunteer, certificate.issuer
    records = (
        counted(issuer, certificate.period_from, certificate.period_to)
        .filter(volunteer=volunteer)
        .select_related("activity")
        .order_by("activity__held_on", "activity__code", "pk")
    )
    lines = [
        {
            "code": one.activity.code,
            "name": one.activity.title,
            "date": one.activity.held_on.isoformat(),
            "place": one.activity.place,
            "content": one.activity.content,
            "minutes": one.minutes,
        }
        for one in records
    ]
    minutes = sum(line["minutes"] for line in lines)
    return {
        "number": number,
        "code": code,
        **identity(volunteer),
        "period_from": certificate.period_from.isoformat(),
        "period_to": certificate.period_to.isoformat(),
        "minutes": minutes,
        "hours": hours(minutes),
        "lines": lines,
        "issuer": issuer.name,
        "person_in_charge": issuer.responsible_person,
        "handler": certificate.applied_by.name,
        "contact": issuer.contact_phone,
        "issued_on": issued_on.isoformat(),
        "replaces": certificate.supersedes.number if certificate.supersedes else "",
    }


def identity(volunteer) -> dict:
    """Who it is, with the document under which the volunteer registered (慈善法 §66, 民发〔2015〕149号)."""
    return {
        "name": volunteer.name,
        "document_type": volunteer.get_document_kind_display(),
        "document_number": volunteer.document_number,
        "volunteer_number": volunteer.national_number,
    }


@dataclass(frozen=True)
class Sealed:
    """The content as text, and the keyed hash that tells whether it is still the same."""

    text: str
    seal: str


def seal(content) -> Sealed:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Sealed(text, _hash(text))


def read(certificate) -> dict:
    """The frozen content of an issued certificate; raises ``Tampered`` when it is not what was sealed."""
    if _hash(certificate.content) != certificate.content_seal:
        raise Tampered(TAMPERED.format(number=certificate.number))
    return json.loads(certificate.content)


def _hash(text) -> str:
    return crypto.keyed_hash(text, purpose=_PURPOSE)
