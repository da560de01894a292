"""Logging a gift: the last POST of the portal's form beside a plain view of forms and formset, and beside the bare transaction.

All go through the same middleware, session and account (but the transaction, which is SQL alone). There are two plain views:
``plain`` is what `performance.md` 4 measured (a form, a formset, one transaction, one line of a log); ``same`` gives what ours
gives, in the way one writes first: choices limited to what the member may see, the doubts asked, a token, a running number
without gaps, a chained log. Ours has a draft besides, and asked the doubts on the page before (it says so under its signature).
"""

import itertools
import json
import uuid

from django import forms
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.forms import inlineformset_factory, model_to_dict, modelform_factory
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from cases.models import Household
from donations.forms.doubts import LARGE, MANY_TIMES, usual_amount
from donations.models import Donation, DonationLine, Donor
from jinchuan.audit import chain
from jinchuan.audit.models import AuditEvent, ChainHead
from jinchuan.intake.models import Draft, Sequence, Submission
from jinchuan.intake.pages import digest, vouch
from jinchuan.shared import clock
from jinchuan.urls import handler400, handler500
from jinchuan.urls import urlpatterns as ours
from organizations.models import Division, Organization, Program, User

from .measuring import Row, interleaved

__all__ = ["handler400", "handler500", "urlpatterns"]

_COMMON = {"donor_choice": "own", "route": "association", "restriction": "none"}
CASH = {**_COMMON, "amount": "1000"}
GOODS = {**_COMMON, "lines": ["0", "1"]} | {
    f"line-{number}-{name}": value
    for number in (0, 1)
    for name, value in {
        "item": "棉被",
        "category": "clothing",
        "quantity": "20",
        "unit": "条",
        "valuation_basis": "invoice",
        "value": "1200",
    }.items()
}
_QUILTS = {"kind": "goods", "item": "棉被", "category": "clothing", "quantity": "20", "unit": "条"}
_QUILTS |= {"valuation_basis": "invoice", "value": "1200"}
_numbers = itertools.count(1)
ROUNDS = 31


# The plain way ---------------------------------------------------------------------------------------------------

_FIELDS = ["donor", "route", "restriction", "received_on", "household", "program", "community", "note"]
_LINE_FIELDS = ["kind", "item", "category", "quantity", "unit", "value", "valuation_basis"]
_PlainForm = modelform_factory(
    Donation,
    fields=_FIELDS,
    widgets=dict.fromkeys(("donor", "household", "program", "community"), forms.TextInput),
)
_PlainLines = inlineformset_factory(Donation, DonationLine, fields=_LINE_FIELDS, extra=2)


def plain(request):
    """As one writes it in an afternoon: a form, a formset, one transaction, one line in a log. No drafts, no token, no chain."""
    organization = request.user.organization
    donation = Donation(
        code=f"PL-{next(_numbers)}",
        organization=organization,
        division=organization.division,
        submitted_at=timezone.now(),
        submitted_by=request.user,
        receipt_status="pending",
    )
    form = _PlainForm(request.POST, instance=donation)
    lines = _PlainLines(request.POST, instance=donation)
    if not (form.is_valid() and lines.is_valid()):
        return HttpResponse(json.dumps([form.errors, lines.errors]), status=400)
    with transaction.atomic():
        form.save()
        lines.save()
        AuditEvent.objects.create(
            at=timezone.now(),
            action="create",
            actor=request.user.username,
            target_type=Donation._meta.label,
            target_id=str(donation.pk),
            target_label=str(donation),
            digest="",
            previous_digest="",
        )
    return redirect("/plain/")


