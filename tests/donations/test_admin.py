from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from donations.enums import DonationState
from donations.models import Donation, Donor
from donations.services import gifts as services
from donations.services.gifts import CONFIRM_OWN, VOID_OWN
from jinchuan.audit.models import AuditEvent
from tests import factories, factories_book
from tests.pages import act, acts, form_values, listing, page, said, shown

pytestmark = pytest.mark.django_db

REASON = {"reason": "数目与送货单不符"}


def test_a_clerk_confirms_a_gift_that_an_organisation_logged(client_for, clerk, member_a):
    donation = factories.submitted_donation(
        by=member_a, lines=[factories.cash("12000.50"), factories.goods()]
    )
    client = client_for(clerk)
    text = shown(client.get(act(donation, "confirm")))
    assert "13,200.50" in text
    assert "人民币壹万叁仟贰佰元伍角整" in text
    donation.refresh_from_db()
    assert donation.state == DonationState.SUBMITTED
    assert client.post(act(donation, "confirm")).url == page(donation)
    donation.refresh_from_db()
    assert donation.state == DonationState.CONFIRMED
    assert donation.confirmed_by == clerk
    text = shown(client.get(page(donation)))
    assert "大米" in text
    assert "12,000.50" in text


def test_a_gift_is_returned_only_with_a_reason_one_can_act_on(client_for, officer, member_a):
    donation = factories.submitted_donation(by=member_a)
    client = client_for(officer)
    short = client.post(act(donation, "return"), {"reason": "不对"})
    assert short.status_code == 200
    assert "至少 5 个字" in "".join(short.context["form"].errors["reason"])
    assert "不对" in shown(short)
    assert client.post(act(donation, "return"), REASON).status_code == 302
    donation.refresh_from_db()
    assert donation.state == DonationState.RETURNED
    assert donation.transitions.get().reason == REASON["reason"]


def test_nobody_confirms_what_is_their_own(client_for, officer):
    donation = factories.submitted_donation(by=officer)
    response = client_for(officer).post(act(donation, "confirm"))
    assert response.status_code == 200
    assert CONFIRM_OWN in shown(response)
    donation.refresh_from_db()
    assert donation.state == DonationState.SUBMITTED


def test_voiding_takes_a_second_person_of_the_reviewers(client_for, officer, reviewer, member_a):
    donation = factories.submitted_donation(by=member_a)
    factories.giving.confirm_donation(donation, by=reviewer)
    assert client_for(officer).get(act(donation, "void")).status_code == 403
    refused = client_for(reviewer).post(act(donation, "void"), REASON)
    assert VOID_OWN in shown(refused)
    another = factories.user("reviewer")
    assert client_for(another).post(act(donation, "void"), REASON).status_code == 302
    donation.refresh_from_db()
    assert donation.state == DonationState.VOIDED


def test_a_receipt_is_noted(client_for, officer, member_a):
    donation = factories.submitted_donation(by=member_a)
    client = client_for(officer)
    numbered = {"code": "62030123", "number": "0012345", "issued_on": "2026-9-20"}
    assert client.post(act(donation, "receipt"), numbered).url == page(donation)
    assert not donation.receipts.exists(), "a receipt before the confirmation"
    services.confirm_donation(donation, by=factories.reviewer())
    wrong = client.post(act(donation, "receipt"), {"issued_on": "2026-9-20"})
    assert "请填写票据号码" in shown(wrong)
    assert client.post(act(donation, "receipt"), numbered).status_code == 302
    donation.refresh_from_db()
    assert (donation.receipt_status, donation.receipt_number) == ("issued", "0012345")


def test_a_receipt_is_voided_and_issued_again(client_for, officer, member_a):
    donation = factories_book.receipt(number="0000001").donation
    client = client_for(officer)
    assert client.post(act(donation, "no_receipt"), {"status": "waived"}).url == page(donation)
    donation.refresh_from_db()
    assert donation.receipt_status == "issued", "one in force is voided first"
    void = {"voided_on": "2026-9-25", "reason": "抬头写错，作废重开"}
    assert "至少 5 个字" in shown(client.post(act(donation, "void_receipt"), void | {"reason": "错"}))
    assert client.post(act(donation, "void_receipt"), void).status_code == 302
    again = {"number": "0000002", "issued_on": "2026-9-26"}
    assert client.post(act(donation, "receipt"), again).status_code == 302
    text = shown(client.get(page(donation)))
    assert "0000001" in text
    assert "抬头写错，作废重开" in text
    assert "0000002" in text


