import threading
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.forms import Textarea, TextInput
from django.test import RequestFactory

from jinchuan.shared import clock, identity, money
from jinchuan.shared.crypto import DecryptionError, encrypt, keyed_hash
from jinchuan.shared.fields import (
    CitizenIdField,
    CreditCodeField,
    DayField,
    DisabilityCertificateField,
    EncryptedTextField,
    KeyedHashField,
    MoneyField,
    NameField,
    PhoneField,
    SealedFieldError,
)
from jinchuan.shared.fields import form as forms

NUMBER = "620301194103150017"
OTHER = "620301194708220022"


class Person(models.Model):
    """A table of every field, for these tests only."""

    name = NameField("姓名")
    credit_code = CreditCodeField("统一社会信用代码", null=True, blank=True, unique=True)
    id_hash = KeyedHashField(source="id_number", purpose="citizen_id", unique=True)
    id_number = CitizenIdField("身份证号", blank=True)
    certificate = DisabilityCertificateField("残疾人证号", blank=True)
    phone = PhoneField("电话", blank=True)
    phone_hash = KeyedHashField(source="phone", purpose="phone", db_index=True)
    summary = EncryptedTextField("困难情况", null=True, blank=True)
    amount = MoneyField("金额", null=True, blank=True)
    correction = MoneyField("更正", signed=True, default=0)
    visited_on = DayField("走访日期", past=True, null=True, blank=True)
    due_on = DayField("期限", earliest=date(2025, 3, 1), null=True, blank=True)

    class Meta:
        app_label = "shared_tests"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(phone="") | models.Q(amount=None), name="phone_with_amount"
            ),
        ]

    def __str__(self):
        return f"person {self.pk}"


@pytest.fixture(scope="module", autouse=True)
def table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Person)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Person)


pytestmark = pytest.mark.django_db


def person(**values):
    row = Person(**{"name": "王小兰", **values})
    row.full_clean()
    row.save()
    return Person.objects.get(pk=row.pk)


