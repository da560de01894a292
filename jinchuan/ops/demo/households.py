"""The households of the demo district: kinds of hardship, who lives there, how they are registered and verified."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from cases.enums import ConsentPurpose, HardshipCategory, NeedLevel, Relation, ReviewMethod
from cases.services import households as cases

from .timeline import workday

H, R = HardshipCategory, Relation


@dataclass(frozen=True)
class Person:
    """One member of a kind of household; ``ages`` in full years in June 2023."""

    relation: Relation
    sex: str
    ages: tuple[int, int]
    hardships: tuple[tuple[H, str], ...] = ()


@dataclass(frozen=True)
class Kind:
    summary: str
    level: NeedLevel
    people: tuple[Person, ...]
    evidence: str
    rural: bool = field(default=False)


_LOW = (H.SUBSISTENCE_ALLOWANCE, "最低生活保障证")
_SEVERE = (H.SEVERE_DISABILITY, "第三代残疾人证")

KINDS = [
    Kind(
        "老人独自居住，没有子女，行动不便，买菜、就医需要有人陪同，冬季取暖费用紧张。",
        NeedLevel.SEVERE,
        (
            Person(
                R.HEAD,
                "female",
                (72, 84),
                ((H.DESTITUTE_PERSON, "特困人员救助供养证"), (H.LIVING_ALONE, "社区独居老人台账")),
            ),
        ),
        "入户查看住房和生活用品，向左邻右舍了解，老人确无子女赡养。",
    ),
    Kind(
        "户主重度残疾，生活需要照料，妻子打零工维持家用，收入不稳定。",
        NeedLevel.SEVERE,
        (
            Person(R.HEAD, "male", (45, 60), (_SEVERE, _LOW)),
            Person(R.SPOUSE, "female", (42, 56)),
        ),
        "入户核对残疾人证和低保证，查看家中用具，收入情况与社区台账一致。",
    ),
    Kind(
        "孩子由祖父母抚养，祖父母年老体弱，孩子的学费、辅导和生活照料都有困难。",
        NeedLevel.SEVERE,
        (
            Person(R.HEAD, "male", (63, 74)),
            Person(R.SPOUSE, "female", (60, 71)),
            Person(
                R.GRANDCHILD, "female", (6, 12), ((H.DE_FACTO_UNATTENDED_CHILD, "事实无人抚养儿童认定表"),)
            ),
        ),
        "入户并到学校了解，民政、教育、公安三部门联审意见一致。",
    ),
    Kind(
        "单亲家庭，母亲在超市打工，孩子上中学，房租和学习费用占去大半收入。",
        NeedLevel.MARKED,
        (
            Person(R.HEAD, "female", (36, 46), (_LOW,)),
            Person(R.CHILD, "male", (11, 15), ((H.STUDENT_IN_HARDSHIP, "学校困难学生认定表"),)),
        ),
        "入户查看租房合同和工资条，学校出具困难学生证明。",
    ),
    Kind(
        "两位老人相依为命，子女在外地，老伴长期卧床，日常照料压力大。",
        NeedLevel.MARKED,
        (
            Person(R.HEAD, "male", (74, 83), ((H.EMPTY_NEST, "社区空巢老人台账"),)),
            Person(R.SPOUSE, "female", (71, 80), ((H.DISABLED_ELDER, "老年人能力评估报告"),)),
        ),
        "入户看望两位老人，与在外子女电话核实，邻居反映情况属实。",
    ),
    Kind(
        "家庭主要劳动力长期治疗，医药费支出大，两个孩子正在上学。",
        NeedLevel.SEVERE,
        (
            Person(R.HEAD, "male", (40, 50), ((H.RIGID_EXPENDITURE_HARDSHIP, "医疗费用票据"),)),
            Person(R.SPOUSE, "female", (38, 47)),
            Person(R.CHILD, "female", (8, 12)),
            Person(R.CHILD, "male", (13, 16), ((H.STUDENT_IN_HARDSHIP, "学校困难学生认定表"),)),
        ),
        "查看近一年医疗票据和医保结算单，医保、民政两部门联审。",
    ),
    Kind(
        "孩子重度残疾，需要长期康复训练，母亲全天照护，无法外出工作。",
        NeedLevel.SEVERE,
        (
            Person(R.HEAD, "male", (36, 45)),
            Person(R.SPOUSE, "female", (33, 42)),
            Person(R.CHILD, "male", (6, 12), (_SEVERE,)),
        ),
        "核对残疾人证，到康复机构了解训练情况，家庭收入与申报一致。",
    ),
    Kind(
        "老人留守在村，子女常年外出务工，地里的活和冬季用煤需要帮手。",
        NeedLevel.ORDINARY,
        (
            Person(R.HEAD, "male", (68, 79), ((H.LEFT_BEHIND_ELDER, "村留守老人台账"),)),
            Person(R.SPOUSE, "female", (66, 76)),
        ),
        "村干部陪同入户，走访三户邻居，情况属实。",
        rural=True,
    ),
    Kind(
        "因自然灾害和牲畜损失收入下降，列入防止返贫监测，缺少稳定的增收门路。",
        NeedLevel.MARKED,
        (
            Person(R.HEAD, "male", (45, 58), ((H.POVERTY_RELAPSE_MONITORED, "防止返贫监测对象认定表"),)),
            Person(R.SPOUSE, "female", (43, 55)),
            Person(R.PARENT, "female", (74, 82)),
        ),
        "村两委评议公示，农业农村、民政部门联审通过。",
        rural=True,
    ),
    Kind(
        "孤儿，由姑姑一家照看，正在读初中，需要学业辅导和陪伴。",
        NeedLevel.SEVERE,
        (
            Person(R.HEAD, "female", (40, 50)),
            Person(R.OTHER, "female", (11, 14), ((H.ORPHAN, "孤儿基本生活保障审批表"),)),
        ),
        "核对审批材料，入户了解照看情况，学校老师反映孩子学习努力。",
    ),
    Kind(
        "高龄老人与残疾儿子同住，儿子能做简单手工，希望有居家就业的机会。",
        NeedLevel.MARKED,
        (
            Person(R.HEAD, "female", (80, 88), ((H.OLDEST_OLD, "高龄津贴审批表"),)),
            Person(R.CHILD, "male", (48, 58), ((H.PERSON_WITH_DISABILITY, "第三代残疾人证"), _LOW)),
        ),
        "入户查看，核对高龄津贴和残疾人证，社区网格员反映情况属实。",
    ),
    Kind(
        "家庭收入略高于低保标准，户主打零工，孩子刚考上高中，开销增加。",
        NeedLevel.ORDINARY,
        (
            Person(R.HEAD, "male", (42, 52), ((H.SUBSISTENCE_MARGINAL, "低保边缘家庭认定书"),)),
            Person(R.SPOUSE, "female", (40, 49)),
            Person(R.CHILD, "female", (13, 15)),
        ),
        "核对认定书和务工证明，邻里访问两户，情况属实。",
    ),
]

OPENING_HOUSEHOLDS = 55
_REGISTERING_FROM = date(2023, 6, 12)
# From then on a new household every so many days.
FURTHER_FROM, FURTHER_EVERY = date(2023, 11, 8), 58


def plan(district):
    """Register and verify the 55 of the opening, then one household every two months, and those found lately."""
    for number in range(OPENING_HOUSEHOLDS):
        plan_household(district, number, _REGISTERING_FROM + timedelta(days=number * 2 // 3))
    day, number = FURTHER_FROM, OPENING_HOUSEHOLDS
    while day <= district.until:
        plan_household(district, number, workday(day))
        day, number = day + timedelta(days=FURTHER_EVERY), number + 1


def plan_household(district, number, day, *, verified=True, community=None):
    """Household ``number`` of the story comes to notice on a day, and ten days later a second person has verified it."""
    day = workday(day)
    rng = district.rng(f"household:{number}")
    kind = KINDS[number % len(KINDS)]
    district.timeline.on(day, register, district, number, kind, community, rng, at=f"{9 + number % 3:02d}:20")
    if verified:
        district.timeline.on(
            workday(day + timedelta(days=8 + number % 4)), verify, district, number, kind, at="16:10"
        )


def register(district, number, kind, community, rng):
    community = district.communities[community] if community else _community(district, kind, rng)
    members = [_member(district, person, rng, number) for person in kind.people]
    guardian = members[0]
    for member, person in zip(members, kind.people, strict=True):
        if person.ages[0] < 18:
            member |= {"guardian_name": guardian["name"], "guardian_phone": district.people.phone()}
    by = district.worker_of(community) if number % 3 else district.staff["officer"]
    district.households[number] = household = cases.register_household(
        by=by,
        community=community,
        address=district.people.address(community),
        phone=district.people.phone(),
        summary=kind.summary,
        need_level=kind.level,
        members=members,
    )
    cases.record_consent(
        by=by,
        household=household,
        purpose=ConsentPurpose.RECORD,
        evidence=f"签字同意书存{community.short_name}档案盒第{number % 9 + 1}册",
    )


def verify(district, number, kind):
    """By the reviewer where the officer registered the household, else by the officer."""
    by = district.staff["officer"] if number % 3 else district.staff["reviewer"]
    methods = (ReviewMethod.HOME_VISIT, ReviewMethod.NEIGHBOURS, ReviewMethod.DEPARTMENTS)
    district.households[number] = cases.verify_household(
        district.households[number], by=by, method=methods[number % 3], evidence=kind.evidence
    )


def _community(district, kind, rng):
    places = [
        community
        for community in district.communities.values()
        if community.level == "village" or not kind.rural
    ]
    return rng.choice(places)


def _member(district, person, rng, number):
    people = district.people
    age = rng.randint(*person.ages)
    group = "child" if age < 18 else "old" if age >= 58 else "adult"
    born = people.birth_date(age)
    remarkable = person.relation == R.HEAD and number % 11 == 4
    return {
        "name": people.remarkable_name(person.sex) if remarkable else people.name(person.sex, group),
        "relation": person.relation,
        "sex": person.sex,
        "id_number": people.id_number(born, person.sex),
        "hardships": [
            {"category": category, "basis": basis, "started_on": date(2022, 7, 1)}
            for category, basis in person.hardships
        ],
    }
