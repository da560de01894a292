"""Sessions and hours as sheets: one row a volunteer, rows with the same number are one session.

Hours come in with a session nobody entered before, or by the code of one that was planned.
"""

from django.db.models import Q

from cases.sheets import find_household
from jinchuan.shared import masking
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.form import LineFormField, TimeFormField, WholeNumberFormField
from jinchuan.sheets.cells import (
    LookupFormField,
    LookupsFormField,
    RowForm,
    WordsFormField,
    YesNoFormField,
    field_of,
    seen_by,
)
from jinchuan.sheets.registers import CHANGED, NEW, NUMBER, SAME, Register, Written
from organizations.models import Program
from organizations.sheets import community_options, find_community, find_organization

from .doubts import doubts
from .enums import ActivityState, Party
from .forms import WHO_TWICE
from .hours import tenths
from .models import Activity, ServiceRecord, Volunteer
from .naming import span_words
from .services.activities import (
    LOGGED_ALREADY,
    Service,
    correct_activity,
    log_activity,
    submit_activity,
)
from .sheets import organization_options

NOT_ON_ROLL = "“{name}”当天不在“{organization}”的志愿者名册里，请先登记志愿者，再导入活动。"
SEVERAL_OF_NAME = "“{organization}”有 {count} 位叫“{name}”的志愿者，请填写手机号或证件号的后四位。"
NO_SUCH_ACTIVITY = "没有编号是“{code}”的活动，请按活动页面上的编号填写。"
SAY_NEXT_DAY = "结束时间早于开始时间，请核对。如果服务到第二天凌晨，请在“到第二天”一列填“是”。"
ASK = "{text}时间没有错的，请在“时间已核对”一列填“是”。"


def find_program(typed, by, memory):
    return seen_by(Program, by).filter(name=typed)


class ActivityRow(RowForm):
    """What is said once for a session, in its first row."""

    title = field_of(Activity, "title")
    organization = LookupFormField(label="组织单位", find=find_organization, options=organization_options)
    held_on = field_of(Activity, "held_on")
    responsible_person = field_of(Activity, "responsible_person")
    program = LookupFormField(label="服务品牌", find=find_program, required=False)
    community = LookupFormField(
        label="所在社区（村）", find=find_community, options=community_options, required=False
    )
    place = field_of(Activity, "place")
    content = field_of(Activity, "content")
    households = LookupsFormField(
        label="服务的户", find=find_household, required=False, help_text="填户编号，几户用顿号隔开。"
    )
    beneficiary_households = WholeNumberFormField(label="惠及户数", required=False)
    beneficiary_people = WholeNumberFormField(label="惠及人次", required=False)
    parties = WordsFormField(
        label="五社参与", choices=Party.choices, required=False, help_text="可填几方，用顿号隔开。"
    )


class ServedRow(RowForm):
    """What one volunteer served."""

    volunteer = LineFormField(label="志愿者", max_chars=50, help_text="填名册里的姓名，或全国志愿者编号。")
    tail = LineFormField(label="号码后四位", required=False, max_chars=4, help_text="有同名的才填。")
    started_at = TimeFormField(label="开始时间")
    ended_at = TimeFormField(label="结束时间")
    crosses_midnight = YesNoFormField(
        label="到第二天", required=False, help_text="服务到第二天凌晨的填“是”。"
    )
    break_minutes = WholeNumberFormField(label="休息（分钟）", required=False)
    checked = YesNoFormField(
        label="时间已核对",
        required=False,
        help_text="检查时提示与别的服务重叠、或一天超过 16 小时，而时间没有错的，填“是”。",
    )

    def clean(self):
        start, end = self.cleaned_data.get("started_at"), self.cleaned_data.get("ended_at")
        if start and end and end <= start and not self.cleaned_data.get("crosses_midnight"):
            self.add_error("ended_at", SAY_NEXT_DAY)


def write_activity(entry) -> Written:
    """Log the session with its hours. One of the same organisation, day and name with the same hours is the same."""
    head = entry.head
    services = _services(entry, head["organization"], head["held_on"])
    known = _same_session(head, services, entry.by)
    if known:
        return Written(SAME, known.code)
    _ask_about(services, entry)
    plain = ("title", "held_on", "responsible_person", "program", "community", "place", "content")
    households = list(head["households"] or ())
    activity = log_activity(
        by=entry.by,
        organization=head["organization"],
        services=services,
        households=households,
        parties=list(head["parties"] or ()),
        beneficiary_households=head["beneficiary_households"] or len(households),
        beneficiary_people=head["beneficiary_people"] or 0,
        **{name: head[name] for name in plain},
    )
    return Written(NEW, activity.code)