def same(request):
    """With the guarantees of ours, each by the ORM where it is needed. The account sees its choices only; twice the same gift, or
    ten times the usual amount, is asked about unless ``sure``; sent twice is one row; numbers have no gaps; the log is chained."""
    member, today = request.user, clock.today()
    donation = Donation(
        code="-",  # until the number is drawn, inside the transaction
        organization=member.organization,
        division=member.organization.division,
        submitted_at=timezone.now(),
        submitted_by=member,
        receipt_status="pending",
    )
    form = _PlainForm(request.POST, instance=donation)
    form.fields["donor"].queryset = Donor.objects.visible_to(member)
    form.fields["household"].queryset = Household.objects.visible_to(member)
    form.fields["program"].queryset = Program.objects.visible_to(member).running_on(today)
    form.fields["community"].queryset = Division.objects.visible_to(member).active()
    lines = _PlainLines(request.POST, instance=donation)
    if not (form.is_valid() and lines.is_valid()):
        return HttpResponse(json.dumps([form.errors, lines.errors]), status=400)
    total = sum(line.get("value") or 0 for line in lines.cleaned_data)
    earlier = Donation.objects.filter(donor=donation.donor, received_on=donation.received_on)
    double = earlier.exclude(state="voided").annotate(total=Sum("lines__value")).filter(total=total).exists()
    usual = usual_amount(member)
    if (double or total >= LARGE or (usual and total >= usual * MANY_TIMES)) and "sure" not in request.POST:
        return HttpResponse(status=409)
    try:
        with transaction.atomic():
            sent = Submission.objects.create(
                token=request.POST["token"], owner=member, form="same", digest="", at=timezone.now()
            )
            number, _ = Sequence.objects.select_for_update().get_or_create(name=f"JZ{today.year}")
            number.last += 1
            number.save()
            donation.code = f"{number.name}-{number.last:04d}"
            form.save()
            lines.save()
            head = ChainHead.objects.select_for_update().get(pk=1)
            event = AuditEvent(
                at=timezone.now(),
                action="create",
                actor=member.username,
                target_type=Donation._meta.label,
                target_id=str(donation.pk),
                target_label=str(donation),
                after=model_to_dict(donation, ["route", "restriction", "note"]),
                previous_digest=head.digest,
            )
            event.digest = head.digest = chain.digest_of(event)
            event.save()
            head.last_event, head.count = event.pk, head.count + 1
            head.save()
            sent.target_type, sent.target_id = Donation._meta.label, str(donation.pk)
            sent.save()
    except IntegrityError:
        sent = Submission.objects.get(token=request.POST["token"], owner=member)
    return redirect(f"/plain/?gift={sent.target_id}")


urlpatterns = [path("plain/", plain), path("same/", same), *ours]


# The measurement -------------------------------------------------------------------------------------------------


def cash() -> Row:
    return _measured("submit.cash", "cash", CASH, [{"kind": "cash", "value": "1000"}])


def goods() -> Row:
    return _measured("submit.goods", "goods", GOODS, [_QUILTS, _QUILTS])


def guarded() -> Row:
    """Goods once more, beside the plain view that gives the same guarantees."""
    return _measured("submit.same", "goods", GOODS, [_QUILTS, _QUILTS], address="/same/")


def portal() -> tuple[Client, User]:
    """A member of the first organisation, signed in, and its own giver."""
    organization = Organization.objects.order_by("pk").first()
    member, _ = User.objects.get_or_create(
        username="member",
        defaults={"name": "测试", "role": "org_member", "organization": organization, "password": "!"},
    )
    Donor.objects.get_or_create(
        organization=organization, kind="enterprise", defaults={"name": organization.name}
    )
    client = Client(raise_request_exception=True)
    client.force_login(member)
    return client, member


class Ours:
    """Sends what was drafted: the check page's button. The draft is written beforehand, outside the time taken."""

    def __init__(self, client, member, form, typed):
        self.client, self.member, self.form, self.typed = client, member, form, typed

    def prepare(self) -> None:
        number = next(_numbers)
        content = {name: value if isinstance(value, list) else [value] for name, value in self.typed.items()}
        content |= {"day": ["other"], "received_on": [clock.today().isoformat()], "note": [f"测量 {number}"]}
        if "amount" in content:
            content["amount"] = [str(1000 + number)]  # the same twice would be asked about
        else:
            content["line-0-value"] = [str(1000 + number)]
        content["_asked"] = []
        draft = Draft.objects.create(
            owner=self.member,
            form=f"donations:{self.form}",
            content=json.dumps(content, ensure_ascii=False),
            saved_at=clock.now(),
        )
        self.address = f"/donations/{self.form}/{draft.pk}/check/"
        self.content = digest(content)
        self.asked = vouch(draft.pk, self.member, self.content)

    def send(self) -> None:
        answer = self.client.post(
            self.address, {"intent": "submit", "content": self.content, "asked": self.asked}
        )
        if answer.status_code != 302 or "/receipt" not in answer.url:
            raise RuntimeError(f"{answer.status_code} {getattr(answer, 'url', '')}")


