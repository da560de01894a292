from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "关爱对象与结对"
    default_auto_field = "django.db.models.BigAutoField"
