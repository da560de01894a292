"""The volunteers of the demo district: some with a document, many with a national number, a few of a kind of their own.

In every organisation the first shows a document. Of the founders one serves in two organisations, two are social
workers and three are students whose parents agreed.
"""

from datetime import date
from decimal import Decimal

from volunteers.enums import DocumentKind, ServiceCategory, Skill, SocialWorkerLevel, VolunteerKind
from volunteers.models import Commendation, Evaluation, Training
from volunteers.services import growth, people

SOCIAL_WORKERS, STUDENTS = 2, 3
GUARDIANS = ("李秀珍", "王海霞", "张丽华")
_SKILLS = [
    [Skill.HAIRDRESSING],
    [Skill.MEDICAL],
    [Skill.REPAIR, Skill.DRIVING],
    [Skill.ARTS],
    [],
    [Skill.TEACHING],
]
_SERVICES = [
    [ServiceCategory.ELDERLY],
    [ServiceCategory.ELDERLY, ServiceCategory.POVERTY],
    [ServiceCategory.CHILDREN, ServiceCategory.STUDENT_AID],
    [ServiceCategory.COMMUNITY],
    [ServiceCategory.DISABILITY],
]


def plan(district):
    """What grew with them: a training for the first of each organisation, praise for one, an evaluation for another."""
    on = district.timeline.on
    on(date(2024, 3, 8), _train, district, at="16:30")
    on(date(2025, 3, 6), _commend, district, at="09:30")
    on(date(2025, 12, 12), _evaluate, district, at="15:10")


def _train(district):
    facts = {"content": "上门陪护与急救常识", "organizer": "区红十字会", "place": "区民政局会议室"}
    for organization, person in _firsts(district):
        _grow(
            district,
            Training,
            organization,
            person,
            **facts,
            held_on=date(2024, 3, 7),
            class_hours=Decimal(4),
        )


def _commend(district):
    organization, person = next(_firsts(district))
    facts = {"name": "金川区优秀志愿者", "granted_by": "区民政局", "granted_on": date(2025, 3, 5)}
    _grow(district, Commendation, organization, person, **facts)


def _evaluate(district):
    for organization, person in _firsts(district):
        facts = {"quality": "excellent", "evaluated_by": "社区居民", "evaluated_on": date(2025, 12, 10)}
        _grow(district, Evaluation, organization, person, **facts, words="细心，守时。")


def _firsts(district):
    for name, enrolled in district.volunteers.items():
        yield district.organizations[name], enrolled[0]


def _grow(district, model, organization, person, **fields):
    by = district.speaker_of(organization)
    growth.record_growth(model, person, by=by, organization=organization, **fields)


def enrol(district, organization, count, *, joined_on) -> list:
    """The volunteers of one organisation, entered by somebody of it."""
    rng = district.rng(f"volunteers:{organization.name}")
    particulars = district.rng(f"particulars:{organization.name}")
    place = len(district.volunteers)
    enrolled = []
    for number in range(count):
        sex = rng.choice(("male", "female", "female"))
        group = rng.choice(("adult", "adult", "old"))
        remarkable = number == 0 and rng.random() < 0.08
        name = district.people.remarkable_name(sex) if remarkable else district.people.name(sex, group)
        fields = {"name": name, "phone": district.people.phone()}
        fields |= _particulars(district, particulars, number, place, sex, group)
        if number == 1 and place == 1:
            # The first of the first organisation serves here, too; the document says that it is the same person.
            fields = _as_registered(next(iter(district.volunteers.values()))[0])
        enrolled.append(
            people.register_volunteer(
                by=district.speaker_of(organization),
                organization=organization,
                joined_on=joined_on,
                registered_on=joined_on,
                **fields,
            )
        )
    return enrolled


def _as_registered(person) -> dict:
    return {
        "name": person.name,
        "document_kind": person.document_kind,
        "document_number": person.document_number,
    }


def _particulars(district, rng, number, place, sex, group) -> dict:
    fields = {"sex": sex, "skills": rng.choice(_SKILLS), "services": rng.choice(_SERVICES)}
    if rng.random() < 0.7:
        fields["national_number"] = f"6203020{place:03d}{number:04d}"
    age = rng.randint(60, 72) if group == "old" else rng.randint(22, 58)
    born = district.people.birth_date(age, rng=rng)
    if number == 3 and place < STUDENTS:
        born = date(2011 + place, 9, 1 + place)
        fields |= {
            "guardian_name": GUARDIANS[place],
            "guardian_phone": f"1380000999{place}",
            "guardian_consent_on": date(2023, 6, 4),
            "guardian_accompanies": True,
        }
    if number == 2 and place < SOCIAL_WORKERS:
        fields |= {
            "kind": VolunteerKind.SOCIAL_WORKER,
            "worker_level": (SocialWorkerLevel.PROFESSIONAL, SocialWorkerLevel.ASSISTANT)[place],
            "worker_certificate": f"2022000{place}6203{number:04d}",
        }
    if number in (0, 2, 3) or rng.random() < 0.4:
        fields |= {
            "document_kind": DocumentKind.CITIZEN_ID,
            "document_number": district.people.id_number(born, sex, rng=rng),
            "birth_date": born,
        }
    return fields