class Plain:
    def __init__(self, client, donor, lines, address="/plain/"):
        self.client, self.address = client, address
        self.data = {"donor": donor.pk, "route": "association", "restriction": "none"}
        self.data |= {
            "received_on": clock.today().isoformat(),
            "lines-TOTAL_FORMS": 2,
            "lines-INITIAL_FORMS": 0,
        }
        for number, line in enumerate(lines):
            self.data |= {f"lines-{number}-{name}": value for name, value in line.items()}

    def send(self) -> None:
        self.data |= {"token": str(uuid.uuid4()), "sure": "on", "note": f"测量 {next(_numbers)}"}
        answer = self.client.post(self.address, self.data)
        if answer.status_code != 302:
            raise RuntimeError(answer.content.decode())


class Bare:
    """The rows that ours leaves, as SQL in one transaction, nothing judged; the chain's head is held as ours holds it."""

    def __init__(self, sample: Donation):
        self.statements = []
        events = AuditEvent.objects.filter(
            target_type=Donation._meta.label, target_id=str(sample.pk)
        ).order_by("pk")
        self.donation, self.lines, self.events = (
            _insert(Donation, [sample]),
            _insert(DonationLine, list(sample.lines.all())),
            _insert(AuditEvent, list(events)),
        )

    def send(self) -> None:
        number = next(_numbers)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE intake_sequence SET last = last + 1 WHERE name = %s", [f"JZ{clock.today().year}"]
            )
            sql, rows = self.donation
            values = rows[0] | {"code": f"BA-{number}", "trace_code": f"BA{number}"}
            key = _returned(cursor, sql, values)
            for sql, rows, own in ((*self.lines, True), (*self.events, False)):
                for row in rows:
                    cursor.execute(sql, list((row | {"donation_id": key} if own else row).values()))
            cursor.execute(
                "INSERT INTO intake_submission (token, owner_id, form, digest, target_type, target_id, at) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [*_token(), self.donation[1][0]["submitted_by_id"], "x", "x", "x", str(key), clock.now()],
            )
            cursor.execute("UPDATE audit_chainhead SET count = count WHERE id = 1")


def _token() -> list:
    value = uuid.uuid4()
    return [value if connection.features.has_native_uuid_field else value.hex]


def _insert(model, rows):
    fields = [one for one in model._meta.concrete_fields if not one.primary_key]
    names = ", ".join(connection.ops.quote_name(one.column) for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})"
    return sql, [
        {one.column: one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields}
        for row in rows
    ]


def _returned(cursor, sql, values) -> int:
    cursor.execute(f"{sql} RETURNING id", list(values.values()))
    return cursor.fetchone()[0]


def _measured(name, form, typed, lines, address="/plain/") -> Row:
    with override_settings(ROOT_URLCONF="bench.submitting"):
        client, member = portal()
        mine = Ours(client, member, form, typed)
        theirs = Plain(client, Donor.objects.filter(organization=member.organization).first(), lines, address)
        mine.prepare()
        mine.send()
        theirs.send()
        sent = Submission.objects.filter(form=f"donations:{form}").latest("pk")
        bare = Bare(Donation.objects.get(pk=sent.target_id))
        bare.send()
        mine.prepare()
        counts = []
        for way in (theirs.send, mine.send, bare.send):
            with CaptureQueriesContext(connection) as queries:
                way()
            counts.append(len(queries))
        waiting = []
        for _ in range(ROUNDS):
            mine.prepare()
            waiting.append((mine.address, mine.content, mine.asked))

        def sent():
            mine.address, mine.content, mine.asked = waiting.pop()
            mine.send()

        baseline, ours_taken, limit = interleaved(theirs.send, sent, bare.send, rounds=ROUNDS)
    return Row(name, baseline, ours_taken, limit, "statements " + " | ".join(str(count) for count in counts))
