"""A small district with two of everything, so that there is always something of somebody else's to reach for.

Side A is street A, organisation A and what is theirs; side B is street B's. Besides, organisation A has reached out to
households that have not agreed, agreed no longer, or are paired with it no longer.
"""

import uuid
from dataclasses import dataclass, field
from datetime import time, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile

from cases.enums import DigestOutcome
from cases.models import Digest, Hardship, Notice, Obligation
from cases.services import households
from donations.enums import PaperKind, Route
from donations.models import Holding
from donations.services import distributions, funds, papers, stock, verifications
from donations.services import gifts as giving
from jinchuan.audit.models import AuditEvent
from jinchuan.intake import services as intake
from jinchuan.intake.models import Attachment, Draft
from jinchuan.shared.clock import now, today
from jinchuan.shared.identity import Phone
from jinchuan.shared.months import Month
from jinchuan.sheets.models import SheetImport
from organizations.enums import Role
from organizations.models import SupervisingUnit
from organizations.services import organizations as registry
from reports.enums import Item, ReportKind
from reports.models import ReportBatch, ReportEdition, ReportMail
from reports.periods import Period
from reports.services import closings, releasing, stories
from tests import (
    factories,
    factories_activities,
    factories_book,
    factories_cases,
    factories_certificates,
    factories_duties,
    factories_mobilizing,
    factories_reports,
    factories_stories,
)
from volunteers.services import checkins, own_record

ACTORS = [
    "anonymous",
    "officer",
    "reviewer",
    "leader",
    "worker_a",
    "clerk",
    "auditor",
    "administrator",
    "admin_a",
    "member_a",
    "outsider",
]


@dataclass
class Side:
    """What belongs to one organisation and its street: rows by model label, and by the role they play in an address."""

    people: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    drafts: dict = field(default_factory=dict)
    canaries: dict = field(default_factory=dict)
    opposite: "Side | None" = field(default=None, repr=False)


@dataclass
class World:
    a: Side
    b: Side
    people: dict
    hidden: dict


def build() -> World:
    """Two sides alike, and the bureau."""
    people = {
        "officer": factories.officer(),
        "reviewer": factories.reviewer(),
        "leader": factories.user(Role.LEADER, username="leader"),
        "clerk": factories.user(Role.ASSOCIATION_CLERK, username="clerk"),
        "auditor": factories.user(Role.AUDITOR, username="auditor"),
        "administrator": factories.user(Role.ADMINISTRATOR, username="administrator"),
    }
    a = _side("a", factories.STREET_A, factories.COMMUNITY_A1)
    b = _side("b", factories.STREET_B, factories.COMMUNITY_B1)
    outsider = factories.approved_organization()
    people["outsider"] = factories.user(Role.ORG_ADMIN, username="outsider", organization=outsider)
    a.opposite, b.opposite = b, a
    for side in (a, b):
        people |= side.people
    standard = factories_duties.standard(effective_from=today().replace(month=1, day=1))
    for number, side in enumerate((a, b), start=1):
        side.rows["reports.reportedition"] = ReportEdition.objects.create(
            period="2026-09",
            number=number,
            division=factories.home(),
            serial=f"YB202609-{number}",
            requested_at=now(),
            requested_by=people["officer"],
        )
        side.rows["reports.closing"] = closings.close_month(
            by=people["officer"], month=Month(2026, 5 + number)
        )
        side.rows |= _reported_to(side, number)
        side.canaries |= _of(side.rows["reports.reportrecipient"], f"recipient {number}", ["name", "email"])
        side.rows |= _duty_of(side, standard)
        side.rows |= _moved(side)
        side.rows["sheets.sheetimport"] = SheetImport.objects.create(
            register="households",
            name="名册.xlsx",
            sha256="0" * 64,
            uploaded_at=now(),
            uploaded_by=people["officer"] if side is a else side.people["worker_b"],
        )
        side.rows |= _certified_of(side)
        side.rows |= _held_of(side)
        side.rows |= _handed_out_to(side)
        side.rows["audit.auditevent"] = AuditEvent.objects.of(side.rows["cases.household"]).first()
    return World(a, b, people, _hidden_from(a.rows["organizations.organization"]))


