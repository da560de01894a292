"""The Celery application and its schedule. Start it with `manage.py serve --worker` or `--beat`."""

import functools
import logging
import os

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.schedules import crontab
from django.db import transaction
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinchuan.settings.dev")

log = logging.getLogger(__name__)


class Task(DjangoTask):
    """What is to be done stands in a row before it is asked for. A queue that cannot be reached therefore makes it late, until
    the next sweep, and the page that asked answers all the same."""

    def delay_on_commit(self, *args, **kwargs) -> None:
        transaction.on_commit(functools.partial(self._ask, *args, **kwargs))

    def _ask(self, *args, **kwargs) -> None:
        try:
            self.delay(*args, **kwargs)
        except OperationalError:
            log.warning("The queue cannot be reached. %s is left to the sweep.", self.name)

    def backlog(self, queue) -> int:
        """How many messages wait in a queue, of whatever task."""
        with self.app.connection_or_acquire() as connection:
            return connection.default_channel.queue_declare(queue=queue).message_count


app = Celery("jinchuan", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


EVERY_MINUTE = 60.0

# What runs by itself: name of the task -> when (Asia/Shanghai). Every task may run twice or be missed once:
# what is due is read from the database, so the next run makes good what this one did not do.
SCHEDULE = {
    "reports.sweep": EVERY_MINUTE,
    "donations.sweep_papers": EVERY_MINUTE,
    "reports.sweep_packs": EVERY_MINUTE,
    "volunteers.sweep_certificates": EVERY_MINUTE,
    "sheets.sweep": EVERY_MINUTE,
    "sheets.tidy": crontab(minute=20),
    "reports.ensure_due": crontab(minute=5),
    "reports.tell_issued": crontab(minute=35),
    "cases.expire_intentions": crontab(hour=1, minute=10),
    "cases.expire_claims": crontab(hour=1, minute=15),
    "cases.obligations": crontab(hour=1, minute=20),
    # Once in the morning; the later runs only try again what failed.
    "cases.mail_digests": crontab(hour="7,9,11", minute=30),
    "intake.purge_drafts": crontab(hour=1, minute=30),
    "donations.purge_papers": crontab(hour=1, minute=40),
    "reports.tidy": crontab(hour=1, minute=50),
    "volunteers.tidy_certificates": crontab(hour=1, minute=55),
    "volunteers.forget_unknown": crontab(hour=1, minute=45),
    "ops.clear_sessions": crontab(hour=1, minute=50),
    "ops.fold_tallies": crontab(hour=1, minute=35),
    "audit.verify": crontab(hour=2, minute=0),
}

app.conf.beat_schedule = {
    # A run that waited longer than an hour for a worker is dropped: the next one does the same.
    task: {"task": task, "schedule": when, "options": {"expires": 3600}}
    for task, when in SCHEDULE.items()
}
