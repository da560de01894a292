from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "组织与区划"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.sheets import registers

        from .sheets import ORGANIZATIONS

        registers.add(ORGANIZATIONS)
