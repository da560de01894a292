from django.apps import AppConfig


class DonationsConfig(AppConfig):
    name = "donations"
    verbose_name = "捐款捐物"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.shared.guards import install_after_migrate

        from .guards import GUARDS

        install_after_migrate(self, GUARDS)
