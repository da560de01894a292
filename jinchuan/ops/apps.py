from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Owns the management commands; has no tables."""

    name = "jinchuan.ops"
    label = "ops"
    verbose_name = "运维"

    def ready(self):
        # Every process (web, worker, command) must know the Celery application before a task is sent.
        import jinchuan.celery  # noqa: F401
