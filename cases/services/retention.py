"""Closed households lose their names after a set time, by two people; every figure stays what it was (PIPL §47)."""

from datetime import date

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from jinchuan.audit.services import change, lock, record, verb
from jinchuan.intake.models import Attachment
from jinchuan.shared.access import require
from jinchuan.shared.clock import now, today
from jinchuan.shared.dates import zh
from jinchuan.shared.errors import Refused

from .. import retaining
from ..enums import HouseholdState
from ..models import Household, MemberNamePart, Visit, VisitHousehold, VisitTransition

NOT_EXITED = "{household} 还在册，只有已退出的户才去标识。"
TOO_EARLY = "{household} 在{day}退出，满 {years} 年以后才去标识。"
DONE_ALREADY = "{household} 已经去标识。"
PROPOSED_ALREADY = "{household} 已由 {user} 提出去标识，请由另一位工作人员确认。"
NOT_PROPOSED = "{household} 还没有人提出去标识，请先提出，再由另一位工作人员确认。"
CONFIRM_OWN = "提出去标识的人不能自己确认，请由另一位工作人员确认。"
NOBODY = "去标识要由两位工作人员办理，请写明经办账号。"


def due(on=None):
    """Households that left so long ago that their names are to go, the longest gone first."""
    gone = Household.objects.filter(
        state=HouseholdState.EXITED, deidentified_at__isnull=True, exited_on__lte=_last_exit(on)
    )
    return gone.select_related("deidentify_proposed_by").order_by("exited_on", "pk")


@verb
def propose_deidentification(household, *, by) -> Household:
    """The first person: this household's time is over."""
    require(by, "cases.exit_household", household)
    household = lock(household)
    _refuse_what_is_not_due(household, by)
    if household.deidentify_proposed_at:
        raise Refused(PROPOSED_ALREADY.format(household=household, user=household.deidentify_proposed_by))
    return change(
        household,
        by=by,
        action="propose_deidentification",
        deidentify_proposed_at=now(),
        deidentify_proposed_by=by,
    )


@verb
def withdraw_proposal(household, *, by) -> Household:
    """Take the proposal back while nothing is wiped."""
    require(by, "cases.exit_household", household)
    household = lock(household)
    if household.deidentified_at:
        raise Refused(DONE_ALREADY.format(household=household))
    return change(
        household,
        by=by,
        action="withdraw_deidentification",
        deidentify_proposed_at=None,
        deidentify_proposed_by=None,
    )


@verb
def deidentify_household(household, *, by) -> Household:
    """The second person: wipe for good what tells who they were (``cases.retaining``), with the files that belong to it.

    Codes, dates, states, categories and amounts stay, so no figure changes. The log stays as it is: it holds masked
    values only. One event says that it was done, by whom, and how many rows it reached.
    """
    require(by, "cases.deidentify_household", household)
    household = lock(household)
    _refuse_what_is_not_due(household, by)
    if not household.deidentify_proposed_at:
        raise Refused(NOT_PROPOSED.format(household=household))
    if household.deidentify_proposed_by_id == by.pk:
        raise Refused(CONFIRM_OWN)
    rows = sum(_wipe(label, path, columns, household) for label, (path, columns) in retaining.WIPED.items())
    files = _wipe_visits(household)
    files += sum(_remove_files(label, path, household) for label, (path, _) in retaining.WIPED.items())
    MemberNamePart.objects.filter(named__household=household).delete()
    for wipe in retaining.more():
        wipe(household)
    # Last, for from here on the database refuses every change of the household (cases.guards).
    Household.objects.filter(pk=household.pk).update(
        deidentified_at=now(), deidentified_by=by, version=F("version") + 1
    )
    record("deidentify", household, by=by, after={"rows": str(rows), "files": str(files)})
    return Household.objects.get(pk=household.pk)


def _last_exit(on=None) -> date:
    """Who left on this day or before is due."""
    day = on or today()
    year = day.year - settings.RETENTION_YEARS
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _refuse_what_is_not_due(household, by) -> None:
    if by is None:
        raise Refused(NOBODY)
    if household.deidentified_at:
        raise Refused(DONE_ALREADY.format(household=household))
    if household.state != HouseholdState.EXITED:
        raise Refused(NOT_EXITED.format(household=household))
    if household.exited_on > _last_exit():
        raise Refused(
            TOO_EARLY.format(household=household, day=zh(household.exited_on), years=settings.RETENTION_YEARS)
        )


def _wipe(label, path, columns, household) -> int:
    rows = apps.get_model(label)._base_manager.filter(**{path: household.pk})
    for name, value in columns.items():
        if name.endswith("?"):
            rows.exclude(**{name[:-1]: ""}).update(**{name[:-1]: value})
    return rows.update(**{name: value for name, value in columns.items() if not name.endswith("?")})


def _wipe_visits(household) -> int:
    """Visits of which no household has a name any more, with their files; returns how many files went."""
    named = VisitHousehold.objects.filter(
        visit=OuterRef("pk"), household__deidentified_at__isnull=True
    ).exclude(household=household)
    visits = Visit.objects.filter(~Exists(named), visited__household=household)
    ids = list(visits.values_list("pk", flat=True))
    Visit.objects.filter(pk__in=ids).update(**retaining.WIPED_VISIT)
    VisitTransition.objects.filter(visit__in=ids).update(reason="")
    return _remove(Attachment.objects.filter(parent_type=Visit._meta.label, parent_id__in=map(str, ids)))


def _remove_files(label, path, household) -> int:
    model = apps.get_model(label)
    ids = [str(pk) for pk in model._base_manager.filter(**{path: household.pk}).values_list("pk", flat=True)]
    return _remove(Attachment.objects.filter(parent_type=label, parent_id__in=ids))


def _remove(attachments) -> int:
    """The rows now, the files when it is certain."""
    gone = list(attachments)
    attachments.delete()
    for attachment in gone:
        file = attachment.file
        transaction.on_commit(lambda file=file: file.storage.delete(file.name))
    return len(gone)
