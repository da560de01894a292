from django.core.exceptions import ValidationError

from jinchuan.shared.errors import Conflict, Refused


def test_a_refusal_is_shown_like_a_form_error():
    refusal = Refused({"amount": "可用 3,200.00 元，差 800.00 元"})
    assert isinstance(refusal, ValidationError)
    assert refusal.message_dict == {"amount": ["可用 3,200.00 元，差 800.00 元"]}


def test_a_conflict_says_what_changed():
    conflict = Conflict("这条记录刚刚被改过，请核对后再保存。", changes=["金额从 100.00 改为 200.00"])
    assert isinstance(conflict, Refused)
    assert conflict.messages == ["这条记录刚刚被改过，请核对后再保存。"]
    assert conflict.changes == ["金额从 100.00 改为 200.00"]