def _side(letter, street, community) -> Side:
    side = Side()
    organization = factories.approved_organization(division=factories.division(street))
    admin = factories.user(
        Role.ORG_ADMIN,
        username=f"admin_{letter}",
        organization=organization,
        phone=factories.phone(),
        email=f"guanli.{letter}.youxiang@example.cn",
    )
    member = factories.user(
        Role.ORG_MEMBER,
        username=f"member_{letter}",
        organization=organization,
        phone=factories.phone(),
        email=f"chengyuan.{letter}.youxiang@example.cn",
    )
    worker = factories.user(
        Role.DIVISION_WORKER, username=f"worker_{letter}", division=factories.division(street)
    )
    side.people = {f"admin_{letter}": admin, f"member_{letter}": member, f"worker_{letter}": worker}

    household = factories.verified_household(community=factories.division(community))
    pairing = factories.active_pairing(household, organization)
    donor = factories.individual_donor(by=member)
    volunteer = factories.volunteer(organization, by=member)
    donation = factories.submitted_donation(by=member, donor=donor, household=household)
    claim = factories_cases.claim(factories_cases.open_need(household), organization, quantity=2)
    side.rows = {
        "organizations.organization": organization,
        "organizations.user": member,
        "organizations.division": factories.division(community),
        "organizations.supervisingunit": SupervisingUnit.objects.create(name=f"第{letter}主管局"),
        "organizations.program": factories.program(lead_organization=organization),
        "cases.household": household,
        "cases.hardship": Hardship.objects.get(member__household=household),
        "cases.eligibilityreview": household.reviews.get(),
        "cases.member": household.members.get(),
        "cases.consent": household.consents.get(),
        "cases.pairing": pairing,
        "cases.visit": factories_cases.submitted_visit(pairing, by=member),
        "returned visit": factories_cases.returned_visit(pairing, by=member),
        "cases.matter": factories_cases.submitted_matter(pairing, by=member),
        "cases.careplan": factories_cases.care_plan(household),
        "cases.careneed": claim.need,
        "cases.claim": claim,
        "donations.donor": donor,
        "donations.donation": donation,
        "volunteers.volunteer": volunteer,
        "volunteers.training": factories.training(volunteer, organization, by=member),
        "volunteers.correctionrequest": _asked_about(volunteer, member),
        "volunteers.activity": factories.submitted_activity(
            by=member, services=[factories.service(volunteer)]
        ),
        "pledged donation": giving.pledge_donation(
            by=member,
            donor=donor,
            lines=[factories.cash()],
            pledged_on=today() - timedelta(days=9),
            expected_on=today() - timedelta(days=2),
            route=Route.ASSOCIATION,
        ),
        "returned donation": factories.returned_donation(by=member, donor=donor),
        **_planned_by(organization, member, volunteer),
        "returned activity": factories.returned_activity(by=member, services=[factories.service(volunteer)]),
        "intake.attachment": _attachment(donation, member),
    }
    side.rows["cases.visithousehold"] = side.rows["cases.visit"].visited.get()
    for form in (
        "donations:cash",
        "donations:goods",
        "donations:pledge",
        "volunteers:log",
        "care:log",
        "stories:write",
        "volunteers:register",
        "volunteers:plan",
    ):
        side.drafts[form] = uuid.uuid4()
        intake.save_draft(side.drafts[form], by=member, form=form, content={}, title="两袋面")
    side.rows["intake.draft"] = Draft.objects.get(pk=side.drafts["care:log"])
    side.rows |= _told_by(side, member)
    side.canaries = {
        **_of_household(household),
        **_of(
            organization, f"organization {letter}", ["responsible_person", "contact_name", "contact_phone"]
        ),
        **_of(donor, f"donor {letter}", ["name", "phone"]),
        **_of(volunteer, f"volunteer {letter}", ["name", "phone"]),
        **_of(admin, f"admin {letter}", ["name", "phone", "email"]),
        **_of(member, f"member {letter}", ["name", "phone", "email"]),
    }
    return side


def _moved(side) -> dict:
    """A meeting to which the organisation is invited, and a student of the community in the programme that it leads."""
    organization = side.rows["organizations.organization"]
    community = side.rows["organizations.division"]
    invitation = factories_mobilizing.invitation(organization=organization)
    program = factories_mobilizing.student_program(lead_organization=organization)
    student = factories_mobilizing.student(household=factories.verified_household(community=community))
    factories.sharing_consent(student.household, organization)
    side.canaries |= _of(student, f"student of {organization.code}", ["name", "id_number", "guardian_name"])
    return {
        "organizations.mobilization": invitation.mobilization,
        "organizations.mobilizationinvitation": invitation,
        "organizations.programpartner": registry.add_partner(
            program, by=factories.officer(), organization=organization
        ),
        "student program": program,
        "cases.studentaid": factories_mobilizing.approved_aid(student, program),
    }