def test_why_there_is_no_receipt_is_noted(client_for, officer, member_a):
    donation = factories.submitted_donation(by=member_a)
    client = client_for(officer)
    assert client.post(act(donation, "no_receipt"), {"status": "issued"}).status_code == 200
    assert client.post(act(donation, "no_receipt"), {"status": "waived"}).status_code == 302
    donation.refresh_from_db()
    assert donation.receipt_status == "waived"


def test_several_gifts_are_confirmed_at_once_and_the_own_one_is_refused(client_for, officer, member_a):
    theirs = [factories.submitted_donation(by=member_a) for _ in range(2)]
    mine = factories.submitted_donation(by=officer)
    client = client_for(officer)
    ids = [one.pk for one in [*theirs, mine]]
    text = shown(client.post(listing(Donation), {"action": "confirm", "_selected_action": ids}))
    assert "共 3 条" in text
    assert Donation.objects.confirmed().count() == 0
    answer = client.post(acts(Donation, "confirm"), {"ids": ids})
    assert sorted(answer.context["done"]) == sorted(one.code for one in theirs)
    assert answer.context["refused"] == [f"{mine.code}：{CONFIRM_OWN}"]
    assert Donation.objects.confirmed().count() == 2


@pytest.mark.parametrize("who", ["leader", "worker_a", "auditor", "administrator"])
def test_who_may_not_confirm_cannot(client_for, request, who, member_a):
    donation = factories.submitted_donation(by=member_a)
    client = client_for(request.getfixturevalue(who))
    assert client.post(act(donation, "confirm")).status_code == 403
    assert client.post(acts(Donation, "confirm"), {"ids": [donation.pk]}).status_code == 403
    donation.refresh_from_db()
    assert donation.state == DonationState.SUBMITTED


def test_a_gift_is_not_edited_here(client_for, officer, member_a):
    donation = factories.submitted_donation(by=member_a)
    client = client_for(officer)
    assert client.post(page(donation), {"note": "改一改", "state": "confirmed"}).status_code == 403
    assert client.get(listing(Donation, "add")).status_code == 403


def test_a_person_who_gave_is_masked_for_who_only_reads(client_for, leader):
    donor = factories.individual_donor(name="赵桂英")
    donation = factories.confirmed_donation(donor=donor)
    client = client_for(leader)
    for address in (listing(Donation), page(donation), listing(Donor), page(donor)):
        text = shown(client.get(address))
        assert "赵桂英" not in text
        assert "赵*英" in text
        assert donor.phone not in text


def test_a_donor_is_registered_and_corrected(client_for, officer):
    client = client_for(officer)
    typed = {"kind": "enterprise", "name": "金川矿业公司", "phone": "0935-8211234"}
    assert client.post(listing(Donor, "add"), typed).status_code == 302
    donor = Donor.objects.get()
    opened = client.get(page(donor))
    assert donor.phone not in shown(opened)
    assert client.post(page(donor), {**form_values(opened), "agrees_to_be_named": "on"}).status_code == 302
    donor.refresh_from_db()
    assert donor.agrees_to_be_named
    assert donor.phone == "09358211234"


def test_a_donors_phone_is_revealed_for_a_reason(client_for, clerk):
    donor = factories.individual_donor()
    response = client_for(clerk).post(page(donor, "reveal", field="phone"), {"why": "correct"})
    assert donor.phone in shown(response)
    assert AuditEvent.objects.filter(action="reveal", target_id=str(donor.pk)).count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"received_from": "2026年3月1日", "received_to": "2026-3-31"}, {"march"}),
        ({"value_from": "1,500"}, {"large"}),
        ({"value_to": "１０００元"}, {"march", "small"}),
        ({"received_from": "不是日期"}, {"march", "small", "large"}),
    ],
)
def test_dates_and_amounts_narrow_the_list(client_for, officer, query, found):
    gifts = {
        "march": factories.confirmed_donation(lines=[factories.cash("800")], received_on=date(2026, 3, 5)),
        "small": factories.confirmed_donation(lines=[factories.cash("900")], received_on=date(2026, 5, 5)),
        "large": factories.confirmed_donation(lines=[factories.cash("2000")], received_on=date(2026, 6, 5)),
    }
    text = shown(client_for(officer).get(listing(Donation), query))
    assert {name for name, gift in gifts.items() if gift.code in text} == found


