"""Reaching for what is somebody else's: by filter, search, order, choice, sheet, photo, and through a visit to both sides."""

import io
import itertools

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cases.enums import VisitChannel, VisitCondition, VisitKind
from cases.models import Visit, VisitHousehold
from cases.services import visits
from jinchuan.intake.models import Attachment
from jinchuan.shared.clock import now, today
from jinchuan.sheets.registers import every
from tests import factories_cases
from tests.pages import listing

CARE = ("cases.household", "cases.pairing", "cases.visit", "cases.matter", "cases.careneed", "cases.claim")


def client_of(world, actor) -> Client:
    client = Client()
    client.force_login(world.people[actor])
    return client


def words_of(side) -> dict:
    """What tells a side's rows: their codes, and its canaries."""
    return {label: side.rows[label].code for label in CARE} | side.canaries


def leaked(body, words, but=()) -> set:
    return {name for name, word in words.items() if word in body and word not in but}


def joint_visit(world, by="officer") -> Visit:
    """Staff called on a household of each side in one go, and settled something for each."""
    households = [side.rows["cases.household"] for side in (world.a, world.b)]
    return visits.log_visit(
        by=world.people[by],
        households=households,
        matters=[factories_cases.settled(household) for household in households],
        kind=VisitKind.HOME_VISIT,
        channel=VisitChannel.IN_PERSON,
        was_made=True,
        condition=VisitCondition.GOOD,
        visited_on=today(),
        visitors="经办人员",
    )


# Lists of the bureau's pages -----------------------------------------------------------------------------------


def test_no_filter_search_or_order_brings_a_worker_the_other_street(world):
    client, words = client_of(world, "worker_a"), words_of(world.b)
    household, place = world.b.rows["cases.household"], world.b.people["worker_b"].division
    queries = [
        *({name: household.pk} for name in ("household", "household__id__exact", "household_id", "id", "pk")),
        *({name: household.code} for name in ("household__code", "household__code__startswith", "code")),
        *({name: place.pk} for name in ("place", "community", "household__community", "division")),
        *({"o": order} for order in ("1", "-1", "2.-3", "99", "head_name")),
        *({"q": word} for word in words.values()),
        {"p": "2"},
        {"all": ""},
        {"waiting": "submitted"},
    ]

    found, read = {}, set()
    for model in admin.site._registry:
        pages, searched = set(), True
        for query in queries:
            if "q" in query and not searched:
                continue
            response = client.get(listing(model), query)
            # Of most words a register knows nothing, and sends whoever asks to one and the same page.
            if response.status_code == 302:
                if response.url in pages:
                    continue
                pages.add(response.url)
                response = client.get(response.url, follow=True)
            assert response.status_code in (200, 403, 404), (model, query)
            if response.status_code != 200:
                break
            read.add(model._meta.label_lower)
            if names := leaked(response.content.decode(), words, but=query.values()):
                found[model._meta.label_lower, str(query)] = names
            # An ID number or a telephone number is no word to search for: it is taken out of the address.
            if "q=" in response.request["QUERY_STRING"]:
                searched = bool(response.context["cl"].search_fields)
                assert not searched or response.context["cl"].result_count == 0, (model, query)

    assert found == {}
    assert {"cases.household", "cases.member", "cases.visit", "cases.obligation", "cases.careplan"} <= read


def test_no_choice_offers_a_worker_the_other_street(world):
    client, household = client_of(world, "worker_a"), world.b.rows["cases.household"]
    terms = ("", household.code, household.members.get().name, world.b.rows["cases.pairing"].code)
    theirs = {(label, str(row.pk)) for label, row in world.b.rows.items()}
    ours = {(label, str(row.pk)) for label, row in world.a.rows.items()}
    offered = set()
    for model in admin.site._registry:
        for one in model._meta.concrete_fields:
            if not one.many_to_one or one.related_model not in admin.site._registry:
                continue
            for term in terms:
                asked = {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": one.name,
                    "term": term,
                }
                response = client.post(reverse("admin:autocomplete"), asked)
                if response.status_code == 200:
                    for result in response.json()["results"]:
                        offered.add((one.related_model._meta.label_lower, result["id"]))

    assert ("cases.household", str(world.a.rows["cases.household"].pk)) in offered
    assert offered & (theirs - ours) == set()


@pytest.mark.parametrize("view", ["cases_household_as_of", "cases_pairing_as_of"])
def test_no_day_shows_a_worker_the_other_street(world, view):
    client, words = client_of(world, "worker_a"), words_of(world.b)
    place = world.b.people["worker_b"].division
    for query in (
        {},
        {"on": today().isoformat()},
        {"on": today().isoformat(), "place": place.pk},
        {"q": "HJ"},
    ):
        response = client.get(reverse(f"admin:{view}"), query)
        assert response.status_code == 200
        assert leaked(response.content.decode(), words) == set()


# A visit to both sides -----------------------------------------------------------------------------------------