def _planned_by(organization, member, volunteer) -> dict:
    """A session of today that somebody signed up for and somebody unknown came to, and the hours of another."""
    activity = factories_activities.open_activity(by=member, day=today(), starts=time(0), ends=time(23, 59))
    factories_activities.signed_up(activity, volunteer, by=member)
    window = checkins.open_check_in(activity, by=member)
    checkins.check_in(window, name=volunteer.name, tail=volunteer.phone[-4:])
    checkins.check_in(window, name="孙巧云", tail="1234")
    logged = factories.submitted_activity(by=member, services=[factories.service(volunteer)])
    return {
        "planned activity": activity,
        "volunteers.checkinwindow": window,
        "volunteers.unknownperson": activity.unknown_people.get(),
        "volunteers.servicerecord": logged.records.get(),
    }


def _asked_about(volunteer, member):
    served = factories.confirmed_activity(by=member, services=[factories.service(volunteer)])
    return own_record.ask_correction(served.records.get(), by=None, text="少记了一小时")


def _duty_of(side, standard) -> dict:
    """What the side's pairing owes this year, and its member's reminder of it."""
    member = side.rows["organizations.user"]
    window = {"window_start": today(), "window_end": today() + timedelta(days=30)}
    return {
        "cases.servicestandard": standard,
        "cases.obligation": Obligation.objects.create(
            pairing=side.rows["cases.pairing"],
            rule=standard.rules.get(),
            grace_until=window["window_end"],
            **window,
        ),
        "cases.digest": Digest.objects.create(
            user=member, day=today(), outcome=DigestOutcome.FAILED, count=1, started_at=now()
        ),
        "cases.notice": Notice.objects.create(
            user=member,
            key="test",
            pairing=side.rows["cases.pairing"],
            title="走访联系任务快到期了",
            url="/",
            created_at=now(),
        ),
    }


def _reported_to(side, number) -> dict:
    """The organisation's statement that was issued, a batch, and whom the bureau has reports sent to."""
    street = side.rows["organizations.division"].parent
    at = now()
    recipient = factories_reports.recipient(division=street)
    return {
        "statement": factories_reports.issued(
            side.rows["organizations.organization"],
            period=Period(ReportKind.MONTH, side.rows["reports.closing"].period),
        ),
        "reports.reportbatch": ReportBatch.objects.create(
            kind="month", period="2026-09", number=number, requested_at=at, started_at=at
        ),
        "reports.reportrecipient": recipient,
        "reports.reportmail": ReportMail.objects.create(
            edition=side.rows["reports.reportedition"], recipient=recipient, outcome="unclear", started_at=at
        ),
    }


def _certified_of(side) -> dict:
    """A batch of the side's organisation, of which one certificate is issued."""
    batch = factories_certificates.batch(side.rows["organizations.organization"], size=1)
    certificate = factories_certificates.issue(batch.certificates.get())
    return {"volunteers.certificatebatch": batch, "volunteers.certificate": certificate}


def _held_of(side) -> dict:
    """What the organisation gave and the association holds: money, and rice in a store of the side's community."""
    member, community = side.rows["organizations.user"], side.rows["organizations.division"]
    officer = factories.officer()
    gift = factories.confirmed_donation(
        by=member,
        donor=side.rows["donations.donor"],
        lines=[factories.cash("5000.00"), factories.goods(quantity="40")],
    )
    money, rice = Holding.objects.filter(lot__line__donation=gift).order_by("pk")
    place = funds.add_place(by=officer, name=f"{community.name}库房", kind="warehouse", division=community)
    rice = stock.transfer(rice, by=officer, place=place, amount=Decimal(40), on=factories_book.DAY)
    take = factories_book.stock_take(rice, counted="39")
    return {
        "given": gift,
        "donations.lot": rice.lot,
        "donations.fund": factories_book.fund(f"{community.name}助学专项基金"),
        "donations.place": place,
        "donations.holding": rice,
        "donations.movement": rice.movements.first(),
        "donations.adjustment": factories_book.adjustment(money),
        "donations.disposal": factories_book.disposal(rice),
        "donations.stocktake": take,
        "donations.purposechange": factories_book.purpose_change(gift),
        "donations.receipt": factories_book.receipt(gift, number=f"{gift.pk:010d}"),
        "donations.donationline": rice.lot.line,
        "money": money,
    }


