"""Sessions and hours as sheets: one row a volunteer, rows with the same number are one session."""

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
from jinchuan.sheets.registers import NEW, SAME, Register, Written
from organizations.models import Program
from organizations.sheets import community_options, find_community, find_organization

from .enums import ActivityState, Party
from .forms import CROSSES
from .hours import tenths
from .models import Activity, ServiceRecord, Volunteer
from .naming import span_words
from .services.activities import Service, log_activity
from .sheets import organization_options

NOT_ON_ROLL = "“{name}”当天不在“{organization}”的志愿者名册里，请先登记志愿者，再导入活动。"
SEVERAL_OF_NAME = "“{organization}”有 {count} 位叫“{name}”的志愿者，请填写手机号或证件号的后四位。"
RECORDS_OUT_ONLY = "服务时长随活动一起登记，请用“志愿服务活动”的表格导入，一位志愿者填一行。"


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

    volunteer = LineFormField(label="志愿者", max_chars=50, help_text="填名册里的姓名。")
    tail = LineFormField(label="号码后四位", required=False, max_chars=4, help_text="有同名的才填。")
    started_at = TimeFormField(label="开始时间")
    ended_at = TimeFormField(label="结束时间")
    crosses_midnight = YesNoFormField(
        label="到第二天", required=False, help_text="服务到第二天凌晨的填“是”。"
    )
    break_minutes = WholeNumberFormField(label="休息（分钟）", required=False)

    def clean(self):
        start, end = self.cleaned_data.get("started_at"), self.cleaned_data.get("ended_at")
        if start and end and end <= start and not self.cleaned_data.get("crosses_midnight"):
            self.add_error("ended_at", CROSSES)


def write_activity(entry) -> Written:
    """Log the session with its hours. One of the same organisation, day and name with the same hours is the same."""
    head = entry.head
    services = []
    for place, line in enumerate(entry.lines):
        with entry.at(place):
            services.append(_as_service(head, line, entry.by))
    known = _same_session(head, services, entry.by)
    if known:
        return Written(SAME, known.code)
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


def _as_service(head, line, by) -> Service:
    return Service.on(
        head["held_on"],
        _on_roll(head, line, by),
        line["started_at"],
        line["ended_at"],
        line["break_minutes"] or 0,
        bool(line["crosses_midnight"]),
    )


def _on_roll(head, line, by) -> Volunteer:
    organization, name = head["organization"], line["volunteer"]
    named = seen_by(Volunteer, by).filter(name=name).on_roll_of(organization, head["held_on"])
    found = list(named.distinct())
    if line["tail"]:
        found = [one for one in found if line["tail"].upper() in one.tails]
    if len(found) == 1:
        return found[0]
    sentence = SEVERAL_OF_NAME if found else NOT_ON_ROLL
    told = sentence.format(name=masking.mask_name(name), organization=organization.name, count=len(found))
    raise Refused({"volunteer": told})


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
    unit="条",
    model=ServiceRecord,
    out_only=RECORDS_OUT_ONLY,
    open_to_organizations=True,
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