def test_a_visit_to_both_streets_shows_each_worker_the_own_household_alone(world):
    visit = joint_visit(world)
    for actor, other in (("worker_a", world.b), ("worker_b", world.a)):
        client = client_of(world, actor)
        household = other.rows["cases.household"]
        words = {"code": household.code, "head": household.members.get().name}
        words |= {one.code: one.code for one in visit.matters.filter(household=household)}
        page = client.get(reverse("admin:cases_visit_change", args=[visit.pk]))
        listed = client.get(reverse("admin:cases_visit_changelist"))
        assert (page.status_code, listed.status_code) == (200, 200)
        assert leaked(page.content.decode() + listed.content.decode(), words) == set()
        assert client.get(reverse("admin:cases_visit_history", args=[visit.pk])).status_code == 403
        for word in words.values():
            answer = client.get(reverse("admin:cases_visit_changelist"), {"q": word})
            assert answer.context["cl"].result_count == 0
        assert leaked(_sheet(client, "visits") + _sheet(client, "matters"), words) == set()
        seen = VisitHousehold.objects.visible_to(world.people[actor])
        assert set(seen.filter(visit=visit).values_list("household", flat=True)) == {
            (world.a if other is world.b else world.b).rows["cases.household"].pk
        }


# Sheets --------------------------------------------------------------------------------------------------------


def _sheet(client, register, query=()) -> str:
    response = client.get(reverse("sheets:export", args=[register]), dict(query))
    if response.status_code != 200:
        return ""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    rows = load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
    return "\n".join(str(value) for row in itertools.islice(rows, 1, None) for value in row)


@pytest.mark.parametrize("actor", ["worker_a", "member_a", "admin_a", "outsider", "clerk"])
def test_no_sheet_carries_the_other_side(world, actor):
    joint_visit(world)
    client, words = client_of(world, actor), words_of(world.b)
    if actor == "clerk":
        # Gifts, and for which household's code they are meant, are the association's business wherever it is.
        own = ("donor", "organi", "cases.household")
        words = {name: word for name, word in words.items() if not any(part in name for part in own)}
    household = world.b.rows["cases.household"]
    for register in every():
        for query in (
            {},
            {"household": household.pk},
            {"place": household.community_id, "q": household.code},
        ):
            assert leaked(_sheet(client, register.name, query), words) == set(), (register.name, query)


def test_control_the_sheets_carry_the_own_side(world):
    assert world.a.rows["cases.visit"].code in _sheet(client_of(world, "member_a"), "visits")
    assert world.a.rows["cases.household"].code in _sheet(client_of(world, "worker_a"), "households")


# The organisations' pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ["member_a", "outsider"])
def test_no_parameter_brings_an_organisation_somebody_elses(world, actor):
    client, words = client_of(world, actor), words_of(world.b) | world.hidden
    household = world.b.rows["cases.household"]
    views = ("cases:households", "cases:pairings", "care:visits", "care:needs", "care:claims", "care:log_new")
    queries = [
        {},
        {"household": household.pk},
        {"household": household.code},
        {"q": household.code},
        {"state": "confirmed", "page": "2"},
        {"organization": world.b.rows["organizations.organization"].pk},
        {"sort": "household__code"},
    ]
    for view in views:
        for query in queries:
            response = client.get(reverse(view), query, follow=True)
            assert response.status_code == 200
            assert leaked(response.content.decode(), words, but=query.values()) == set(), (view, query)


@pytest.mark.parametrize("actor", ["member_a", "outsider"])
def test_no_form_takes_a_household_of_somebody_else(world, actor):
    client = client_of(world, actor)
    before = Visit.objects.count()
    theirs = world.b.rows["cases.household"]
    opened = client.get(reverse("care:log_new"), {"household": theirs.pk}, follow=True)
    address = opened.redirect_chain[-1][0].split("?")[0]
    typed = {
        "households": [theirs.pk],
        "day": today().isoformat(),
        "how": "visit",
        "condition": "good",
        "visitors": "张三",
        "intent": "submit",
    }
    for url in (address, f"{address}check/"):
        response = client.post(url, typed, follow=True)
        assert leaked(response.content.decode(), words_of(world.b)) == set()
    assert Visit.objects.count() == before


# Photos --------------------------------------------------------------------------------------------------------


def test_a_photo_is_seen_by_who_sees_the_visit(world):
    def photo(visit):
        one = Attachment(
            parent_type=Visit._meta.label,
            parent_id=str(visit.pk),
            name="现场.jpg",
            content_type="image/jpeg",
            extension=".jpg",
            size=4,
            sha256="0" * 64,
            uploaded_at=now(),
            uploaded_by=visit.submitted_by,
        )
        one.file.save("", ContentFile(b"\xff\xd8\xff\xd9"), save=False)
        one.save(force_insert=True)
        return reverse("intake:attachment", args=[one.pk])

    of_a, of_b = photo(world.a.rows["cases.visit"]), photo(world.b.rows["cases.visit"])
    of_both = photo(joint_visit(world))
    seen = {
        actor: tuple(client_of(world, actor).get(url).status_code for url in (of_a, of_b, of_both))
        for actor in world.people
    }

    bureau, none = (200, 200, 200), (404, 404, 404)
    assert seen == {
        "officer": bureau,
        "reviewer": bureau,
        "leader": bureau,
        "worker_a": (200, 404, 200),
        "worker_b": (404, 200, 200),
        "admin_a": (200, 404, 404),
        "member_a": (200, 404, 404),
        "admin_b": (404, 200, 404),
        "member_b": (404, 200, 404),
        **dict.fromkeys(("outsider", "clerk", "auditor", "administrator"), none),
    }