def write_hours(entry) -> Written:
    """Tell the hours of a session that is entered already: of one that was held, or that came back to be put right.

    A row speaks for one volunteer: of a session that came back the others stay as they are. Rows that say what is told
    already change nothing; others for a session that is waiting or confirmed are refused, as on the page.
    """
    activity = _activity_named(entry.head[NUMBER], entry.by)
    services = _services(entry, activity.organization, activity.held_on)
    told = {one.volunteer_id: one for one in activity.records.standing().select_related("volunteer")}
    changed = [one for one in services if not _says(told.get(one.volunteer.pk), one)]
    if not changed:
        return Written(SAME, activity.code)
    if activity.state not in {*ActivityState.ahead(), ActivityState.HELD, ActivityState.RETURNED}:
        raise Refused({NUMBER: LOGGED_ALREADY})
    _ask_about(services, entry, but=activity)
    if activity.state != ActivityState.RETURNED:
        submit_activity(activity, by=entry.by, services=services)
        return Written(NEW, activity.code)
    named = {one.volunteer.pk for one in services}
    others = [_as_told(one) for pk, one in told.items() if pk not in named]
    correct_activity(activity, by=entry.by, services=[*others, *services])
    shown = tuple(
        (masking.mask_name(one.volunteer.name), _span_told(told.get(one.volunteer.pk)), _span_told(one))
        for one in changed
    )
    return Written(CHANGED, activity.code, shown)


def _activity_named(code, by) -> Activity:
    found = seen_by(Activity, by).filter(code=code.upper()).select_related("organization").first()
    if found is None:
        raise Refused({NUMBER: NO_SUCH_ACTIVITY.format(code=code)})
    return found


def _services(entry, organization, day) -> list[Service]:
    """What the rows of an entry say, each of another volunteer on the roll that day."""
    services = []
    for place, line in enumerate(entry.lines):
        with entry.at(place):
            who = _on_roll(organization, day, line, entry.by)
            if who in [one.volunteer for one in services]:
                raise Refused({"volunteer": WHO_TWICE})
            times = line["started_at"], line["ended_at"], line["break_minutes"] or 0
            services.append(Service.on(day, who, *times, crosses_midnight=bool(line["crosses_midnight"])))
    return services


def _ask_about(services, entry, but=None) -> None:
    """Refuse what the page asks about, unless the row says that it was looked at."""
    found = {}
    for doubt in doubts(services, records=seen_by(ServiceRecord, entry.by), but=but):
        found.setdefault(doubt.volunteer, doubt)
    for place, (line, one) in enumerate(zip(entry.lines, services, strict=True)):
        if one.volunteer in found and not line["checked"]:
            with entry.at(place):
                raise Refused({"checked": ASK.format(text=found[one.volunteer].text)})


def _says(record, service) -> bool:
    """Does the record say what the row says?"""
    return record is not None and _as_told(record) == service


def _as_told(record) -> Service:
    return Service(record.volunteer, record.started_at, record.ended_at, record.break_minutes)


def _span_told(one) -> str:
    return f"{span_words(one)}，休息 {one.break_minutes} 分钟" if one else ""


def _on_roll(organization, day, line, by) -> Volunteer:
    named = Q(name=line["volunteer"]) | Q(national_number=line["volunteer"])
    found = list(seen_by(Volunteer, by).filter(named).on_roll_of(organization, day).distinct())
    if line["tail"]:
        found = [one for one in found if line["tail"].upper() in one.tails]
    if len(found) == 1:
        return found[0]
    sentence = SEVERAL_OF_NAME if found else NOT_ON_ROLL
    name = masking.mask_name(line["volunteer"])
    raise Refused({"volunteer": sentence.format(name=name, organization=organization.name, count=len(found))})


def _same_session(head, services, by):
    wanted = sorted((one.volunteer.pk, one.started_at, one.ended_at) for one in services)
    rows = (
        seen_by(Activity, by)
        .filter(organization=head["organization"], held_on=head["held_on"], title=head["title"])
        .exclude(state=ActivityState.VOIDED)
        .prefetch_related("records")
    )
    return next((row for row in rows if _told(row) == wanted), None)


