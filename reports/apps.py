from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "月报、统计与宣传"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.intake import closed, desk, parents
        from jinchuan.shared.guards import install_after_migrate
        from jinchuan.sheets import registers

        from . import story_views, telling
        from .guards import GUARDS
        from .ledger import touched
        from .models import Closing, Story
        from .sheets import REGISTERS

        install_after_migrate(self, GUARDS)
        touched.note_after_migrate(self)
        registers.add(*REGISTERS)
        parents.register(Story)
        closed.register(Closing.objects.newest_month)
        telling.declare()
        desk.register(27, story_views.returned_block)
        desk.register(75, story_views.waiting_block)
