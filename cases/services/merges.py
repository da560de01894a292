"""Two households that are one: find them, and make them one with all of their history.

Nothing is lost and nothing counted twice: rows are counted before and after inside the transaction, which is undone
when they differ.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Count

from jinchuan.audit.services import change, lock, move, record, verb
from jinchuan.intake.models import Attachment
from jinchuan.shared.access import require
from jinchuan.shared.clock import today
from jinchuan.shared.errors import Refused
from jinchuan.shared.masking import mask_name

from .. import merging
from ..enums import ExitReason, HouseholdState, PairingRole, Relation
from ..merging import Merge
from ..models import (
    CareNeed,
    CarePlan,
    Consent,
    EligibilityReview,
    Hardship,
    Household,
    Matter,
    Member,
    Pairing,
    StudentAid,
    VisitHousehold,
)

NOT_ITSELF = "请选择另一户：一户不能与自己合并。"
KEPT_EXITED = "{household} 已退出，请保留还在帮扶的那一户。"
MERGED_ALREADY = "{household} 已经并入 {kept}。"
DEIDENTIFIED = "{household} 已去标识，不能再合并。"
PAIRED_TWICE = "两户都与“{organization}”有意向或正在结对，请先结束其中一段。"
TWO_LEADS = "两户各有一位结对干部，请先结束其中一段结对。"
RELATION_NEEDED = "请选择 {household} 的户主在保留的户里与户主是什么关系。"
CHOICES_UNKNOWN = "不能选择“{name}”。"

CHOSEN = ("community", "address", "phone", "summary", "need_level")
SAME_NUMBER = "身份证号相同（{who}）"
SAME_NAME = "姓名和出生日期相同（{who}）"


@dataclass(frozen=True)
class Likeness:
    """Two households that may be one, and why."""

    household: Household
    other: Household
    reasons: tuple[str, ...]


def probable_duplicates(*, by, household=None) -> list[Likeness]:
    """Pairs of households with a person in common: the same ID number (of people who have left too), or the same name
    and birth date where no ID number contradicts it. With ``household`` only the pairs it is one of."""
    require(by, "cases.merge_household")
    visible = Household.objects.visible_to(by) if by else Household.objects.all()
    known = visible.filter(merged_into__isnull=True, deidentified_at__isnull=True)
    people = Member.objects.filter(household__in=known.values("pk")).order_by()
    reasons = defaultdict(list)
    for traits, sentence in ((("id_hash",), SAME_NUMBER), (("name", "birth_date"), SAME_NAME)):
        for ours, theirs in _alike(people, traits, household):
            if not (traits[0] == "name" and _contradict(ours, theirs)):
                pair = (ours.household_id, theirs.household_id)
                who = dict.fromkeys(mask_name(one.name) for one in (ours, theirs))
                reasons[pair].append(sentence.format(who="、".join(who)))
    rows = Household.objects.select_related("community").in_bulk({pk for pair in reasons for pk in pair})
    return [
        Likeness(rows[first], rows[second], tuple(dict.fromkeys(found)))
        for (first, second), found in sorted(reasons.items())
    ]


@verb
def merge_households(kept, duplicate, *, by, choices=None) -> Household:
    """Bring everything of ``duplicate`` over to ``kept``; the duplicate exits with a reason of its own and points to it.

    ``choices`` names, of ``CHOSEN``, the particulars to take from the duplicate ("address": "duplicate"; else the kept
    ones stay, unless they are empty), and under "relations" the relation of a member who moves (id → Relation), which
    the duplicate's head needs. Refuses two open pairings with one organisation and two leads: those are for people to settle.
    """
    for row in (kept, duplicate):
        require(by, "cases.merge_household", row)
    if kept.pk == duplicate.pk:
        raise Refused(NOT_ITSELF)
    choices = dict(choices or {})
    relations = {int(pk): Relation(relation) for pk, relation in choices.pop("relations", {}).items()}
    unknown = set(choices) - set(CHOSEN)
    if unknown:
        raise Refused(CHOICES_UNKNOWN.format(name=sorted(unknown)[0]))
    if merging.without_rule():
        raise ImproperlyConfigured(f"No merge rule for {', '.join(merging.without_rule())}")
    locked = {row.pk: lock(row) for row in sorted((kept, duplicate), key=lambda row: row.pk)}
    kept, duplicate = locked[kept.pk], locked[duplicate.pk]
    _refuse_what_is_unsettled(kept, duplicate)
    merge = Merge(kept, duplicate, by, today())
    before = _count(kept, duplicate)
    _people(merge, relations)
    for rule in merging.rules().values():
        if rule.move:
            rule.move(merge)
    Attachment.objects.filter(parent_type=Household._meta.label, parent_id=str(duplicate.pk)).update(
        parent_id=str(kept.pk)
    )
    _prove(merge, before)
    record("merge", kept, by=by, after={"from": duplicate.code, "rows": str(sum(before[0].values()))})
    kept = _particulars(merge, choices)
    _leave(merge)
    return _state(kept, duplicate, by=by)


def _refuse_what_is_unsettled(kept, duplicate) -> None:
    for row in (kept, duplicate):
        if row.merged_into_id:
            raise Refused(MERGED_ALREADY.format(household=row, kept=row.merged_into))
        if row.deidentified_at:
            raise Refused(DEIDENTIFIED.format(household=row))
    if kept.state == HouseholdState.EXITED:
        raise Refused(KEPT_EXITED.format(household=kept))
    opened = Pairing.objects.open().select_related("organization")
    ours = {pairing.organization_id for pairing in opened.filter(household=kept)}
    found = [
        PAIRED_TWICE.format(organization=pairing.organization)
        for pairing in opened.filter(household=duplicate, organization__in=ours).order_by("pk")
    ]
    leads = Pairing.objects.running().filter(role=PairingRole.LEAD)
    if leads.filter(household=kept).exists() and leads.filter(household=duplicate).exists():
        found.append(TWO_LEADS)
    if found:
        raise Refused(found)


# People ------------------------------------------------------------------------------------------------------


def same_person(ours, theirs) -> bool:
    if ours.id_hash and ours.id_hash == theirs.id_hash:
        return True
    alike = ours.birth_date and (ours.name, ours.birth_date) == (theirs.name, theirs.birth_date)
    return bool(alike) and not _contradict(ours, theirs)


def _contradict(ours, theirs) -> bool:
    return bool(ours.id_hash and theirs.id_hash and ours.id_hash != theirs.id_hash)


def _people(merge, relations) -> None:
    """The same person stays with the kept household, the others move to it; a head who moves gets a new relation."""
    ours = list(merge.kept.members.order_by("pk"))
    for member in merge.duplicate.members.order_by("pk"):
        same = next((one for one in ours if same_person(one, member)), None)
        if same is not None:
            merge.people[member.pk] = _one_of_two(same, member, merge)
            merge.leave("cases.Member.household")
            ours[ours.index(same)] = merge.people[member.pk]
            continue
        relation = relations.get(member.pk, member.relation)
        if relation == Relation.HEAD and member.left_on is None:
            raise Refused({"relations": RELATION_NEEDED.format(household=merge.duplicate)})
        Member.objects.filter(pk=member.pk).update(household=merge.kept, relation=relation)


def _one_of_two(same, member, merge) -> Member:
    """The kept person takes over what only the other row knew; that row stays behind as somebody who left."""
    if member.left_on is None:
        change(member, by=merge.by, action="leave", left_on=merge.on)
    known = {
        name: getattr(member, name)
        for name in ("id_number", "birth_date", "guardian_name", "guardian_phone")
        if not getattr(same, name) and getattr(member, name)
    }
    if member.joined_on < same.joined_on:
        known["joined_on"] = member.joined_on
    if same.left_on and member.left_on is None:
        known["left_on"] = None
    return change(same, by=merge.by, **known) if known else same


def _hardships(merge) -> None:
    """Those of the same person follow; one that both rows hold stays behind, and the kept one began when the first did."""
    for pk, same in merge.people.items():
        held = {row.category: row for row in same.hardships.filter(ended_on__isnull=True)}
        for row in Hardship.objects.filter(member=pk).order_by("pk"):
            twin = held.get(row.category) if row.ended_on is None else None
            if twin is None:
                Hardship.objects.filter(pk=row.pk).update(member=same)
                continue
            if row.started_on < twin.started_on:
                Hardship.objects.filter(pk=twin.pk).update(started_on=row.started_on)
            Hardship.objects.filter(pk=row.pk).update(ended_on=max(row.started_on, merge.on))
            merge.leave("cases.Hardship.member")


def _student_aid(merge) -> None:
    """Aid of the same person follows; the same school year's, proposed under both rows, stays behind with one of them."""
    for pk, same in merge.people.items():
        held = {(row.program_id, row.school_year) for row in same.student_aids.live()}
        for row in StudentAid.objects.filter(member=pk).order_by("pk"):
            if row.is_live and (row.program_id, row.school_year) in held:
                merge.leave("cases.StudentAid.member")
                continue
            StudentAid.objects.filter(pk=row.pk).update(member=same)


