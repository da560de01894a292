"""What the log keeps as plain text, in the words people know: names of columns and their values."""

from datetime import date

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from jinchuan.shared.dates import zh

OTHER_COLUMNS = {
    "field": "字段",
    "line": "第几条",
    "value": "金额（元）",
    "records": "服务记录条数",
    "size": "字节数",
    "parent": "所属记录",
    "rows": "行数",
    "households": "关爱户",
    "rules": "条目",
    "made": "新生成",
    "reopened": "重新打开",
    "done": "判为完成",
    "lapsed": "不再要求",
    "missed": "判为未完成",
    "people": "收到提醒的人数",
    "amount": "数量（金额）",
    "document": "单据",
    "channels": "渠道",
}


def column_words(model, name) -> str:
    """The name of a column as people know it."""
    field = _field(model, name)
    return str(getattr(field, "verbose_name", OTHER_COLUMNS.get(name, name)))


def value_words(model, name, value, known=None) -> str:
    """The value of a column: yes and no, days, what a number points to. ``known`` remembers what was looked up."""
    field = _field(model, name)
    if value in (None, ""):
        return "空"
    if isinstance(field, models.ForeignKey) and str(value).isdecimal():
        known = {} if known is None else known
        place = (field.related_model, value)
        if place not in known:
            known[place] = field.related_model._default_manager.filter(pk=value).first()
        return str(known[place] or value)
    if isinstance(field, models.BooleanField):
        return {"True": "是", "False": "否"}.get(str(value), str(value))
    if isinstance(field, models.JSONField):
        return f"{str(value).count(',') + 1} 项" if "'" in str(value) else "空"
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return _day(value)
    return str(value)


def _day(value) -> str:
    try:
        return zh(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _field(model, name):
    if model is None or name in OTHER_COLUMNS:
        return None
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
