"""What is carried over into the 全国志愿服务信息系统, group by group, in the order in which it is asked for.

The five groups are those of the 志愿服务记录与证明出具办法（试行）, MCA Order 67 of 2020; the order of fields inside a group is that of
``domain.md`` 4, which could not be checked against the system's own data standard (MZ/T 061-2015). When the system asks in
another order, the lines of ``GROUPS`` are put in that order and nothing else changes.
"""

from jinchuan.audit.services import verb
from jinchuan.shared import masking
from jinchuan.shared.access import require
from jinchuan.sheets import workbooks
from organizations.services.organizations import reason_given

from .hours import tenths
from .models import Commendation, Evaluation, ServiceRecord, Training, Volunteer
from .naming import end_words, start_words

TITLE = "全国志愿服务信息系统录入表"
PERSON = (
    ("姓名", lambda v, clear: v.name if clear else masking.mask_name(v.name)),
    ("证件类型", lambda v, clear: v.get_document_kind_display()),
    ("证件号码", lambda v, clear: v.document_number if clear else masking.mask_id(v.document_number)),
    ("全国志愿者编号", lambda v, clear: v.national_number),
)
GROUPS = (
    (
        "个人基本信息",
        Volunteer,
        lambda row: row,
        (
            ("性别", lambda v, clear: v.get_sex_display()),
            (
                "出生日期",
                lambda v, clear: v.birth_date if clear else (v.birth_date and f"{v.birth_date.year}年"),
            ),
            ("居住区域", lambda v, clear: v.community.short_name if v.community else ""),
            ("联系方式", lambda v, clear: v.phone if clear else masking.mask_phone(v.phone)),
            ("专业技能", lambda v, clear: "、".join(v.skill_labels)),
            ("服务类别", lambda v, clear: "、".join(v.service_labels)),
            ("社会工作者职业水平", lambda v, clear: v.get_worker_level_display()),
        ),
    ),
    (
        "志愿服务情况",
        ServiceRecord,
        lambda row: row.volunteer,
        (
            ("活动名称", lambda r, clear: r.activity.title),
            ("日期", lambda r, clear: r.activity.held_on),
            ("地点", lambda r, clear: r.activity.place),
            ("服务内容", lambda r, clear: r.activity.content),
            ("服务对象（人次）", lambda r, clear: r.activity.beneficiary_people),
            ("开始时间", lambda r, clear: start_words(r)),
            ("结束时间", lambda r, clear: end_words(r)),
            ("服务时间（小时）", lambda r, clear: tenths(r.minutes)),
            ("活动组织单位", lambda r, clear: r.activity.organization.name),
            ("活动负责人", lambda r, clear: _person(r.activity.responsible_person, clear)),
        ),
    ),
    (
        "培训情况",
        Training,
        lambda row: row.volunteer,
        (
            ("培训内容", lambda r, clear: r.content),
            ("组织者", lambda r, clear: r.organizer),
            ("日期", lambda r, clear: r.held_on),
            ("地点", lambda r, clear: r.place),
            ("学时", lambda r, clear: float(r.class_hours)),
        ),
    ),
    (
        "表彰奖励情况",
        Commendation,
        lambda row: row.volunteer,
        (
            ("名称", lambda r, clear: r.name),
            ("日期", lambda r, clear: r.granted_on),
            ("授予单位", lambda r, clear: r.granted_by),
        ),
    ),
    (
        "评价情况",
        Evaluation,
        lambda row: row.volunteer,
        (
            ("服务质量", lambda r, clear: r.get_quality_display()),
            ("评价单位或个人", lambda r, clear: r.evaluated_by),
            ("日期", lambda r, clear: r.evaluated_on),
            ("评语", lambda r, clear: r.words),
        ),
    ),
)


def _person(name, clear):
    return name if clear else masking.mask_name(name)


@verb
def national_sheet(*, by, year, in_full=False, reason="") -> bytes:
    """The five groups of a year as xlsx, the persons in them whole. Numbers are masked unless ``in_full``, which takes the
    right to reveal them and a reason; either way the log says who took which rows."""
    require(by, "sheets.export_sheet")
    require(by, "volunteers.view_volunteer")
    if in_full:
        require(by, "volunteers.reveal_volunteer")
        reason = reason_given(reason)
    pages, people = [], set()
    for title, model, person_of, columns in GROUPS:
        body = []
        for row in _rows(model, by, year):
            person = person_of(row)
            people.add(person.pk)
            body.append(
                [*(show(person, in_full) for _, show in PERSON), *(show(row, in_full) for _, show in columns)]
            )
        pages.append((title, [label for label, _ in (*PERSON, *columns)], body))
    return workbooks.write("volunteers_national", TITLE, pages, by=by, ids=people, reason=reason)


def _rows(model, by, year):
    rows = model.objects.visible_to(by)
    if model is Volunteer:
        return rows.one_each().select_related("community").order_by("pk")
    if model is ServiceRecord:
        rows = rows.confirmed().filter(activity__held_on__year=year)
        return rows.select_related("volunteer", "activity__organization").order_by("activity__held_on", "pk")
    day = {Training: "held_on", Commendation: "granted_on", Evaluation: "evaluated_on"}[model]
    return rows.standing().filter(**{f"{day}__year": year}).select_related("volunteer").order_by(day, "pk")