# Rows that hang on the household -----------------------------------------------------------------------------


def _simply(model):
    """Rows that move as they are; those about the same person name the kept one."""
    personal = any(column.name == "member" for column in model._meta.local_fields)

    def follow(merge):
        model.objects.filter(household=merge.duplicate).update(household=merge.kept)
        for pk, same in merge.people.items() if personal else ():
            model.objects.filter(member=pk).update(member=same)

    return follow


def _visits(merge) -> None:
    """A visit that names both called on one household: one of the two rows goes, or it would count twice."""
    ours = {row.visit_id: row for row in VisitHousehold.objects.filter(household=merge.kept)}
    for row in VisitHousehold.objects.filter(household=merge.duplicate, visit__in=ours):
        if row.pairing_id and not ours[row.visit_id].pairing_id:
            VisitHousehold.objects.filter(pk=ours[row.visit_id].pk).update(pairing=row.pairing_id)
        record("visit_once", row.visit, by=merge.by, after={"households": str(merge.kept)})
        merge.drop("cases.VisitHousehold.household")
        row.delete()
    VisitHousehold.objects.filter(household=merge.duplicate).update(household=merge.kept)


def _plans(merge) -> None:
    """A year has one plan: where both have one, the kept plan takes the other's words in."""
    ours = {plan.year: plan for plan in merge.kept.plans.all()}
    for plan in merge.duplicate.plans.order_by("pk"):
        twin = ours.get(plan.year)
        if twin is None:
            CarePlan.objects.filter(pk=plan.pk).update(household=merge.kept)
            continue
        merge.leave("cases.CarePlan.household")
        words = {
            name: "\n".join(text for text in (getattr(twin, name), getattr(plan, name)) if text)
            for name in ("goals", "measures", "review")
        }
        change(twin, by=merge.by, **words)


