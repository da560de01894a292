import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from jinchuan.shared import passwords


def person(role):
    return get_user_model()(role=role, username="wangxiulan", name="王秀兰")


@pytest.mark.parametrize("role", ["officer", "reviewer", "leader", "division_worker", "administrator"])
def test_the_bureau_needs_twelve(role):
    with pytest.raises(ValidationError) as refused:
        validate_password("lanse-7-ma", person(role))
    assert passwords.TOO_SHORT.format(least=12, length=10) in refused.value.messages
    validate_password("lanse-7-ma-pao", person(role))


@pytest.mark.parametrize("role", ["org_admin", "org_member"])
def test_organisations_need_eight(role):
    validate_password("lanse-7m", person(role))
    with pytest.raises(ValidationError):
        validate_password("lanse-7", person(role))


@pytest.mark.parametrize(
    "password", ["wo-ai-金川-8899", "JinChuan-8899-xx", "minzheng-8899-xx", "Aixin-8899-xxxx"]
)
def test_words_of_the_programme_are_refused(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, person("officer"))
    assert any("最容易被猜到" in message for message in refused.value.messages)


@pytest.mark.parametrize("password", ["password1234", "12345678901234", "wangxiulan-1", "王秀兰王秀兰"])
def test_common_numeric_and_own_names_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, person("org_member"))


@pytest.mark.parametrize(
    ("password", "sentence"), [("password1", passwords.COMMON), ("83920175664", passwords.ONLY_DIGITS)]
)
def test_a_weak_password_is_told_what_to_do(password, sentence):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, person("org_member"))
    assert refused.value.messages == [sentence]
