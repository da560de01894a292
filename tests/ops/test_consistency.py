"""Every check finds the breach it is there for. A check that cannot fail is no check."""

import io
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from PIL import Image

from cases.enums import ConsentPurpose, HouseholdState, PairingState
from cases.models import Consent, EligibilityReview, Household, Member, Pairing
from cases.services.households import update_household
from donations.enums import DonationState, Restriction, Route
from donations.models import Donation, DonationLine, DonationTally
from jinchuan.audit.models import AuditEvent, ChainHead, KeySentinel
from jinchuan.intake.models import Sequence
from jinchuan.intake.services import attach
from jinchuan.ops import consistency
from jinchuan.shared import guards
from organizations.enums import OrganizationState
from organizations.models import Division, Organization, User
from organizations.services.organizations import update_organization
from tests import factories
from tests.guarding import guards_removed
from tests.once import built_once
from volunteers.enums import ActivityState
from volunteers.models import Activity, ServiceRecord

pytestmark = pytest.mark.django_db


def _whole():
    """One of everything, as the services made it."""
    pairing = factories.active_pairing()
    factories.confirmed_donation(household=pairing.household)
    factories.submitted_donation()
    factories.confirmed_activity(pairing.organization)
    return pairing


built = built_once(_whole)


@pytest.fixture
def whole(built, db):
    return deepcopy(built)


def found():
    return list(consistency.findings())


def past_the_services(model, **columns):
    """What somebody with the database in hand could do to one row; returns it."""
    row = model.objects.order_by("pk").first()
    with guards_removed():
        model._base_manager.filter(pk=row.pk).update(**columns)
    return row


def test_nothing_is_wrong_with_what_the_services_made(whole, capsys):
    call_command("check_consistency")
    assert capsys.readouterr().out == f"共检查 {len(consistency.checks())} 项，没有发现问题。\n"


def test_findings_go_to_stderr_and_the_command_fails(whole, capsys):
    past_the_services(Household, state=HouseholdState.VERIFIED)
    with pytest.raises(SystemExit) as stopped:
        call_command("check_consistency")
    output = capsys.readouterr()
    assert stopped.value.code == 1
    assert "HJ-0001" in output.err
    assert output.out == ""


def test_every_app_with_rows_of_its_own_is_asked():
    labels = {name.split(".")[0] for name, _ in consistency.checks()}
    assert {"organizations", "cases", "donations", "volunteers", "audit", "intake"} <= labels


# The log, guards, keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("guard", guards.registered(), ids=lambda guard: guard.name)
def test_a_missing_guard(whole, guard):
    guard.remove(connection)
    assert found() == [f"数据库里缺少保护规则 {guard.name}，请运行 manage.py migrate 重新安装。"]


def test_an_edited_event(whole):
    event = past_the_services(AuditEvent, reason="改过")
    assert found() == [f"操作记录 {event.pk} 的内容被改动。"]


def test_a_shortened_log(whole):
    with guards_removed():
        AuditEvent.objects.order_by("-pk").first().delete()
    count = ChainHead.objects.get().count
    assert found() == [f"操作记录应有 {count} 条，现有 {count - 1} 条，末尾的记录被删除或改动。"]


def test_keys_that_are_not_these(whole):
    KeySentinel.objects.update(fingerprint="0" * 64)
    assert found() == ["当前密钥不是写入这些数据时用的密钥，请放回原来的密钥。"]


