"""What must always hold of households, their people and their pairings."""

from django.db.models import Count, Exists, F, OuterRef, Q

from jinchuan.audit.consistency import state_follows_transitions
from jinchuan.intake.consistency import codes_within_sequences
from jinchuan.shared.crypto import DecryptionError
from jinchuan.shared.naming import NAME_PARTS_WRONG, wrong_parts
from organizations.models import Organization

from .care_consistency import CARE_CHECKS
from .duty_consistency import DUTY_CHECKS
from .enums import RUNNING_PAIRING_STATES, ConsentPurpose, HouseholdState, Relation
from .models import Consent, EligibilityReview, Household, HouseholdTally, Member, Pairing, StudentAid


def states():
    yield from state_follows_transitions(Household)
    yield from state_follows_transitions(Pairing)
    yield from state_follows_transitions(StudentAid)


def running_numbers():
    yield from codes_within_sequences(Household)
    yield from codes_within_sequences(Pairing)
    yield from codes_within_sequences(StudentAid)


def active_households_are_paired():
    active = Pairing.objects.running().filter(household=OuterRef("pk"))
    for household in Household.objects.filter(~Exists(active), state=HouseholdState.ACTIVE):
        yield f"关爱户 {household} 的状态是帮扶中，却没有正在进行的结对。"
    for household in Household.objects.filter(Exists(active)).exclude(state=HouseholdState.ACTIVE):
        yield f"关爱户 {household} 有正在进行的结对，状态却是{household.get_state_display()}。"


def exited_households_have_no_open_pairing():
    still = Pairing.objects.open().filter(household__state=HouseholdState.EXITED)
    for pairing in still.select_related("household"):
        yield f"关爱户 {pairing.household} 已退出，结对 {pairing} 却还没有结束。"


def verified_by_a_second_person():
    review = EligibilityReview.objects.filter(household=OuterRef("pk")).exclude(submitted_by=F("reviewed_by"))
    verified = Q(state__in=[HouseholdState.VERIFIED, HouseholdState.ACTIVE])
    for household in Household.objects.filter(verified, ~Exists(review)):
        yield f"关爱户 {household} 没有第二人的核实记录。"


def pairings_began_with_consent():
    """A consent that names the organisation was in force on the day the pairing started (PIPL §23)."""
    consent = Consent.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gt=OuterRef("started_on")),
        Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=OuterRef("started_on")),
        purpose=ConsentPurpose.SHARE_WITH_ORGANIZATION,
        household=OuterRef("household"),
        organization=OuterRef("organization"),
        given_on__lte=OuterRef("started_on"),
    )
    for pairing in Pairing.objects.started().filter(~Exists(consent)):
        yield f"结对 {pairing} 开始时没有向该组织提供信息的有效同意书。"


def one_head_each():
    heads = Count("members", filter=Q(members__relation=Relation.HEAD, members__left_on__isnull=True))
    for household in Household.objects.present().annotate(heads=heads).exclude(heads=1):
        yield f"关爱户 {household} 现有 {household.heads} 位户主，应为 1 位。"


def capacity_is_kept():
    """Pairings above what an organisation said it can bear are there only with a noted reason."""
    without_reason = Count(
        "pairings", filter=Q(pairings__state__in=RUNNING_PAIRING_STATES, pairings__capacity_override="")
    )
    crowded = Organization.objects.annotate(taken=without_reason).filter(taken__gt=F("capacity"))
    for organization in crowded:
        yield (
            f"组织 {organization.code} 可结对 {organization.capacity} 户，"
            f"已结对 {organization.taken} 户，没有写明超出的理由。"
        )


def names_can_be_found():
    """The parts kept of each name are those one may search for; who lost the name has none."""
    people = Member.objects.select_related("household")
    wiped = "household__deidentified_at"
    for member in wrong_parts(
        people, "household__code", wiped, is_nameless=lambda one: one.household.deidentified_at
    ):
        yield NAME_PARTS_WRONG.format(row=member)


def identity_numbers_match_their_hashes():
    """Read through the keys: a number that does not decrypt, or whose hash is another's, finds no duplicate."""
    hash_field = Member._meta.get_field("id_hash")
    for pk in Member.objects.order_by("pk").values_list("pk", flat=True):
        try:
            member = Member.objects.select_related("household").get(pk=pk)
        except DecryptionError:
            yield f"成员 {pk} 的加密内容用当前密钥读不出来。"
            continue
        if hash_field.digest(member.id_number) != member.id_hash:
            yield f"{member} 的证件指纹与身份证号不一致。"


def households_can_be_read():
    for pk, code in Household.objects.order_by("pk").values_list("pk", "code"):
        try:
            Household.objects.get(pk=pk)
        except DecryptionError:
            yield f"关爱户 {code} 的加密内容用当前密钥读不出来。"


def households_are_told():
    yield from HouseholdTally.wrong()


CHECKS = [
    states,
    running_numbers,
    active_households_are_paired,
    exited_households_have_no_open_pairing,
    verified_by_a_second_person,
    pairings_began_with_consent,
    one_head_each,
    capacity_is_kept,
    identity_numbers_match_their_hashes,
    names_can_be_found,
    households_can_be_read,
    households_are_told,
    *CARE_CHECKS,
    *DUTY_CHECKS,
]
