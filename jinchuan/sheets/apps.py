from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "jinchuan.sheets"
    label = "sheets"
    verbose_name = "表格导入导出"
