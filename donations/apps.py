from django.apps import AppConfig


class DonationsConfig(AppConfig):
    name = "donations"
    verbose_name = "捐款捐物"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.shared.guards import install_after_migrate

        from .guards import GUARDS

        install_after_migrate(self, GUARDS)

        from jinchuan.sheets import registers

        from .sheets import REGISTERS

        registers.add(*REGISTERS)

        from cases.services import recent_help
        from jinchuan.intake import desk, parents

        from . import desks, following, taking_part
        from .models import Distribution, Donation

        following.declare()
        taking_part.declare()
        recent_help.register(following.recent_gifts)

        parents.register(Donation)
        parents.register(Distribution)
        desk.register(10, desks.returned_block)
        desk.register(40, desks.pledged_block)
        desk.register(60, desks.waiting_block)
