"""Acts on several rows at once: what the preview shows is what happens; reminders, suggestions, photos, put right."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from cases.enums import CareNeedState, HouseholdState, Outcome, PairingState, VisitState
from cases.models import CareNeed, Household, Matter, Notice, Obligation, Pairing, Visit
from cases.services import visits
from cases.services.notices import NOBODY_TO_TELL, PAIRING_STOPPED, REMINDED_TODAY
from cases.services.suggestions import NO_ROOM
from jinchuan.audit.models import AuditEvent
from jinchuan.intake.models import Attachment, Sequence
from jinchuan.shared.admin.preview import CHANGED
from jinchuan.shared.clock import today
from organizations.models import User
from tests import factories, factories_cases
from tests.pages import act, acts, agreed, form_values, listing, outcome, page, said, shown

from .test_admin_registers import duty

pytestmark = pytest.mark.django_db

REASON = {"reason": "登记时写错了日期"}


def states(model, *rows):
    return list(model.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk").values_list("state"))


# The preview itself ------------------------------------------------------------------------------------------


def test_a_preview_writes_nothing_and_says_what_will_happen(client_for, officer, pairing_a):
    visit = factories_cases.submitted_visit(pairing_a, matters=[factories_cases.settled(pairing_a.household)])
    returned = factories_cases.returned_visit(pairing_a)
    client = client_for(officer)
    events = AuditEvent.objects.count()
    chosen = {"action": "confirm", "_selected_action": [visit.pk, returned.pk]}
    preview = client.post(listing(Visit), chosen)
    assert outcome(preview, "done") == {page(visit): "待确认 → 已确认走访中办理的 1 件事项一起变为“已确认”。"}
    assert "现在是“已退回”" in outcome(preview, "refused")[page(returned)]
    assert "还没有写入" in shown(preview)
    assert states(Visit, visit, returned) == [(VisitState.SUBMITTED,), (VisitState.RETURNED,)]
    assert Matter.objects.get().state == VisitState.SUBMITTED
    assert AuditEvent.objects.count() == events


def test_what_changed_since_it_was_shown_is_shown_again(client_for, officer, pairing_a):
    first, second = (factories_cases.submitted_visit(pairing_a) for _ in range(2))
    client, ids = client_for(officer), [first.pk, second.pk]
    seen = client.post(acts(Visit, "confirm"), {"ids": ids}).context["seen"]
    Visit.objects.filter(pk=second.pk).update(version=second.version + 1, notes="改过了")
    again = client.post(acts(Visit, "confirm"), {"ids": ids, "seen": seen})
    assert CHANGED in said(again)
    assert states(Visit, first, second) == [(VisitState.SUBMITTED,)] * 2
    done = client.post(acts(Visit, "confirm"), {"ids": ids, "seen": again.context["seen"]})
    assert done.context["is_done"]
    assert states(Visit, first, second) == [(VisitState.CONFIRMED,)] * 2
    assert CHANGED in said(client.post(acts(Visit, "confirm"), {"ids": ids, "seen": done.context["seen"]}))


def test_the_log_tells_of_each_row_and_stays_whole(client_for, officer, pairing_a):
    rows = [factories_cases.submitted_visit(pairing_a) for _ in range(2)]
    agreed(client_for(officer), acts(Visit, "confirm"), ids=[row.pk for row in rows])
    told = AuditEvent.objects.filter(action="move:confirmed").order_by("id")
    assert [event.target_id for event in told] == [str(row.pk) for row in rows]


# Pairings, needs, duties -------------------------------------------------------------------------------------


def test_several_pairings_are_suspended_resumed_and_wound_up(client_for, officer):
    rows = [factories.active_pairing() for _ in range(2)]
    intention = factories.intention()
    client, ids = client_for(officer), [row.pk for row in [*rows, intention]]
    answer = agreed(client, acts(Pairing, "suspend"), ids=ids, reason="冬季大雪封路，暂停")
    assert set(outcome(answer, "done")) == {page(row) for row in rows}
    assert outcome(answer, "refused")[page(intention)] == "现在是“意向”，不用再办理“暂停”。"
    answer = agreed(client, acts(Pairing, "resume"), ids=ids)
    assert set(outcome(answer, "done").values()) == {"已暂停 → 结对中"}
    refused = client.post(acts(Pairing, "begin_ending"), {"ids": ids})
    assert refused.context["parts"]["done"] == []
    waived = {"closeout_waiver": "组织已注销，联系不上"}
    answer = agreed(client, acts(Pairing, "begin_ending"), ids=ids, **waived)
    assert len(outcome(answer, "done")) == 2
    assert states(Pairing, *rows) == [(PairingState.ENDING,)] * 2


def test_several_intentions_are_confirmed_for_both_sides_and_made_pairings(client_for, officer, org_a):
    ready, silent = factories.intention(organization=org_a), factories.intention()
    factories.sharing_consent(ready.household, org_a, given_on=today())
    client, ids = client_for(officer), [ready.pk, silent.pk]
    answer = agreed(client, acts(Pairing, "organization"), ids=ids)
    assert "关爱户还没有确认" in outcome(answer, "done")[page(ready)]
    agreed(client, acts(Pairing, "household"), ids=ids)
    answer = agreed(client, acts(Pairing, "activate"), ids=ids, on=today().isoformat())
    assert set(outcome(answer, "done")) == {page(ready)}
    assert "同意书" in outcome(answer, "refused")[page(silent)]


def test_the_capacity_is_judged_over_all_that_are_chosen(client_for, officer, org_a):
    org_a.capacity = 1
    org_a.save()
    rows = [factories.intention(organization=org_a) for _ in range(2)]
    for row in rows:
        factories.sharing_consent(row.household, org_a, given_on=today())
    client, ids = client_for(officer), [row.pk for row in rows]
    for side in ("organization", "household"):
        agreed(client, acts(Pairing, side), ids=ids)
    preview = client.post(acts(Pairing, "activate"), {"ids": ids, "on": today().isoformat()})
    assert set(outcome(preview, "done")) == {page(rows[0])}
    assert set(outcome(preview, "refused")) == {page(rows[1])}


def test_several_needs_are_withdrawn_and_the_claims_named(client_for, officer, household_a, org_b):
    claimed, plain = (factories_cases.open_need(household_a) for _ in range(2))
    factories_cases.claim(claimed, org_b)
    met = factories_cases.open_need(household_a)
    CareNeed.objects.filter(pk=met.pk).update(state=CareNeedState.MET, met_on=today(), met_by="SX2026-0001")
    ids = [claimed.pk, plain.pk, met.pk]
    answer = agreed(client_for(officer), acts(CareNeed, "withdraw"), ids=ids, **REASON)
    assert f"{org_b.name}的认领同时退回" in outcome(answer, "done")[page(claimed)]
    assert set(outcome(answer, "refused")) == {page(met)}
    assert states(CareNeed, claimed, plain) == [(CareNeedState.WITHDRAWN,)] * 2


def test_several_duties_are_waived(client_for, officer, leader, pairing_a, pairing_b):
    rows = [duty(pairing_a), duty(pairing_b)]
    done = Obligation.objects.filter(pk=rows[1].pk)
    done.update(state=Outcome.LAPSED, judged_on=today())
    ids = [row.pk for row in rows]
    assert client_for(leader).post(acts(Obligation, "waive"), {"ids": ids, **REASON}).status_code == 403
    answer = agreed(client_for(officer), acts(Obligation, "waive"), ids=ids, **REASON)
    assert set(outcome(answer, "done")) == {page(rows[0])}
    assert states(Obligation, *rows) == [(Outcome.WAIVED,), (Outcome.LAPSED,)]


# Reminders ---------------------------------------------------------------------------------------------------


def test_a_reminder_reaches_the_organisation_once_a_day(client_for, officer, pairing_a, member_a, member_b):
    row = duty(pairing_a)
    client = client_for(officer)
    answer = agreed(client, acts(Obligation, "remind"), ids=[row.pk])
    assert outcome(answer, "done")[page(row)].startswith(f"提醒{pairing_a.organization.name}的")
    notice = Notice.objects.get(user=member_a)
    assert pairing_a.household.code in notice.title
    assert not Notice.objects.filter(user=member_b).exists()
    assert member_a.username in shown(client.get(page(row)))
    again = client.post(act(row, "remind"))
    assert REMINDED_TODAY in shown(again)
    assert Notice.objects.filter(user=member_a).count() == 1


def test_nobody_is_reminded_who_may_not_see_the_household_or_of_what_rests(
    client_for, officer, worker_a, pairing_a, member_a
):
    alone, resting = duty(factories.active_pairing()), duty(pairing_a)
    Pairing.objects.filter(pk=pairing_a.pk).update(state=PairingState.SUSPENDED)
    User.objects.filter(organization=alone.pairing.organization).update(is_active=False)
    client = client_for(officer)
    preview = client.post(acts(Obligation, "remind"), {"ids": [alone.pk, resting.pk]})
    assert outcome(preview, "refused") == {
        page(alone): NOBODY_TO_TELL,
        page(resting): PAIRING_STOPPED.format(state="已暂停"),
    }
    assert client_for(worker_a).post(act(resting, "remind")).status_code == 403
    assert not Notice.objects.exists()


# Helpers for several households ------------------------------------------------------------------------------


def test_helpers_for_several_households_are_shown_with_reasons_and_registered(
    client_for, officer, leader, divisions, org_a
):
    waiting = [factories.verified_household(community=divisions.a1) for _ in range(2)]
    helped = factories.intention(household=factories.verified_household(community=divisions.a1)).household
    ids = [row.pk for row in [*waiting, helped]]
    chosen = {"action": "assign", "_selected_action": ids}
    client = client_for(officer)
    assert "下一步" in shown(client.post(listing(Household), chosen))
    numbers = list(Sequence.objects.order_by("pk").values())
    preview = client.post(acts(Household, "assign"), {"ids": ids})
    told = outcome(preview, "done")
    assert set(told) == {page(row) for row in waiting}
    assert all("理由：" in sentence and "还可再结对" in sentence for sentence in told.values())
    assert set(outcome(preview, "refused")) == {page(helped)}
    assert Pairing.objects.count() == 1
    assert list(Sequence.objects.order_by("pk").values()) == numbers
    client.post(acts(Household, "assign"), {"ids": ids, "seen": preview.context["seen"]})
    assert Pairing.objects.filter(household__in=waiting, state=PairingState.INTENTION).count() == 2
    assert client_for(leader).post(acts(Household, "assign"), {"ids": ids}).status_code == 403


def test_where_there_is_no_room_it_is_said(client_for, officer, divisions):
    household = factories.verified_household(community=divisions.a1)
    preview = client_for(officer).post(act(household, "assign"))
    assert outcome(preview, "refused") == {page(household): NO_ROOM}
    assert "还没有写入" in shown(preview)
    household.refresh_from_db()
    assert household.state == HouseholdState.VERIFIED


# Put right, and photos ---------------------------------------------------------------------------------------


def returned_visit_of(by, household, other):
    visit = visits.log_visit(
        by=by,
        households=[household],
        visited_on=today(),
        kind="home_visit",
        channel="in_person",
        was_made=True,
        condition="good",
        visitors=by.name,
        notes="屋里暖和。",
        matters=[visits.Settled("deed_done", "换了灯泡。", household)],
    )
    return visits.return_visit(visit, by=other, reason="请写明见到了谁")


def test_who_entered_a_returned_visit_puts_it_right(client_for, officer, reviewer, worker_a, household_a):
    visit = returned_visit_of(worker_a, household_a, officer)
    client = client_for(worker_a)
    opened = client.get(page(visit))
    assert "退回意见：请写明见到了谁" in shown(opened)
    assert "重新提交" in shown(opened)
    values = {**form_values(opened), "people_met": "本人和邻居"}
    assert values["households"] == [household_a.pk]
    for other in (officer, reviewer):
        assert client_for(other).post(page(visit), values).status_code == 403
    empty = client.post(page(visit), {**values, "households": []})
    assert "households" in empty.context["adminform"].form.errors
    assert client.post(page(visit), values).status_code == 302
    visit.refresh_from_db()
    assert (visit.state, visit.people_met, visit.notes) == (VisitState.SUBMITTED, "本人和邻居", "屋里暖和。")
    assert Matter.objects.get().state == VisitState.SUBMITTED
    assert client.post(page(visit), values).status_code == 403


def test_who_entered_a_returned_matter_puts_it_right(client_for, officer, worker_a, household_a):
    matter = visits.log_matter(
        by=worker_a, household=household_a, settled_on=today(), kind="deed_done", description="送了被子。"
    )
    visits.return_matter(matter, by=officer, reason="请写明几床")
    client = client_for(worker_a)
    values = {**form_values(client.get(page(matter))), "description": "送了两床被子。"}
    assert client_for(officer).post(page(matter), values).status_code == 403
    assert client.post(page(matter), values).status_code == 302
    matter.refresh_from_db()
    assert (matter.state, matter.description) == (VisitState.SUBMITTED, "送了两床被子。")


def test_an_organisations_returned_visit_is_put_right_by_itself(client_for, officer, pairing_a):
    visit = factories_cases.returned_visit(pairing_a)
    client = client_for(officer)
    assert "由登记人修改后重新提交" in shown(client.get(page(visit)))
    assert client.post(page(visit), {"visitors": "张三"}).status_code == 403


def photo(name="走访.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "gray").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def test_photos_are_attached_to_a_visit(client_for, officer, worker_b, pairing_a):
    visit = factories_cases.submitted_visit(pairing_a)
    client = client_for(officer)
    assert 'enctype="multipart/form-data"' in shown(client.get(act(visit, "photos")))
    assert client.post(act(visit, "photos"), {"photos": [photo(), photo("二.jpg")]}).status_code == 302
    assert {one.name for one in Attachment.objects.of(visit)} == {"走访.jpg", "二.jpg"}
    assert act(visit, "photos") in shown(client.get(page(visit)))
    assert client_for(worker_b).get(act(visit, "photos")).status_code == 404


@pytest.mark.parametrize(
    "files",
    [
        [],
        [SimpleUploadedFile("x.jpg", b"<html>", content_type="image/jpeg")],
        ["photo", SimpleUploadedFile("empty.jpg", b"")],
        ["photo"] * 7,
    ],
)
def test_what_is_no_photo_or_too_many_is_not_attached(client_for, officer, pairing_a, files):
    visit = factories_cases.submitted_visit(pairing_a)
    sent = [photo() if one == "photo" else one for one in files]
    response = client_for(officer).post(act(visit, "photos"), {"photos": sent})
    assert "photos" in response.context["form"].errors
    assert not Attachment.objects.exists()


def test_a_visit_that_was_voided_takes_no_photos(client_for, officer, reviewer, pairing_a):
    visit = factories_cases.confirmed_visit(pairing_a)
    visits.void_visit(visit, by=reviewer, reason="与另一条重复")
    assert client_for(officer).post(act(visit, "photos"), {"photos": [photo()]}).status_code == 302
    assert not Attachment.objects.exists()


def test_what_was_returned_to_me_stands_on_my_desk_and_leads_to_exactly_that(
    client_for, officer, worker_a, household_a, pairing_a
):
    returned_visit_of(worker_a, household_a, officer)
    factories_cases.returned_visit(pairing_a)
    for person, count in ((worker_a, 1), (officer, 0)):
        client = client_for(person)
        desk = client.get(reverse("admin:index")).context
        lines = {line.title: line for line in [*desk["waiting"], *desk["settled"]]}
        for title in ("退回给您的走访", "退回给您的事项"):
            assert lines[title].count == count
            assert client.get(lines[title].url).context["cl"].result_count == count


def test_a_place_that_an_intention_holds_is_not_given_twice(client_for, officer, divisions, org_a):
    org_a.capacity = 1
    org_a.save()
    rows = [factories.verified_household(community=divisions.a1) for _ in range(2)]
    answer = agreed(client_for(officer), acts(Household, "assign"), ids=[row.pk for row in rows])
    assert (len(outcome(answer, "done")), len(outcome(answer, "refused"))) == (1, 1)
    left = Household.objects.unpaired().get()
    assert outcome(client_for(officer).post(act(left, "assign")), "refused") == {page(left): NO_ROOM}