def stored(row, column):
    """What the database itself holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM shared_tests_person WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def answers(**values):
    with pytest.raises(ValidationError) as caught:
        Person(**{"name": "王小兰", **values}).full_clean()
    return caught.value.message_dict


# --- Reading what people type


def test_everything_is_stored_in_its_normal_form():
    row = person(
        name="王　小兰 ",
        credit_code="５１620302mj0123456e",
        id_number="６２０３０１ 19530109 003x",
        certificate="62030119530109003x42",
        phone="+86 138-0000-0000",
        summary="独居\x00\u200b",
        amount="1，000.50元",
        visited_on="2025年7月1日",
        due_on="20250701",
    )
    assert (row.name, row.credit_code, row.id_number) == (
        "王小兰",
        "51620302MJ0123456E",
        "62030119530109003X",
    )
    assert (row.certificate, row.phone, row.summary) == ("62030119530109003X42", "13800000000", "独居")
    assert (row.amount, row.visited_on, row.due_on) == (
        Decimal("1000.50"),
        date(2025, 7, 1),
        date(2025, 7, 1),
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "<b>", "姓名只能用汉字、字母和·"),
        ("credit_code", "51620302MJ0123456F", identity.CREDIT_CODE_CHECK),
        ("id_number", "620301194103150018", identity.CITIZEN_ID_CHECK),
        ("certificate", "62030119530109003X82", identity.CERTIFICATE_CATEGORY.format(category=8)),
        ("phone", "8212345", identity.PHONE_AREA_CODE),
        ("amount", "1e5", money.NOT_A_NUMBER),
        ("amount", float("nan"), money.NOT_A_NUMBER),
        ("amount", Decimal("-1"), money.NOT_NEGATIVE),
        ("amount", object(), money.NOT_A_NUMBER),
        ("visited_on", "7.1", "请写上年份"),
        ("due_on", date(2025, 2, 28), "期限不能早于2025年3月1日"),
        ("name", "", forms.REQUIRED),
    ],
)
def test_what_is_wrong_is_said_as_in_the_form(field, value, sentence):
    assert answers(**{field: value})[field] == [sentence]


def test_a_visit_is_not_tomorrow():
    assert person(visited_on=clock.today()).visited_on == clock.today()
    assert answers(visited_on=clock.today() + timedelta(days=1)) == {"visited_on": ["走访日期不能晚于今天"]}


def test_amounts_of_the_program_itself_are_taken_as_they_are():
    row = person(phone="13800000000", amount=Decimal("250000000"), correction=Decimal("-5"))
    assert (row.amount, row.correction) == (Decimal("250000000.00"), Decimal("-5.00"))
    assert person(phone="13800000000", amount=0).amount == 0
    assert person(phone="13800000000", amount=0.5).amount == Decimal("0.50")
    assert "amount" in answers(phone="13800000000", amount=Decimal("0.001"))


def test_an_instant_becomes_the_day_in_shanghai():
    assert person(visited_on=datetime(2025, 7, 1, 9, 30)).visited_on == date(2025, 7, 1)


# --- Encryption


def test_the_database_holds_ciphertext_only():
    row = person(id_number=NUMBER, phone="13800000000", summary="独居")
    for column, text in [("id_number", NUMBER), ("phone", "13800000000"), ("summary", "独居")]:
        assert stored(row, column).count(":") == 1
        assert text not in stored(row, column)
    assert Person.objects.values_list("id_number", flat=True).get() == NUMBER


def test_nothing_stays_nothing():
    row = person(summary=None)
    assert (row.id_number, row.phone, row.summary) == ("", "", None)
    assert (stored(row, "id_number"), stored(row, "summary")) == ("", None)
    assert Person.objects.filter(id_number="", summary__isnull=True).get() == row
    assert not Person.objects.exclude(id_number="").exists()


@pytest.mark.parametrize(
    "lookup", ["", "__exact", "__icontains", "__startswith", "__in", "__gt", "__iexact", "__regex"]
)
def test_a_search_in_ciphertext_is_refused_and_pointed_to_the_hash(lookup):
    with pytest.raises(SealedFieldError, match="KeyedHashField") as caught:
        list(Person.objects.filter(**{f"id_number{lookup}": [NUMBER] if lookup == "__in" else NUMBER}))
    assert isinstance(caught.value, FieldError)
    assert isinstance(caught.value, TypeError)


def test_a_value_of_another_column_does_not_decrypt():
    row = person(id_number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shared_tests_person SET phone = id_number WHERE id = %s", [row.pk])
    with pytest.raises(DecryptionError):
        Person.objects.get(pk=row.pk)


def test_clear_text_in_the_column_is_never_passed_on():
    row = person(id_number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shared_tests_person SET id_number = %s WHERE id = %s", [NUMBER, row.pk])
    with pytest.raises(DecryptionError):
        Person.objects.get(pk=row.pk)


def test_bulk_writes_and_updates_encrypt_too():
    first, second = Person.objects.bulk_create(
        [Person(name="一", id_number=NUMBER), Person(name="二", id_number=OTHER)]
    )
    assert NUMBER not in stored(first, "id_number")
    assert stored(first, "id_hash") == keyed_hash(NUMBER, purpose="citizen_id")
    Person.objects.filter(pk=first.pk).update(phone="13800000000")
    second.phone = "13900000000"
    Person.objects.bulk_update([second], ["phone"])
    assert "1380" not in stored(first, "phone")
    assert sorted(Person.objects.values_list("phone", flat=True)) == ["13800000000", "13900000000"]


def test_a_constraint_may_ask_whether_it_is_empty():
    assert "__all__" in answers(amount=1)
    person(amount=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person(name="一", amount=1).save()
    assert person(amount=1, phone="13800000000").amount == 1


def test_an_index_on_ciphertext_is_a_mistake():
    class Wrong(models.Model):  # noqa: DJ008
        number = CitizenIdField(unique=True)

        class Meta:
            app_label = "shared_tests"

    assert "jinchuan.E001" in [error.id for error in Wrong._meta.get_field("number").check()]
    assert Person._meta.get_field("id_number").check() == []


def test_readers_are_not_disturbed_by_writers():
    """A field object is shared between threads, so it must keep no state while it works."""
    field = Person._meta.get_field("id_number")
    token = encrypt(NUMBER, context=field.context)
    wrong = []

    def read():
        wrong.extend(v for _ in range(500) if (v := field.from_db_value(token, None, connection)) != NUMBER)

    def write():
        for _ in range(500):
            field.get_prep_value(field.clean(OTHER, None))

    threads = [threading.Thread(target=work) for work in (read, write, read, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# --- Hashes


@pytest.mark.parametrize("typed", [NUMBER, "６２０３０１ 19410315 0017", "620301-19410315-0017"])
def test_a_number_is_found_however_it_is_typed(typed):
    row = person(id_number=NUMBER)
    person(id_number=OTHER)
    assert Person.objects.get(id_hash__of=typed) == row


@pytest.mark.parametrize("typed", ["", None, "张三", "620301194103150018"])
def test_what_is_no_number_finds_nothing(typed):
    person(id_number=NUMBER)
    person()
    assert not Person.objects.filter(id_hash__of=typed).exists()


def test_a_second_row_with_the_number_is_refused_before_and_by_the_database():
    person(id_number=NUMBER)
    assert "id_hash" in answers(id_number="６２０３０１194103150017")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person(name="一", id_number=NUMBER).save()


def test_rows_without_a_number_do_not_collide():
    assert person().id_hash is None
    assert person().id_hash is None


def test_the_hash_follows_the_number():
    row = person(id_number=NUMBER)
    row.id_number = OTHER
    row.save()
    assert Person.objects.get(id_hash__of=OTHER) == row
    row.id_number = ""
    row.save()
    assert Person.objects.get(pk=row.pk).id_hash is None


def test_hashes_of_phones_and_ids_have_nothing_in_common():
    row = person(phone="138 0000 0000")
    assert row.phone_hash == keyed_hash("13800000000", purpose="phone")
    assert row.phone_hash != keyed_hash("13800000000", purpose="citizen_id")


def test_a_number_that_cannot_be_right_is_not_saved():
    with pytest.raises(ValidationError):
        Person(name="一", id_number="无").save()


# --- Forms and migrations


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("name", forms.NameFormField),
        ("credit_code", forms.CreditCodeFormField),
        ("id_number", forms.CitizenIdFormField),
        ("certificate", forms.DisabilityCertificateFormField),
        ("phone", forms.PhoneFormField),
        ("summary", forms.ParagraphFormField),
        ("amount", forms.MoneyFormField),
        ("visited_on", forms.DayFormField),
    ],
)
def test_each_has_its_form_field(name, kind):
    field = Person._meta.get_field(name).formfield()
    assert type(field) is kind
    assert field.label == Person._meta.get_field(name).verbose_name
    assert field.required is not Person._meta.get_field(name).blank


def test_the_admin_shows_one_line_for_a_number_and_more_for_a_text():
    page = ModelAdmin(Person, AdminSite()).get_form(RequestFactory().get("/"))()
    assert [type(page.fields[name].widget) for name in ("id_number", "phone")] == [TextInput, TextInput]
    assert type(page.fields["summary"].widget) is Textarea
    assert "id_hash" not in page.fields


def test_form_fields_know_the_rules_of_the_column():
    assert Person._meta.get_field("visited_on").formfield().past is True
    assert Person._meta.get_field("due_on").formfield().earliest == date(2025, 3, 1)
    assert Person._meta.get_field("correction").formfield().clean("-5") == -5
    assert Person._meta.get_field("credit_code").formfield().clean("") is None
    assert Person._meta.get_field("phone").formfield().clean("") == ""
    assert Person._meta.get_field("visited_on").formfield().help_text == forms.DAY_HINT
    assert Person._meta.get_field("id_hash").editable is False


@pytest.mark.parametrize("field", Person._meta.get_fields(), ids=lambda field: field.name)
def test_a_migration_makes_the_same_field_again(field):
    _, _, args, kwargs = field.deconstruct()
    again = type(field)(*args, **kwargs)
    assert again.deconstruct()[2:] == (args, kwargs)
    assert again.db_parameters(connection) == field.db_parameters(connection)
    assert MigrationWriter.serialize(field)[0].startswith(("jinchuan.shared.fields.model.", "models."))
    assert not {"max_digits", "decimal_places"} & kwargs.keys()
