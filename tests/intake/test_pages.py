"""Drafts, the check page, one submission: with the form for money, which stands for all of them."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from donations.models import Donation
from jinchuan.intake.drafted import DraftedForm
from jinchuan.intake.models import Attachment, Draft
from jinchuan.intake.pages import ASKED_HOLDS, digest, vouch
from jinchuan.intake.services import draft_content
from jinchuan.shared.clock import now, travel
from tests import factories
from tests.intake import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(member_a, client_for):
    return client_for(member_a)


def test_two_openings_are_two_forms(client):
    assert pages.opened(client) != pages.opened(client)
    assert Draft.objects.count() == 0


def test_log_cash_from_form_to_receipt(client, member_a):
    answer = pages.logged(client, pages.cash(amount="1，000.50元"))
    donation = Donation.objects.get()
    assert answer.url == reverse("donations:receipt", kwargs={"code": donation.code})
    assert donation.lines.get().value == 1000.5
    assert donation.organization == member_a.organization
    receipt = client.get(answer.url).content.decode()
    assert donation.code in receipt
    assert "人民币壹仟元伍角整" in receipt
    assert "不作为公益事业捐赠票据" in receipt
    assert Draft.objects.count() == 0


def test_the_check_page_shows_the_amount_in_words(client):
    page = pages.checked(client, pages.opened(client), pages.cash(amount="12000"))
    assert "人民币壹万贰仟元整" in page.content.decode()
    assert Donation.objects.count() == 0


def test_errors_stand_in_the_order_of_the_page_and_what_was_typed_stays(client):
    address = pages.opened(client)
    answer = client.post(address, pages.cash(amount="1e5", day="", note="送到协会"))
    text = answer.content.decode()
    assert "<title>错误：" in text
    assert [sentence for _, sentence in answer.context["summary"]] == [
        "金额请用数字填写，例如 1000 或 1000.50",
        "请选择收到日期",
    ]
    assert 'value="1e5"' in text
    assert 'value="送到协会"' in text


def test_fields_of_another_answer_are_not_judged(client):
    data = pages.cash(donor_phone="不是电话", received_on="2030-01-01", household="999")
    pages.checked(client, pages.opened(client), data)


def test_pressing_twice_is_one_record_and_the_same_receipt(client):
    address = pages.opened(client)
    page = pages.checked(client, address, pages.cash())
    first, second = pages.submit(client, address, page), pages.submit(client, address, page)
    assert Donation.objects.count() == 1
    assert first.url == second.url


def test_another_content_under_a_used_number_is_shown_and_not_saved(client):
    address = pages.opened(client)
    page = pages.checked(client, address, pages.cash())
    pages.submit(client, address, page)
    answer = client.post(address, pages.cash(amount="777"))
    assert Donation.objects.count() == 1
    text = answer.content.decode()
    assert "这条记录已经提交" in text
    assert "777" in text
    assert Donation.objects.get().code in text


def test_the_pages_of_a_used_number_say_so(client):
    address = pages.opened(client)
    pages.submit(client, address, pages.checked(client, address, pages.cash()))
    for place in (address, f"{address}check/"):
        assert "这条记录已经提交" in client.get(place).content.decode()


def test_what_the_check_page_did_not_show_is_not_submitted(client):
    address = pages.opened(client)
    page = pages.checked(client, address, pages.cash())
    client.post(address, pages.cash(amount="9", intent="autosave"))
    answer = pages.submit(client, address, page)
    assert answer.url == f"{address}check/"
    assert Donation.objects.count() == 0


def test_autosave_keeps_half_a_form(client):
    address = pages.opened(client)
    answer = client.post(address, {"amount": "12", "note": "张三", "intent": "autosave"})
    assert set(json.loads(answer.content)) == {"saved"}
    assert 'value="12"' in client.get(address).content.decode()
    assert "张三" not in Draft.objects.values_list("title", flat=True)[0]


def test_autosave_after_submission_says_so(client):
    address = pages.opened(client)
    pages.submit(client, address, pages.checked(client, address, pages.cash()))
    assert client.post(address, pages.cash(intent="autosave")).status_code == 409


def test_a_draft_of_somebody_else_is_neither_shown_nor_overwritten(client, member_b, client_for):
    address = pages.opened(client)
    client.post(address, pages.cash(note="只给自己看", intent="keep"))
    stranger = client_for(member_b)
    assert "只给自己看" not in stranger.get(address).content.decode()
    assert stranger.post(address, pages.cash(intent="autosave")).status_code == 404
    assert stranger.get(f"{address}check/").status_code == 302
    assert stranger.post(f"{address}check/", {"intent": "submit", "content": "x"}).status_code == 302
    assert "只给自己看" in client.get(address).content.decode()


def test_the_number_of_somebody_elses_submission_is_nowhere(client, member_b, client_for):
    address = pages.opened(client)
    page = pages.checked(client, address, pages.cash())
    pages.submit(client, address, page)
    answer = pages.submit(client_for(member_b), address, page)
    assert answer.status_code == 404


def test_a_large_amount_is_asked_about_once(client):
    address = pages.opened(client)
    answer = client.post(address, pages.cash(amount="60000"))
    question = client.get(answer.url)
    assert "是不是多打了一个 0？" in question.content.decode()
    key = question.context["question"].key
    page = client.get(client.post(answer.url, {"intent": f"answer:{key}"}).url)
    assert pages.submit(client, address, page).status_code == 302
    assert Donation.objects.count() == 1


def test_a_question_cannot_be_skipped(client):
    address = pages.opened(client)
    client.post(address, pages.cash(amount="60000"))
    draft = Draft.objects.get()
    content = draft_content(draft.pk, by=draft.owner, form=draft.form)
    client.post(f"{address}check/", {"intent": "submit", "content": digest(content)})
    assert Donation.objects.count() == 0


def test_what_the_check_page_asked_is_not_asked_again_behind_its_button(
    client, django_assert_max_num_queries
):
    page = pages.checked(client, address := pages.opened(client), pages.cash())
    pages.logged(client, pages.cash())  # meanwhile, in another tab: it would be asked about
    with django_assert_max_num_queries(25):
        assert "receipt" in pages.submit(client, address, page).url


def test_the_word_of_the_check_page_ages(client):
    page = pages.checked(client, address := pages.opened(client), pages.cash())
    pages.logged(client, pages.cash())
    with travel(now() + ASKED_HOLDS + timedelta(seconds=1)):
        assert pages.submit(client, address, page).url == f"{address}check/"
    assert Donation.objects.count() == 1


def test_the_word_of_the_check_page_is_good_for_one_content_of_one_draft(client, member_a):
    page = pages.checked(client, address := pages.opened(client), pages.cash())
    client.post(address, pages.cash(amount="60000"))
    draft = Draft.objects.get()
    shown = digest(draft_content(draft.pk, by=member_a, form=draft.form))
    other = vouch(pages.opened(client).rstrip("/").rpartition("/")[2], member_a, shown)
    for asked in (page.context["asked"], other, other[:-1], "", "x:y"):
        answer = client.post(f"{address}check/", {"intent": "submit", "content": shown, "asked": asked})
        assert answer.url == f"{address}check/"
    assert Donation.objects.count() == 0


def test_ten_times_the_usual_is_asked_about(client, member_a):
    for value in ("100", "120", "130"):
        factories.submitted_donation(by=member_a, lines=[factories.cash(value)])
    answer = client.post(pages.opened(client), pages.cash(amount="1200"))
    assert "是不是多打了一个 0？" in client.get(answer.url).content.decode()


def test_the_same_gift_again_is_asked_about(client):
    pages.logged(client, pages.cash())
    answer = client.post(pages.opened(client), pages.cash())
    text = client.get(answer.url).content.decode()
    assert f"与 {Donation.objects.get().code} 相同" in text


def test_wan_is_offered_as_yuan_with_one_tap(client):
    address = pages.opened(client)
    answer = client.post(address, pages.cash(amount="1.2万"))
    assert "采用 12000 元" in answer.content.decode()
    answer = client.post(address, pages.cash(amount="1.2万", intent="take:amount:12000"))
    assert 'value="12000"' in client.get(answer.url).content.decode()


def test_drafts_are_listed_taken_up_and_thrown_away(client):
    address = pages.opened(client)
    client.post(address, pages.cash(intent="keep"))
    assert address in client.get(reverse("intake:drafts")).content.decode()
    assert address in client.get(reverse("intake:home")).content.decode()
    draft = Draft.objects.get()
    client.post(reverse("intake:drop_draft", kwargs={"draft": draft.pk}))
    assert not Draft.objects.exists()


# Files -------------------------------------------------------------------------------------------------------


def photo(name="单据.jpg"):
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def test_a_photo_stays_with_the_draft_and_goes_to_the_record(client, client_for, member_b):
    address = pages.opened(client)
    page = pages.checked(client, address, pages.cash(files=photo()))
    file = Attachment.objects.get()
    link = reverse("intake:attachment", kwargs={"attachment": file.pk})
    assert link in page.content.decode()
    answer = client.get(link)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert client_for(member_b).get(link).status_code == 404
    pages.submit(client, address, page)
    donation = Donation.objects.get()
    assert list(Attachment.objects.of(donation)) == [file]
    assert client.get(link).status_code == 200
    assert client_for(member_b).get(link).status_code == 404


def test_what_is_no_photo_is_named_and_the_rest_stays(client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    address = pages.opened(client)
    bad = SimpleUploadedFile("页面.jpg", b"<html><script>alert(1)</script>", "image/jpeg")
    answer = client.post(address, pages.cash(files=[photo(), bad], note="记着"))
    assert "页面.jpg：这不是照片文件" in answer.content.decode()
    assert answer.content.decode().count("页面.jpg：这不是照片文件") == 2
    assert [anchor for anchor, _ in answer.context["summary"]] == ["id_files"]
    assert Attachment.objects.count() == 1
    assert 'value="记着"' in answer.content.decode()


def test_a_file_is_taken_off_a_draft(client):
    address = pages.opened(client)
    client.post(address, pages.cash(files=photo(), intent="keep"))
    client.post(address, pages.cash(intent=f"detach:{Attachment.objects.get().pk}"))
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("typed", "opened"), [("7", 7), ("", None), ("²", None), ("-1", None), ("9" * 5000, None)]
)
def test_the_version_a_form_was_opened_with_is_a_number_or_none(typed, opened):
    assert DraftedForm({"version": [typed]}, user=None).opened_version == opened
