from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    verbose_name = "志愿服务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.intake import desk, parents
        from jinchuan.shared.guards import install_after_migrate
        from jinchuan.sheets import registers
        from organizations import leaving

        from . import certificate_desks, correction_views, desks, following, program_facts
        from .activity_sheets import REGISTERS
        from .guards import GUARDS
        from .models import Activity
        from .services import checkins, merges, plans, signups  # noqa: F401 — the merge rules
        from .sheets import VOLUNTEERS

        install_after_migrate(self, GUARDS)
        registers.add(VOLUNTEERS, *REGISTERS)
        following.declare()
        leaving.also(plans.leave_activities)
        parents.register(Activity)
        desk.register(12, certificate_desks.remarks_block)
        desk.register(20, desks.returned_block)
        desk.register(25, correction_views.corrections_block)
        desk.register(35, desks.coming_block)
        desk.register(36, desks.cancelled_block)
        desk.register(37, desks.held_block)
        desk.register(45, certificate_desks.to_issue_block)
        desk.register(70, desks.waiting_block)
        program_facts.declare()
