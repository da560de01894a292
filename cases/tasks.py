from celery import shared_task

from .services import pairings


@shared_task(name="cases.expire_intentions")
def expire_intentions() -> None:
    """Nightly: intentions whose hold is over lapse by themselves."""
    pairings.expire_intentions()
