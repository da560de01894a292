"""The pages: who may, what they show, and what a confirmed file does."""

import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from cases.models import Household
from jinchuan.audit.models import AuditEvent
from jinchuan.shared.clock import now, travel
from jinchuan.sheets import keeping, services
from jinchuan.sheets.models import SheetImport
from organizations.models import Organization
from tests import factories
from tests.sheets.filling import HEAD, ORGANIZATION, fill, opened
from tests.sheets.handing_in import confirm, post, send

pytestmark = pytest.mark.django_db

QUERIES_OF_INDEX = 3


def test_a_file_is_checked_shown_confirmed_and_done(client_for, officer):
    client = client_for(officer)
    url = send(client, "organizations", fill("organizations", ORGANIZATION))
    assert Organization.objects.count() == 0
    text = client.get(url).content.decode()
    assert "新增" in text and "1 家" in text and "确认导入社会组织" in text
    done = confirm(client, url)
    assert "“社会组织”已导入：新增 1 家，更新 0 家，无变化 0 家。" in done.content.decode()
    assert Organization.objects.count() == 1


def test_while_the_worker_is_busy_the_page_says_how_far_it_is(client_for, officer):
    client = client_for(officer)
    url = post(client, "organizations", fill("organizations", ORGANIZATION)).url
    row = SheetImport.objects.get()
    page = client.get(url).content.decode()
    assert "等待检查" in page and "htmx" in page and "确认导入" not in page
    services._claim(row, by=None, run_id=(run := uuid.uuid4()))
    assert "检查中，正在读取文件" in client.get(url).content.decode()
    keeping.tell(row.pk, 3, 12)
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "第 3 行，共 12 行" in part and 'value="25"' in part and "<html" not in part
    services._fail(row, by=None, run_id=run, failure=services.FILE_LOST)
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert services.FILE_LOST in client.get(url).content.decode()


def test_sent_again_the_confirmation_writes_nothing_more(client_for, officer):
    client = client_for(officer)
    url = send(client, "organizations", fill("organizations", ORGANIZATION))
    client.post(url)
    confirm(client, url)
    again = confirm(client, url)
    assert "已导入：新增 1 家" in again.content.decode()
    assert Organization.objects.count() == 1


def test_a_preview_belongs_to_who_handed_it_in(client_for, officer, reviewer):
    url = send(client_for(officer), "organizations", fill("organizations", ORGANIZATION))
    for client in (client_for(reviewer), client_for(factories.user("officer"))):
        assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]
        assert client.get(url + "marked/").status_code == 404
        assert "表.xlsx" not in client.get(reverse("sheets:index")).content.decode()
    assert Organization.objects.count() == 0


def test_a_preview_belongs_to_its_register(client_for, officer):
    url = send(client_for(officer), "organizations", fill("organizations", ORGANIZATION))
    assert client_for(officer).get(url.replace("organizations", "households")).status_code == 404


def test_an_unknown_preview_is_not_found(client_for, officer):
    url = reverse("sheets:preview", args=["organizations", "00000000-0000-4000-8000-000000000000"])
    assert client_for(officer).get(url).status_code == 404


def test_ones_latest_imports_are_listed(client_for, officer, django_assert_num_queries):
    client = client_for(officer)
    for number in range(3):
        post(client, "organizations", fill("organizations", ORGANIZATION), f"第{number}份.xlsx")
        with django_assert_num_queries(QUERIES_OF_INDEX):
            page = client.get(reverse("sheets:index")).content.decode()
    assert all(f"第{number}份.xlsx" in page for number in range(3))


def test_a_preview_is_gone_after_a_day(client_for, officer, settings):
    client = client_for(officer)
    url = send(client, "organizations", fill("organizations", ORGANIZATION))
    with travel(now() + timedelta(hours=settings.IMPORT_KEPT_HOURS, minutes=1)):
        services.tidy()
    assert "已经清除" in confirm(client, url).content.decode()
    assert Organization.objects.count() == 0


