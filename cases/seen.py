"""谁看过、谁能看: who has opened what of a household, and who could at this moment. Reads only.

Neither asks who wants to know; the page that shows it does.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import CharField, Q, Value

from jinchuan.audit.models import AuditEvent
from jinchuan.audit.reading import EXPORTED, OPENED, PRINTED
from jinchuan.audit.words import column_words
from jinchuan.intake.models import Attachment
from jinchuan.shared.dates import zh
from jinchuan.shared.runs import holds_any
from jinchuan.sheets.registers import every
from organizations.enums import Role
from organizations.models import User

from .merging import whole_life
from .models import CareNeed, CarePlan, Consent, Household, Matter, Member, Pairing, Visit, VisitHousehold

# Acts by which somebody learns what is otherwise covered.
READING = ("reveal", OPENED, PRINTED)
# How many lists that left the house are looked through for one household, the newest first.
EXPORTS_MOST = 1000
# Label of what hangs on a household → where its key stands.
_HANGING = {
    model._meta.label: (model, "pk") for model in (Member, Consent, Pairing, Matter, CareNeed, CarePlan)
} | {Visit._meta.label: (VisitHousehold, "visit")}

BY_DIVISION = "{place}的工作人员，管辖这一户所在的社区（村）"
BY_BUREAU = "民政局人员，可看全区的关爱户"
BY_PAIRING = "“{organization}”的人员，正在帮扶这一户，并且这一户已同意向该组织提供信息"
BY_GRACE = "“{organization}”的人员，与这一户的结对已在{day}结束，到{until}为止还能查看自己登记的记录"
SEES_EVERYTHING = "全部内容；身份证号、电话和地址要写明原因才能逐项查看"
SEES_MASKED = "全部内容；身份证号、电话和地址只看到遮住的"
SEES_CONTACT = "姓名、电话和地址；看不到身份证号"
SEES_OWN = "户编号和本组织自己登记的走访、事项；看不到姓名、电话和地址"


@dataclass(frozen=True)
class Reading:
    """Somebody opened something of a household."""

    at: datetime
    account: str
    role: str
    what: str
    reason: str
    address: str


@dataclass(frozen=True)
class Viewer:
    """An account that may see a household now, why, and how much of it."""

    user: User
    role: str
    reason: str
    extent: str


def readings(household, *, most=200) -> list[Reading]:
    """What was opened, printed or taken away of the household, its people and its papers, by whom and why; the newest
    first."""
    targets = _rows_of(household)
    wanted = Q(pk__in=[])
    for label, ids in targets.items():
        wanted |= Q(target_type=label, target_id__in=ids)
    events = list(AuditEvent.objects.filter(wanted, action__in=READING).order_by("-id")[:most])
    events = sorted([*events, *_exports(targets)], key=lambda event: -event.pk)[:most]
    roles = dict(Role.choices)
    return [
        Reading(
            at=event.at,
            account=event.actor or "系统",
            role=str(roles.get(event.actor_role, event.actor_role)),
            what=_what(event),
            reason=event.reason,
            address=event.address,
        )
        for event in events
    ]


def _exports(targets) -> list[AuditEvent]:
    """Lists that left the house with one of these rows on it. The event of a list tells its rows."""
    rows = {
        f"sheets.{register.name}": {int(pk) for pk in targets[register.model._meta.label]}
        for register in every()
        if register.model._meta.label in targets
    }
    events = AuditEvent.objects.filter(action=EXPORTED, target_type__in=rows).order_by("-id")[:EXPORTS_MOST]
    return [event for event in events if holds_any(event.after.get("ids", ""), rows[event.target_type])]


def who_can_see(household) -> list[Viewer]:
    """The accounts that may see the household at this moment, by role, in as many queries whatever their number.

    Says the same as ``Household.objects.visible_to``, and for the time after a pairing as ``remembered_by`` (a test asks
    both for every account).
    """
    helpers = _helpers(household)
    accounts = User.objects.active().select_related("division", "organization").order_by("username")
    found = [
        viewer for viewer in (_viewer(user, household, helpers) for user in accounts) if viewer is not None
    ]
    order = list(Role)
    return sorted(found, key=lambda viewer: order.index(Role(viewer.user.role)))


@dataclass(frozen=True)
class _Helpers:
    """Organisations that see the household now, and those that ended with it: id → the day of the end."""

    sharing: set[int]
    remembering: dict[int, date]


def _viewer(user, household, helpers) -> Viewer | None:
    if not user.has_perm("cases.view_household"):
        return None
    role = user.get_role_display()
    if user.organization_id:
        if user.organization_id in helpers.sharing:
            return Viewer(user, role, BY_PAIRING.format(organization=user.organization), SEES_CONTACT)
        ended = helpers.remembering.get(user.organization_id)
        if ended is None:
            return None
        until = ended + timedelta(days=settings.GRACE_AFTER_END_DAYS - 1)
        reason = BY_GRACE.format(organization=user.organization, day=zh(ended), until=zh(until))
        return Viewer(user, role, reason, SEES_OWN)
    if not household.community.path.startswith(user.division.path):
        return None
    reason = BY_BUREAU if user.is_of_bureau else BY_DIVISION.format(place=user.division)
    reveals = user.has_perm("cases.reveal_household") or user.has_perm("cases.reveal_member")
    return Viewer(user, role, reason, SEES_EVERYTHING if reveals else SEES_MASKED)


def _helpers(household) -> _Helpers:
    """As ``HouseholdQuerySet.shared_with`` and ``remembered_by`` have it."""
    ours = Pairing.objects.filter(household=household)
    helping = set(ours.running().values_list("organization", flat=True))
    agreed = set(Consent.objects.sharing().filter(household=household).values_list("organization", flat=True))
    ended = dict(ours.in_grace().order_by("ended_on").values_list("organization", "ended_on"))
    return _Helpers(
        helping & agreed, {pk: day for pk, day in ended.items() if pk in agreed and pk not in helping}
    )


def _rows_of(household) -> dict[str, list[str]]:
    """Label of a model → ids (as text) of the rows that belong to the household, its files included."""
    households = whole_life(household)
    targets = {Household._meta.label: [str(pk) for pk in households]}
    targets |= {label: [] for label in _HANGING}
    hanging = [
        model._base_manager.filter(household__in=households)
        .order_by()
        .values_list(Value(label, output_field=CharField()), column)
        for label, (model, column) in _HANGING.items()
    ]
    for label, pk in hanging[0].union(*hanging[1:], all=True):
        targets[label].append(str(pk))
    wanted = Q(pk__in=[])
    for label, ids in targets.items():
        wanted |= Q(parent_type=label, parent_id__in=ids)
    files = Attachment.objects.filter(wanted).values_list("pk", flat=True)
    return {**targets, Attachment._meta.label: [str(pk) for pk in files]}


def _what(event) -> str:
    if event.action == EXPORTED:
        return f"导出{event.target_label}"
    try:
        model = apps.get_model(event.target_type)
    except LookupError:
        return event.target_label
    name = model._meta.verbose_name
    if event.action == PRINTED:
        return f"打印{name}的一户一档"
    if event.action == OPENED:
        return "打开附件" if model is Attachment else f"打开{name}的档案"
    return f"{name}的{column_words(model, event.after.get('field', ''))}"
