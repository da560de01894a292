from django.apps import AppConfig


class PrintingConfig(AppConfig):
    name = "jinchuan.printing"
    label = "printing"
    verbose_name = "打印"
