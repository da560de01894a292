from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "关爱对象与结对"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.intake import desk, parents
        from jinchuan.shared import guards
        from jinchuan.sheets import registers

        from . import need_views, notice_views, taking_part, views, visit_views
        from .guards import GUARDS
        from .models import Visit
        from .retaining import no_more_files
        from .sheets import REGISTERS

        guards.install_after_migrate(self, GUARDS)
        registers.add(*REGISTERS)
        parents.register(Visit, refuse=no_more_files)
        desk.register(10, visit_views.duties_block)
        desk.register(15, notice_views.notices_block)
        desk.register(25, visit_views.returned_block)
        desk.register(30, views.intentions_block)
        desk.register(40, need_views.claims_block)
        desk.register(50, views.households_block)
        desk.register(65, visit_views.waiting_block)
        taking_part.declare()
