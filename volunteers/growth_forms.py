"""Short forms on training, commendation and evaluation, for a phone."""

from django import forms

from jinchuan.shared.fields.form import DayFormField, LineFormField, ParagraphFormField, QuantityFormField
from jinchuan.shared.forms import Form

from .enums import ServiceQuality
from .models import Commendation, Evaluation, Training


class TrainingForm(Form):
    model = Training
    content = LineFormField(label="培训内容", max_chars=100)
    organizer = LineFormField(label="组织者", max_chars=60)
    held_on = DayFormField(label="培训日期", past=True)
    place = LineFormField(label="地点", max_chars=60)
    class_hours = QuantityFormField(label="学时", places=1, maximum=200, unit="学时")


class CommendationForm(Form):
    model = Commendation
    name = LineFormField(label="表彰奖励名称", max_chars=100)
    granted_by = LineFormField(label="授予单位", max_chars=60)
    granted_on = DayFormField(label="授予日期", past=True)


class EvaluationForm(Form):
    model = Evaluation
    quality = forms.ChoiceField(label="服务质量", choices=ServiceQuality, widget=forms.RadioSelect)
    evaluated_by = LineFormField(
        label="评价单位或个人", max_chars=60, help_text="例如：社区、受助家庭、本组织。"
    )
    evaluated_on = DayFormField(label="评价日期", past=True)
    words = LineFormField(label="评语", max_chars=200, required=False)


class VoidForm(Form):
    reason = ParagraphFormField(
        label="作废原因", max_chars=200, help_text="至少 5 个字。", widget=forms.Textarea(attrs={"rows": 2})
    )


FORMS = {"training": TrainingForm, "commendation": CommendationForm, "evaluation": EvaluationForm}
