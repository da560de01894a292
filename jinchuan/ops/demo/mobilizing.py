"""How the demo district is moved: the meeting and the appeal of July 2023, a meeting every spring, one ahead; and the students
whom business people help to university every August (圆梦大学·成就梦想)."""

from datetime import date, time, timedelta

from cases.enums import ConsentGiver, ConsentPurpose, SchoolStage, StudentAidState, StudentHardship
from cases.models import Consent, Member, StudentAid
from cases.services import households as cases
from cases.services import students
from jinchuan.shared.clock import today
from organizations.enums import Answer, MobilizationKind, ProgramKind
from organizations.models import Organization
from organizations.services import mobilizations as moving
from organizations.services import organizations as registry

from . import organizations
from .timeline import workday

_MEETING, _APPEAL = date(2023, 7, 5), date(2023, 7, 6)
_STUDENT_AID = "圆梦大学·成就梦想"
_HALL = "区民政局三楼会议室"
_OPENING_OUTLINE = (
    "一、通报区实施方案和困难群众需求情况；二、介绍捐款捐物、志愿服务、辅助结对三种参与方式；三、社会组织代表发言；四、答疑。"
    "参加、响应都是自愿的，不定指标，不排名。"
)
_APPEAL_OUTLINE = (
    "全区各社会组织、爱心企业：结对帮扶、爱心金川，需要大家一起来做。能出钱的出钱，能出力的出力，有专长的用专长；"
    "量力而行，贵在长久。愿意参与的，请与区民政局联系。"
)
_SPRING_OUTLINE = "一、通报上年度结对帮扶情况；二、介绍本年度需求和服务品牌；三、交流做法；四、听取意见。"
_AHEAD_OUTLINE = "一、冬季走访安排；二、取暖和用电安全提醒；三、听取各组织的困难和建议。"

_INTENDS = (
    "打算每季度入户看望一次，帮着打扫理发。",
    "愿意认领几户附近的老人，先上门看看需要什么。",
    "会员单位商量后，准备为困难学生出一份力。",
    "继续做好手里的结对，再组织几场志愿服务。",
    "可以提供场地和讲师，办手工和家政培训。",
)
_CANNOT = ("当天有会员大会，派不出人，材料请发一份。", "负责人外出学习，事后再来了解。")

# What the brands are, and who carries them besides the lead.
_BRANDS = {
    "助老护小": (
        ProgramKind.SERVICE,
        "独居、空巢老人和困境儿童",
        ("金川区向阳志愿服务协会", "金川区蒲公英儿童成长中心"),
    ),
    "乐享银龄": (ProgramKind.SERVICE, "60 周岁以上的老年人", ("昌文里社区夕阳红文艺队",)),
    "残疾人手工坊": (ProgramKind.SERVICE, "有就业意愿的残疾人", ("金川区民间手工艺协会", "金冶里社区巧娘手工坊")),
    _STUDENT_AID: (
        ProgramKind.STUDENT_AID,
        "家庭经济困难的高中、中职和大学学生",
        ("金川区五金机电商会", "金川区青年创业联谊会"),
    ),
}  # fmt: skip


def plan(district):
    on = district.timeline.on
    on(date(2023, 7, 3), _describe_brands, district, at="09:20")
    _plan_one(district, _MEETING, "结对帮扶·爱心金川社会组织动员会", _OPENING_OUTLINE)
    on(_APPEAL, _appeal, district, at="09:00")
    for year in range(2024, district.until.year + 1):
        _plan_one(
            district, workday(date(year, 3, 12)), f"{year}年结对帮扶·爱心金川工作推进会", _SPRING_OUTLINE
        )
    for year in range(2023, district.until.year + 1):
        on(workday(date(year, 8, 7)), _propose, district, year, at="10:10")
    on(district.until - timedelta(days=1), _plan_ahead, district, at="16:20")


def _describe_brands(district):
    officer = district.staff["officer"]
    for name, (kind, group, partners) in _BRANDS.items():
        program = registry.update_program(district.programs[name], by=officer, kind=kind, target_group=group)
        district.programs[name] = program
        for partner in partners:
            registry.add_partner(program, by=officer, organization=district.organizations[partner])


# Meetings and appeals ------------------------------------------------------------------------------------------


def _plan_one(district, day, title, outline):
    """Prepared a week ahead, answered in the days after, held, and closed when two months are over."""
    first = workday(day - timedelta(days=6))
    if day <= district.until - timedelta(days=1):
        district.timeline.on(first, _meeting, district, day, title, outline, at="09:10")


def _meeting(district, day, title, outline):
    mobilization = _prepare(district, day, title, outline)
    rng, on = district.rng(f"meeting:{day}"), district.timeline.on
    span = max((day - today()).days, 1)
    for place, invitation in enumerate(_invite_all(district, mobilization)):
        if rng.random() < 0.88:
            answered = min(today() + timedelta(days=rng.randrange(span)), day - timedelta(days=1))
            at = f"{10 + place % 8:02d}:{15 + place % 40:02d}"
            on(max(answered, today()), _answer, district, invitation, rng.random(), at=at)
    on(day, _hold, district, mobilization, at="17:30")
    on(workday(day + timedelta(days=moving.FOLLOWED_DAYS + 1)), _close, district, mobilization, at="16:00")


def _prepare(district, day, title, outline, **fields):
    fields = {"kind": MobilizationKind.MEETING, "starts_at": time(15, 0), "place": _HALL, **fields}
    return moving.plan_mobilization(
        by=district.staff["officer"], held_on=day, title=title, outline=outline, **fields
    )