def _earlier_merges(merge) -> None:
    merge.duplicate.merged_from.update(merged_into=merge.kept)


def _done_with_members(merge) -> None:
    """Members were brought over before any rule ran."""


merging.moves("cases.Member.household", _done_with_members)
merging.moves("cases.Hardship.member", _hardships)
merging.moves("cases.StudentAid.member", _student_aid)
for _model in (EligibilityReview, Consent, Pairing, Matter, CareNeed):
    merging.moves(f"{_model._meta.label}.household", _simply(_model))
merging.moves("cases.VisitHousehold.household", _visits)
merging.moves("cases.CarePlan.household", _plans)
merging.moves("cases.Household.merged_into", _earlier_merges)
for _place in ("cases.Consent.member", "cases.CareNeed.member"):
    merging.moves(_place, _done_with_members)
merging.stays("cases.MemberNamePart.named", "成员姓名的检索词，随成员走")
merging.stays("cases.HouseholdTransition.household", "每一户自己的状态变更，仍是那一户的")


# The end of it -----------------------------------------------------------------------------------------------


def _count(kept, duplicate) -> tuple[Counter, dict]:
    """Rows of both households together at every place, and what else must stay the same."""
    ids = [kept.pk, duplicate.pk]
    rows = Counter()
    for place, column in merging.places().items():
        if column.remote_field.model is Household:
            rows[place] = column.model._base_manager.filter(**{f"{column.name}__in": ids}).count()
    return rows, {name: reckon(ids) for name, reckon in merging.totals().items()}


