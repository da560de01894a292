import pytest
from django.core.management import CommandError, call_command

from organizations.models import Division

pytestmark = pytest.mark.django_db


def test_the_district_and_twice_is_once(capsys):
    call_command("load_divisions")
    assert Division.objects.count() == 64
    assert str(Division.objects.get(code="620302100205")) == "西湾村"
    call_command("load_divisions")
    assert Division.objects.count() == 64
    assert capsys.readouterr().out == "新登记 64 个区划。\n新登记 0 个区划。\n"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_divisions", str(tmp_path / "none.csv"))


def test_a_file_without_the_columns(tmp_path):
    file = tmp_path / "divisions.csv"
    file.write_text("code12,name,level\n", encoding="utf-8")
    with pytest.raises(CommandError, match="no column parent_code12"):
        call_command("load_divisions", str(file))
