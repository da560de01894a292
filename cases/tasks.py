from celery import shared_task

from .services import notices, obligations, pairings


@shared_task(name="cases.expire_intentions")
def expire_intentions() -> None:
    """Nightly: intentions whose hold is over lapse by themselves."""
    pairings.expire_intentions()


@shared_task(name="cases.obligations")
def judge_obligations() -> None:
    """Nightly: duties are made and judged, then people are reminded of what they still owe."""
    obligations.run_night()
    notices.remind()
