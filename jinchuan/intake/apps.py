from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "jinchuan.intake"
    label = "intake"
    verbose_name = "收件与附件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import desk, pages, parents
        from .models import Draft

        parents.register(Draft)
        desk.register(40, pages.drafts_block)