def test_a_filter_that_is_not_understood_says_so(client_for, officer):
    response = client_for(officer).get(listing(Donation), {"value_from": "很多"})
    assert "金额请用数字填写" in shown(response)


def test_a_street_stands_for_everything_below_it(client_for, officer, member_a, member_b, divisions):
    ours, theirs = factories.submitted_donation(by=member_a), factories.submitted_donation(by=member_b)
    text = shown(client_for(officer).get(listing(Donation), {"place": divisions.street_a.pk}))
    assert ours.code in text
    assert theirs.code not in text


def test_the_first_page_counts_what_waits_and_leads_there(client_for, officer, member_a):
    factories.submitted_donation(by=member_a)
    factories.confirmed_donation()
    client = client_for(officer)
    waiting = client.get(reverse("admin:index")).context["waiting"]
    (line,) = [one for one in waiting if one.title == "待确认捐赠"]
    assert line.count == 1
    listed = client.get(line.url)
    assert listed.context["cl"].result_count == 1


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("model", "queries"), [(Donation, 5), (Donor, 4)])
def test_lists_ask_the_same_number_of_questions(
    client_for, officer, django_assert_num_queries, model, queries, rows
):
    for _ in range(rows):
        factories.submitted_donation(lines=[factories.cash(), factories.goods()])
    client = client_for(officer)
    client.get(listing(model))
    with django_assert_num_queries(queries):
        client.get(listing(model))


def test_totals_in_the_list_are_those_of_the_lines(client_for, officer):
    factories.confirmed_donation(
        lines=[factories.cash("100.50"), factories.cash("200"), factories.goods(value="50.25")]
    )
    row = client_for(officer).get(listing(Donation)).context["cl"].result_list[0]
    assert (row.cash_value, row.goods_value) == (Decimal("300.50"), Decimal("50.25"))


def test_an_act_without_rows_says_so(client_for, officer):
    response = client_for(officer).post(acts(Donation, "confirm"), {})
    assert response.url == listing(Donation)
    assert "没有选中" in said(response)[0]


def test_an_unknown_act_is_not_found(client_for, officer, member_a):
    donation = factories.submitted_donation(by=member_a)
    assert client_for(officer).get(act(donation, "explode")).status_code == 404


@pytest.mark.parametrize("key", ["9" * 25, "abc", "²"])
def test_what_can_be_the_key_of_no_row_is_no_fault_of_ours(client_for, officer, key):
    client = client_for(officer)
    donations, consent = reverse("admin:donations_donation_changelist"), reverse("admin:cases_consent_add")

    by_act = client.post(reverse("admin:donations_donation_verbs", args=["confirm"]), {"ids": [key]})
    by_list = client.post(donations, {"action": "confirm", "_selected_action": key})
    asked = client.get(consent, {"household": key, "organization": key})
    sent = client.post(reverse("admin:cases_pairing_add"), {"household": key, "organization": key})

    assert [answer.status_code for answer in (by_act, by_list, asked, sent)] == [302, 200, 200, 200]


def test_what_nobody_saw_is_not_confirmed(client_for, officer, member_a):
    """Returned and corrected while the confirmation page stood open: the amounts are other ones now."""
    donation = factories.submitted_donation(by=member_a)
    client = client_for(officer)
    address = reverse("admin:donations_donation_verb", args=[donation.pk, "confirm"])
    opened = {"versions": f"{donation.pk}:{donation.version}"}
    assert opened["versions"] in client.get(address).content.decode()
    services.return_donation(donation, by=factories.reviewer(), reason=factories.REASON)
    services.correct_donation(donation, by=member_a, lines=[factories.cash("9999999.00")])
    body = client.post(address, opened).content.decode()
    assert "在您打开这一页之后有变化" in body
    donation.refresh_from_db()
    assert donation.state == DonationState.SUBMITTED
    client.post(address, {"versions": f"{donation.pk}:{donation.version}"})
    donation.refresh_from_db()
    assert donation.state == DonationState.CONFIRMED