def _invite_all(district, mobilization):
    rows = Organization.objects.approved().social().order_by("code")
    return [
        moving.invite(one, by=district.staff["officer"], mobilization=mobilization)
        for one in rows
        if one.name != organizations.CHARITY
    ]


def _place(invitation) -> int:
    """The same each time the demo is loaded, which the row's own number is not."""
    return int(invitation.organization.code.rpartition("-")[2])


def _answer(district, invitation, chance):
    """Most answer for themselves; some tell the bureau by telephone, a few cannot."""
    answers, place = invitation.mobilization.answers, _place(invitation)
    answer = answers[1] if chance < 0.08 else answers[0]
    words = ""
    if answer == Answer.DECLINED:
        words = _CANNOT[place % len(_CANNOT)]
    elif place % 3 == 0:
        words = _INTENDS[place % len(_INTENDS)]
    if place % 6 == 1:
        moving.record_answer(invitation, by=district.staff["officer"], answer=answer, words=words)
    else:
        speaker = district.speaker_of(invitation.organization)
        moving.answer_invitation(invitation, by=speaker, answer=answer, words=words)


def _hold(district, mobilization):
    officer = district.staff["officer"]
    mobilization = moving.hold_mobilization(mobilization, by=officer)
    for invitation in mobilization.invitations.order_by("pk"):
        came = invitation.answer == Answer.ATTENDING and _place(invitation) % 17 != 3
        moving.note_attendance(invitation, by=officer, attended=came)


def _close(district, mobilization):
    moving.close_mobilization(mobilization, by=district.staff["officer"])


def _appeal(district):
    """Sent to everybody the day after the meeting; some 30 say that they support it."""
    appeal = _prepare(
        district,
        _APPEAL,
        "关于参与“结对帮扶·爱心金川”的倡议书",
        _APPEAL_OUTLINE,
        kind=MobilizationKind.APPEAL,
        starts_at=None,
        place="",
    )
    invitations = _invite_all(district, appeal)
    appeal = moving.hold_mobilization(appeal, by=district.staff["officer"])
    rng, on = district.rng("appeal"), district.timeline.on
    for place, invitation in enumerate(invitations):
        if rng.random() < 0.7:
            day = today() + timedelta(days=rng.randrange(1, 40))
            on(day, _answer, district, invitation, 1, at=f"{9 + place % 9:02d}:{place % 60:02d}")
    on(workday(today() + timedelta(days=moving.FOLLOWED_DAYS + 1)), _close, district, appeal, at="16:10")


def _plan_ahead(district):
    """A meeting that is still to come: on the desk of the shown organisation, which has not answered yet."""
    mobilization = _prepare(
        district, district.until + timedelta(days=45), "冬季走访暖心行动动员会", _AHEAD_OUTLINE
    )
    for place, invitation in enumerate(_invite_all(district, mobilization)):
        if place % 5 == 2 and invitation.organization.name != organizations.SHOWN:
            _answer(district, invitation, 1)


# Student aid ---------------------------------------------------------------------------------------------------


def _propose(district, year):
    """In August the communities propose who goes to school in autumn: people of 15 to 22 of households on record."""
    on, program = district.timeline.on, district.programs[_STUDENT_AID]
    grown = {"birth_date__gt": date(year - 23, 8, 31), "birth_date__lte": date(year - 15, 8, 31)}
    recorded = Consent.objects.in_force().filter(purpose=ConsentPurpose.RECORD).values("household")
    rows = Member.objects.present().filter(household__in=recorded, **grown).order_by("pk")
    for place, member in enumerate(rows.select_related("household__community__parent")[:12]):
        household, age = member.household, member.age_on(today())
        aid = students.propose_aid(
            by=district.worker_of(household.community),
            program=program,
            member=member,
            school_year=year,
            stage=_stage(age, place),
            hardship=list(StudentHardship)[place % 3],
            evidence=f"困难学生认定表存{household.community.short_name}档案盒。",
        )
        if place % 4 != 3:
            _share(district, household, program.lead_organization, by_guardian=age < 18)
        on(workday(today() + timedelta(days=5)), _decide, district, aid, place, at=f"{9 + place % 8:02d}:35")


def _stage(age, place):
    if age < 18:
        return SchoolStage.VOCATIONAL if place % 3 == 2 else SchoolStage.SENIOR_HIGH
    return SchoolStage.COLLEGE if place % 3 == 2 else SchoolStage.BACHELOR


def _share(district, household, organization, *, by_guardian):
    """They agree that the lead organisation hears of them: by code, stage and street."""
    if Consent.objects.sharing().filter(household=household, organization=organization).exists():
        return
    guardian = {"given_by": ConsentGiver.GUARDIAN, "guardian_name": "监护人"} if by_guardian else {}
    cases.record_consent(
        by=district.worker_of(household.community),
        household=household,
        purpose=ConsentPurpose.SHARE_WITH_ORGANIZATION,
        organization=organization,
        evidence="签字同意书存社区档案盒",
        **guardian,
    )


def _decide(district, aid, place):
    officer = district.staff["officer"]
    if place % 9 == 8:
        students.decline_aid(aid, by=officer, reason="材料显示已获得同类全额资助，请核对后另行申请。")
        return
    students.approve_aid(aid, by=officer)
    district.timeline.on(workday(today() + timedelta(days=60)), _complete, district, aid, at="15:25")


def _complete(district, aid):
    if StudentAid.objects.filter(pk=aid.pk, state=StudentAidState.APPROVED).exists():
        students.complete_aid(aid, by=district.staff["officer"])