def _told(activity) -> list:
    standing = [one for one in activity.records.all() if one.stands]
    return sorted((one.volunteer_id, one.started_at, one.ended_at) for one in standing)


ACTIVITIES = Register(
    name="activities",
    title="志愿服务活动",
    unit="场",
    model=Activity,
    head=ActivityRow,
    line=ServedRow,
    write=write_activity,
    number_label="活动序号",
    number_hint="同一场活动的几位志愿者填同一个数。",
    open_to_organizations=True,
    personal={"responsible_person": masking.mask_name, "volunteer": masking.mask_name},
    examples=(
        {
            "title": "重阳节上门理发",
            "organization": "金川区某某志愿服务队",
            "held_on": "2026-09-12",
            "responsible_person": "王芳",
            "place": "社区活动室",
            "content": "为老人理发、打扫。",
            "beneficiary_people": "12",
            "parties": "社会组织、社区志愿者",
            "volunteer": "李建国",
            "started_at": "9:00",
            "ended_at": "11:30",
        },
    ),
    notes=(
        "每位志愿者一行；活动名称、日期、地点等只在每场活动的第一行填写。",
        "志愿者先登记，再导入活动。路上的时间不算服务，休息的分钟数单独填写。",
        "新导入的活动为“待确认”，由另一位工作人员确认后计入统计。",
    ),
    out=(
        ("活动编号", lambda a: a.code),
        ("日期", lambda a: a.held_on),
        ("活动名称", lambda a: a.title),
        ("组织单位", lambda a: a.organization.name),
        ("服务品牌", lambda a: a.program.name if a.program else ""),
        ("负责人", lambda a: masking.mask_name(a.responsible_person)),
        ("所在社区（村）", lambda a: a.community.short_name if a.community else ""),
        ("地点", lambda a: a.place),
        ("服务内容", lambda a: a.content),
        ("惠及户数", lambda a: a.beneficiary_households),
        ("惠及人次", lambda a: a.beneficiary_people),
        ("五社参与", lambda a: "、".join(a.party_labels)),
        ("参加人次", lambda a: a.person_times),
        ("时长（小时）", lambda a: tenths(a.total_minutes)),
        ("状态", lambda a: a.get_state_display()),
    ),
)

SERVICE_RECORDS = Register(
    name="service_records",
    title="服务时长",
    unit="场活动",
    model=ServiceRecord,
    line=ServedRow,
    write=write_hours,
    import_permissions=("volunteers.change_activity",),
    taken_from_organizations=True,
    number_label="活动编号",
    number_hint="活动页面上的编号，例如 HD2026-0001。同一场活动的几位志愿者填同一个编号。",
    open_to_organizations=True,
    personal={"volunteer": masking.mask_name},
    examples=({"volunteer": "李建国", "started_at": "9:00", "ended_at": "11:30", "break_minutes": "15"},),
    notes=(
        "每位志愿者一行。活动要已经做过计划并且办完，或者是退回修改的；没有做过计划的，请用“志愿服务活动”的表格导入。",
        "同一场活动的志愿者请一次填全。退回修改的活动，表里没有的志愿者时长不变。",
        "时长导入后随活动一起等待核对和确认，与在页面上登记一样。",
    ),
    prepare=lambda rows: rows.for_list().select_related("activity__program"),
    out=(
        ("活动编号", lambda r: r.activity.code),
        ("日期", lambda r: r.activity.held_on),
        ("活动名称", lambda r: r.activity.title),
        ("组织单位", lambda r: r.activity.organization.name),
        ("服务品牌", lambda r: r.activity.program.name if r.activity.program else ""),
        ("志愿者", lambda r: masking.mask_name(r.volunteer.name)),
        ("全国志愿者编号", lambda r: r.volunteer.national_number),
        ("起止时间", span_words),
        ("休息（分钟）", lambda r: r.break_minutes),
        ("时长（小时）", lambda r: tenths(r.minutes)),
        ("状态", lambda r: r.get_state_display()),
        ("更正原因", lambda r: r.reason),
    ),
)

REGISTERS = (ACTIVITIES, SERVICE_RECORDS)
