from django import forms

from jinchuan.shared.forms import Form


class UploadForm(Form):
    """One file. What it is, is found out by reading it."""

    file = forms.FileField(
        label="表格文件",
        help_text="用模板填写的 .xlsx 文件，不超过 10 MB；也可以是列名与模板相同的 .csv 文件。",
        error_messages={"empty": "文件是空的，请重新选择。"},
    )
