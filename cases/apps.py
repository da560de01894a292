from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "关爱对象与结对"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.intake import desk
        from jinchuan.sheets import registers

        from . import views
        from .sheets import HOUSEHOLDS, PAIRINGS

        registers.add(HOUSEHOLDS, PAIRINGS)
        desk.register(30, views.intentions_block)
        desk.register(50, views.households_block)