# States and numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (Organization, {"state": OrganizationState.SUSPENDED}),
        (Household, {"state": HouseholdState.VERIFIED}),
        (Pairing, {"state": PairingState.INTENTION, "started_on": None}),
        (Activity, {"state": ActivityState.SUBMITTED, "confirmed_at": None, "confirmed_by": None}),
        (Donation, {"state": DonationState.RETURNED, "confirmed_at": None, "confirmed_by": None}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_state_nobody_moved_it_to(whole, model, columns):
    row = past_the_services(model, **columns)
    expected = f"{model._meta.verbose_name} {row.code} 的状态是 {columns['state']}，最后一次状态变更却到 {row.state}。"
    assert expected in found()


def test_a_first_state_without_any_move(whole):
    household = factories.registered_household()
    assert found() == []
    Household.objects.filter(pk=household.pk).update(state=HouseholdState.VERIFIED)
    assert f"关爱户 {household} 的状态是 verified，最后一次状态变更却到 registered。" in found()


@pytest.mark.parametrize("model", [Organization, Household, Pairing, Donation, Activity])
def test_a_code_beyond_its_sequence(whole, model):
    row = model.objects.order_by("pk").last()
    name = row.code.rpartition("-")[0]
    Sequence.objects.filter(name=name).update(last=0)
    assert f"{model._meta.verbose_name}编号 {row.code} 超出了编号器 {name} 最后给出的号 0。" in found()


def test_a_code_nobody_gave(whole):
    row = past_the_services(Activity, code="随手写的")
    assert f"志愿服务活动编号 {row.code} 超出" not in " ".join(found())
    assert any("随手写的" in sentence for sentence in found())


# Attachments -------------------------------------------------------------------------------------------------


@pytest.fixture
def attachment(whole, photo):
    return attach("donations.Donation", Donation.objects.first().pk, photo, by=factories.officer())


@pytest.fixture
def photo():
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return SimpleUploadedFile("slip.png", out.getvalue())


def test_a_file_that_is_gone(attachment):
    assert found() == []
    attachment.file.storage.delete(attachment.file.name)
    assert found() == [f"附件 {attachment} 的文件不见了。"]


def test_a_file_that_was_changed(attachment):
    path = Path(attachment.file.path)
    path.write_bytes(path.read_bytes() + b"!")
    assert found() == [f"附件 {attachment} 的文件内容被改动。"]


# Organisations -----------------------------------------------------------------------------------------------


def test_a_division_under_a_wrong_path(whole):
    Division.objects.filter(code=factories.COMMUNITY_B2).update(path="/somewhere/else/")
    assert found() == [f"行政区划 {factories.COMMUNITY_B2} 的路径与上级不一致。"]


def test_an_account_that_outlives_its_organization(whole):
    user = User.objects.get(organization=whole.organization)
    Organization.objects.filter(pk=whole.organization_id).update(state=OrganizationState.DEREGISTERED)
    assert f"账号 {user} 所属的组织已注销，账号却还在启用。" in found()


# Households and pairings -------------------------------------------------------------------------------------


def test_an_active_household_without_a_pairing(whole):
    day = whole.started_on
    past_the_services(Pairing, state=PairingState.ENDED, ended_on=day, end_reason="adjusted")
    assert f"关爱户 {whole.household} 的状态是帮扶中，却没有正在进行的结对。" in found()


def test_a_pairing_of_a_household_that_is_not_active(whole):
    past_the_services(Household, state=HouseholdState.VERIFIED)
    assert f"关爱户 {whole.household} 有正在进行的结对，状态却是已核实。" in found()


def test_an_open_pairing_of_a_household_that_left(whole):
    day = date(2026, 11, 1)
    past_the_services(
        Household, state=HouseholdState.EXITED, registered_on=day, exited_on=day, exit_reason="other"
    )
    assert f"关爱户 {whole.household} 已退出，结对 {whole} 却还没有结束。" in found()


def test_a_household_nobody_verified(whole):
    EligibilityReview.objects.all().delete()
    assert found() == [f"关爱户 {whole.household} 没有第二人的核实记录。"]


@pytest.mark.parametrize("breach", ["none", "later", "run_out", "withdrawn", "other_purpose"])
def test_a_pairing_that_began_without_consent(whole, breach):
    consents = Consent.objects.filter(household=whole.household)
    day = whole.started_on
    if breach == "none":
        consents.delete()
    elif breach == "later":
        consents.update(given_on=day + timedelta(days=1))
    elif breach == "run_out":
        consents.update(expires_on=day)
    elif breach == "withdrawn":
        consents.update(withdrawn_on=day)
    else:
        consents.update(purpose=ConsentPurpose.PHOTO, organization=None)
    assert found() == [f"结对 {whole} 开始时没有向该组织提供信息的有效同意书。"]


def test_consent_withdrawn_afterwards_is_no_breach(whole):
    Consent.objects.update(withdrawn_on=whole.started_on + timedelta(days=1))
    assert found() == []


def test_a_household_without_a_head(whole):
    Member.objects.update(relation="other")
    assert found() == [f"关爱户 {whole.household} 现有 0 位户主，应为 1 位。"]


def test_more_pairings_than_the_organization_can_bear(whole):
    factories.active_pairing(organization=whole.organization)
    assert found() == []
    Organization.objects.filter(pk=whole.organization_id).update(capacity=1)
    code = whole.organization.code
    assert found() == [f"组织 {code} 可结对 1 户，已结对 2 户，没有写明超出的理由。"]
    Pairing.objects.filter(pk=whole.pk).update(capacity_override="新增两名骨干志愿者。")
    assert found() == []


def test_a_hash_of_another_number(whole):
    member = past_the_services(Member, id_hash="0" * 64)
    assert found() == [f"{member} 的证件指纹与身份证号不一致。"]


def test_what_cannot_be_decrypted(whole):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_member SET id_number = 't1:AAAA'")
        cursor.execute("UPDATE cases_household SET address = 'gone:AAAA'")
    member = Member.objects.values_list("pk", flat=True).get()
    assert found() == [
        f"成员 {member} 的加密内容用当前密钥读不出来。",
        f"关爱户 {whole.household} 的加密内容用当前密钥读不出来。",
    ]


# Gifts -------------------------------------------------------------------------------------------------------


def test_a_confirmed_line_that_is_not_fixed(whole):
    line = past_the_services(DonationLine, fixed_at=None)
    assert found() == [f"捐赠 {line.donation} 已确认，却有明细没有定值。"]


def test_a_fixed_line_that_nobody_confirmed(whole):
    donation = Donation.objects.get(state=DonationState.SUBMITTED)
    donation.lines.update(fixed_at=donation.submitted_at)
    assert found() == [f"捐赠 {donation} 还没有确认，却有明细已经定值。"]


def test_a_gift_of_nothing(whole):
    donation = Donation.objects.get(state=DonationState.SUBMITTED)
    donation.lines.all().delete()
    assert found() == [f"捐赠 {donation} 没有明细。"]


@pytest.fixture
def gifts(whole):
    """One for a household, one for a community, one of an organisation, one of nobody in particular."""
    nobody = Donation.objects.get(household__isnull=True)
    community = factories.division(factories.COMMUNITY_B1)
    return {
        "nobody": nobody,
        "household": Donation.objects.get(household__isnull=False),
        "community": factories.submitted_donation(
            route=Route.COMMUNITY_FUND, restriction=Restriction.COMMUNITY, community=community
        ),
        "organization": factories.submitted_donation(by=factories.admin_of(whole.organization)),
    }


@pytest.mark.parametrize("which", ["household", "community", "organization", "nobody"])
def test_a_gift_that_counts_elsewhere(gifts, which):
    assert found() == []
    donation = gifts[which]
    elsewhere = factories.division(factories.COMMUNITY_B2)
    with guards_removed():
        Donation.objects.filter(pk=donation.pk).update(division=elsewhere)
        # Nor does anything keep the tally then.
        DonationTally.objects.create(bucket=donation.received_on, place=donation.division, number=-1)
        DonationTally.objects.create(bucket=donation.received_on, place=elsewhere, number=1)
    assert found() == [f"捐赠 {donation} 的归属区划与它的用途或登记组织不一致。"]


def test_who_has_moved_since_is_no_breach(gifts, whole):
    elsewhere = factories.division(factories.COMMUNITY_B2)
    update_household(whole.household, by=factories.officer(), community=elsewhere)
    update_organization(whole.organization, by=factories.officer(), division=elsewhere)
    assert found() == []


# Service -----------------------------------------------------------------------------------------------------


def test_minutes_that_were_not_served(whole):
    row = past_the_services(ServiceRecord, minutes=999 - 100)
    assert found() == [f"{row} 记为 899 分钟，按起止时间应为 150 分钟。"]


def test_a_volunteer_of_another_organization(whole):
    row = ServiceRecord.objects.get()
    row.volunteer = factories.volunteer(factories.approved_organization())
    row.save()
    assert found() == [f"{row} 的志愿者不属于这次活动的组织。"]


def test_an_activity_without_records(whole):
    with guards_removed():
        ServiceRecord.objects.all().delete()
    assert found() == [f"活动 {Activity.objects.get()} 没有服务记录。"]


def test_a_check_that_breaks_off_is_a_finding(whole, settings):
    settings.INDEX_KEY = ""
    assert any("没有做完" in sentence for sentence in found())
