from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "月报与统计"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.shared.guards import install_after_migrate

        from .guards import GUARDS

        install_after_migrate(self, GUARDS)