def _prove(merge, before) -> None:
    """Nothing lost, nothing twice, nothing left behind but what a rule left there."""
    rows, sums = _count(merge.kept, merge.duplicate)
    rows.update(merge.dropped)
    if rows != before[0] or sums != before[1]:
        raise RuntimeError(f"Merging {merge.duplicate} into {merge.kept} changed {before} to {(rows, sums)}")
    for place, rule in merging.rules().items():
        column = merging.places()[place]
        if rule.move and column.remote_field.model is Household:
            behind = column.model._base_manager.filter(**{column.name: merge.duplicate}).count()
            if behind != merge.left.get(place, 0):
                raise RuntimeError(f"{behind} rows of {place} did not follow {merge.duplicate}")


def _particulars(merge, choices) -> Household:
    kept, duplicate = merge.kept, merge.duplicate
    taken = {
        name: getattr(duplicate, name)
        for name in CHOSEN
        if choices.get(name) == "duplicate" or (not getattr(kept, name) and getattr(duplicate, name))
    }
    if duplicate.registered_on < kept.registered_on:
        taken["registered_on"] = duplicate.registered_on
    return change(kept, by=merge.by, action="merged", **taken)


def _leave(merge) -> None:
    last = {"merged_into": merge.kept, "exit_reason": ExitReason.MERGED}
    if merge.duplicate.state == HouseholdState.EXITED:
        change(merge.duplicate, by=merge.by, action="merged", **last)
        return
    move(
        merge.duplicate,
        HouseholdState.EXITED,
        by=merge.by,
        reason=f"与 {merge.kept} 重复，已合并",
        exited_on=merge.on,
        **last,
    )


def _state(kept, duplicate, *, by) -> Household:
    """The kept household has been verified, or is helped, as soon as either of the two was."""
    reason = f"并入 {duplicate}"
    if kept.state == HouseholdState.REGISTERED and kept.reviews.exists():
        kept = move(kept, HouseholdState.VERIFIED, by=by, reason=reason)
    if kept.state == HouseholdState.VERIFIED and kept.pairings.running().exists():
        kept = move(kept, HouseholdState.ACTIVE, by=by, reason=reason)
    return kept


def _alike(people, traits, household):
    """Pairs of people of different households who share the traits, the lower household first."""
    filled = people.exclude(**{f"{traits[-1]}__isnull": True})
    if household is not None:
        own = filled.filter(household=household).values(traits[-1])
        filled = filled.filter(**{f"{traits[-1]}__in": own})
    shared = filled.values(*traits).annotate(households=Count("household", distinct=True))
    shared = shared.filter(households__gt=1).values(traits[-1])
    groups = defaultdict(list)
    candidates = filled.filter(**{f"{traits[-1]}__in": shared}).order_by("household", "pk")
    for member in candidates.only("pk", "household_id", "name", "birth_date", "id_hash"):
        groups[tuple(getattr(member, name) for name in traits)].append(member)
    for group in groups.values():
        for place, ours in enumerate(group):
            for theirs in group[place + 1 :]:
                mine = household is None or household.pk in (ours.household_id, theirs.household_id)
                if mine and ours.household_id != theirs.household_id:
                    yield ours, theirs
