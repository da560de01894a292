from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "jinchuan.audit"
    label = "audit"
    verbose_name = "操作日志"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from jinchuan.shared import site

        from . import doors, guards, keycheck
        from .meanwhile import told_since

        guards.install_after_migrate(self)
        keycheck.enter_after_migrate(self)
        doors.watch()
        site.open_door("changes", told_since)
