from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿服务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.shared.guards import install_after_migrate

        from .guards import GUARDS

        install_after_migrate(self, GUARDS)

        from jinchuan.intake import desk, parents
        from jinchuan.sheets import registers

        from . import correction_views, desks, following
        from .activity_sheets import REGISTERS
        from .models import Activity
        from .services import checkins, merges, signups  # noqa: F401 — the merge rules
        from .sheets import VOLUNTEERS

        registers.add(VOLUNTEERS, *REGISTERS)
        following.declare()
        parents.register(Activity)
        desk.register(20, desks.returned_block)
        desk.register(25, correction_views.corrections_block)
        desk.register(35, desks.coming_block)
        desk.register(36, desks.cancelled_block)
        desk.register(37, desks.held_block)
        desk.register(70, desks.waiting_block)
