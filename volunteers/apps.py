from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿服务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.intake import desk, parents
        from jinchuan.sheets import registers

        from . import correction_views, views
        from .models import Activity
        from .services import merges  # noqa: F401 — the merge rules
        from .sheets import VOLUNTEERS

        registers.add(VOLUNTEERS)
        parents.register(Activity)
        desk.register(20, views.returned_block)
        desk.register(25, correction_views.corrections_block)
        desk.register(70, views.waiting_block)
