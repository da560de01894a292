"""The demo district as it is told: who is there already, and the founding of it in June 2023."""

import csv
import random
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from organizations.enums import OrganizationKind, Role
from organizations.models import Division, SupervisingUnit
from organizations.services import organizations as registry

from . import accounts, organizations, volunteers
from .names import People, credit_code
from .timeline import Timeline, workday

FOUNDED = date(2023, 6, 5)
DIVISIONS = settings.ROOT / "organizations" / "data" / "divisions_620302.csv"


class District:
    """What the parts of the story share: the clock, the people, and the rows by the names they are told by."""

    def __init__(self, until, seed="620302"):
        self.seed = seed
        self.timeline = Timeline(until)
        self.people = People(self.rng("people"))
        self.staff, self.workers = {}, {}
        self.organizations, self.organization_users, self.volunteers = {}, {}, {}
        self.programs, self.communities, self.households = {}, {}, {}
        self.pairings, self.donors = {}, {}

    @property
    def until(self):
        return self.timeline.until

    def rng(self, subject) -> random.Random:
        """A generator of its own for each subject, so that one part of the story does not shift another."""
        return random.Random(f"{self.seed}:{subject}")  # noqa: S311 — the same district every time is the point

    # Who acts ------------------------------------------------------------------------------------------------

    def worker_of(self, community):
        """The street worker who looks after a community or village."""
        return self.workers[community.parent.code]

    def speaker_of(self, organization):
        """Somebody who signs in for the organisation."""
        return self.organization_users[organization.name][0]

    def social_organizations(self):
        """Those of the opening that still take part."""
        return [
            self.organizations[name]
            for name, *_ in organizations.SOCIAL_ORGANIZATIONS
            if self.organizations[name].is_approved
        ]

    def one_of(self, candidates, rng):
        """Any of the organisations, and rather often the one that the demo accounts belong to."""
        shown = self.organizations[organizations.SHOWN]
        return shown if shown in candidates and rng.random() < 0.12 else rng.choice(candidates)

    # Founding ------------------------------------------------------------------------------------------------

    def found(self):
        on = self.timeline.on
        on(FOUNDED, self._load_divisions, at="08:30")
        on(FOUNDED, self._open_offices, at="08:40")
        on(FOUNDED, self._name_supervising_units, at="09:00")
        day, rng = FOUNDED, self.rng("founding")
        for number, (name, kind, strengths, capacity) in enumerate(organizations.OTHERS, start=1):
            self._plan_organization(day, number, rng, name, kind, strengths, capacity, None)
        for number, row in enumerate(organizations.SOCIAL_ORGANIZATIONS, start=20):
            self._plan_organization(day + timedelta(days=(number - 20) // 3), number, rng, *row)
        on(date(2023, 6, 30), self._register_programs, at="16:00")

    def _load_divisions(self):
        with DIVISIONS.open(encoding="utf-8", newline="") as rows:
            registry.load_divisions(csv.DictReader(rows), by=None)
        self.home = Division.objects.get(code=settings.HOME_DIVISION)
        self.communities = {
            division.code: division for division in Division.objects.grassroots().select_related("parent")
        }

    def _open_offices(self):
        password = make_password(accounts.PASSWORD)
        street = Division.objects.get(code=accounts.WORKER_STREET)
        for role, username, name in accounts.SHOWN:
            if role.is_of_organization:
                continue
            place = street if role == Role.DIVISION_WORKER else self.home
            self.staff[username] = accounts.open_account(
                by=None, username=username, name=name, role=role, password=password, division=place
            )
        self.workers[street.code] = self.staff["worker"]
        for division in Division.objects.filter(parent=self.home).exclude(pk=street.pk):
            self.workers[division.code] = accounts.open_account(
                by=None,
                username=f"worker_{division.code[6:9]}",
                name=self.people.name("female"),
                role=Role.DIVISION_WORKER,
                division=division,
            )

    def _name_supervising_units(self):
        for name in organizations.SUPERVISING_UNITS:
            registry.register_supervising_unit(by=self.staff["officer"], name=name)
        self.units = {unit.name: unit for unit in SupervisingUnit.objects.all()}

    def _plan_organization(self, day, number, rng, name, kind, strengths, capacity, unit):
        day = workday(day)
        phone, party = self.people.phone(), rng.random() < 0.4
        man = rng.random() < 0.6
        responsible = self.people.name("male" if man else "female")
        self.timeline.on(
            day,
            self._register_organization,
            number,
            capacity,
            unit,
            at=f"{9 + number % 7:02d}:{number % 60:02d}",
            name=name,
            kind=kind,
            strengths=[str(code) for code in strengths],
            contact_phone=phone,
            has_party_group=party,
            responsible_person=responsible,
        )
        self.timeline.on(workday(day + timedelta(days=3)), self._approve_organization, name, at="15:00")
        if kind in organizations.TAKING_PART:
            self.timeline.on(
                workday(day + timedelta(days=6)), self._enrol_volunteers, name, rng.randint(6, 10), at="10:30"
            )

    def _register_organization(self, number, capacity, unit, *, name, kind, **fields):
        prefix = organizations.CODE_PREFIX.get(kind)
        place = organizations.FILED_IN.get(name)
        charity = kind == OrganizationKind.CHARITY_ASSOCIATION
        self.organizations[name] = registry.register_organization(
            by=self.staff["officer"],
            name=name,
            kind=kind,
            uscc=credit_code(prefix, number) if prefix else None,
            division=self.communities[place] if place else self.home,
            supervising_unit=self.units[unit] if unit else None,
            capacity=capacity,
            is_charitable=charity,
            may_raise_funds=charity,
            is_tax_deductible=charity,
            **fields,
        )

    def _approve_organization(self, name):
        organization = registry.approve_organization(self.organizations[name], by=self.staff["reviewer"])
        self.organizations[name] = organization
        if organization.kind not in organizations.TAKING_PART:
            return
        self.organization_users[name] = users = []
        if name == organizations.SHOWN:
            password = make_password(accounts.PASSWORD)
            for role, username, person in accounts.SHOWN:
                if role.is_of_organization:
                    users.append(
                        accounts.open_account(
                            by=None,
                            username=username,
                            name=person,
                            role=role,
                            password=password,
                            organization=organization,
                        )
                    )
        else:
            users.append(
                accounts.open_account(
                    by=None,
                    username=f"org_{organization.code.lower().replace('-', '')}",
                    name=organization.responsible_person,
                    role=Role.ORG_ADMIN,
                    organization=organization,
                )
            )

    def _enrol_volunteers(self, name, count):
        self.volunteers[name] = volunteers.enrol(self, self.organizations[name], count, joined_on=FOUNDED)

    def _register_programs(self):
        for name, lead, summary in organizations.PROGRAMS:
            self.programs[name] = registry.register_program(
                by=self.staff["officer"],
                name=name,
                lead_organization=self.organizations[lead],
                summary=summary,
                started_on=date(2023, 7, 1),
            )
