from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "jinchuan.intake"
    label = "intake"
    verbose_name = "收件与附件"
    default_auto_field = "django.db.models.BigAutoField"