def test_problems_are_listed_masked_and_the_marked_file_can_be_fetched(client_for, officer, divisions):
    client = client_for(officer)
    url = send(client, "households", fill("households", HEAD | {"id_number": "620301194708220023"}))
    text = client.get(url).content.decode()
    assert "身份证号最后一位对不上，请对照证件再看一遍" in text
    assert "620301194708220023" not in text
    assert "确认导入" not in text
    marked = client.get(url + "marked/")
    assert marked["Content-Type"].endswith("sheet")
    assert "问题说明" in [cell.value for cell in opened(marked.content)["关爱户"][1]]
    assert client.post(url).status_code == 302
    assert Household.objects.count() == 0


def test_a_file_that_is_no_sheet_is_answered_on_the_page(client_for, officer):
    answer = post(client_for(officer), "organizations", b"GIF89a\0\0", "表.xlsx")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "这不是表格文件" in text and "<title>错误：" in text


def test_without_a_file_the_page_says_so(client_for, officer):
    answer = client_for(officer).post(reverse("sheets:import", args=["organizations"]))
    assert "请选择表格文件" in answer.content.decode()


@pytest.mark.parametrize("register", ["organizations", "households", "pairings", "donations"])
def test_templates_come_as_attachments_with_a_chinese_name(client_for, officer, register):
    answer = client_for(officer).get(reverse("sheets:template", args=[register]))
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[1:] == ["选项", "填写说明"]


def test_an_unknown_register_is_not_found(client_for, officer):
    for name in ("import", "template", "export"):
        assert client_for(officer).get(reverse(f"sheets:{name}", args=["rumours"])).status_code == 404


# role → registers it may import, registers it may export
RIGHTS = {
    "officer": ("organizations households pairings donations", "organizations households pairings donations"),
    "reviewer": (
        "organizations households pairings donations",
        "organizations households pairings donations",
    ),
    "leader": ("", ""),
    "worker_a": ("", "households pairings"),
    "clerk": ("donations", "organizations donations"),
    "admin_a": ("", "donations"),
    "member_a": ("", "donations"),
    "auditor": ("", ""),
    "administrator": ("", ""),
}


@pytest.mark.parametrize("who", RIGHTS)
def test_who_may(request, client_for, who):
    client = client_for(request.getfixturevalue(who))
    may_import, may_export = (set(names.split()) for names in RIGHTS[who])
    for register in ("organizations", "households", "pairings", "donations"):
        for view, allowed in (("import", may_import), ("template", may_import), ("export", may_export)):
            status = client.get(reverse(f"sheets:{view}", args=[register])).status_code
            assert status == (200 if register in allowed else 403), (view, register)
    is_staff = not who.endswith("_a") or who == "worker_a"
    expected = 200 if is_staff and (may_import or may_export) else 403
    assert client.get(reverse("sheets:index")).status_code == expected


def test_nobody_comes_in_without_signing_in(client):
    for name in ("import", "template", "export"):
        assert client.get(reverse(f"sheets:{name}", args=["donations"])).status_code == 302


def test_an_export_is_in_the_log(client_for, officer):
    factories.approved_organization()
    client_for(officer).get(reverse("sheets:export", args=["organizations"]))
    event = AuditEvent.objects.get(action="export")
    assert (event.actor, event.target_type, event.after["rows"]) == ("officer", "sheets.organizations", "1")


def test_the_pages_hold_no_inline_script_or_style(client_for, officer):
    client = client_for(officer)
    url = send(client, "organizations", fill("organizations", ORGANIZATION | {"uscc": "1"}))
    for address in (reverse("sheets:index"), reverse("sheets:import", args=["households"]), url):
        text = client.get(address).content.decode()
        own = text.split('id="content"', 1)[1]
        assert "<script>" not in own and " style=" not in own and "onclick" not in own


def test_an_organisation_takes_its_own_gifts_from_its_list(client_for, member_a, member_b):
    mine, _ = factories.submitted_donation(by=member_a), factories.submitted_donation(by=member_b)
    client = client_for(member_a)
    address = reverse("sheets:export", args=["donations"])
    assert address in client.get(reverse("donations:donations")).content.decode()
    cells = [cell.value for cell in opened(client.get(address).content).active["A"]]
    assert cells[2:] == [mine.code]