def _handed_out_to(side) -> dict:
    """A batch in the side's community, one line signed for and one not; and one that is over, with a line to call about."""
    household, community = side.rows["cases.household"], side.rows["organizations.division"]
    officer = factories.officer()
    worker = next(one for one in side.people.values() if one.role == Role.DIVISION_WORKER)
    source = side.rows["donations.holding"]

    def sent_out(count):
        batch = distributions.plan_distribution(
            by=officer, held_on=factories_book.DAY, venue="社区活动室", division=community, people="经办人"
        )
        for _ in range(count):
            row = factories_book.approved(source, "2", household=household)
            distributions.add_line(batch, by=officer, allocation=row)
        return distributions.send_out(batch, by=officer)

    def signed(batch):
        line = batch.lines.order_by("number").first()
        return factories_book.delivered(line, receiver_name=side.rows["cases.member"].name)

    batch, closed = sent_out(2), sent_out(1)
    line, _ = signed(batch), signed(closed)
    closed = distributions.close_distribution(closed, by=officer)
    return {
        "donations.allocation": factories_book.proposed(side.rows["money"], household=household),
        "donations.distribution": batch,
        "donations.distributionline": line,
        "donations.verification": verifications.draw_sample(closed, by=factories.reviewer())[0],
        "donations.paper": papers.request_paper(batch, by=worker, kind=PaperKind.SIGNING_SHEET),
    }


def _told_by(side, member) -> dict:
    """Stories of the side's organisation about its household: one handed in, one returned, one that was published."""
    household = side.rows["cases.household"]
    told = {"by": member, "household": household, "pairing": side.rows["cases.pairing"]}
    story = factories_stories.draft(**told)
    factories_stories.shows(story, household.members.get(), by=member)
    story = stories.submit_story(story, by=member)
    published = factories_stories.checked(**told)
    person = factories_stories.shows(published, by=factories.officer(), other_name="赵长青")
    factories_stories.agrees(person, Item.STORY)
    stories.confirm_consents(published, by=factories.officer(), channels=[factories_stories.CENTRE])
    release = releasing.release_story(published, by=factories.reviewer(), channels=[factories_stories.CENTRE])
    return {
        "reports.story": story,
        "returned story": stories.return_story(
            factories_stories.submitted(**told), by=factories.officer(), reason="请写明是哪一天的事"
        ),
        "reports.storyperson": story.people.get(),
        "reports.storyphoto": factories_stories.photo(story, by=factories.officer()),
        "reports.storyrelease": release,
        "reports.publicationconsent": person.consents.get(),
        "reports.publication": releasing.record_publication(
            published,
            by=factories.officer(),
            channel=factories_stories.CENTRE,
            title="一盏新灯亮起来",
            published_on=today(),
        ),
    }


def _hidden_from(organization) -> dict:
    """Canaries of households the organisation knows of, but may not see."""
    undecided = factories.intention(organization=organization).household
    ended = factories.ended_pairing(organization=organization).household
    withdrawn = factories.active_pairing(organization=organization).household
    households.withdraw_consent(withdrawn.consents.get(), by=factories.officer())
    expired = factories.active_pairing(organization=organization).household
    expired.consents.update(given_on=today() - timedelta(days=9), expires_on=today())
    return {
        name: word
        for household in (undecided, ended, withdrawn, expired)
        for name, word in _of_household(household).items()
    }


def _attachment(row, by) -> Attachment:
    attachment = Attachment(
        parent_type=row._meta.label,
        parent_id=str(row.pk),
        name="照片.jpg",
        content_type="image/jpeg",
        extension=".jpg",
        size=4,
        sha256="0" * 64,
        uploaded_at=now(),
        uploaded_by=by,
    )
    attachment.file.save("", ContentFile(b"\xff\xd8\xff\xd9"), save=False)
    attachment.save(force_insert=True)
    return attachment


# Canaries: words that stand in one row and nowhere else ------------------------------------------------------


def _of_household(household) -> dict:
    member = household.members.get()
    return {
        f"{household.code} name": member.name,
        f"{household.code} id_number": member.id_number,
        f"{household.code} phone": household.phone,
        f"{household.code} address": household.address,
    }


def _of(row, label, names) -> dict:
    return {f"{label} {name}": getattr(row, name) for name in names if getattr(row, name)}


def spellings(word) -> list[str]:
    """A word, and a phone number as it is shown."""
    if word.isdigit() and len(word) == 11:
        shown = Phone.parse(word).display
        return [word, shown, shown.replace(" ", "-"), shown.replace(" ", "\N{NO-BREAK SPACE}")]
    return [word]
