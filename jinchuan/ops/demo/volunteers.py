"""The volunteers of the demo district: some with a document, many with a national number, a few of a kind of their own.

In every organisation the first shows a document. Of the founders one serves in two organisations, two are social
workers and three are students whose parents agreed.
"""

from datetime import date

from volunteers.enums import DocumentKind, ServiceCategory, Skill, SocialWorkerLevel, VolunteerKind
from volunteers.services import people

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
