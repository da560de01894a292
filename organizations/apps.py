from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "组织与区划"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.intake import desk, parents
        from jinchuan.sheets import registers

        from . import facts, mobilization_views, participation
        from .models import Mobilization
        from .sheets import ORGANIZATIONS

        registers.add(ORGANIZATIONS)
        parents.register(Mobilization)
        desk.register(35, mobilization_views.invitations_block)
        facts.ORGANIZATIONS.register(10, participation.COLUMNS, participation.invitations)
